"""The tray: whatever comes is kept, filed when somebody says where, never lost, never doubled."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import CLERK, OTHER_OFFICER, SECURITY, Office
from helpers.offices import journal
from helpers.paper_office import paper_office, received, second_desk
from helpers.papers import pdf
from zhixing_desktop.services import dossier
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_filing import Change, change_item, file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_tray import (
    fetch_back,
    file_from_tray,
    line,
    replace_from_tray,
    set_aside,
    waiting,
    waiting_count,
)
from zhixing_desktop.services.dossier_tray_joining import Picked, file_together
from zhixing_desktop.services.dossier_tray_pages import pages
from zhixing_desktop.services.dossier_tray_rows import ASIDE, FILED, TraySource
from zhixing_desktop.services.dossier_types import Cut, Filing, Piece
from zhixing_desktop.services.health import check_all
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)


def pdf_of_pages(count: int, tint: float = 0.5) -> bytes:
    return pdf(*((0.9, 0.1 * number, tint) for number in range(count)))


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    (found,) = office.case_ids
    return found


def come(office: Office, data: bytes = b"", name: str = "扫描0001.pdf", **more: object) -> int:
    piece = Piece(name, data or pdf_of_pages(3))
    return arrive(office.bureau, office.actor(), piece, TraySource.DROPPED, **more).line.id


def test_whatever_comes_is_kept_with_what_was_noticed(office: Office) -> None:
    come(office, b"%PDF-1.7\n1 0 obj <<", "破损.pdf")
    come(office, b"PK\x03\x04" + b"\0" * 60, "材料.zip")
    come(office, os.urandom(40), "不明")
    lines = waiting(office.bureau, office.actor())
    assert [line.name for line in lines] == ["破损.pdf", "材料.zip", "不明"]
    assert all(line.hint and line.pages == 0 for line in lines)
    assert waiting_count(office.bureau, office.actor()) == 3
    with pytest.raises(InputRefusedError, match="没有可以显示的页面"):
        pages(office.bureau, office.actor(), lines[0].id)
    assert check_all(office.bureau) == []


def test_the_same_file_is_told_not_doubled(office: Office) -> None:
    first = come(office, hint="第一次")
    again = arrive(
        office.bureau, office.actor(CLERK), Piece("另名.pdf", pdf_of_pages(3)), TraySource.PASTED
    )
    assert (again.again, again.line.id) == (True, first)
    assert "同一份" in again.sentence
    assert waiting_count(office.bureau, office.actor()) == 1


def test_pages_of_a_scan_are_filed_and_the_rest_goes_on_waiting(office: Office, case: int) -> None:
    number = come(office, pdf_of_pages(5))
    filing = Filing("询问笔录", place=11)
    done = file_from_tray(
        office.bureau, office.actor(), number, case, filing, [Cut(0, 3), Cut(0, 1, 90)], version=1
    )
    assert (done.item.pages, done.item.place) == (2, 11)
    (rest,) = waiting(office.bureau, office.actor())
    assert rest.pages_words == "第1、3、5页"
    assert pages(office.bureau, office.actor(), rest.id).count == 3
    (settled,) = waiting(office.bureau, office.actor(), FILED)
    assert (settled.item_id, settled.settled_by) == (done.item.id, "张承办")
    assert journal(office.bureau)[-1] == ("dossier.file", "张承办")
    with pytest.raises(RuleRefusedError, match="已入卷"):
        file_from_tray(office.bureau, office.actor(), number, case, filing, version=1)
    with pytest.raises(InputRefusedError, match="第2页不在"):
        file_from_tray(office.bureau, office.actor(), rest.id, case, filing, [Cut(0, 1)], version=1)
    assert check_all(office.bureau) == []


def test_a_refused_filing_leaves_the_scan_waiting(office: Office, case: int) -> None:
    number = come(office)
    with pytest.raises(NotAllowedError):
        file_from_tray(
            office.bureau, office.actor(OTHER_OFFICER), number, case, Filing("笔录"), version=1
        )
    assert waiting_count(office.bureau, office.actor()) == 1
    assert dossier.dossier(office.bureau, office.actor(), case).main.items == ()


def test_pages_become_the_new_version_of_a_thing(office: Office, case: int) -> None:
    first = come(office)
    item = file_from_tray(
        office.bureau, office.actor(), first, case, Filing("笔录"), version=1
    ).item
    better = come(office, pdf_of_pages(4, 0.2), "重扫.pdf")
    done = replace_from_tray(
        office.bureau, office.actor(), better, item.id, "第一次扫描不清", version=1,
        item_version=item.version,
    )  # fmt: skip
    assert (done.item.id, done.item.current, done.item.pages) == (item.id, 2, 4)
    assert waiting_count(office.bureau, office.actor()) == 0


def test_set_aside_is_kept_and_can_be_fetched_back(office: Office) -> None:
    number = come(office)
    with pytest.raises(InputRefusedError):
        set_aside(office.bureau, office.actor(), number, "  ", version=1)
    aside = set_aside(office.bureau, office.actor(), number, "与本院案件无关的广告", version=1)
    assert (aside.state, waiting_count(office.bureau, office.actor())) == (ASIDE, 0)
    again = arrive(
        office.bureau, office.actor(), Piece("a.pdf", pdf_of_pages(3)), TraySource.DROPPED
    )
    assert "与本院案件无关的广告" in again.sentence
    with pytest.raises(StaleEditError):
        fetch_back(office.bureau, office.actor(), number, version=1)
    fetch_back(office.bureau, office.actor(), number, version=aside.version)
    assert waiting_count(office.bureau, office.actor()) == 1


def test_scans_of_a_case_are_seen_by_those_who_see_the_case(office: Office, case: int) -> None:
    change_setting(office.bureau, office.actor(SECURITY), "sight.visibility", "own", "院领导决定")
    mine, other = come(office, case=case), come(office, pdf_of_pages(2))
    assert [line.id for line in waiting(office.bureau, office.actor())] == [mine, other]
    assert [line.id for line in waiting(office.bureau, office.actor(OTHER_OFFICER))] == [other]
    assert waiting_count(office.bureau, office.actor(OTHER_OFFICER)) == 1
    with pytest.raises(NotAllowedError):
        pages(office.bureau, office.actor(OTHER_OFFICER), mine)
    with pytest.raises(NotAllowedError):
        waiting(office.bureau, office.actor("钱财务"))
    assert waiting_count(office.bureau, office.actor("钱财务")) == 0


def test_two_workstations_file_the_same_scan_once(
    office: Office, case: int, database_url: str, tmp_path: Path
) -> None:
    if "sqlite" in database_url:
        pytest.skip("one workstation a file")
    other = second_desk(office, database_url, tmp_path)
    second = received(office, 2)
    number = come(office)
    outcomes: list[object] = []
    start = threading.Barrier(2)

    def file(desk: Office, target: int) -> None:
        start.wait()
        try:
            filing = Filing("笔录", place=11)
            done = file_from_tray(desk.bureau, desk.actor(), number, target, filing, version=1)
            outcomes.append(done.item.case_id)
        except (RuleRefusedError, StaleEditError, StoreError) as refusal:
            # StoreError: the server lets one of two step back, and he is told to try again.
            outcomes.append(type(refusal))

    threads = [
        threading.Thread(target=file, args=pair) for pair in ((office, case), (other, second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    filed = [one for one in outcomes if isinstance(one, int)]
    assert len(filed) == 1
    assert len(waiting(office.bureau, office.actor(), FILED)) == 1
    things = [dossier.dossier(office.bureau, office.actor(), c).main.items for c in office.case_ids]
    assert sum(map(len, things)) == 1


def test_a_full_disk_is_said_and_nothing_is_half_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises((StoreError, OSError)):
            come(office)
    assert waiting_count(office.bureau, office.actor()) == 0
    come(office)
    assert waiting_count(office.bureau, office.actor()) == 1
    assert check_all(office.bureau) == []


def test_a_hint_names_nothing_of_the_inner_dossier_to_whoever_may_not_see_it(
    office: Office, case: int
) -> None:
    inner = file_item(
        office.bureau, office.actor(), case, Filing("合议庭评议笔录", side="side", place=1),
        take_in(office.bureau, [Piece("a.pdf", pdf((255, 1, 1)))]),
    ).item  # fmt: skip
    outer = file_item(
        office.bureau, office.actor(), case, Filing("询问笔录", place=11),
        take_in(office.bureau, [Piece("b.pdf", pdf((255, 2, 2)))]),
    ).item  # fmt: skip
    for number, name in enumerate((inner.name, outer.name)):
        arrive(
            office.bureau, office.actor(), Piece(f"{number}.pdf", pdf((255, 3, number))),
            TraySource.STACK, case=case, hint=f"某案“{name}”第1页扫描了不止一次",
        )  # fmt: skip
    own = [one.hint for one in waiting(office.bureau, office.actor())]
    assert "“合议庭评议笔录”第1页" in own[0]
    told = [one.hint for one in waiting(office.bureau, office.actor("吴立案"))]
    assert "副卷中的一件材料第1页" in told[0]
    assert "“询问笔录”第1页" in told[1]
    # What is put into the inner dossier later is not named any more, either.
    change_item(
        office.bureau, office.actor(), outer.id, Change(side="side", place=1),
        version=outer.version,
    )  # fmt: skip
    told = [one.hint for one in waiting(office.bureau, office.actor("吴立案"))]
    assert not any("询问笔录" in hint for hint in told)
    number = waiting(office.bureau, office.actor())[1].id
    assert "询问笔录" not in line(office.bureau, office.actor("吴立案"), number).hint


def test_pages_of_two_scans_become_one_thing_turned_and_in_the_order_wanted(
    office: Office, case: int
) -> None:
    front = come(office, pdf_of_pages(3), "正面.pdf")
    back = come(office, pdf_of_pages(2, 0.9), "背面.pdf")
    picked = [Picked(front, 1, dropped=(1,)), Picked(back, 1)]
    cuts = [Cut(0, 0), Cut(1, 1, 180), Cut(0, 2, 90)]
    done = file_together(
        office.bureau, office.actor(), picked, cuts, case, Filing("身份证", place=10)
    )
    assert (done.item.name, done.item.pages) == ("身份证", 3)
    (version,) = dossier.versions(office.bureau, office.actor(), done.item.id)
    assert [(cut.source, cut.page, cut.turn) for cut in version.cuts] == [
        (0, 0, 0), (1, 1, 180), (0, 2, 90),
    ]  # fmt: skip
    # What was not taken waits, what was dropped can be fetched back: nothing is lost.
    assert [(one.name, one.pages_words) for one in waiting(office.bureau, office.actor())] == [
        ("背面.pdf", "第1页")
    ]
    (aside,) = waiting(office.bureau, office.actor(), ASIDE)
    assert (aside.name, aside.pages_words) == ("正面.pdf", "第2页")
    assert "身份证" in aside.reason
    settled = waiting(office.bureau, office.actor(), FILED)
    assert [one.item_id for one in settled] == [done.item.id] * 2
    assert check_all(office.bureau) == []


def test_two_scans_go_together_or_not_at_all(office: Office, case: int) -> None:
    front = come(office, pdf_of_pages(1), "正面.pdf")
    back = come(office, pdf_of_pages(1, 0.9), "背面.pdf")
    filing = Filing("身份证", place=10)
    set_aside(office.bureau, office.actor(), back, "与案件无关的背面", version=1)
    with pytest.raises(RuleRefusedError):
        file_together(
            office.bureau, office.actor(), [Picked(front, 1), Picked(back, 1)],
            [Cut(0, 0), Cut(1, 0)], case, filing,
        )  # fmt: skip
    assert dossier.dossier(office.bureau, office.actor(), case).main.items == ()
    assert [one.id for one in waiting(office.bureau, office.actor())] == [front]
    with pytest.raises(InputRefusedError, match="第2页不在"):
        file_together(office.bureau, office.actor(), [Picked(front, 1)], [Cut(0, 1)], case, filing)
