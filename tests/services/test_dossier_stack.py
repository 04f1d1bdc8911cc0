"""A stack of mixed pages scanned in one go lands where it belongs, the rest in the tray."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import numpy as np
import pytest

from helpers.bureau import OTHER_OFFICER, Office
from helpers.paper_office import notice, paper_office, received
from helpers.papers import pdf
from helpers.scanner import Picture, blank, printed, scan, scanned_pdf
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_printing import prepare, record_print
from zhixing_desktop.services.dossier_separators import (
    SeparatorWish,
    label_file,
    separator_file,
)
from zhixing_desktop.services.dossier_stack import sort_stack
from zhixing_desktop.services.dossier_tray import fetch_back, waiting
from zhixing_desktop.services.dossier_tray_pages import pages
from zhixing_desktop.services.dossier_tray_rows import ASIDE
from zhixing_desktop.services.dossier_types import (
    MAIN,
    Filing,
    ItemLine,
    Medium,
    Piece,
)
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.stack_types import Fate, Sorted
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, StoreError

DPI = 150


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    for form in (resources_dir() / "forms").glob("44-dossier-*.form"):
        copy(form, tmp_path / "papers" / "forms")
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    (found,) = office.case_ids
    return found


def items_of(office: Office, case: int) -> dict[int, ItemLine]:
    return {
        item.id: item for item in dossier.dossier(office.bureau, office.actor(), case).main.items
    }


def scanned(page: Picture, seed: int, rotation: int = 0) -> Picture:
    return scan(page, DPI, DPI, skew_degrees=0.6 - seed % 3 * 0.5, noise=3, rotation=rotation,
                seed=seed)  # fmt: skip


def written(seed: int) -> Picture:
    """A page in somebody's hand: nothing of ours is on it."""
    sheet = np.full((1754, 1240), 250, np.uint8)
    chance = np.random.default_rng(seed)
    for row in range(200, 1400, 60):
        sheet[row : row + 4, 150 : int(chance.integers(500, 1100))] = 30
    return sheet


def in_ink(page: Picture) -> Picture:
    """The sheet with somebody's signature in pen on it."""
    signed = page.copy()
    for stroke in range(4):
        signed[900 + 9 * stroke : 903 + 9 * stroke, 500 + 30 * stroke : 640 + 30 * stroke] = 40
    return signed


def volume_pages(office: Office, case: int, folder: Path) -> list[Picture]:
    """Print 正卷第1册 and return its content pages, without cover, catalogue and closing note."""
    out = folder / f"{case}.pdf"
    prepared = prepare(office.bureau, office.actor(), case, MAIN, 1, out, duplex=False)
    record_print(office.bureau, office.actor(), prepared)
    data = out.read_bytes()
    sides = [at for at, side in enumerate(prepared.plan.sides) if side.page is not None]
    return [printed(data, at, DPI) for at in sides]


def sheets_of(data: bytes, count: int) -> list[Picture]:
    return [printed(data, page, DPI) for page in range(count)]


def sort(office: Office, stack: list[Picture], **more: object) -> Sorted:
    return sort_data(office, scanned_pdf(stack, DPI), **more)


def sort_data(office: Office, data: bytes, **more: object) -> Sorted:
    return sort_stack(office.bureau, office.actor(), Piece("扫描.pdf", data), **more)


def test_sixty_mixed_pages_land_where_they_belong(
    office: Office, case: int, tmp_path: Path
) -> None:
    other = received(office, 2, cause="买卖合同纠纷")
    for whom in ("debtor/1", "debtor/2"):
        issue(office.bureau, office.actor(), notice(case, whom))
    issue(office.bureau, office.actor(), notice(other))
    first, second = volume_pages(office, case, tmp_path), volume_pages(office, other, tmp_path)
    before, others = items_of(office, case), items_of(office, other)
    wishes = [SeparatorWish(place=11), SeparatorWish(place=12), SeparatorWish()]
    sheets = sheets_of(
        separator_file(office.bureau, office.actor(), case, wishes).data, len(wishes)
    )
    stack: list[Picture] = [scanned(written(1), 1), scanned(written(2), 2)]
    stack += [scanned(in_ink(page), at, 180 * (at % 2)) for at, page in enumerate(first, start=3)]
    stack += [scanned(sheets[0], 20), blank(DPI, seed=21)]
    stack += [scanned(written(at), at) for at in range(22, 32)]
    stack += [scanned(in_ink(page), at) for at, page in enumerate(second, start=33)]
    stack += [scanned(written(40), 40), blank(DPI, seed=41)]
    stack += [scanned(sheets[1], 42, 90)] + [scanned(written(at), at) for at in range(43, 60)]
    stack += [scanned(sheets[2], 61)]
    while len(stack) < 60:
        stack.append(scanned(written(100 + len(stack)), len(stack)))
    assert len(stack) == 60

    data = scanned_pdf(stack, DPI)
    done = sort_data(office, data)

    replaced = [part for part in done.parts if part.fate is Fate.VERSION]
    assert {part.item_id for part in replaced} == {*before, *others}
    for item in items_of(office, case).values():
        if item.id in before:
            assert (item.current, item.medium) == (2, Medium.ORIGINAL)
            assert item.pages == before[item.id].pages
            newest = dossier.versions(office.bureau, office.actor(), item.id)[-1]
            assert newest.reason == "签名盖章后的扫描件"
    new = {part.words.split("第")[1][:2]: part for part in done.parts if part.fate is Fate.NEW}
    assert {place: len(part.pages) for place, part in new.items()} == {"11": 10, "12": 17}
    tray = waiting(office.bureau, office.actor())
    assert [(line.pages_words, line.case_id) for line in tray][:2] == [
        ("第1-2页", None),
        (f"第{done.parts[-3].pages[0]}页", None),
    ]
    assert tray[-1].case_id == case  # behind a separator that names only the case
    assert pages(office.bureau, office.actor(), tray[0].id).count == 2
    counted = sum(len(part.pages) for part in done.parts)
    assert counted + sum(len(numbers) for _, numbers in done.left_out) == 60
    assert done.sentence.startswith("“扫描.pdf”共60页：更换为新版本")
    assert check_all(office.bureau) == []

    again = sort_data(office, data)
    assert {part.fate for part in again.parts} == {Fate.THERE}
    assert len(waiting(office.bureau, office.actor())) == len(tray)


def test_the_scan_of_a_bound_volume_changes_nothing_and_points_to_the_proof(
    office: Office, case: int, tmp_path: Path
) -> None:
    for whom in ("debtor/1", "debtor/2"):
        issue(office.bureau, office.actor(), notice(case, whom))
    volume = volume_pages(office, case, tmp_path)
    before = items_of(office, case)
    stack = [scanned(page, at, 180 * (at % 2)) for at, page in enumerate(volume)]
    data = scanned_pdf(stack, DPI)
    done = sort_data(office, data)
    assert [part.fate for part in done.parts] == [Fate.SAME]
    assert done.parts[0].pages == tuple(range(1, len(volume) + 1))
    assert items_of(office, case) == before
    assert "没有更换" in done.sentence
    assert "扫描核对" in done.sentence
    assert [number for number, _ in done.unchanged] == [case]
    # Kept, out of the way, told once more when it comes once more, and to be fetched back.
    assert waiting(office.bureau, office.actor()) == ()
    (line,) = waiting(office.bureau, office.actor(), ASIDE)
    assert (line.pages, line.case_id) == (len(volume), case)
    again = sort_data(office, data)
    assert "已由" in again.parts[0].words
    assert len(waiting(office.bureau, office.actor(), ASIDE)) == 1
    fetch_back(office.bureau, office.actor(), line.id, version=line.version)
    assert check_all(office.bureau) == []

    # One of the sheets was signed meanwhile: its thing has a new version, the others have not.
    stack = [scanned(in_ink(volume[0]), 9), *stack[1:]]
    done = sort(office, stack)
    replaced = [part for part in done.parts if part.fate is Fate.VERSION]
    assert [part.pages[0] for part in replaced] == [1]
    after = items_of(office, case)
    assert [one for one in after if after[one] != before[one]] == [replaced[0].item_id]


def test_pages_that_were_not_scanned_are_taken_from_the_version_before(
    office: Office, case: int, tmp_path: Path
) -> None:
    pair = pdf((0.9, 0.2, 0.2), (0.2, 0.9, 0.2), (0.2, 0.2, 0.9))
    from zhixing_desktop.services.dossier_store import take_in

    taken = take_in(office.bureau, [Piece("笔录.pdf", pair)])
    filed = file_item(office.bureau, office.actor(), case, Filing("询问笔录", place=11), taken)
    _, middle, last = volume_pages(office, case, tmp_path)
    done = sort(office, [scanned(last, 1)])
    (part,) = done.parts
    assert (part.fate, part.item_id) == (Fate.VERSION, filed.item.id)
    newest = dossier.versions(office.bureau, office.actor(), filed.item.id)[-1]
    assert newest.reason == "签名盖章后的扫描件（第3页；其余各页沿用第1版）"
    assert [cut.source for cut in newest.cuts] == [1, 1, 0]
    # The page in the middle is still that of the first version: its signed sheet fits, too.
    sort(office, [scanned(middle, 2)])
    newest = dossier.versions(office.bureau, office.actor(), filed.item.id)[-1]
    assert (newest.number, newest.pages) == (3, 3)
    # The last page is not: somebody has to look.
    done = sort(office, [scanned(last, 3)])
    assert done.parts[0].fate is Fate.TRAY
    assert "第1版" in waiting(office.bureau, office.actor())[0].hint


def test_pages_with_a_label_give_what_was_on_paper_only_its_pages(
    office: Office, case: int
) -> None:
    filing = Filing("借条原件", place=10, medium=Medium.PAPER, paper_pages=2)
    item = file_item(office.bureau, office.actor(), case, filing).item
    labels = label_file(office.bureau, office.actor(), case, MAIN, 1)
    assert labels.name.endswith("粘贴用页标.pdf")
    sheet = printed(labels.data, 0, DPI)
    cell = sheet[: 1754 // 8, : 1240 // 3], sheet[: 1754 // 8, 1240 // 3 : 2 * 1240 // 3]
    stuck = []
    for number, label in enumerate(cell):
        page = written(number)
        page[1400 : 1400 + label.shape[0], 700 : 700 + label.shape[1]] = label
        stuck.append(scanned(page, number))
    done = sort(office, stuck)
    assert done.parts[0].fate is Fate.VERSION
    after = items_of(office, case)[item.id]
    assert (after.medium, after.pages, after.current) == (Medium.ORIGINAL, 2, 2)
    assert after.pdf


def test_what_somebody_may_not_file_waits_with_the_reason(
    office: Office, case: int, tmp_path: Path
) -> None:
    issue(office.bureau, office.actor(), notice(case))
    pages_printed = volume_pages(office, case, tmp_path)
    stack = [scanned(in_ink(page), at) for at, page in enumerate(pages_printed)]
    piece = Piece("扫描.pdf", scanned_pdf(stack, DPI))
    done = sort_stack(office.bureau, office.actor(OTHER_OFFICER), piece)
    assert {part.fate for part in done.parts} == {Fate.TRAY}
    (line,) = waiting(office.bureau, office.actor())
    assert line.case_id == case
    assert "孙法官" in line.hint
    with pytest.raises(NotAllowedError):
        sort_stack(office.bureau, office.actor("钱财务"), piece)


def test_a_file_without_pages_and_an_empty_stack_wait_whole(office: Office) -> None:
    done = sort_stack(office.bureau, office.actor(), Piece("坏.pdf", b"%PDF-1.4\n%half"))
    assert [part.fate for part in done.parts] == [Fate.TRAY]
    done = sort(office, [blank(DPI), blank(DPI, seed=1)])
    assert [part.fate for part in done.parts] == [Fate.TRAY]
    assert len(waiting(office.bureau, office.actor())) == 2


def test_stopped_while_reading_nothing_is_taken(office: Office) -> None:
    with pytest.raises(StoreError, match="没有收取"):
        sort(office, [scanned(written(1), 1)], cancelled=lambda: True)
    assert waiting(office.bureau, office.actor()) == ()


def test_separators_name_what_is_wrong_with_all_of_them(office: Office, case: int) -> None:
    wishes = [SeparatorWish(place=77), SeparatorWish(side="?"), SeparatorWish(item_id=None)]
    with pytest.raises(InputRefusedError) as refused:
        separator_file(office.bureau, office.actor(), case, wishes)
    assert len(refused.value.problems) == 2
    with pytest.raises(NotAllowedError):
        separator_file(office.bureau, office.actor(OTHER_OFFICER), case, [SeparatorWish()])
