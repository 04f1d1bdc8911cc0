"""Where the datum of a gap is entered: the window to open and the place in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.views import Key


class Where(StrEnum):
    """A window in which data are entered; ``NOWHERE`` for what no window takes."""

    NODE = "node"
    PARTIES = "parties"
    SETTINGS = "settings"
    PEOPLE = "people"
    PAPERS = "papers"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Goal:
    """A window and the place in it: a node instance with its field, or a party."""

    where: Where
    key: Key | None = None
    field: str = ""
    subject: str = ""


_OF_CASE = {
    "basis": (2, "basis_document"),
    "basis_kind": (2, "basis_kind"),
    "basis_effective_on": (2, "basis_effective_on"),
    "account": (2, "case_account"),
    "filed_on": (2, ""),
    "received_on": (4, ""),
    "claim": (4, "claim_content"),
}
"""The data of a case that are entered at a node: its number, its field."""
_PLAIN = {
    "court": Where.SETTINGS,
    "people": Where.PEOPLE,
    "officer": Where.PEOPLE,
    "clerk": Where.PEOPLE,
    "papers": Where.PAPERS,
    "earlier": Where.PAPERS,
    "enclosed": Where.PAPERS,
}


def goal_of(source: str) -> Goal:
    """Return the goal of a gap's source (``documents.blocks.Gap``)."""
    head, _, rest = source.partition("/")
    first, _, name = head.partition(".")
    if first == "node" and (rest or name):
        return _node(rest or name)
    if first == "party":
        return Goal(Where.PARTIES, subject=rest.partition(".")[0])
    if first == "subject":
        subject = rest.partition(".")[0]
        return Goal(Where.NODE, Key(_REGISTERED.get(subjects.kind_of(subject), 17), subject))
    if first == "case":
        return _of_case(name)
    return Goal(_PLAIN.get(first, Where.NOWHERE))


_REGISTERED = {"asset": 17, "clue": 8, "payment": 32, "round": 24}
"""At which node a subject is registered."""


def _of_case(name: str) -> Goal:
    if name in _OF_CASE:
        node, field = _OF_CASE[name]
        return Goal(Where.NODE, Key(node, subjects.CASE), field)
    # What was registered with the case is corrected where its parties are.
    return Goal(Where.PARTIES, subject=subjects.CASE)


def _node(rest: str) -> Goal:
    """``7/case.performance_until``: node, subject, field."""
    if rest.endswith("receiver"):
        # Which court it is follows from the rule; what it is called is a setting.
        return Goal(Where.SETTINGS)
    number, _, tail = rest.partition("/")
    subject, _, field = tail.partition(".")
    digits = number.partition(".")[0]
    if not digits.isdecimal():
        return Goal(Where.NOWHERE)
    return Goal(Where.NODE, Key(int(digits), subject or subjects.CASE), field)
