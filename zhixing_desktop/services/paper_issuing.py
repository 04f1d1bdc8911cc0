"""A paper issued with number and day.

An issue is one transaction: the number is given out, both files are there under their digests, the
row, the journal and what follows at the node are written, or nothing is.  What takes time (setting
and drawing the pages) is done before the transaction and used where nothing has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.duties import Duties
from zhixing_desktop.documents.form_types import Numbering
from zhixing_desktop.models.database import hold_series
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import papers
from zhixing_desktop.services import case_store, dossier_papers, paper_duties, paper_files
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.file_store import read_file
from zhixing_desktop.services.paper_files import Files
from zhixing_desktop.services.paper_held import refuse_stale, refuse_state
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.paper_making import Made, Numbered
from zhixing_desktop.services.paper_new_rows import fresh_row, given_answers, remember
from zhixing_desktop.services.paper_places import Place, approval_of, locate
from zhixing_desktop.services.paper_rows import case_papers, one_line, paper_row
from zhixing_desktop.services.paper_settling import settled
from zhixing_desktop.services.paper_types import DRAFT, ISSUED, Issued, PaperWish
from zhixing_desktop.services.papers import Opened, open_case, see_whole, wish_of
from zhixing_desktop.services.permission import About, Permit, permit
from zhixing_desktop.services.steps import take_under
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.views import CaseView


def issue(bureau: Bureau, actor: Actor, wish: PaperWish) -> Issued:
    """Make and issue a paper in one step.

    Raises ``NotAllowedError``, ``RuleRefusedError`` (not approved; what the node's rules refuse),
    :class:`InputRefusedError` naming every datum that is missing with its place and every day that
    cannot be, or ``StoreError``.
    """
    return _Issue(bureau, actor, wish).run()


def issue_draft(
    bureau: Bureau, actor: Actor, paper_id: int, day: date | None = None, *, version: int
) -> Issued:
    """Issue a kept draft; ``day`` is the paper's, else the draft's, else today.

    Raises as :func:`issue`, and :class:`StaleEditError` where the draft was changed since.
    """
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
    wish = wish_of(row)
    return _Issue(bureau, actor, replace(wish, day=day or wish.day), paper_id, version).run()


class _Issue:
    """One issue: settled and drawn beforehand, settled again and written in the transaction."""

    def __init__(
        self,
        bureau: Bureau,
        actor: Actor,
        wish: PaperWish,
        paper_id: int | None = None,
        version: int | None = None,
    ) -> None:
        self._bureau, self._actor, self._wish = bureau, actor, wish
        self._paper_id, self._version = paper_id, version
        self._files: Files | None = None
        self._row: Row = {}
        self._draft: Row | None = None
        self._place: Place | None = None
        self._duties: list[Duties] = []
        self._made: Made | None = None
        self._ctx: Context | None = None
        self._id = 0

    def run(self) -> Issued:
        """Do it."""
        bureau, actor = self._bureau, self._actor
        with bureau.database.reading() as conn:
            opened = open_case(conn, bureau, self._wish.case)
            place = locate(bureau, opened.ctx, opened.view, self._wish)
            permit(conn, bureau, actor, "paper.issue", case=opened.ctx, key=place.key)
            see_whole(conn, bureau, actor, opened.row["id"])
            made, _ = settled(conn, bureau, opened, place, self._wish)
            files = self._drawn(conn, made)
        paper_files.keep(bureau, files)
        self._files = files
        about = About(key=place.key)
        outcome = take_under(
            bureau, actor, opened.row["id"], "paper.issue", self.facts, about=about, beside=self
        )
        with bureau.database.reading() as conn:
            after = open_case(conn, bureau, opened.row["id"])
            line = one_line(
                bureau, conn, after.ctx, after.row["case_no"], paper_row(conn, self._id)
            )
        notes = paper_duties.notes_of(after.ctx, self._duties)
        return Issued(line, notes, self._files.warnings, outcome)

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """Settle the paper anew, now that nobody else works on the case."""
        bureau = self._bureau
        case = case_store.find_case(conn, int(_id_of(conn, ctx)))
        opened = Opened(case, ctx, view)
        if self._paper_id is not None:
            self._draft = paper_row(conn, self._paper_id, lock=True)
            refuse_state(self._draft, DRAFT, "签发")
            refuse_stale(self._draft, self._version, self._wish.asked)
        place = locate(bureau, ctx, view, self._wish)
        if place.form.numbering is Numbering.SERIES:
            hold_series(conn, place.form.series)
        made, number = settled(conn, bureau, opened, place, self._wish)
        if self._files is None or self._files.paper != made.paper:
            self._files = self._drawn(conn, made)
            paper_files.keep(bureau, self._files)
        self._place, self._made = place, made
        rows = [r for r in case_papers(conn, case["id"]) if r["id"] != self._paper_id]
        _refuse_same(place, rows, self._files)
        self._row = self._issued_row(conn, opened, place, made, number)
        found = paper_duties.of_issue(bureau, ctx, place, [*rows, self._row], self._row)
        found = dossier_papers.with_material(conn, ctx, case["id"], place.key, self._row, found)
        self._duties = paper_duties.allowed(conn, bureau, self._actor, ctx, found)
        self._ctx = ctx

    def _drawn(self, conn: Connection, made: Made) -> Files:
        """Return the paper's files; of one that was edited the text of record and its PDF."""
        bureau = self._bureau
        files = paper_files.draw(conn, bureau, made.paper, made.word)
        row = paper_row(conn, self._paper_id) if self._paper_id is not None else {}
        if not row.get("edited"):
            return files
        if files.docx_digest != row["docx"]:
            raise RuleRefusedError(
                f"《{row['name']}》取回定稿以后，案件信息、文号或者日期有变动，定稿与现在的内容不一致。"
                "请重新导出 Word 核对修改后再取回，或者放弃定稿。",
                data={"kind": "edited_stale", "paper": row["id"]},
            )
        layout = bureau.papers.layout(read_overrides(conn))
        edited = read_file(bureau, row["edited"])[1]
        return paper_files.of_record(bureau, layout, files, edited)

    def facts(self, ctx: Context, view: CaseView, given_answers: Permit) -> Sequence[NewFact]:
        """Return what the issue enters at the node."""
        return paper_duties.facts_of(ctx, view, self._duties)

    def write(self, conn: Connection, record: Recorder, _new: Sequence[Fact]) -> None:
        """Write the rows of the files and of the paper."""
        files, made, place = self._files, self._made, self._place
        assert files is not None
        assert made is not None
        assert place is not None
        assert self._ctx is not None
        bureau, actor = self._bureau, self._actor
        paper_files.enter(conn, record, bureau, actor, files)
        if self._draft is None:
            self._id = record.new_id(papers)
            record.insert(papers, {**self._row, "id": self._id})
        else:
            self._id = self._draft["id"]
            record.update(papers, {"id": self._id}, self._draft, self._row)
        filed = {**self._row, "id": self._id}
        dossier_papers.file_issued(conn, record, bureau, self._ctx, filed, files.pdf)
        remember(conn, bureau, actor, place, self._row["case_id"], self._wish.asked, made)

    def _issued_row(
        self, conn: Connection, opened: Opened, place: Place, made: Made, number: Numbered
    ) -> Row:
        assert self._files is not None
        now = self._bureau.database.now(conn)
        approval = approval_of(opened.ctx, place)
        fresh = fresh_row(self._actor, opened, place, self._wish, made, now)
        return {
            **(fresh if self._draft is None else {**self._draft, **given_answers(made)}),
            "state": ISSUED,
            "number": number.words,
            "series": number.series,
            "series_year": number.year,
            "serial": number.serial,
            "day": made.paper.day,
            "pdf": self._files.pdf_digest,
            "docx": self._files.docx_digest,
            "request_seq": approval.request if approval is not None else None,
            "issued_by": self._actor.name,
            "issued_at": now,
            "version": (self._draft["version"] if self._draft is not None else 0) + 1,
        }


# ------------------------------------------------------------------------------------- the parts


def _id_of(conn: Connection, ctx: Context) -> Any:
    return case_store.find_case(conn, str(ctx.header["case_no"]))["id"]


def _refuse_same(place: Place, rows: Sequence[Row], files: Files) -> None:
    """Refuse a sheet that says nothing but what one that was issued says already.

    The sheet is signed before the decision, and made again when there is more to show.
    """
    if not place.form.presents:
        return
    same = [row for row in rows if row["state"] == ISSUED and row["docx"] == files.docx_digest]
    if same:
        raise RuleRefusedError(
            f"《{place.form.name}》已经签发过一份，以后审批情况和内容都没有变化。"
            "要再打印的，请打开已签发的那份打印；内容有误的，先作废再制作。",
            data={"kind": "same", "paper": same[-1]["id"]},
        )
