"""From what a person wants to the facts it makes, or to a refusal that says why.

Pure: the services load the facts, ask here, write what comes back.  The same functions stand behind
the window, the command line and imports, so none of them can go round a rule.  They live in
``working`` (nodes), ``recording`` (events), ``mending`` (corrections), ``applying`` (decisions).
"""

from __future__ import annotations

from zhixing_desktop.workflow.applying import (
    OutsideDecision,
    assign_officer,
    decide,
    register_decision,
    request_approval,
)
from zhixing_desktop.workflow.completeness import fields_in_play
from zhixing_desktop.workflow.drafts import with_draft
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.mending import correct, withdraw
from zhixing_desktop.workflow.moments import midnight, moment_of
from zhixing_desktop.workflow.new_facts import ItemEntry, NewFact, refuse
from zhixing_desktop.workflow.recording import add_event
from zhixing_desktop.workflow.working import OFFICER_FIELD, complete, start, work

__all__ = [
    "OFFICER_FIELD",
    "ItemEntry",
    "NewFact",
    "OutsideDecision",
    "State",
    "add_event",
    "assign_officer",
    "complete",
    "correct",
    "decide",
    "fields_in_play",
    "midnight",
    "moment_of",
    "refuse",
    "register_decision",
    "request_approval",
    "start",
    "with_draft",
    "withdraw",
    "work",
]
