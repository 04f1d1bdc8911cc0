"""Who is under age, and what the law therefore forbids: a minor is not put on the credit list.

Pure; what is known of a party is what was entered, a number of identity tells the birthday where
none is entered.  The article stands in the dated table as ``失信规定.未成年人``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.identifiers import id_birth_date
from zhixing_desktop.workflow.views import Blocker, Key

LISTING_NODE, LISTED = 37, "credit_listed"
GROWN_UP = 18
NEVER_LISTED = "G5"
"""The code of the blocker; no rule of the guideline, so it has none of the X numbers."""
NO_MINORS = Cite(
    "《最高人民法院关于公布失信被执行人名单信息的若干规定》第四条",
    "被执行人为未成年人的，人民法院不得将其纳入失信被执行人名单。",
)


def born_on(party: Mapping[str, Any]) -> date | None:
    """Return a party's day of birth as entered, else from its 公民身份号码; ``None`` if unknown."""
    told = str(party.get("birth") or "")
    try:
        if told:
            return date.fromisoformat(told[:10])
    except ValueError:
        pass  # as it came in a list; what cannot be read says nothing
    natural = party.get("kind") == "自然人"
    return id_birth_date(str(party.get("id_number") or "")) if natural else None


def age_on(born: date, moment: datetime) -> int:
    """Return the age in full years (周岁): on the birthday itself the year is full."""
    had = (moment.month, moment.day) >= (born.month, born.day)
    return moment.year - born.year - (not had)


def is_minor(party: Mapping[str, Any], moment: datetime) -> bool:
    """Tell whether a party, as it was entered, is known to be under age at a moment."""
    born = born_on(party) if party.get("kind") == "自然人" else None
    return born is not None and age_on(born, moment) < GROWN_UP


def listing_bars(ctx: Context, key: Key) -> tuple[Blocker, ...]:
    """Return what forbids to work on the credit listing (node 37) of a minor, empty for nothing.

    It is the day of listing that counts, as entered or being entered (``ctx`` counts it), else now.
    """
    if key.node != LISTING_NODE:
        return ()
    subject = subjects.base(key.subject)
    party = ctx.index.parties.get(subject)
    listed = ctx.index.last_event(LISTED, subject)
    day = listed.happened_at if listed is not None else ctx.now
    if party is None or not is_minor(party.data, day):
        return ()
    sentence = (
        f"{ctx.index.name_of(subject)}是未成年人，不得纳入失信被执行人名单。"
        "出生日期或者证件号码有误的，请先更正当事人信息。"
    )
    return (Blocker(NEVER_LISTED, sentence, NO_MINORS, data={"instance": str(key)}),)
