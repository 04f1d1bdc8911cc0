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
    _text("title", ""),
    _text("telephone", ""),
)
"""``clerk_id``: the clerk who works with this officer.  ``version``: two who change one row.
``title`` (审判员, 法官助理) and ``telephone`` stand on papers."""

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

strangers = Table(
    "strangers",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    _int("failures", 0),
    _maybe("locked_until", Moment),
)
"""Guesses at logins that nobody has: a fixed number of places, so that it does not grow."""

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
    _text("earlier_replies", ""),
    Index("approvals_by_reply", "reply_number", unique=True),
    Index("approvals_by_case", "case_id"),
    Index("approvals_by_status", "status", "level", "requested_at"),
)
"""``reply_number``: of the paper with which an authority outside the court replied; in one form of
writing, and each only once in the whole bureau.  ``earlier_replies``: those that a later paper of
the same court has followed, each between two ``|``."""

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

rulebooks = Table(
    "rulebooks",
    METADATA,
    _id(),
    _text("number"),
    _must("effective_on", Day),
    _text("title"),
    _text("hash"),
    _text("adopted_by"),
    _must("adopted_at", Moment),
    _text("paper", ""),
    _text("reason", ""),
)
"""The rulebooks that this bureau has adopted; it works by the newest."""

rulebook_texts = Table(
    "rulebook_texts",
    METADATA,
    _id(),
    _ref("rulebook_id", "rulebooks.id"),
    _text("name"),
    _text("body"),
    UniqueConstraint("rulebook_id", "name", name="rulebook_texts_once"),
)
"""The files of each, so that a program which brings another one can still work by it.  Too large
for the journal: there stands their hash."""

papers = Table(
    "papers",
    METADATA,
    _id(),
    _ref("case_id", "cases.id"),
    _text("form"),
    _text("name"),
    _int("node"),
    _text("subject", "case"),
    _text("about", ""),
    _text("recipient", ""),
    _text("state"),
    _must("asked", JsonText),
    _must("enclosed", JsonText),
    _text("number", ""),
    _text("series", ""),
    _int("series_year", 0),
    _maybe("serial", Integer),
    _maybe("day", Day),
    _text("pdf", ""),
    _text("docx", ""),
    _text("edited", ""),
    _text("catalogue", ""),
    _maybe("dossier_item", Integer),
    _maybe("request_seq", Integer),
    _text("made_by"),
    _must("made_at", Moment),
    _maybe("issued_by", Text),
    _maybe("issued_at", Moment),
    _maybe("voided_by", Text),
    _maybe("voided_at", Moment),
    _text("reason", ""),
    _ref("replaces_id", "papers.id", nullable=True),
    _int("version", 1),
    UniqueConstraint("series", "series_year", "serial", name="papers_numbered_once"),
    Index("papers_by_case", "case_id", "id"),
    Index("papers_by_replaced", "replaces_id"),
)
"""The papers of cases: ``state`` is ``draft``, ``issued`` or ``void``.

``node`` and ``subject`` are the instance in whose panel it stands, ``about`` what it is made for
where that is not the instance's subject, ``recipient`` the party whose copy it is.  ``asked`` is
what was typed for it, ``enclosed`` the papers that go along.  A number is given out once:
``series`` (the case's own, or the bureau's),
``series_year``, ``serial``.  ``pdf`` and ``docx`` are digests in ``files``, ``edited`` that of a
Word file taken back as the text of record.  ``catalogue`` and ``dossier_item`` are its place in the
dossier, ``request_seq`` the application by which it was signed for, ``replaces_id`` the void one.
"""

services_of_papers = Table(
    "services_of_papers",
    METADATA,
    _id(),
    _ref("paper_id", "papers.id"),
    _ref("case_id", "cases.id"),
    _text("whom", ""),
    _text("recipient"),
    _text("way"),
    _text("place", ""),
    _maybe("sent_on", Day),
    _maybe("arrived_on", Day),
    _text("result"),
    _text("received_by", ""),
    _text("relation", ""),
    _text("reason", ""),
    _text("witness", ""),
    _text("server", ""),
    _text("proof", ""),
    _maybe("effective_on", Day),
    _text("entered_by"),
    _must("entered_at", Moment),
    _maybe("withdrawn_by", Text),
    _maybe("withdrawn_at", Moment),
    _text("withdrawn_reason", ""),
    _int("version", 1),
    Index("services_by_paper", "paper_id"),
    Index("services_by_case", "case_id"),
)
"""How a paper reached whom: ``workflow.service_of_papers`` says what each column means and gives
``effective_on``, the day on which it counts as served.  ``proof`` is a digest in ``files``."""

paper_answers = Table(
    "paper_answers",
    METADATA,
    # 0: the whole bureau.  NULL would make the key worthless.
    Column("case_id", _ROW_ID, primary_key=True, nullable=False, autoincrement=False),
    Column("name", Text, primary_key=True),
    _must("value", JsonText),
    _text("who"),
    _must("at", Moment),
)
"""What was typed into papers last, to be proposed for the next.  What counts is in ``papers``."""

paper_templates = Table(
    "paper_templates",
    METADATA,
    _id(),
    _text("form"),
    _text("digest", ""),
    _text("name", ""),
    _must("fields", JsonText),
    _must("effective_on", Day),
    _text("who"),
    _must("at", Moment),
    _text("reason"),
    Index("paper_templates_by_form", "form", "id"),
)
"""Which template of the court's own a form is made from: the newest row that has come into effect.

``digest`` is that of the Word file in ``files``, empty for the program's own form; ``fields`` are
the names that the template uses."""

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
    Index("journal_by_action", "action", "id"),
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
    rulebooks,
    paper_templates,
    papers,
    services_of_papers,
)
"""Tables that only a ``Recorder`` writes, in an order in which references point backwards."""

APPEND_ONLY = (
    facts,
    journal,
    calendar_edits,
    settings_edits,
    rulebooks,
    rulebook_texts,
    paper_templates,
)
"""Tables whose rows are neither changed nor deleted; triggers hold that."""
