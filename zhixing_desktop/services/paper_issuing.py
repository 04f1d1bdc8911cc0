"""A paper's life: kept as a draft, issued with number and day, made void, made again.

An issue is one transaction: the number is given out, both files are there under their digests, the
row, the journal and what follows at the node are written, or nothing is.  What takes time (setting
and drawing the pages) is done before the transaction and used where nothing has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from zhixing_desktop.documents.duties import Duties
from zhixing_desktop.documents.form_types import Numbering
from zhixing_desktop.models.database import hold_series
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import papers
from zhixing_desktop.models.types import canonical_json
from zhixing_desktop.services import case_store, dossier_papers, paper_duties, paper_files
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.file_store import read_file
from zhixing_desktop.services.paper_files import Files
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.paper_making import Made, Numbered, make, next_number
from zhixing_desktop.services.paper_places import Place, approval_of, locate, minor_bar
from zhixing_desktop.services.paper_rows import case_papers, one_line, paper_row
from zhixing_desktop.services.paper_types import (
    DRAFT,
    ISSUED,
    STATES,
    VOID,
    ApprovalLine,
    Issued,
    PaperLine,
    PaperWish,
)
from zhixing_desktop.services.papers import Opened, open_case, see_whole, wish_of
from zhixing_desktop.services.permission import About, Permit, permit
from zhixing_desktop.services.steps import take_under
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.day_words import date_words
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import (
    Cite,
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
)
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.new_facts import must_give_reason
from zhixing_desktop.workflow.views import CaseView, Key

_REMEMBER = text(
    "INSERT INTO paper_answers (case_id, name, value, who, at) "
    "VALUES (:case_id, :name, :value, :who, :at) ON CONFLICT (case_id, name) "
    "DO UPDATE SET value = excluded.value, who = excluded.who, at = excluded.at"
)


# ------------------------------------------------------------------------------------- drafts


def keep_draft(bureau: Bureau, actor: Actor, wish: PaperWish) -> PaperLine:
    """Keep a paper as a draft: its answers, nothing of the case's data.

    What is missing does not matter yet.  Raises ``NotAllowedError``, :class:`InputRefusedError`
    (no such form or subject, answers that are wrong).
    """
    with bureau.database.writing() as conn:
        case_store.find_case(conn, wish.case, lock=True)
        opened = open_case(conn, bureau, wish.case)
        row = _keep(conn, bureau, actor, opened, wish, replaces=None)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], row)


def _keep(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    opened: Opened,
    wish: PaperWish,
    replaces: int | None,
) -> Row:
    place = locate(bureau, opened.ctx, opened.view, wish)
    permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=place.key)
    see_whole(conn, bureau, actor, opened.row["id"])
    made = _make(conn, bureau, opened, place, wish, Numbered(), wish.day, draft=True)
    with recorder(conn, bureau, actor, "paper.draft", opened.row["id"]) as record:
        row = _new_row(record, conn, bureau, actor, opened, place, wish, made)
        row |= {"state": DRAFT, "day": wish.day, "replaces_id": replaces}
        # What was not typed is taken from the case each time anew.
        row |= {"asked": dict(made.typed), "enclosed": list(wish.enclosed or ())}
        record.insert(papers, row)
    _remember(conn, bureau, actor, place, opened.row["id"], wish.asked, made)
    return row


def change_draft(
    bureau: Bureau,
    actor: Actor,
    paper_id: int,
    asked: Mapping[str, Any],
    day: date | None = None,
    *,
    version: int,
) -> PaperLine:
    """Set the answers of a kept draft; ``version`` is the row's that was looked at.

    Raises :class:`StaleEditError` with both versions, else as :func:`keep_draft`.
    """
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        wish = replace(wish_of(before), asked=asked, day=day)
        place = locate(bureau, opened.ctx, opened.view, wish)
        permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=place.key)
        see_whole(conn, bureau, actor, opened.row["id"])
        refuse_stale(before, version, asked)
        refuse_state(before, DRAFT, "修改")
        if before["edited"]:
            raise RuleRefusedError(
                f"《{before['name']}》已经取回改过的 Word 作为定稿，填写项不再生效。"
                "要改填写项的，先放弃定稿。",
                data={"kind": "edited", "paper": paper_id},
            )
        made = _make(conn, bureau, opened, place, wish, Numbered(), day, draft=True)
        after = {**before, "asked": dict(made.typed), "day": day, "version": version + 1}
        with recorder(conn, bureau, actor, "paper.draft", before["case_id"]) as record:
            record.update(papers, {"id": paper_id}, before, after)
        _remember(conn, bureau, actor, place, before["case_id"], asked, made)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)


def void(bureau: Bureau, actor: Actor, paper_id: int, reason: str, *, version: int) -> PaperLine:
    """Make a draft or an issued paper void; its number is not used again, its files stay.

    What its issue entered at the node stays, too: it happened, and is corrected there if it is
    wrong.  Raises ``NotAllowedError``, :class:`InputRefusedError` without a reason,
    :class:`StaleEditError` with both versions.
    """
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        after = void_in(conn, bureau, actor, (before, opened), reason, version=version)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)


def void_in(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    held: tuple[Row, Opened],
    reason: str,
    *,
    version: int,
) -> Row:
    """Do the same within a writing transaction that has :func:`locked` the paper."""
    before, opened = held
    key = Key(before["node"], before["subject"])
    act = "paper.draft" if before["state"] == DRAFT else "paper.void"
    permit(conn, bureau, actor, act, case=opened.ctx, key=key)
    must_give_reason(reason, "作废文书应当写明具体理由")
    refuse_stale(before, version, {})
    if before["state"] == VOID:
        raise RuleRefusedError(f"《{before['name']}》已经作废。", data={"kind": VOID})
    after = {
        **before,
        "state": VOID,
        "voided_by": actor.name,
        "voided_at": bureau.database.now(conn),
        "reason": reason.strip(),
        "version": version + 1,
    }
    with recorder(conn, bureau, actor, "paper.void", before["case_id"]) as record:
        record.update(papers, {"id": before["id"]}, before, after)
        dossier_papers.withdraw_paper(conn, record, bureau, actor, before["id"], reason.strip())
    return after


def again(bureau: Bureau, actor: Actor, paper_id: int) -> PaperLine:
    """Keep a draft with the answers of a void paper, which it replaces once it is issued.

    Raises ``RuleRefusedError`` where the paper is not void or has been made again already.
    """
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        row = again_in(conn, bureau, actor, (before, opened))
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], row)


def again_in(conn: Connection, bureau: Bureau, actor: Actor, held: tuple[Row, Opened]) -> Row:
    """Do the same within a writing transaction that has :func:`locked` the paper."""
    before, opened = held
    if before["state"] != VOID:
        raise RuleRefusedError(
            f"《{before['name']}》{before['number']}没有作废，先作废才能重新制作。",
            data={"kind": before["state"]},
        )
    rows = case_papers(conn, before["case_id"])
    later = [r for r in rows if r["replaces_id"] == before["id"] and r["state"] != VOID]
    if later:
        raise RuleRefusedError(
            f"《{before['name']}》已经重新制作（第{later[-1]['id']}号文书）。",
            data={"kind": "again", "paper": later[-1]["id"]},
        )
    wish = replace(wish_of(before), day=None)
    return _keep(conn, bureau, actor, opened, wish, replaces=before["id"])


# ------------------------------------------------------------------------------------- issuing


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

    def facts(self, ctx: Context, view: CaseView, _given: Permit) -> Sequence[NewFact]:
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
        _remember(conn, bureau, actor, place, self._row["case_id"], self._wish.asked, made)

    def _issued_row(
        self, conn: Connection, opened: Opened, place: Place, made: Made, number: Numbered
    ) -> Row:
        assert self._files is not None
        now = self._bureau.database.now(conn)
        approval = approval_of(opened.ctx, place)
        fresh = _row_of(self._actor, opened, place, self._wish, made, now)
        return {
            **(fresh if self._draft is None else {**self._draft, **_given(made)}),
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


def settled(
    conn: Connection, bureau: Bureau, opened: Opened, place: Place, wish: PaperWish
) -> tuple[Made, Numbered]:
    """Check everything and return the paper as it would be issued now.

    Raises ``RuleRefusedError`` (not approved, never for a minor), :class:`InputRefusedError` naming
    all that is missing and every day that cannot be.
    """
    ctx = opened.ctx
    day = wish.day or ctx.now.date()
    barred = minor_bar(ctx, bureau.papers.laws(bureau.rules), place, day)
    if barred is not None:
        raise barred
    number = next_number(conn, ctx, place.form, opened.row["id"], day)
    _refuse_unapproved(ctx, place, case_papers(conn, opened.row["id"]))
    made = _make(conn, bureau, opened, place, wish, number, day, draft=False)
    problems = [*_day_problems(ctx, place, day)]
    problems += [
        Problem(gap.label, f"“{gap.label}”还没有，请填写：{gap.place}", data={"gap": gap.source})
        for gap in made.gaps
    ]
    if problems:
        listed = "；".join(problem.sentence.rstrip("。") for problem in problems)
        raise InputRefusedError(
            f"《{place.form.name}》没有签发，有{len(problems)}处需要补正：{listed}。", problems
        )
    return made, number


def settled_draft(conn: Connection, bureau: Bureau, row: Row) -> Made:
    """Return a kept draft as it would be issued now; raises as :func:`settled`."""
    opened = open_case(conn, bureau, row["case_id"])
    wish = wish_of(row)
    place = locate(bureau, opened.ctx, opened.view, wish)
    return settled(conn, bureau, opened, place, wish)[0]


def _make(
    conn: Connection,
    bureau: Bureau,
    opened: Opened,
    place: Place,
    wish: PaperWish,
    number: Numbered,
    day: date | None,
    *,
    draft: bool,
) -> Made:
    return make(
        conn,
        bureau,
        opened.ctx,
        opened.view,
        place,
        wish,
        case_id=opened.row["id"],
        number=number.words,
        day=day or opened.ctx.now.date(),
        draft=draft,
    )


def _row_of(
    actor: Actor, opened: Opened, place: Place, wish: PaperWish, made: Made, now: Any
) -> Row:
    dossier = place.form.dossier
    catalogue = "side" if "side" in dossier else opened.ctx.kind
    return {
        "case_id": opened.row["id"],
        "form": place.form.key,
        "name": place.form.name,
        "node": place.key.node,
        "subject": place.key.subject,
        "about": place.about,
        "recipient": wish.recipient,
        "asked": dict(made.asked),
        "enclosed": list(made.enclosed),
        "catalogue": catalogue,
        "dossier_item": dossier.get(catalogue),
        "made_by": actor.name,
        "made_at": now,
    }


def _new_row(
    record: Recorder,
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    opened: Opened,
    place: Place,
    wish: PaperWish,
    made: Made,
) -> Row:
    """Return a whole row as it stands in the table, numbered."""
    fresh = _row_of(actor, opened, place, wish, made, bureau.database.now(conn))
    return {**_ABSENT, "id": record.new_id(papers), **fresh}


def _given(made: Made) -> Row:
    return {"asked": dict(made.asked), "enclosed": list(made.enclosed)}


_ABSENT: Row = {
    "number": "",
    "series": "",
    "series_year": 0,
    "serial": None,
    "day": None,
    "pdf": "",
    "docx": "",
    "edited": "",
    "request_seq": None,
    "issued_by": None,
    "issued_at": None,
    "voided_by": None,
    "voided_at": None,
    "reason": "",
    "replaces_id": None,
    "version": 1,
}


def recorder(conn: Connection, bureau: Bureau, actor: Actor, action: str, case_id: int) -> Recorder:
    """Return a recorder for a step that changes nothing but papers of a case."""
    return Recorder(
        conn,
        at=bureau.database.now(conn),
        actor=actor.name,
        action=action,
        workstation=bureau.workstation,
        case_id=case_id,
    )


def locked(conn: Connection, bureau: Bureau, paper_id: int) -> tuple[Row, Opened]:
    """Return a paper's row and its case, which nobody else changes until the transaction ends."""
    case_id = paper_row(conn, paper_id)["case_id"]
    case_store.find_case(conn, case_id, lock=True)
    return paper_row(conn, paper_id), open_case(conn, bureau, case_id)


def _id_of(conn: Connection, ctx: Context) -> Any:
    return case_store.find_case(conn, str(ctx.header["case_no"]))["id"]


def refuse_stale(row: Row, yours: int | None, asked: Mapping[str, Any]) -> None:
    """Raise :class:`StaleEditError` with both versions where a draft was changed since."""
    if yours is not None and row["version"] != yours:
        raise StaleEditError(
            f"《{row['name']}》刚刚被别人改过（您看到的是第{yours}版，现在是第{row['version']}版）。"
            "没有保存，填好的内容还在，请刷新后核对再办。",
            data={
                "kind": "stale",
                "yours": {"version": yours, "asked": dict(asked)},
                "theirs": {
                    "version": row["version"],
                    "asked": row["asked"],
                    "state": row["state"],
                },
            },
        )


def refuse_state(row: Row, wanted: str, act: str) -> None:
    """Raise ``RuleRefusedError`` where a paper is not in the state that an act needs."""
    if row["state"] != wanted:
        raise RuleRefusedError(
            f"《{row['name']}》{row['number']}{STATES[row['state']]}，不能{act}。"
            "已签发的文书需要改动的，先作废，再重新制作。",
            data={"kind": row["state"], "paper": row["id"]},
        )


def _refuse_unapproved(ctx: Context, place: Place, rows: Sequence[Row]) -> None:
    approval = approval_of(ctx, place)
    if approval is None or approval.presented:
        return
    data = {"matter": approval.matter, "status": approval.status, "request": approval.request}
    cite = _cite_of(ctx, approval)
    if approval.status != "granted":
        raise RuleRefusedError(
            f"《{place.form.name}》须经批准才能签发：{approval.label}（{approval.words}）。"
            f"请先在节点{approval.node}申请审批。",
            cite=cite,
            data=data,
        )
    used = [
        row
        for row in rows
        if row["state"] == ISSUED
        and row["form"] == place.form.key
        and row["about"] == place.about
        and row["request_seq"] == approval.request
        and (row["node"], row["subject"]) == tuple(place.key)
    ]
    if used:
        raise RuleRefusedError(
            f"第{approval.request}号批准已经用于《{used[-1]['name']}》{used[-1]['number']}，"
            "一项批准只能签发一份。需要重新制作的，先作废原来的；另有一件的，另行申请。",
            cite=cite,
            data={**data, "paper": used[-1]["id"]},
        )


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


def _cite_of(ctx: Context, approval: ApprovalLine) -> Cite | None:
    spec = ctx.rulebook.nodes[approval.node]
    for entry in spec.approvals:
        if entry.matter == approval.matter:
            return entry.cite
    return spec.unfreeze.cite if spec.unfreeze is not None else None


def _day_problems(ctx: Context, place: Place, day: date) -> list[Problem]:
    today = ctx.now.date()
    if day > today:
        return [Problem("文书日期", f"文书日期不能在将来（{date_words(day)}）")]
    filed = ctx.index.event("case_filed", subjects.CASE)
    # What is handed out when the application comes in may be older than the filing.
    first = ctx.index.opened_at if place.key.node == 1 or filed is None else filed.happened_at
    if first is not None and day < first.date():
        words = "收到申请" if filed is None or place.key.node == 1 else "立案"
        sentence = f"文书日期（{date_words(day)}）早于{words}之日（{date_words(first.date())}）"
        return [Problem("文书日期", sentence)]
    return []


def _remember(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    place: Place,
    case_id: int,
    asked: Mapping[str, Any],
    made: Made,
) -> None:
    """Keep what was typed for the next paper; not journalled, the paper itself is."""
    now = bureau.database.now(conn)
    for entry in place.form.asks:
        value = made.asked.get(entry.name)
        if entry.remember == "paper" or entry.name not in asked or value is None:
            continue
        owner = case_id if entry.remember == "case" else 0
        row = {"case_id": owner, "name": entry.name, "who": actor.name}
        moment = now.isoformat() if conn.dialect.name == "sqlite" else now
        conn.execute(_REMEMBER, {**row, "value": canonical_json(value), "at": moment})
