"""Service of issued papers: entered, completed when the receipt comes, withdrawn when it was wrong.

The day from which a paper counts as served follows from the rules (``workflow.service_of_papers``)
and is kept with the row; once a paper has reached everybody its node gets the day, in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.duties import Duties
from zhixing_desktop.documents.form_types import Form, PaperKind
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import services_of_papers
from zhixing_desktop.services import case_store, dossier_papers, paper_duties
from zhixing_desktop.services.bureau import SYSTEM, Actor, Bureau, Row
from zhixing_desktop.services.dossier_store import Taken
from zhixing_desktop.services.file_store import enter_file, files_folder, most_megabytes
from zhixing_desktop.services.file_store import scan_problems as problems_of_scan
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_places import Place
from zhixing_desktop.services.paper_rows import (
    case_papers,
    case_services,
    one_line,
    paper_row,
    service_line,
)
from zhixing_desktop.services.paper_types import (
    ISSUED,
    PDF_ENDING,
    STATES,
    PaperFile,
    PaperLine,
    PaperWish,
    Served,
)
from zhixing_desktop.services.papers import blank_file, open_case
from zhixing_desktop.services.permission import About, Permit, permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.services.steps import Outcome, take_under
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.day_words import date_words
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
)
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.new_facts import must_give_reason
from zhixing_desktop.workflow.service_of_papers import (
    BY_NOTICE,
    Result,
    Service,
    Way,
    served,
    service_problems,
)
from zhixing_desktop.workflow.views import CaseView, Key

_ACT = "paper.serve"
PROOF = "送达回证"
"""The name of the form on which recipients sign."""


def serve(
    bureau: Bureau,
    actor: Actor,
    paper_id: int,
    service: Service,
    whom: str = "",
    recipient: str = "",
    scan: Scan | None = None,
) -> Served:
    """Enter how an issued paper was served on a party (``whom``) or on somebody outside.

    ``recipient`` is the name of somebody outside; ``scan`` the signed 送达回证, a receipt of the
    post, a notice.  Raises ``NotAllowedError``, ``RuleRefusedError`` (not issued), or
    :class:`InputRefusedError` naming everything that is missing or cannot be.
    """
    return _Serve(bureau, actor, paper_id, service, whom, recipient, scan).run()


def complete_service(
    bureau: Bureau,
    actor: Actor,
    service_id: int,
    service: Service,
    scan: Scan | None = None,
    *,
    version: int,
) -> Served:
    """Enter the result of a service that had none yet; raises as :func:`serve`.

    ``version`` is the row's that was looked at: :class:`StaleEditError` with both otherwise.
    """
    with bureau.database.reading() as conn:
        before = _service_row(conn, service_id)
    step = _Serve(
        bureau, actor, before["paper_id"], service, before["whom"], before["recipient"], scan
    )
    return step.run(service_id, version)


def withdraw_service(
    bureau: Bureau, actor: Actor, service_id: int, reason: str, *, version: int
) -> PaperLine:
    """Take back a service that was entered wrongly; the row stays and counts no more.

    What it brought at the node is corrected there.  Raises ``NotAllowedError``,
    :class:`InputRefusedError` without a reason, :class:`StaleEditError`.
    """
    with bureau.database.writing() as conn:
        before = _service_row(conn, service_id)
        case_store.find_case(conn, before["case_id"], lock=True)
        before = _service_row(conn, service_id)
        row = paper_row(conn, before["paper_id"])
        opened = open_case(conn, bureau, before["case_id"])
        permit(conn, bureau, actor, "paper.serve", case=opened.ctx, key=_key(row))
        must_give_reason(reason, "撤回送达登记应当写明具体理由")
        _refuse_stale(before, version, None)
        after = {
            **before,
            "withdrawn_by": actor.name,
            "withdrawn_at": bureau.database.now(conn),
            "withdrawn_reason": reason.strip(),
            "version": version + 1,
        }
        with recorder(conn, bureau, actor, _ACT, before["case_id"]) as record:
            record.update(services_of_papers, {"id": service_id}, before, after)
            dossier_papers.withdraw_proof(conn, record, bureau, actor, service_id, reason.strip())
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], row)


def settle_served(bureau: Bureau, actor: Actor, paper_id: int) -> tuple[str, ...]:
    """Enter at the node what time has brought: the last day of a notice has come.

    Returns what was entered and what still waits, in words; writes nothing where nothing is to be
    entered.  Raises as :func:`serve`.
    """
    return _settle(bureau, actor, paper_id, _ACT)


def settle_by_time(bureau: Bureau, paper_id: int) -> tuple[str, ...]:
    """Do the same as the program itself, when the day has come; for the beat.

    Exactly once however many workstations do so at the same moment.  Raises as :func:`serve`.
    """
    return _settle(bureau, SYSTEM, paper_id, "paper.settle")


def _settle(bureau: Bureau, actor: Actor, paper_id: int, act: str) -> tuple[str, ...]:
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        opened = open_case(conn, bureau, row["case_id"])
        permit(conn, bureau, actor, act, case=opened.ctx, key=_key(row))
        found = _duties(conn, bureau, actor, opened.ctx, row, [])
    if all(duty.empty for duty in found):
        return paper_duties.notes_of(opened.ctx, found)
    step = _Settle(bureau, actor, paper_id)
    about = About(key=_key(row))
    # Another workstation may have done it since: then nothing is journalled twice.
    with suppress(_SettledAlreadyError):
        take_under(bureau, actor, row["case_id"], act, step.run_once, about=about, beside=step)
    return paper_duties.notes_of(opened.ctx, step.duties)


def proof_file(
    bureau: Bureau,
    actor: Actor,
    paper_ids: Sequence[int],
    whom: str = "",
    *,
    service_id: int | None = None,
    ending: str = PDF_ENDING,
) -> PaperFile:
    """Return the 送达回证 for some papers of one case and one recipient, to be signed.

    With ``service_id`` recipient, way and place are those that were entered.  What is not known is
    a line to write on.  Raises as ``papers.blank_file``, and :class:`InputRefusedError` for papers
    that are not issued or of several cases.
    """
    if not paper_ids:
        raise InputRefusedError("请选择要送达的文书。", [Problem("文书", "没有选择")])
    asked: dict[str, Any] = {}
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_ids[0])
        if service_id is not None:
            given = _service_row(conn, service_id)
            whom = given["whom"]
            asked = {
                "recipient": given["recipient"],
                "place": given["place"],
                "way": Way(given["way"]).label,
            }
    form = bureau.papers.library(bureau.rules).form(PROOF)
    wish = PaperWish(
        case=row["case_id"],
        form=form.key,
        key=_key(row),
        recipient=whom,
        asked={a.name: asked[a.name] for a in form.asks if asked.get(a.name)},
        enclosed=tuple(paper_ids),
    )
    return blank_file(bureau, actor, wish, ending)


# ------------------------------------------------------------------------------------- the steps


class _SettledAlreadyError(Exception):
    """Nothing is left to be entered; ends the transaction without a trace."""


class _Settle:
    """What a paper's services bring at its node."""

    def __init__(self, bureau: Bureau, actor: Actor, paper_id: int) -> None:
        self.bureau, self.actor, self.paper_id = bureau, actor, paper_id
        self.duties: list[Duties] = []
        self.row: Row = {}

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """See what there is, now that nobody else works on the case."""
        self.row = paper_row(conn, self.paper_id)
        self.duties = _duties(conn, self.bureau, self.actor, ctx, self.row, self.more(conn, ctx))

    def more(self, conn: Connection, ctx: Context) -> list[Row]:
        """Return the rows that are about to be written."""
        return []

    def facts(self, ctx: Context, view: CaseView, _given: Permit) -> Sequence[NewFact]:
        """Return what follows at the node."""
        return paper_duties.facts_of(ctx, view, self.duties)

    def run_once(self, ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        """Return the same where something is still to be entered."""
        if all(duty.empty for duty in self.duties):
            raise _SettledAlreadyError
        return self.facts(ctx, view, given)

    def write(self, conn: Connection, record: Recorder, new: Sequence[Fact]) -> None:
        """Write nothing beside the facts."""


class _Serve(_Settle):
    """One service, entered or completed."""

    def __init__(
        self,
        bureau: Bureau,
        actor: Actor,
        paper_id: int,
        service: Service,
        whom: str,
        recipient: str,
        scan: Scan | None,
    ) -> None:
        super().__init__(bureau, actor, paper_id)
        self._service, self._whom, self._recipient, self._scan = service, whom, recipient, scan
        self._before: Row | None = None
        self._version: int | None = None
        self._fresh: Row = {}
        self._taken: Taken | None = None

    def run(self, service_id: int | None = None, version: int | None = None) -> Served:
        """Check everything, keep the scan, write."""
        bureau, actor = self.bureau, self.actor
        self._version = version
        with bureau.database.reading() as conn:
            row = paper_row(conn, self.paper_id)
            opened = open_case(conn, bureau, row["case_id"])
            permit(conn, bureau, actor, _ACT, case=opened.ctx, key=_key(row))
            if service_id is not None:
                self._before = _service_row(conn, service_id)
            problems = self._problems(opened.ctx, row)
        if self._scan is not None:
            data = self._scan.data
            problems += problems_of_scan(data, most_megabytes(bureau))[1]
        if problems:
            said = "；".join(problem.sentence.rstrip("。") for problem in problems)
            raise InputRefusedError(f"送达没有登记：{said}。", problems)
        if self._scan is not None:
            kind = file_folder.media_type_of(self._scan.data) or ""
            file_folder.keep(files_folder(bureau), self._scan.data, kind)
            self._taken = dossier_papers.take_proof(bureau, self._scan)
        about = About(key=_key(row))
        outcome = take_under(
            bureau, actor, row["case_id"], _ACT, self.facts, about=about, beside=self
        )
        return self._told(outcome)

    def _told(self, outcome: Outcome) -> Served:
        bureau = self.bureau
        with bureau.database.reading() as conn:
            opened = open_case(conn, bureau, outcome.case_id)
            row = paper_row(conn, self.paper_id)
            line = one_line(bureau, conn, opened.ctx, outcome.case_no, row)
            made = service_line(bureau, _service_row(conn, self._fresh["id"]))
        notes = list(paper_duties.notes_of(opened.ctx, self.duties))
        day = made.effective_on
        if day is not None and day > opened.ctx.now.date():
            notes.append(f"公告期届满之日为{date_words(day)}，届满后由系统登记送达日期。")
        return Served(made, line, tuple(notes), outcome)

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """Check again, now that nobody else works on the case."""
        row = paper_row(conn, self.paper_id)
        if self._before is not None:
            self._before = _service_row(conn, self._before["id"])
            _refuse_stale(self._before, self._version, self._service)
        problems = self._problems(ctx, row)
        if problems:
            raise InputRefusedError(f"送达没有登记：{problems[0].sentence}", problems)
        super().look(conn, ctx, view, given)
        if self._scan is not None:
            case_id = self.row["case_id"]
            self.duties = dossier_papers.with_proof(conn, ctx, case_id, self.row, self.duties)

    def more(self, conn: Connection, ctx: Context) -> list[Row]:
        """Return the row that is about to be written."""
        self._fresh = self._new_row(conn, ctx)
        return [self._fresh]

    def write(self, conn: Connection, record: Recorder, new: Sequence[Fact]) -> None:
        """Write the row and those of its scan, which lies in the dossier then."""
        if self._scan is not None and self._taken is None:
            data = self._scan.data
            enter_file(conn, record, self.bureau, self.actor, self._scan.name, data)
        if self._before is None:
            self._fresh["id"] = record.new_id(services_of_papers)
            record.insert(services_of_papers, self._fresh)
        else:
            key = {"id": self._before["id"]}
            record.update(services_of_papers, key, self._before, self._fresh)
        if self._scan is not None:
            dossier_papers.file_proof(
                conn, record, self.bureau, self.actor, self.row, self._fresh, self._taken
            )

    def _problems(self, ctx: Context, row: Row) -> list[Problem]:
        if row["state"] != ISSUED:
            raise RuleRefusedError(
                f"《{row['name']}》{row['number']}{STATES[row['state']]}，只有已签发的文书可以送达。",
                data={"kind": row["state"], "paper": row["id"]},
            )
        if self._before is not None and self._before["result"] != Result.PENDING:
            words = Result(self._before["result"]).label
            raise RuleRefusedError(
                f"这次送达的结果已经登记（{words}）。登记有误的，先撤回，再重新登记。",
                data={"kind": "settled", "service": self._before["id"]},
            )
        problems: list[Problem] = []
        if self._whom and self._whom not in ctx.index.parties:
            problems.append(Problem("受送达人", f"案件中没有当事人“{self._whom}”"))
        if not self._whom and not self._recipient.strip():
            problems.append(Problem("受送达人", "请写明受送达人的姓名或者名称"))
        problems += service_problems(
            self._service,
            paper_day=row["day"],
            today=ctx.now.date(),
            ruling=_form_of(self.bureau, row).kind is PaperKind.RULING,
        )
        return problems

    def _new_row(self, conn: Connection, ctx: Context) -> Row:
        service, before = self._service, self._before
        name = ctx.index.name_of(self._whom) if self._whom else None
        digest = file_folder.digest_of(self._scan.data) if self._scan is not None else ""
        old: Row = before or {"version": 0, "proof": ""}
        laws = self.bureau.papers.laws(self.bureau.rules)
        own = {"entered_by": self.actor.name, "entered_at": self.bureau.database.now(conn)}
        return {
            **_EMPTY,
            **old,
            **own,
            **_columns(service),
            "paper_id": self.row["id"] if self.row else self.paper_id,
            "case_id": paper_row(conn, self.paper_id)["case_id"],
            "whom": self._whom,
            "recipient": name or self._recipient.strip(),
            "proof": digest or old["proof"],
            "effective_on": served(service, lambda day: laws.days(BY_NOTICE, day)).day,
            "version": old["version"] + 1,
        }


_EMPTY: Row = {"withdrawn_by": None, "withdrawn_at": None, "withdrawn_reason": ""}


def _columns(service: Service) -> dict[str, Any]:
    tidy = replace(
        service,
        **{
            name: getattr(service, name).strip()
            for name in ("place", "received_by", "relation", "reason", "witness", "server")
        },
    )
    return {
        "way": tidy.way.value,
        "result": tidy.result.value,
        "sent_on": tidy.sent_on,
        "arrived_on": tidy.arrived_on,
        "place": tidy.place,
        "received_by": tidy.received_by,
        "relation": tidy.relation,
        "reason": tidy.reason,
        "witness": tidy.witness,
        "server": tidy.server,
    }


def _duties(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    ctx: Context,
    row: Row,
    more: Sequence[Row],
) -> list[Duties]:
    form = _form_of(bureau, row)
    place = Place(form, _key(row), row["about"])
    fresh = {r.get("id") for r in more}
    services = [s for s in case_services(conn, row["case_id"]) if s["id"] not in fresh]
    rows = case_papers(conn, row["case_id"])
    found = paper_duties.of_service(bureau, ctx, place, rows, [*services, *more])
    return paper_duties.allowed(conn, bureau, actor, ctx, found)


def _form_of(bureau: Bureau, row: Row) -> Form:
    return bureau.papers.library(bureau.rules).form(row["form"])


def _key(row: Row) -> Key:
    return Key(row["node"], row["subject"])


def _service_row(conn: Connection, service_id: int) -> Row:
    found = rows_where(conn, services_of_papers, "id", service_id)
    if not found:
        raise InputRefusedError(
            f"没有第{service_id}号送达登记", [Problem("送达", "请核对送达登记的编号")]
        )
    return found[0]


def _refuse_stale(row: Row, yours: int | None, service: Service | None) -> None:
    if yours is None or row["version"] == yours:
        return
    raise StaleEditError(
        f"这次送达的登记刚刚被别人改过（您看到的是第{yours}版，现在是第{row['version']}版）。"
        "没有保存，请刷新后核对再办。",
        data={
            "kind": "stale",
            "yours": {"version": yours, **(_columns(service) if service else {})},
            "theirs": {"version": row["version"], "result": row["result"]},
        },
    )
