"""The court's layout of papers: tried, all faults at once, saved for every workstation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import CLERK, Office
from helpers.offices import contents, journal
from helpers.paper_forms import NOTICE
from helpers.paper_office import notice, paper_office, second_desk
from zhixing_desktop.models import health
from zhixing_desktop.services import papers
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_layout import change_layout, layout
from zhixing_desktop.services.paper_layout_trial import (
    faces,
    layout_state,
    overrides_of,
    set_at,
    try_layout,
)
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError

ADMIN, REVIEW = "何管理", "郑审管"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def second(office: Office, database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = second_desk(office, database_url, tmp_path)
    yield made
    made.close()


def test_a_change_counts_for_the_next_paper_of_every_workstation(
    office: Office, second: Office
) -> None:
    (case,) = office.case_ids
    before = issue(second.bureau, second.actor(), notice(case)).paper
    assert layout(second.bureau).zero == "〇"
    assert change_layout(office.bureau, office.actor(ADMIN), {"zero": "零"}, "本院习惯")
    assert journal(office.bureau)[-1] == ("settings.change", ADMIN)
    after = papers.preview(second.bureau, second.actor(), notice(case, "debtor/2"))
    assert "二零二四年三月五日" in str(after.paper.blocks)
    same = papers.paper(second.bureau, second.actor(), before.id)
    assert (same.pdf, same.docx) == (before.pdf, before.docx)
    assert papers.paper_file(second.bureau, second.actor(), before.id).data
    assert change_layout(office.bureau, office.actor(REVIEW), {}, "恢复")
    assert layout(second.bureau).zero == "〇"
    assert not change_layout(office.bureau, office.actor(REVIEW), {}, "再恢复")
    assert health.check(office.bureau.database) == []


def test_all_faults_are_named_at_once_and_nothing_is_saved(office: Office) -> None:
    before = contents(office.bureau)
    wrong = {
        "zero": "0",
        "seal": {"diameter": 400},
        "grids": {"official": {"lines": "二十二"}},
        "page_number": {"pattern": "第页"},
    }
    for attempt in (
        lambda: try_layout(office.bureau, wrong, NOTICE),
        lambda: change_layout(office.bureau, office.actor(ADMIN), wrong, "试一试"),
    ):
        with pytest.raises(InputRefusedError) as refused:
            attempt()
        assert {problem.where for problem in refused.value.problems} == {
            "zero", "seal.diameter", "grids.official.lines", "page_number.pattern",
        }  # fmt: skip
    assert contents(office.bureau) == before


def test_a_trial_shows_the_paper_and_what_stands_in_for_a_font_that_is_missing(
    office: Office,
) -> None:
    before = contents(office.bureau)
    fonts = {"fangsong": {"word": "没有的仿宋", "files": ["no.ttf"], "families": ["没有的仿宋"]}}
    found = try_layout(office.bureau, {"fonts": fonts}, NOTICE)
    assert found.pages.data.startswith(b"%PDF-")
    (face,) = (line for line in found.faces if line.face == "fangsong")
    assert (face.wanted, face.stands_in) == ("没有的仿宋", True)
    assert any(f"本机没有没有的仿宋，仿宋用“{face.used}”代替" in w for w in found.warnings)
    assert contents(office.bureau) == before


def test_only_what_differs_is_kept(office: Office) -> None:
    state = layout_state(office.bureau)
    wanted = set_at(state.standing, "grids.official.margins.left", 27)
    assert overrides_of(state.shipped, wanted) == {"grids": {"official": {"margins": {"left": 27}}}}
    assert overrides_of(state.shipped, state.shipped) == {}
    assert len(faces(office.bureau, layout(office.bureau))) == 5


def test_others_may_not_and_a_reason_is_needed(office: Office) -> None:
    for name in (CLERK, "邢安全", "李局长"):
        with pytest.raises(NotAllowedError, match="M-131"):
            change_layout(office.bureau, office.actor(name), {"zero": "零"}, "本院习惯")
    with pytest.raises(InputRefusedError, match="理由"):
        change_layout(office.bureau, office.actor(ADMIN), {"zero": "零"}, " ")
