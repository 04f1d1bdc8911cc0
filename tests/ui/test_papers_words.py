"""Names of files, and where each kind of gap leads."""

from __future__ import annotations

import pytest

from zhixing_desktop.ui.papers.goals import Goal, Where, goal_of
from zhixing_desktop.ui.papers.words import disk_name, whom_of
from zhixing_desktop.workflow.views import Key


@pytest.mark.parametrize(
    ("whom", "name"),
    [
        ("乙建强", "（2024）豫0811执1号_执行通知书_乙建强.pdf"),
        ("", "（2024）豫0811执1号_执行通知书.pdf"),
        ('甲/乙:\\*?"<>|公司', "（2024）豫0811执1号_执行通知书_甲乙公司.pdf"),
        ("甲\n\t乙", "（2024）豫0811执1号_执行通知书_甲 乙.pdf"),
        ("某公司.", "（2024）豫0811执1号_执行通知书_某公司.pdf"),
    ],
)
def test_a_file_is_called_as_every_disk_takes_it(whom: str, name: str) -> None:
    assert disk_name("（2024）豫0811执1号", "执行通知书", whom, ".pdf") == name


def test_a_long_name_still_fits_the_disk() -> None:
    name = disk_name("（2024）豫0811执恢1234号", "知" * 80, "名" * 80, ".docx")
    assert len(name.encode()) <= 235  # a file that is being written is called somewhat longer
    assert name.endswith(".docx")


def test_the_name_is_taken_out_of_its_words() -> None:
    assert whom_of("被执行人1（李四光）") == "李四光"
    assert whom_of("乙建强") == "乙建强"


@pytest.mark.parametrize(
    ("source", "goal"),
    [
        (
            "node/7/case.performance_until",
            Goal(Where.NODE, Key(7, "case"), "performance_until"),
        ),
        ("node/17/asset/2.control_until", Goal(Where.NODE, Key(17, "asset/2"), "control_until")),
        ("case.account", Goal(Where.NODE, Key(2, "case"), "case_account")),
        ("case.cause", Goal(Where.PARTIES, subject="case")),
        ("party/debtor/1.address", Goal(Where.PARTIES, subject="debtor/1")),
        ("court.phone", Goal(Where.SETTINGS)),
        ("node/3/case.receiver", Goal(Where.SETTINGS)),
        ("node/3.receiver", Goal(Where.SETTINGS)),
        ("people/chief.name", Goal(Where.PEOPLE)),
        ("subject/asset/1.value", Goal(Where.NODE, Key(17, "asset/1"))),
        ("papers", Goal(Where.PAPERS)),
        ("law", Goal(Where.NOWHERE)),
    ],
)
def test_each_gap_leads_to_its_window(source: str, goal: Goal) -> None:
    assert goal_of(source) == goal
