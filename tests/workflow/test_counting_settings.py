"""How the bureau's settings change what a case is owed: A5, A38, A66, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from helpers.desk import calendar, rulebook
from zhixing_desktop import paths
from zhixing_desktop.services.rules import guideline_text
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.facts import FactIndex
from zhixing_desktop.workflow.limits import derivation_of, due_of
from zhixing_desktop.workflow.rulebook import TimeLimit
from zhixing_desktop.workflow.rulebook_checks import check


def limit_of(limit_id: str) -> TimeLimit:
    return rulebook().limit(limit_id)


def context(**settings: Any) -> Context:
    """A case of a bureau that has chosen otherwise."""
    book = replace(rulebook(), settings=replace(rulebook().settings, **settings))
    return Context(book, calendar(), FactIndex(()), datetime(2024, 3, 1, 9))


def ends(limit_id: str, anchor: str, **settings: Any) -> str:
    """When a limit ends, as the view and its derivation say it alike."""
    ctx, limit, at = context(**settings), limit_of(limit_id), datetime.fromisoformat(anchor)
    due = due_of(ctx, limit, at)
    assert derivation_of(ctx, limit, at, "起算").due == due
    assert due.effective is not None
    return due.effective.isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("limit_id", "anchor", "roll", "strict"),
    [
        # 7 February and ten days: the 17th lies in the Spring Festival; the 18th is worked.
        ("7-a", "2024-02-07T10:00", "2024-02-18T23:59", "2024-02-17T23:59"),
        # A party's five days to object, and the five days of 公示, are the law's periods.
        ("22-a", "2024-02-07T10:00", "2024-02-18T23:59", "2024-02-18T23:59"),
        ("24-a", "2024-02-07T10:00", "2024-02-18T23:59", "2024-02-18T23:59"),
    ],
)
def test_only_the_courts_own_limits_may_stand_still_over_a_holiday(
    limit_id: str, anchor: str, roll: str, strict: str
) -> None:
    assert ends(limit_id, anchor, rolling="roll") == roll
    assert ends(limit_id, anchor, rolling="strict") == strict


def test_a_bureau_may_count_days_before_by_difference() -> None:
    # 15 days before the auction of 20 May, a movable: 4 May with full days between, else 5 May.
    assert ends("25-a", "2024-05-20T10:00") == "2024-05-04T23:59"
    assert ends("25-a", "2024-05-20T10:00", before="difference") == "2024-05-05T23:59"


def test_a_bureau_may_count_hours_from_the_full_hour_itself() -> None:
    assert ends("3-b", "2024-03-05T16:00") == "2024-03-07T17:00"
    assert ends("3-b", "2024-03-05T16:00", exact_hour="same") == "2024-03-07T16:00"
    assert ends("3-b", "2024-03-05T16:01", exact_hour="same") == "2024-03-07T17:00"


@pytest.mark.parametrize("name", ["rolling", "before", "before_holiday", "exact_hour"])
def test_a_word_that_is_no_choice_is_refused_with_the_choices(name: str) -> None:
    odd = replace(rulebook().settings, **{name: "sometimes"})
    text = guideline_text(paths.resources_dir())
    with pytest.raises(InputRefusedError) as refused:
        check(replace(rulebook(), settings=odd), text)
    assert [problem.where for problem in refused.value.problems] == [f"设置 {name}"]
    assert "或者" in refused.value.problems[0].sentence
