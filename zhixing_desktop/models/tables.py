"""The tables as the program speaks of them.

The schema itself is made by ``upgrades/``; a test proves that both say the same.  Nothing here is a
rule of the guideline.  Facts, journal and edits are written once: triggers refuse anything else.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from zhixing_desktop.models.columns import (
    METADATA,
    ROW_ID,
    flag,
    maybe,
    must,
    ref,
    row_id,
    whole,
    words,
)
from zhixing_desktop.models.dossier_tables import (
    archive_packages,
    dossier_copies,
    dossier_items,
    dossier_moves,
    dossier_prints,
    dossier_proofs,
    dossier_tray,
    dossier_versions,
    dossier_volumes,
)
from zhixing_desktop.models.types import Day, JsonText, Moment, Money

meta = Table("meta", METADATA, Column("key", Text, primary_key=True), words("value"))
"""``schema_version``, ``created_at``, ``bureau``, ``purpose``, ``last_seen_at``."""

staff = Table(
    "staff",
    METADATA,
    row_id(),
    words("name"),
    words("initials", ""),
    must("roles", JsonText),
    words("team", ""),
    flag("active", default=True),
    ref("clerk_id", "staff.id", nullable=True),
    whole("version", 1),
    words("title", ""),
    words("telephone", ""),
)
"""``clerk_id``: the clerk who works with this officer.  ``version``: two who change one row.
``title`` (审判员, 法官助理) and ``telephone`` stand on papers."""

accounts = Table(
    "accounts",
    METADATA,
    Column("staff_id", ROW_ID, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False, unique=True),
    words("password_hash"),
    flag("must_change", default=True),
    must("changed_at", Moment),
    flag("disabled", default=False),
    whole("failures", 0),
    maybe("locked_until", Moment),
    maybe("last_at", Moment),
    words("last_from", ""),
    whole("failures_since", 0),
    words("witness", ""),
)
"""How people sign in; not journalled, since a password's hash does not belong into a journal.

``witness`` is who stood by when an administrator's one-time password was made (会同人).
``failures`` counts towards the lock, ``failures_since`` since the last sign-in that succeeded.
"""

password_history = Table(
    "password_history",
    METADATA,
    row_id(),
    ref("staff_id", "staff.id"),
    words("password_hash"),
    must("at", Moment),
    Index("password_history_by_staff", "staff_id", "id"),
)

strangers = Table(
    "strangers",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    whole("failures", 0),
    maybe("locked_until", Moment),
)
"""Guesses at logins that nobody has: a fixed number of places, so that it does not grow."""

deputies = Table(
    "deputies",
    METADATA,
    row_id(),
    ref("principal_id", "staff.id"),
    ref("deputy_id", "staff.id"),
    words("role"),
    must("from_on", Day),
    must("until_on", Day),
    words("paper"),
    words("named_by"),
    must("named_at", Moment),
    maybe("revoked_by", Text),
    maybe("revoked_at", Moment),
    words("reason", ""),
    Index("deputies_by_deputy", "deputy_id", "until_on"),
    Index("deputies_by_principal", "principal_id", "until_on"),
)
"""Who stands in for whom, under which role, on which days (both counted), by which paper."""

cases = Table(
    "cases",
    METADATA,
    row_id(),
    Column("case_no", Text, nullable=False, unique=True),
    words("case_no_raw", ""),
    whole("year"),
    words("court"),
    words("type"),
    whole("number"),
    words("kind"),
    flag("is_non_litigation", default=False),
    words("cause", ""),
    words("parties_text", ""),
    words("search_text", ""),
    ref("officer_id", "staff.id", nullable=True),
    ref("clerk_id", "staff.id", nullable=True),
    maybe("amount", Money),
    maybe("filed_at", Moment),
    maybe("received_on", Day),
    words("state"),
    maybe("current_node", Integer),
    words("current_node_name", ""),
    maybe("next_due_at", Moment),
    maybe("next_due_node", Integer),
    maybe("closed_at", Moment),
    maybe("closing_way", Text),
    words("rulebook_version", ""),
    whole("version", 1),
    ref("previous_case_id", "cases.id", nullable=True),
    must("created_at", Moment),
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
    row_id(),
    ref("case_id", "cases.id"),
    whole("seq"),
    words("kind"),
    words("subject", "case"),
    maybe("node", Integer),
    must("happened_at", Moment),
    must("recorded_at", Moment),
    must("entered_at", Moment),
    words("entered_by"),
    must("data", JsonText),
    maybe("corrects", Integer),
    words("reason", ""),
    words("source", ""),
    UniqueConstraint("case_id", "seq", name="facts_once"),
)

instances = Table(
    "instances",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    whole("node"),
    words("subject", "case"),
    whole("occurrence", 1),
    words("state"),
    maybe("opened_at", Moment),
    maybe("due_at", Moment),
    maybe("completed_at", Moment),
    maybe("frozen_at", Moment),
    maybe("next_check_at", Moment),
    UniqueConstraint("case_id", "node", "subject", "occurrence", name="instances_once"),
    Index("instances_by_node", "node", "state"),
)

# What a warning or an escalation is for.  ``agenda`` is what will be due, ``alerts`` what was said.
_STEP_KEY = ("case_id", "node", "subject", "occurrence", "limit_id", "step", "due_at")

agenda = Table(
    "agenda",
    METADATA,
    ref("case_id", "cases.id"),
    whole("node"),
    words("subject", "case"),
    whole("occurrence", 1),
    words("limit_id"),
    words("step"),
    must("due_at", Moment),
    must("at", Moment),
    maybe("state_after", Text),
    must("recipients", JsonText),
    flag("fired", default=False),
    PrimaryKeyConstraint(*_STEP_KEY),
)
# Only what is not fired (the step says so).  Ask with ``~agenda.c.fired``: only then do both
# databases use this index.
Index("agenda_open", agenda.c.at)

alerts = Table(
    "alerts",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    whole("node"),
    words("subject", "case"),
    whole("occurrence", 1),
    words("limit_id"),
    words("step"),
    must("due_at", Moment),
    must("legal_at", Moment),
    must("noticed_at", Moment),
    ref("officer_id", "staff.id", nullable=True),
    must("recipients", JsonText),
    words("sentence"),
    UniqueConstraint(*_STEP_KEY, name="alerts_once"),
    Index("alerts_by_officer", "officer_id", "noticed_at"),
    Index("alerts_by_time", "noticed_at"),
)

alert_reads = Table(
    "alert_reads",
    METADATA,
    ref("alert_id", "alerts.id"),
    ref("staff_id", "staff.id"),
    must("read_at", Moment),
    PrimaryKeyConstraint("alert_id", "staff_id"),
)

approvals = Table(
    "approvals",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    maybe("node", Integer),
    words("subject", "case"),
    whole("occurrence", 1),
    words("matter"),
    words("level"),
    words("status"),
    words("requested_by"),
    must("requested_at", Moment),
    words("reason", ""),
    maybe("decided_by", Text),
    maybe("decided_at", Moment),
    words("decision_reason", ""),
    maybe("request_seq", Integer),
    maybe("decision_seq", Integer),
    maybe("reply_number", Text),
    words("earlier_replies", ""),
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
    ref("case_id", "cases.id"),
    whole("request_seq"),
    whole("node"),
    words("subject", "case"),
    words("matter"),
    words("level"),
    words("due_roles"),
    words("stage", ""),
    words("requested_by"),
    must("requested_at", Moment),
    maybe("frozen_at", Moment),
    maybe("due_at", Moment),
    maybe("urged_at", Moment),
    whole("urges", 0),
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
    words("algorithm"),
    words("name"),
    words("media_type"),
    # Eight bytes: recordings are larger than two gigabytes.
    Column("bytes", ROW_ID, nullable=False),
    words("added_by"),
    must("added_at", Moment),
)
"""What the file store holds; the bytes lie in the bureau's data folder under the digest."""

looks = Table(
    "looks",
    METADATA,
    ref("staff_id", "staff.id"),
    words("what"),
    must("at", Moment),
    PrimaryKeyConstraint("staff_id", "what"),
)
"""When a person last looked at something that tells what is new."""

popups = Table(
    "popups",
    METADATA,
    ref("staff_id", "staff.id"),
    ref("alert_id", "alerts.id"),
    must("at", Moment),
    PrimaryKeyConstraint("staff_id", "alert_id"),
)
"""Which announcements have popped up for whom: at most a few a day, on whatever workstation."""

calendar_edits = Table(
    "calendar_edits",
    METADATA,
    row_id(),
    must("day", Day),
    words("kind"),
    words("name", ""),
    words("who"),
    must("at", Moment),
    words("reason", ""),
    words("source", ""),
    Index("calendar_edits_by_day", "day"),
)

settings_edits = Table(
    "settings_edits",
    METADATA,
    row_id(),
    words("key"),
    must("value", JsonText),
    words("who"),
    must("at", Moment),
    words("reason", ""),
    Index("settings_edits_by_key", "key"),
)

rulebooks = Table(
    "rulebooks",
    METADATA,
    row_id(),
    words("number"),
    must("effective_on", Day),
    words("title"),
    words("hash"),
    words("adopted_by"),
    must("adopted_at", Moment),
    words("paper", ""),
    words("reason", ""),
)
"""The rulebooks that this bureau has adopted; it works by the newest."""

rulebook_texts = Table(
    "rulebook_texts",
    METADATA,
    row_id(),
    ref("rulebook_id", "rulebooks.id"),
    words("name"),
    words("body"),
    UniqueConstraint("rulebook_id", "name", name="rulebook_texts_once"),
)
"""The files of each, so that a program which brings another one can still work by it.  Too large
for the journal: there stands their hash."""

papers = Table(
    "papers",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    words("form"),
    words("name"),
    whole("node"),
    words("subject", "case"),
    words("about", ""),
    words("recipient", ""),
    words("state"),
    must("asked", JsonText),
    must("enclosed", JsonText),
    words("number", ""),
    words("series", ""),
    whole("series_year", 0),
    maybe("serial", Integer),
    maybe("day", Day),
    words("pdf", ""),
    words("docx", ""),
    words("edited", ""),
    words("catalogue", ""),
    maybe("dossier_item", Integer),
    maybe("request_seq", Integer),
    words("made_by"),
    must("made_at", Moment),
    maybe("issued_by", Text),
    maybe("issued_at", Moment),
    maybe("voided_by", Text),
    maybe("voided_at", Moment),
    words("reason", ""),
    ref("replaces_id", "papers.id", nullable=True),
    whole("version", 1),
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
    row_id(),
    ref("paper_id", "papers.id"),
    ref("case_id", "cases.id"),
    words("whom", ""),
    words("recipient"),
    words("way"),
    words("place", ""),
    maybe("sent_on", Day),
    maybe("arrived_on", Day),
    words("result"),
    words("received_by", ""),
    words("relation", ""),
    words("reason", ""),
    words("witness", ""),
    words("server", ""),
    words("proof", ""),
    maybe("effective_on", Day),
    words("entered_by"),
    must("entered_at", Moment),
    maybe("withdrawn_by", Text),
    maybe("withdrawn_at", Moment),
    words("withdrawn_reason", ""),
    whole("version", 1),
    Index("services_by_paper", "paper_id"),
    Index("services_by_case", "case_id"),
)
"""How a paper reached whom: ``workflow.service_of_papers`` says what each column means and gives
``effective_on``, the day on which it counts as served.  ``proof`` is a digest in ``files``."""

paper_answers = Table(
    "paper_answers",
    METADATA,
    # 0: the whole bureau.  NULL would make the key worthless.
    Column("case_id", ROW_ID, primary_key=True, nullable=False, autoincrement=False),
    Column("name", Text, primary_key=True),
    must("value", JsonText),
    words("who"),
    must("at", Moment),
)
"""What was typed into papers last, to be proposed for the next.  What counts is in ``papers``."""

paper_templates = Table(
    "paper_templates",
    METADATA,
    row_id(),
    words("form"),
    words("digest", ""),
    words("name", ""),
    must("fields", JsonText),
    must("effective_on", Day),
    words("who"),
    must("at", Moment),
    words("reason"),
    Index("paper_templates_by_form", "form", "id"),
)
"""Which template of the court's own a form is made from: the newest row that has come into effect.

``digest`` is that of the Word file in ``files``, empty for the program's own form; ``fields`` are
the names that the template uses."""

drafts = Table(
    "drafts",
    METADATA,
    row_id(),
    ref("staff_id", "staff.id"),
    # 0: a case that is not filed yet.  NULL would make the key below worthless.
    Column("case_id", ROW_ID, nullable=False, default=0),
    whole("node", 0),
    words("subject", "case"),
    whole("occurrence", 1),
    must("body", JsonText),
    must("saved_at", Moment),
    UniqueConstraint("staff_id", "case_id", "node", "subject", "occurrence", name="drafts_once"),
)

journal = Table(
    "journal",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=False),
    must("at", Moment),
    words("actor"),
    maybe("on_behalf_of", Text),
    words("workstation"),
    words("action"),
    Column("case_id", ROW_ID, nullable=True),
    must("payload", JsonText),
    words("prev_hash"),
    words("hash"),
    words("algorithm"),
    Index("journal_by_case", "case_id", "id"),
    Index("journal_by_time", "at"),
    Index("journal_by_action", "action", "id"),
)

journal_head = Table(
    "journal_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", ROW_ID, nullable=False),
    words("last_hash"),
    words("algorithm"),
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
    dossier_items,
    dossier_versions,
    dossier_tray,
    dossier_volumes,
    dossier_moves,
    dossier_prints,
    dossier_proofs,
    dossier_copies,
    archive_packages,
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
    dossier_versions,
    dossier_moves,
    dossier_prints,
    dossier_proofs,
    dossier_copies,
)
"""Tables whose rows are neither changed nor deleted; triggers hold that."""
