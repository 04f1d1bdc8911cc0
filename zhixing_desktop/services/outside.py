"""Authorities outside the court: the letter's way, the reply with its scan, the second reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import case_store, traces
from zhixing_desktop.services.approvals import own_roles, stands_for
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.case_store import NUMBERS_APART
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.file_store import enter_file, keep_scan, read_file
from zhixing_desktop.services.permission import About, Permit, permit
from zhixing_desktop.services.sight import PERSONAL, Sight, ask_sight
from zhixing_desktop.services.steps import Outcome, take_under
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import Hop, NewFact, Reply
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, Problem
from zhixing_desktop.workflow.fact_types import ApprovalView
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.later_replies import open_to_reply
from zhixing_desktop.workflow.outside_decisions import plain_number, reply_problems
from zhixing_desktop.workflow.views import CaseView, Key

_USED = (
    "SELECT c.case_no FROM approvals a JOIN cases c ON c.id = a.case_id "
    "WHERE (a.reply_number = ? OR a.earlier_replies LIKE ?) "
    "AND NOT (a.case_id = ? AND a.request_seq = ?)"
)
_UNKNOWN_SCAN = "-"
"""Stands for a scan that is about to be kept while everything else is checked."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned paper as it was chosen: the name of the file and its bytes."""

    name: str
    data: bytes


def forward(bureau: Bureau, actor: Actor, case: str | int, request: int, hop: Hop) -> Outcome:
    """Record one hop of the letter with which an application is passed on (转报、层报).

    Raises ``RuleRefusedError``, ``InputRefusedError`` with everything that is wrong.
    """

    def passed_on(ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        return decide.forward(
            ctx,
            view,
            request,
            hop,
            by=actor.name,
            roles=own_roles(given),
            stands_for=stands_for(given),
        )

    about = About(request=request)
    return take_under(bureau, actor, case, "approval.forward", passed_on, about=about)


def enter_reply(
    bureau: Bureau, actor: Actor, case: str | int, request: int, reply: Reply, scan: Scan | None
) -> Outcome:
    """Enter what came back, with the scan of its paper; it counts once it has been read back.

    The scan is written first, then its row, then the reply: an interruption leaves a file that
    nobody refers to and nothing else.  Raises ``InputRefusedError`` with everything that is wrong
    (a number used before in any case, a day before the application or in the future, no scan, one
    that is no PDF or picture, torn or too large), ``RuleRefusedError``, ``StoreError``.
    """
    digest = _checked(bureau, actor, case, request, reply, scan)
    assert scan is not None

    def entered(ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        return decide.enter_reply(
            ctx,
            view,
            request,
            reply,
            digest,
            by=actor.name,
            roles=own_roles(given),
            stands_for=stands_for(given),
        )

    about = About(request=request)
    with bureau.database.writing() as conn:
        number = case_store.find_case(conn, case)["id"]
        permit(conn, bureau, actor, "reply.enter", case=int(number), about=about)
        with Recorder(
            conn,
            at=bureau.database.now(conn),
            actor=actor.name,
            action="file.add",
            workstation=bureau.workstation,
            case_id=number,
        ) as record:
            record.note({"digest": digest, "name": scan.name, "request": request})
            enter_file(conn, record, bureau, actor, scan.name, scan.data)
    filed = _Filed(bureau, actor, request, reply, scan, digest)
    return take_under(bureau, actor, case, "reply.enter", entered, about=about, beside=filed)


class _Filed:
    """Beside a reply: its paper lies in the 副卷."""

    def __init__(
        self, bureau: Bureau, actor: Actor, request: int, reply: Reply, scan: Scan, digest: str
    ) -> None:
        # Loaded with the first reply, not with every start.
        from zhixing_desktop.services.dossier_papers import take_proof

        self._bureau, self._actor = bureau, actor
        self._request, self._reply, self._digest = request, reply, digest
        self._taken = take_proof(bureau, scan)
        self._case: Row = {}
        self._key: Key | None = None

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """Know the case and the instance that the application is about."""
        self._case = case_store.find_case(conn, str(ctx.header["case_no"]))
        asked = next((a for a in view.approvals if a.seq == self._request), None)
        self._key = Key(asked.node, asked.subject) if asked is not None and asked.node else None

    def write(self, conn: Connection, record: Recorder, new: Sequence[Fact]) -> None:
        """Write the item under 审（签）批材料."""
        from zhixing_desktop.services.dossier_papers import file_reply

        file_reply(
            conn, record, self._bureau, self._actor, self._case, self._key, self._reply,
            self._digest, self._taken,
        )  # fmt: skip


def _checked(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    request: int,
    reply: Reply,
    scan: Scan | None,
) -> str:
    """Check a reply as a whole before anything is written; keep its scan, return the digest."""
    problems: list[Problem] = []
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        facts = case_store.load_facts(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, facts, bureau.database.now(conn))
        view = view_of(ctx)
        about = About(request=request)
        given = permit(conn, bureau, actor, "reply.enter", case=ctx, about=about)
        asked, _ = open_to_reply(ctx, view, request)
        problems += reply_problems(ctx, asked, reply)
        problems += _number_problems(conn, row["id"], request, reply)
    if not problems:
        # What only the rules know (not passed on yet, one's own case) is refused before the file.
        decide.enter_reply(
            ctx,
            view,
            request,
            reply,
            _UNKNOWN_SCAN,
            by=actor.name,
            roles=own_roles(given),
            stands_for=stands_for(given),
        )
    digest = keep_scan(bureau, scan.data if scan is not None else None, problems)
    if problems:
        said = "；".join(problem.sentence for problem in problems)
        raise InputRefusedError(f"答复没有登记：{said}。", problems)
    return digest


def _number_problems(conn: Connection, case_id: int, request: int, reply: Reply) -> list[Problem]:
    number = plain_number(reply.number)
    if not number:
        return []
    earlier = f"%{NUMBERS_APART}{number}{NUMBERS_APART}%"
    used = ask(conn, _USED, (number, earlier, case_id, request))
    return [
        Problem("答复文号", f"文号“{reply.number.strip()}”已经在{row[0]}中使用过，请核对原件")
        for row in used[:1]
    ]


def read_back(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    request: int,
    number: str,
    decided_on: date,
) -> Outcome:
    """Confirm an entered reply by typing its number and day again from the paper.

    Raises ``InputRefusedError`` that says what differs (the reply stays entered and does not
    count), ``RuleRefusedError`` for whoever entered it himself.
    """

    def confirmed(ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        return decide.read_back(
            ctx,
            view,
            request,
            number,
            decided_on,
            by=actor.name,
            roles=own_roles(given),
            stands_for=stands_for(given),
        )

    about = About(request=request)
    return take_under(bureau, actor, case, "reply.confirm", confirmed, about=about)


def scan_of(bureau: Bureau, actor: Actor, case: str | int, request: int) -> FilePages:
    """Return the scan of an application's reply, for whoever reads it back or sees such papers.

    A paper cannot be covered in part: beside the right to see the case it takes the right to read
    the reply back or to see personal data whole.  The look is journalled before anything is
    shown, unless it is one's own case.  Raises ``NotAllowedError``, ``InputRefusedError`` where
    there is no scan, ``StoreError`` when it is missing, changed or damaged, or when the look
    cannot be journalled.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        sight = ask_sight(conn, bureau, actor, row["id"])
        facts = case_store.load_facts(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, facts, bureau.database.now(conn))
        asked = next((entry for entry in ctx.index.approvals if entry.seq == request), None)
        acting = None
        if sight is not Sight.OPEN:
            acting = _looking(conn, bureau, actor, ctx, request).on_behalf_of
    digest = _scan_in(asked)
    if asked is None or not digest:
        raise InputRefusedError(
            f"第{request}号申请没有登记附扫描件的答复",
            [Problem("申请", f"第{request}号申请没有登记附扫描件的答复")],
        )
    kept, data = read_file(bureau, digest)
    found = file_pages(kept.name, kept.media_type, data)
    if sight is not Sight.OPEN:
        whose = f"节点{asked.node} 上级法院的答复"
        what = (f"扫描件“{kept.name}”",)
        traces.looked_at_personal_data(bureau, actor, row["id"], whose, what, on_behalf_of=acting)
    return found


def _looking(conn: Connection, bureau: Bureau, actor: Actor, ctx: Context, request: int) -> Permit:
    try:
        about = About(request=request)
        return permit(conn, bureau, actor, "reply.confirm", case=ctx, about=about)
    except NotAllowedError:
        return permit(conn, bureau, actor, PERSONAL, case=ctx)


def _scan_in(asked: ApprovalView | None) -> str:
    """Return the digest of a reply's scan: of the one entered last, else of the one that counts."""
    if asked is None:
        return ""
    later = (asked.countermand, asked.reply)
    replies = [*asked.steps, *(entry for entry in later if entry is not None)]
    return next((str(entry["scan"]) for entry in reversed(replies) if entry.get("scan")), "")
