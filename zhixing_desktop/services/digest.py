"""What is new for a person since his last look, as one page instead of thirty messages.

Announcements of one case become one line that says the gravest; decisions on the person's own
applications, applications that have come to wait for him, and cases that have come to him stand
beside them.  Looking is recorded (table ``looks``), reading an announcement is, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection, and_, delete, insert, select

from zhixing_desktop.models.tables import alerts, approvals, cases, looks
from zhixing_desktop.services.alerts import concerns
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.fact_words import OUTCOMES, matter_words
from zhixing_desktop.services.payments_due import PaymentDue, payments_in
from zhixing_desktop.services.sight import in_sight
from zhixing_desktop.services.waiting import asked_since
from zhixing_desktop.workflow.alert_words import alert_brief
from zhixing_desktop.workflow.rulebook import Rulebook

DIGEST = "digest"
CASHIER = "财务"
FIRST_LOOK = timedelta(days=7)
"""How far back somebody's very first digest goes."""
MOST_CASES = 200
GRAVITY: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "freeze": (0, "冻结"),
        "overdue": (1, "逾期"),
        "supervise": (2, "督办"),
        "warn2": (3, "今日届满"),
        "warn1": (4, "即将届满"),
        "lapse": (5, "期满"),
        "open": (6, "已启动"),
    }
)
"""Steps of announcements by how grave they are, and their word."""
_WARNINGS, _PASSED = ("warn1", "warn2"), 9


@dataclass(frozen=True, slots=True)
class CaseNews:
    """All new announcements of one case: the gravest one's node and word, how many.

    ``sentence`` is the gravest one in brief: it stands beside the 案号.
    """

    case_id: int
    case_no: str
    node: int
    word: str
    gravity: int
    sentence: str
    count: int
    noticed_at: datetime
    alert_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided on an application of the person."""

    case_id: int
    case_no: str
    node: int
    matter: str
    outcome: str
    decided_by: str
    decided_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An application that has come to wait for one of the person's roles."""

    case_id: int
    case_no: str
    request: int
    node: int
    matter: str
    requested_by: str
    requested_at: datetime
    urged: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """A case that was registered for the person."""

    case_id: int
    case_no: str
    parties: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new from ``since`` (not included) until ``until``; empty parts where nothing is."""

    since: datetime
    until: datetime
    first: bool
    news: tuple[CaseNews, ...]
    answers: tuple[Answer, ...]
    asked: tuple[Asked, ...]
    arrived: tuple[Arrived, ...]
    payable: tuple[PaymentDue, ...] = ()
    """For 财务: what has been approved since and may be paid now."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.news or self.answers or self.asked or self.arrived or self.payable)

    @property
    def heading(self) -> str:
        """One line for the status bar: ``冻结2件，逾期1件；1项审批有结果``."""
        counted: dict[str, int] = {}
        for entry in self.news:
            counted[entry.word] = counted.get(entry.word, 0) + 1
        parts = ["，".join(f"{word}{count}件" for word, count in counted.items())]
        if self.asked:
            parts.append(f"{len(self.asked)}项申请等您决定")
        if self.payable:
            parts.append(f"{len(self.payable)}笔案款等您支付")
        if self.answers:
            parts.append(f"{len(self.answers)}项审批有结果")
        if self.arrived:
            parts.append(f"新收{len(self.arrived)}件")
        return "；".join(part for part in parts if part) or "没有新的情况"


def digest(bureau: Bureau, actor: Actor) -> Digest:
    """Return what is new for a person; looking does not yet count as having looked."""
    book = bureau.rules.book
    with bureau.database.reading() as conn:
        now = bureau.database.now(conn)
        seen = last_look(conn, actor)
        since = seen if seen is not None else now - FIRST_LOOK
        return Digest(
            since=since,
            until=now,
            first=seen is None,
            news=_news(conn, bureau, actor, since, now),
            answers=_answers(conn, actor, book, since),
            asked=_asked(conn, bureau, actor, since),
            arrived=_arrived(conn, actor, since),
            payable=_payable(conn, actor, since),
        )


def mark_looked(bureau: Bureau, actor: Actor, until: datetime, what: str = DIGEST) -> None:
    """Record that a person has seen everything up to ``until``; never goes back.

    Beside the journal, like a draft: a look changes nothing that anybody else sees.
    """
    if actor.staff_id is None:
        return
    mine = and_(looks.c.staff_id == actor.staff_id, looks.c.what == what)
    with bureau.database.writing() as conn:
        seen = conn.execute(select(looks.c.at).where(mine)).scalar()
        if seen is not None and seen >= until:
            return
        conn.execute(delete(looks).where(mine))
        conn.execute(insert(looks).values(staff_id=actor.staff_id, what=what, at=until))


def last_look(conn: Connection, actor: Actor, what: str = DIGEST) -> datetime | None:
    """Return when a person looked last, ``None`` when never."""
    question = select(looks.c.at).where(looks.c.staff_id == actor.staff_id, looks.c.what == what)
    found: datetime | None = conn.execute(question).scalar()
    return found


def _news(
    conn: Connection, bureau: Bureau, actor: Actor, since: datetime, now: datetime
) -> tuple[CaseNews, ...]:
    """Return a line for each case; a warning whose day has passed is no news.

    Either the work was done in time, or something graver has been announced since.
    """
    question = (
        select(
            alerts.c.id,
            alerts.c.case_id,
            alerts.c.node,
            alerts.c.limit_id,
            alerts.c.step,
            alerts.c.due_at,
            alerts.c.noticed_at,
            cases.c.case_no,
        )
        .select_from(alerts.join(cases, cases.c.id == alerts.c.case_id))
        .where(
            concerns(actor),
            in_sight(conn, bureau, actor, alerts.c.case_id),
            alerts.c.noticed_at > since,
        )
        .order_by(alerts.c.id)
    )
    found: dict[int, CaseNews] = {}
    for row in conn.execute(question):
        gravity, word = GRAVITY[row.step]
        if row.step in _WARNINGS and row.due_at < now:
            gravity = _PASSED
        one = CaseNews(
            row.case_id,
            row.case_no,
            row.node,
            word,
            gravity,
            alert_brief(bureau.rules.book, row.node, row.limit_id, row.step, row.due_at),
            1,
            row.noticed_at,
            (row.id,),
        )
        before = found.get(row.case_id)
        found[row.case_id] = one if before is None else _joined(before, one)
    news = [entry for entry in found.values() if entry.gravity != _PASSED]
    return tuple(sorted(news, key=lambda e: (e.gravity, e.noticed_at, e.case_id)))[:MOST_CASES]


def _joined(one: CaseNews, other: CaseNews) -> CaseNews:
    """Two announcements of a case as one: the graver speaks; of two alike, the later."""
    says = one if one.gravity < other.gravity else other
    return CaseNews(
        says.case_id,
        says.case_no,
        says.node,
        says.word,
        says.gravity,
        says.sentence,
        one.count + other.count,
        says.noticed_at,
        one.alert_ids + other.alert_ids,
    )


def _answers(conn: Connection, actor: Actor, book: Rulebook, since: datetime) -> tuple[Answer, ...]:
    question = (
        select(approvals, cases.c.case_no)
        .select_from(approvals.join(cases, cases.c.id == approvals.c.case_id))
        .where(
            approvals.c.requested_by == actor.name,
            approvals.c.decided_at > since,
            approvals.c.decided_by != actor.name,
        )
        .order_by(approvals.c.decided_at, approvals.c.id)
    )
    return tuple(
        Answer(
            row.case_id,
            row.case_no,
            row.node,
            matter_words(book, row.node, row.matter),
            OUTCOMES.get(row.status, row.status),
            row.decided_by or "",
            row.decided_at,
            row.decision_reason,
        )
        for row in conn.execute(question)
    )


def _asked(conn: Connection, bureau: Bureau, actor: Actor, since: datetime) -> tuple[Asked, ...]:
    """As his panel lists them: what he would be refused, he is not told to decide."""
    return tuple(
        Asked(
            item.case_id,
            item.case_no,
            item.request,
            item.node,
            matter_words(bureau.rules.book, item.node, item.matter),
            item.requested_by,
            item.requested_at,
            item.urged_at is not None and item.urged_at > since,
        )
        for item in asked_since(conn, bureau, actor, since)
    )


def _payable(conn: Connection, actor: Actor, since: datetime) -> tuple[PaymentDue, ...]:
    if CASHIER not in actor.roles:
        return ()
    return tuple(due for due in payments_in(conn) if due.decided_at > since)


def _arrived(conn: Connection, actor: Actor, since: datetime) -> tuple[Arrived, ...]:
    question = (
        select(cases.c.id, cases.c.case_no, cases.c.parties_text, cases.c.created_at)
        .where(
            cases.c.officer_id == actor.staff_id,
            cases.c.created_at > since,
            # Old cases that were entered with a list are not work that has come.
            cases.c.closed_at.is_(None),
        )
        .order_by(cases.c.created_at, cases.c.id)
    )
    return tuple(Arrived(*row) for row in conn.execute(question))
