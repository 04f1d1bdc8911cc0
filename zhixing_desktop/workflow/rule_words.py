"""The closed vocabularies of the rulebook: units, directions, kinds, levels, field types."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """Unit of a time limit (reading A6: 天 = 日; only node 38 counts working days)."""

    SAME_DAY = "same_day"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"
    IMMEDIATE = "immediate"


class Direction(StrEnum):
    """Whether a limit runs after its anchor (within) or ends before it (before)."""

    WITHIN = "within"
    BEFORE = "before"


class LimitKind(StrEnum):
    """What has to happen until the limit ends."""

    START = "start"
    COMPLETE = "complete"
    NOTIFY = "notify"
    PUBLISH = "publish"
    PERIODIC = "periodic"
    PARTY_RIGHT = "party_right"
    DEEMED = "deemed"


class UnfreezeLevel(StrEnum):
    """Who may unfreeze (readings A7 to A10)."""

    LOCAL = "local"
    INTERMEDIATE_COURT = "intermediate_court"
    INTERMEDIATE_COURT_BUREAU_CHIEF = "intermediate_court_bureau_chief"
    HIGH_COURT = "high_court"


class FieldType(StrEnum):
    """Kind of input a field takes; each has a widget, a check and a print form."""

    TEXT = "text"
    LONGTEXT = "longtext"
    DATE = "date"
    DATETIME = "datetime"
    MONEY = "money"
    NUMBER = "number"
    BOOL = "bool"
    CHOICE = "choice"
    MULTICHOICE = "multichoice"
    STAFF = "staff"
    PARTY = "party"
    ASSET = "asset"
    ACCOUNT = "account"
