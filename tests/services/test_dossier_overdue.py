"""What of the dossiers is overdue over the whole bureau: sorted, paged, by the right to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from helpers.bureau import OTHER_OFFICER, Office
from helpers.closed_case import close_case, file_pages, printed
from helpers.offices import journal
from helpers.paper_office import paper_office
from zhixing_desktop import paths
from zhixing_desktop.services import dossier_moves
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.dossier_overdue import (
    OverdueKind,
    OverdueLine,
    OverdueQuery,
    OverdueSort,
    export_overdue,
    overdue_page,
)
from zhixing_desktop.services.dossier_types import SIDE
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.workflow.errors import NotAllowedError

CHIEF = "李局长"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    # Covers and catalogues are among the program's own forms.
    made.bureau.papers = PaperRules(paths.resources_dir())
    yield made
    made.close()


@pytest.fixture
def case(office: Office, tmp_path: Path) -> int:
    """A case of which both volumes were lent until a day that has gone by."""
    (found,) = office.case_ids
    file_pages(office, found, "银行流水", 3, place=10)
    file_pages(office, found, "合议笔录", 2, place=1, side=SIDE)
    printed(office, found, tmp_path)
    today = office.clock.now().date()
    for line in dossier_moves.where(office.bureau, office.actor(), found):
        holder = "赵法官" if line.side != SIDE else "钱法官"
        dossier_moves.hand_over(
            office.bureau, office.actor(), line.volume_id, holder, "调卷查阅", today, "三楼",
            version=line.version,
        )  # fmt: skip
    return found


def later(office: Office, days: int) -> None:
    now = office.clock.now()
    office.at(f"{date.fromordinal(now.toordinal() + days).isoformat()}T10:00").sweep()


def lines(office: Office, who: str | None = None, **query: object) -> list[OverdueLine]:
    actor = office.actor(who) if who else office.actor()
    return list(overdue_page(office.bureau, actor, OverdueQuery(**query)).lines)  # type: ignore[arg-type] # by name


def test_a_volume_is_overdue_from_the_day_after_and_gone_when_it_is_back(
    office: Office, case: int
) -> None:
    assert lines(office) == []
    later(office, 3)
    found = lines(office)
    assert [(x.what, x.holder, x.days) for x in found] == [
        ("正卷第1册", "赵法官　三楼", 3),
        ("副卷第1册", "钱法官　三楼", 3),
    ]
    (first, _) = dossier_moves.where(office.bureau, office.actor(), case)
    dossier_moves.give_back(office.bureau, office.actor(), first.volume_id, version=first.version)
    assert [x.what for x in lines(office)] == ["副卷第1册"]


def test_who_may_not_see_the_inner_dossier_or_the_case_does_not_see_its_line(
    office: Office, case: int
) -> None:
    later(office, 3)
    assert [x.what for x in lines(office, CHIEF)] == ["正卷第1册", "副卷第1册"]
    assert [x.what for x in lines(office, OTHER_OFFICER)] == ["正卷第1册"]
    change_setting(
        office.bureau, office.actor("邢安全"), "sight.visibility", "own", "只看自己的案件"
    )
    assert lines(office, OTHER_OFFICER) == []
    assert overdue_page(office.bureau, office.actor(OTHER_OFFICER), OverdueQuery()).total == 0


def test_a_closed_case_that_is_not_archived_in_time_says_what_comes_next(
    office: Office, case: int
) -> None:
    close_case(office, case)
    later(office, 60)
    (late,) = lines(office, kind="archive")
    assert (late.kind, late.what, late.step) == (
        OverdueKind.ARCHIVE, "全案卷宗", "核查卷宗，制作归档包",
    )  # fmt: skip
    assert late.days > 0
    assert late.officer == "张承办"
    assert len(lines(office)) == 3


def test_the_database_sorts_searches_and_pages(office: Office, case: int) -> None:
    later(office, 3)
    down = lines(office, sort=OverdueSort.HOLDER, descending=True)
    up = lines(office, sort=OverdueSort.HOLDER)
    assert [x.holder for x in down] == [x.holder for x in reversed(up)]
    for sort in OverdueSort:
        assert len(lines(office, sort=sort)) == 2
    second = overdue_page(office.bureau, office.actor(), OverdueQuery(offset=1, limit=1))
    assert ([x.what for x in second.lines], second.total) == (["副卷第1册"], 2)
    assert len(lines(office, search=office.detail(case).case_no)) == 2
    assert lines(office, search="没有这个人") == []


def test_the_list_is_exported_whole_and_the_journal_says_so(
    office: Office, case: int, tmp_path: Path
) -> None:
    later(office, 3)
    out = tmp_path / "逾期.xlsx"
    count = export_overdue(office.bureau, office.actor(CHIEF), out, OverdueQuery(limit=1))
    assert count == 2
    rows = list(load_workbook(out).active.iter_rows(values_only=True))
    assert rows[0][0] == "案号"
    assert [row[4] for row in rows[1:]] == ["正卷第1册", "副卷第1册"]
    assert journal(office.bureau)[-1] == ("export.list", CHIEF)
    with pytest.raises(NotAllowedError):
        export_overdue(office.bureau, office.actor("邢安全"), out, OverdueQuery())
