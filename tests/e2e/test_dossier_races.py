"""Two workstations file, replace and take out the same thing at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import OFFICER, Office
from helpers.dossier_files import pages, write
from helpers.paper_office import paper_office
from helpers.racers import WON, race
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import path_of, take_in
from zhixing_desktop.services.dossier_tray import waiting
from zhixing_desktop.services.dossier_tray_rows import FILED, TraySource
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Piece
from zhixing_desktop.services.health import check_all

pytestmark = pytest.mark.e2e


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    (found,) = office.case_ids
    return found


@pytest.fixture
def item(office: Office, case: int) -> ItemLine:
    taken = take_in(office.bureau, [Piece("笔录.pdf", pages(1))])
    return file_item(office.bureau, office.actor(), case, Filing("笔录", place=11), taken).item


def the_other(told: list[dict[str, str]]) -> dict[str, str]:
    """Return what the one was told who came second."""
    assert told.count(WON) == 1
    return next(one for one in told if one != WON)


def test_two_that_replace_the_same_thing_make_one_new_version(
    office: Office, case: int, item: ItemLine, database_url: str, tmp_path: Path
) -> None:
    places = [
        write(tmp_path, f"{name}.pdf", pages(count)) for name, count in (("甲", 2), ("乙", 3))
    ]
    one = {"by": OFFICER, "act": "replace", "item": item.id, "version": item.version}
    with race(database_url, office.clock.now(), tmp_path / "shared") as desks:
        told = desks.run(*({**one, "place": str(place)} for place in places))
        desks.end(60)
    refused = the_other(told)
    # The loser is told who was first and from which desk, and that his own is not saved.
    assert OFFICER in refused["sentence"]
    assert f"{told.index(WON) + 1}号机" in refused["sentence"]
    assert "没有保存，请刷新后核对再办" in refused["sentence"]
    newest = dossier.versions(office.bureau, office.actor(), item.id)
    assert [version.number for version in newest] == [1, 2]
    assert newest[1].pages == 2 + told.index(WON)
    # What the loser brought lies where it lay, and can be brought again.
    now = dossier.dossier(office.bureau, office.actor(), case).main.items[0]
    again = {**one, "version": now.version, "place": str(places[1 - told.index(WON)])}
    with race(database_url, office.clock.now(), tmp_path / "shared", 1) as desks:
        assert desks.run(again) == [WON]
        desks.end(60)
    newest = dossier.versions(office.bureau, office.actor(), item.id)
    assert [version.pages for version in newest[1:]] in ([2, 3], [3, 2])
    assert check_all(office.bureau) == []


def test_one_replaces_while_the_other_takes_it_out(
    office: Office, case: int, item: ItemLine, database_url: str, tmp_path: Path
) -> None:
    place = write(tmp_path, "新.pdf", pages(2))
    one = {"by": OFFICER, "item": item.id, "version": item.version}
    with race(database_url, office.clock.now(), tmp_path / "shared") as desks:
        told = desks.run({**one, "act": "replace", "place": str(place)}, {**one, "act": "take_out"})
        desks.end(60)
    assert OFFICER in the_other(told)["sentence"]
    view = dossier.dossier(office.bureau, office.actor(), case).main
    versions = dossier.versions(office.bureau, office.actor(), item.id)
    if told[0] == WON:
        assert ([len(view.items), len(view.withdrawn)], len(versions)) == ([1, 0], 2)
    else:
        assert ([len(view.items), len(view.withdrawn)], len(versions)) == ([0, 1], 1)
    for version in versions:
        assert path_of(office.bureau, version.originals[0]).exists()
    assert check_all(office.bureau) == []


def test_two_that_file_the_same_scan_of_the_tray_file_it_once(
    office: Office, case: int, database_url: str, tmp_path: Path
) -> None:
    line = arrive(office.bureau, office.actor(), Piece("扫描.pdf", pages(2)), TraySource.STACK).line
    one = {
        "by": OFFICER,
        "act": "from_tray",
        "case": case,
        "scan": line.id,
        "version": line.version,
    }
    with race(database_url, office.clock.now(), tmp_path / "shared") as desks:
        refused = the_other(desks.run(one, one))
        desks.end(60)
    assert OFFICER in refused["sentence"]
    assert "不在待归之列" in refused["sentence"]
    assert len(dossier.dossier(office.bureau, office.actor(), case).main.items) == 1
    assert waiting(office.bureau, office.actor()) == ()
    assert len(waiting(office.bureau, office.actor(), FILED)) == 1
    assert check_all(office.bureau) == []


def test_two_that_file_into_the_same_place_both_do(
    office: Office, case: int, database_url: str, tmp_path: Path
) -> None:
    place = write(tmp_path, "同一份.pdf", pages(2))
    one = {"by": OFFICER, "act": "file", "case": case, "place": str(place)}
    with race(database_url, office.clock.now(), tmp_path / "shared") as desks:
        told = desks.run({**one, "name": "甲笔录"}, {**one, "name": "乙笔录"})
        desks.end(60)
    assert told == [WON, WON], told
    items = dossier.dossier(office.bureau, office.actor(), case).main.items
    assert {item.name for item in items} == {"甲笔录", "乙笔录"}
    assert sorted(item.position for item in items) == [1, 2]
    assert check_all(office.bureau) == []
