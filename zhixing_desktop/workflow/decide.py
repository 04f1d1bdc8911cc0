"""From what a person wants to the facts it makes, or to a refusal that says why.

Pure: the services load the facts, ask here, write what comes back.  The same functions stand behind
the window, the command line and imports, so none of them can go round a rule.  They live in
``working`` (nodes), ``recording`` (events), ``mending`` (corrections), ``applying`` (applications),
``deciding`` and ``outside_decisions``.
"""

from __future__ import annotations

from zhixing_desktop.workflow.applying import (
    assign_officer,
    request_approval,
    urge,
    withdraw_application,
)
from zhixing_desktop.workflow.completeness import fields_in_play
from zhixing_desktop.workflow.deciding import countermand, decide, pay_out
from zhixing_desktop.workflow.drafts import with_draft
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.mending import correct, withdraw
from zhixing_desktop.workflow.moments import midnight, moment_of
from zhixing_desktop.workflow.new_facts import ItemEntry, NewFact, refuse
from zhixing_desktop.workflow.outside_decisions import (
    Hop,
    OutsideDecision,
    Reply,
    enter_reply,
    forward,
    read_back,
    register_decision,
)
from zhixing_desktop.workflow.recording import add_event
from zhixing_desktop.workflow.working import OFFICER_FIELD, complete, start, work

__all__ = [
    "OFFICER_FIELD",
    "Hop",
    "ItemEntry",
    "NewFact",
    "OutsideDecision",
    "Reply",
    "State",
    "add_event",
    "assign_officer",
    "complete",
    "correct",
    "countermand",
    "decide",
    "enter_reply",
    "fields_in_play",
    "forward",
    "midnight",
    "moment_of",
    "pay_out",
    "read_back",
    "refuse",
    "register_decision",
    "request_approval",
    "start",
    "urge",
    "with_draft",
    "withdraw",
    "withdraw_application",
    "work",
]
