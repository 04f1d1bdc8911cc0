"""Some days of the sample bureau, lived by all its people; the whole month: ``tools/month.py``."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from helpers import month as living
from helpers.month import Month
from zhixing_desktop.services.bureau_settings import read_settings

pytestmark = pytest.mark.e2e

CASES, DAYS = 80, 12


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    made = living.open_month(tmp_path_factory.mktemp("月"), CASES, lambda _: None)
    living.live(made, DAYS)
    yield made
    made.bureau.close()


def test_everybody_had_his_days_and_the_work_went_on(month: Month) -> None:
    assert len(month.days) == 9
    for what in ("done", "asked", "decided", "frozen", "fired", "news"):
        assert sum(getattr(day, what) for day in month.days) > 0, what
    assert month.replies > 0
    assert month.deputy_decisions > 0
    assert month.digests > len(month.days) * 25


def test_nobody_is_interrupted_more_often_than_the_setting_says(month: Month) -> None:
    most = read_settings(month.bureau).popups_per_day
    assert 0 < max(day.popups for day in month.days) <= most


def test_a_digest_has_a_line_for_a_case_and_says_each_case_number_once(month: Month) -> None:
    pages = sorted((month.out / "每日情况").rglob("*.txt"))
    assert len(pages) == month.digests
    lines = [
        line for page in pages for line in page.read_text("utf-8").splitlines() if "号　" in line
    ]
    assert len(lines) > 50
    for line in lines:
        number = line.split("　")[1]
        assert line.count(number) == 1, line
        assert len(line) < 160, line


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_each_evening_has_its_sheet_with_the_head_as_it_is_printed(month: Month) -> None:
    for day in month.days:
        page = _Text()
        page.feed((month.out / "日报" / f"{day.day:%m-%d}.html").read_text("utf-8"))
        said = "".join(page.words)
        assert f"{day.day.year}年{day.day.month}月{day.day.day}日" in said
        assert f"--head {day.head}" in said
    heads = [int(head.partition(":")[0]) for head in month.heads]
    assert heads == sorted(set(heads))


def test_at_the_end_all_of_it_is_proven(month: Month) -> None:
    found = living.prove(month)
    assert found["check"] == []
    ok, rows, sentence = found["verify"]
    assert ok, sentence
    assert rows > int(month.heads[-1].partition(":")[0])
    assert f"{len(month.days)} 个每日校验值" in sentence
    code, said, python = found["bundle"]
    assert code == 0, f"{python}: {said}"
    # A tail that was cut off with its head is found by the sheets, and by nothing else.
    assert found["cut"] == [(True, False)] * 3
