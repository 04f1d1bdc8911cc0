"""The tables as the program speaks of them.

The schema itself is made by ``upgrades/``; a test proves that both say the same.  Nothing here is a
rule of the guideline.  Facts, journal and edits are written once: triggers refuse anything else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from zhixing_desktop.models.types import Day, JsonText, Moment, Money

METADATA = MetaData()

# INTEGER PRIMARY KEY is SQLite's own row number; PostgreSQL needs the eight bytes said.
_ROW_ID = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[Any]:
    return Column("id", _ROW_ID, primary_key=True, autoincrement=True)


def _text(name: str, default: str | None = None) -> Column[Any]:
    return Column(name, Text, nullable=False, default=default)


def _int(name: str, default: int | None = None) -> Column[Any]:
    return Column(name, Integer, nullable=False, default=default)


def _flag(name: str, *, default: bool) -> Column[Any]:
    return Column(name, Boolean, nullable=False, default=default)


def _maybe(name: str, kind: type[TypeEngine[Any]]) -> Column[Any]:
    return Column(name, kind, nullable=True)


def _must(name: str, kind: type[TypeEngine[Any]]) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, _ROW_ID, ForeignKey(target), nullable=nullable)


meta = Table("meta", METADATA, Column("key", Text, primary_key=True), _text("value"))
"""``schema_version``, ``created_at``, ``bureau``, ``purpose``, ``last_seen_at``."""

staff = Table(
    "staff",
    METADATA,
    _id(),
    _text("name"),
    _text("initials", ""),
    _must("roles", JsonText),
    _text("team", ""),
    _flag("active", default=True),
    _ref("clerk_id", "staff.id", nullable=True),
    _int("version", 1),
)
"""``clerk_id``: the clerk who works with this officer.  ``version``: two who change one row."""

accounts = Table(
    "accounts",
    METADATA,
    Column("staff_id", _ROW_ID, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False, unique=True),
    _text("password_hash"),
    _flag("must_change", default=True),
    _must("changed_at", Moment),
    _flag("disabled", default=False),
    _int("failures", 0),
    _maybe("locked_until", Moment),
    _maybe("last_at", Moment),
    _text("last_from", ""),
    _int("failures_since", 0),
    _text("witness", ""),
)
"""How people sign in; not journalled, since a password's hash does not belong into a journal.

``witness`` is who stood by when an administrator's one-time password was made (会同人).
``failures`` counts towards the lock, ``failures_since`` since the last sign-in that succeeded.
"""

password_history = Table(
    "password_history",
    METADATA,
    _id(),
    _ref("staff_id", "staff.id"),
    _text("password_hash"),
    _must("at", Moment),
    Index("password_history_by_staff", "staff_id", "id"),
)

deputies = Table(
    "deputies",
    METADATA,
    _id(),
    _ref("principal_id", "staff.id"),
    _ref("deputy_id", "staff.id"),
    _text("role"),
    _must("from_on", Day),
    _must("until_on", Day),
    _text("paper"),
    _text("named_by"),
    _must("named_at", Moment),
    _maybe("revoked_by", Text),
    _maybe("revoked_at", Moment),
    _text("reason", ""),
    Index("deputies_by_deputy", "deputy_id", "until_on"),
    Index("deputies_by_principal", "principal_id", "until_on"),
)
"""Who stands in for whom, under which role, on which days (both counted), by which paper."""

cases = Table(
    "cases",
    METADATA,
    _id(),
    Column("case_no", Text, nullable=False, unique=True),
    _text("case_no_raw", ""),
    _int("year"),
    _text("court"),
    _text("type"),
    _int("number"),
    _text("kind"),
    _flag("is_non_litigation", default=False),
    _text("cause", ""),
    _text("parties_text", ""),
    _text("search_text", ""),
    _ref("officer_id", "staff.id", nullable=True),
    _ref("clerk_id", "staff.id", nullable=True),
    _maybe("amount", Money),
    _maybe("filed_at", Moment),
    _maybe("received_on", Day),
    _text("state"),
    _maybe("current_node", Integer),
    _text("current_node_name", ""),
    _maybe("next_due_at", Moment),
    _maybe("next_due_node", Integer),
    _maybe("closed_at", Moment),
    _maybe("closing_way", Text),
    _text("rulebook_version", ""),
    _int("version", 1),
    _ref("previous_case_id", "cases.id", nullable=True),
    _must("created_at", Moment),
    Index("cases_by_officer", "officer_id", "state", "next_due_at"),
    Index("cases_by_clerk", "clerk_id", "state", "next_due_at"),
    Index("cases_by_state", "state", "next_due_at"),
    Index("cases_by_due", "next_due_at"),
    Index("cases_by_node", "current_node"),
    Index("cases_by_amount", "amount"),
    Index("cases_by_filing", "filed_at"),
    Index("cases_by_number", "year", "type", "number"),
    Index("cases_by_previous", "previous_case_id"),
)

# Without the open cases (the step says so): "not closed" is most of them and must not be looked for
# here.  By the day that is due, since that is how the list of closed cases is arranged.  The
# condition is not repeated here: ``postgresql_where`` loads that dialect at every start.
Index("cases_by_closing", cases.c.next_due_at)

facts = Table(
    "facts",
    METADATA,
    _id(),
    _ref("case_id", "cases.id"),
    _int("seq"),
    _text("kind"),
    _text("subject", "case"),
    _maybe("node", Integer),
    _must("happened_at", Moment),
    _must("recorded_at", Moment),
    _must("entered_at", Moment),
    _text("entered_by"),
    _must("data", JsonText),
    _maybe("corrects", Integer),
    _text("reason", ""),
    _text("source", ""),
    UniqueConstraint("case_id", "seq", name="facts_once"),
)

instances = Table(
    "instances",
    METADATA,
    _id(),
    _ref("case_id", "cases.id"),
    _int("node"),
    _text("subject", "case"),
    _int("occurrence", 1),
    _text("state"),
    _maybe("opened_at", Moment),
    _maybe("due_at", Moment),
    _maybe("completed_at", Moment),
    _maybe("frozen_at", Moment),
    _maybe("next_check_at", Moment),
    UniqueConstraint("case_id", "node", "subject", "occurrence", name="instances_once"),
    Index("instances_by_node", "node", "state"),
)

# What a warning or an escalation is for.  ``agenda`` is what will be due, ``alerts`` what was said.
_STEP_KEY = ("case_id", "node", "subject", "occurrence", "limit_id", "step", "due_at")

agenda = Table(
    "agenda",
    METADATA,
    _ref("case_id", "cases.id"),
    _int("node"),
    _text("subject", "case"),
    _int("occurrence", 1),
    _text("limit_id"),
    _text("step"),
    _must("due_at", Moment),
    _must("at", Moment),
    _maybe("state_after", Text),
    _must("recipients", JsonText),
    _flag("fired", default=False),
    PrimaryKeyConstraint(*_STEP_KEY),
)
# Only what is not fired (the step says so).  Ask with ``~agenda.c.fired``: only then do both
# databases use this index.
Index("agenda_open", agenda.c.at)

alerts = Table(
    "alerts",
    METADATA,
    _id(),
    _ref("case_id", "cases.id"),
    _int("node"),
    _text("subject", "case"),
    _int("occurrence", 1),
    _text("limit_id"),
    _text("step"),
    _must("due_at", Moment),
    _must("legal_at", Moment),
    _must("noticed_at", Moment),
    _ref("officer_id", "staff.id", nullable=True),
    _must("recipients", JsonText),
    _text("sentence"),
    UniqueConstraint(*_STEP_KEY, name="alerts_once"),
    Index("alerts_by_officer", "officer_id", "noticed_at"),
    Index("alerts_by_time", "noticed_at"),
)

alert_reads = Table(
    "alert_reads",
    METADATA,
    _ref("alert_id", "alerts.id"),
    _ref("staff_id", "staff.id"),
    _must("read_at", Moment),
    PrimaryKeyConstraint("alert_id", "staff_id"),
)

approvals = Table(
    "approvals",
    METADATA,
    _id(),
    _ref("case_id", "cases.id"),
    _maybe("node", Integer),
    _text("subject", "case"),
    _int("occurrence", 1),
    _text("matter"),
    _text("level"),
    _text("status"),
    _text("requested_by"),
    _must("requested_at", Moment),
    _text("reason", ""),
    _maybe("decided_by", Text),
    _maybe("decided_at", Moment),
    _text("decision_reason", ""),
    _maybe("request_seq", Integer),
    _maybe("decision_seq", Integer),
    _maybe("reply_number", Text),
    Index("approvals_by_reply", "reply_number", unique=True),
    Index("approvals_by_case", "case_id"),
    Index("approvals_by_status", "status", "level", "requested_at"),
)
"""``reply_number``: of the paper with which an authority outside the court replied; in one form of
writing, and each only once in the whole bureau."""

waiting = Table(
    "waiting",
    METADATA,
    _ref("case_id", "cases.id"),
    _int("request_seq"),
    _int("node"),
    _text("subject", "case"),
    _text("matter"),
    _text("level"),
    _text("due_roles"),
    _text("stage", ""),
    _text("requested_by"),
    _must("requested_at", Moment),
    _maybe("frozen_at", Moment),
    _maybe("due_at", Moment),
    _maybe("urged_at", Moment),
    _int("urges", 0),
    PrimaryKeyConstraint("case_id", "request_seq"),
    Index("waiting_by_roles", "due_roles", "requested_at"),
    Index("waiting_by_applicant", "requested_by", "requested_at"),
)
"""The applications that wait, as the panels read them; derived from the facts.

``due_roles``: the roles of which one decides next, in the matrix's order, parted by 、;
``stage``: empty, ``forwarded`` (转报) or ``replied`` (a reply is entered, not yet read back).
"""

files = Table(
    "files",
    METADATA,
    Column("digest", Text, primary_key=True),
    _text("algorithm"),
    _text("name"),
    _text("media_type"),
    _int("bytes"),
    _text("added_by"),
    _must("added_at", Moment),
)
"""What the file store holds; the bytes lie in the bureau's data folder under the digest."""

looks = Table(
    "looks",
    METADATA,
    _ref("staff_id", "staff.id"),
    _text("what"),
    _must("at", Moment),
    PrimaryKeyConstraint("staff_id", "what"),
)
"""When a person last looked at something that tells what is new."""

popups = Table(
    "popups",
    METADATA,
    _ref("staff_id", "staff.id"),
    _ref("alert_id", "alerts.id"),
    _must("at", Moment),
    PrimaryKeyConstraint("staff_id", "alert_id"),
)
"""Which announcements have popped up for whom: at most a few a day, on whatever workstation."""

calendar_edits = Table(
    "calendar_edits",
    METADATA,
    _id(),
    _must("day", Day),
    _text("kind"),
    _text("name", ""),
    _text("who"),
    _must("at", Moment),
    _text("reason", ""),
    _text("source", ""),
    Index("calendar_edits_by_day", "day"),
)

settings_edits = Table(
    "settings_edits",
    METADATA,
    _id(),
    _text("key"),
    _must("value", JsonText),
    _text("who"),
    _must("at", Moment),
    _text("reason", ""),
    Index("settings_edits_by_key", "key"),
)

drafts = Table(
    "drafts",
    METADATA,
    _id(),
    _ref("staff_id", "staff.id"),
    # 0: a case that is not filed yet.  NULL would make the key below worthless.
    Column("case_id", _ROW_ID, nullable=False, default=0),
    _int("node", 0),
    _text("subject", "case"),
    _int("occurrence", 1),
    _must("body", JsonText),
    _must("saved_at", Moment),
    UniqueConstraint("staff_id", "case_id", "node", "subject", "occurrence", name="drafts_once"),
)

journal = Table(
    "journal",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=False),
    _must("at", Moment),
    _text("actor"),
    _maybe("on_behalf_of", Text),
    _text("workstation"),
    _text("action"),
    Column("case_id", _ROW_ID, nullable=True),
    _must("payload", JsonText),
    _text("prev_hash"),
    _text("hash"),
    _text("algorithm"),
    Index("journal_by_case", "case_id", "id"),
    Index("journal_by_time", "at"),
)

journal_head = Table(
    "journal_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", _ROW_ID, nullable=False),
    _text("last_hash"),
    _text("algorithm"),
)
"""One row: where the chain ends.  Its row lock puts the writers of PostgreSQL in line."""

JOURNALLED = (
    staff,
    cases,
    facts,
    instances,
    agenda,
    alerts,
    alert_reads,
    approvals,
    waiting,
    deputies,
    files,
    calendar_edits,
    settings_edits,
)
"""Tables that only a ``Recorder`` writes, in an order in which references point backwards."""

APPEND_ONLY = (facts, journal, calendar_edits, settings_edits)
"""Tables whose rows are neither changed nor deleted; triggers hold that."""
