"""How long a dossier is kept: the three periods and their last day."""

from __future__ import annotations

from datetime import date

import pytest

from zhixing_desktop.dossier.retention import (
    Begins,
    Retention,
    RetentionRule,
    kept_until,
    retention_of,
    until_words,
)
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services.rules import load_rules


@pytest.mark.parametrize(
    ("retention", "begins", "until"),
    [
        (Retention.PERMANENT, Begins.NEXT_YEAR, None),
        (Retention.PERMANENT, Begins.NEXT_DAY, None),
        (Retention.LONG, Begins.NEXT_YEAR, date(2084, 12, 31)),
        (Retention.LONG, Begins.NEXT_DAY, date(2084, 2, 29)),
        (Retention.SHORT, Begins.NEXT_YEAR, date(2054, 12, 31)),
        # 2054 has no 29 February.
        (Retention.SHORT, Begins.NEXT_DAY, date(2054, 2, 28)),
    ],
)
def test_the_last_day(retention: Retention, begins: Begins, until: date | None) -> None:
    assert kept_until(retention, date(2024, 2, 29), begins) == until


def test_years_from_the_next_one_hold_for_every_day_of_the_year() -> None:
    assert kept_until(Retention.SHORT, date(2024, 1, 1)) == date(2054, 12, 31)
    assert kept_until(Retention.SHORT, date(2024, 12, 31)) == date(2054, 12, 31)


def test_the_words_of_the_node_are_understood() -> None:
    """Node 44 asks for the period by choice; each choice is one of ours, and the other way."""
    node = load_rules(resources_dir()).book.nodes[44]
    (field,) = (field for field in node.fields if field.name == "retention_period")
    assert [retention_of(words) for words in field.options] == list(Retention)
    assert [retention.label for retention in Retention] == list(field.options)


@pytest.mark.parametrize(
    ("words", "retention"),
    [
        ("长期", Retention.LONG),
        ("60年", Retention.LONG),
        ("长期60年", Retention.LONG),
        ("短期（30年）", Retention.SHORT),
        ("永久 ", Retention.PERMANENT),
        ("", None),
        ("十年", None),
        ("None年", None),
    ],
)
def test_what_people_and_other_programs_write(words: str, retention: Retention | None) -> None:
    assert retention_of(words) == retention


def test_what_is_proposed_and_what_a_list_says() -> None:
    assert RetentionRule().proposed is Retention.LONG
    said = until_words(Retention.LONG, date(2024, 5, 6))
    assert said == "长期（六十年），保管至2084年12月31日"
    assert until_words(Retention.PERMANENT, date(2024, 5, 6)) == "永久"
