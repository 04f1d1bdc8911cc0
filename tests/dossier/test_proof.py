"""A bound volume scanned and proven: a healthy one names nothing, each damage is named alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.bound_volumes import (
    PRINTED_DPI,
    BoundVolume,
    Picture,
    amounts,
    as_scan,
    bound_volume,
    drawn,
    page_picture,
    printed_page,
    scanned,
    stamp_of,
)
from helpers.drawing import opened
from helpers.scanner import Patch, Stain, blank, scan, scanned_pdf
from zhixing_desktop.dossier.page_regions import Difference
from zhixing_desktop.dossier.proof import Finding, FindingKind, Proof, ScannedPage
from zhixing_desktop.dossier.proving import ProofCancelledError, prove
from zhixing_desktop.dossier.scanned_pages import scanned_pages
from zhixing_desktop.dossier.stamp_reading import read_stamps
from zhixing_desktop.workflow.errors import StoreError

PX = PRINTED_DPI / 25.4
K = FindingKind


@cache
def healthy(*, two_sided: bool = False) -> tuple[BoundVolume, tuple[Picture, ...]]:
    """Return a volume and the scan of it as it should be."""
    volume = bound_volume(two_sided=two_sided)
    return volume, tuple(scanned(volume.printed))


def proven(pictures: Sequence[Picture], *, two_sided: bool = False) -> Proof:
    return prove(bound_volume(two_sided=two_sided).expected, as_scan(pictures))


def only(proof: Proof) -> Finding:
    assert [finding.kind for finding in proof.findings] == [proof.findings[0].kind], [
        finding.sentence for finding in proof.findings
    ]
    return proof.findings[0]


# The sides of the sheets make no difference at other resolutions.
@pytest.mark.parametrize(
    ("seed", "dpi", "two_sided"),
    [(1, 150, False), (2, 100, False), (3, 300, False), (1, 150, True), (2, 100, True)],
)
def test_a_healthy_volume_names_nothing(seed: int, dpi: int, *, two_sided: bool) -> None:
    volume = bound_volume(two_sided=two_sided)
    proof = proven(scanned(volume.printed, seed, dpi), two_sided=two_sided)
    assert proof.findings == ()
    assert proof.equal
    written = [page.key for page in volume.expected if "背面" not in page.key]
    assert [page.key for page in proof.matched] == written
    assert sum(page.by_stamp for page in proof.matched) == len(written) - 3


def test_a_scanner_that_drops_empty_sides_names_nothing() -> None:
    volume, pictures = healthy(two_sided=True)
    kept = [
        picture for page, picture in zip(volume.expected, pictures, strict=True)
        if "背面" not in page.key
    ]  # fmt: skip
    assert proven(kept, two_sided=True).findings == ()


def test_a_page_that_is_missing() -> None:
    volume, pictures = healthy()
    finding = only(proven([*pictures[: volume.at(5)], *pictures[volume.at(6) :]]))
    assert (finding.kind, finding.expected) == (K.MISSING, ("p5",))
    assert "缺少第5页" in finding.sentence


def test_a_page_without_number_that_is_missing() -> None:
    _, pictures = healthy()
    finding = only(proven([pictures[0], *pictures[2:]]))
    assert (finding.kind, finding.expected) == (K.MISSING, ("卷内目录",))


def test_a_page_that_is_there_twice() -> None:
    volume, pictures = healthy()
    at = volume.at(7)
    again = scanned([volume.printed[at]], seed=9)
    finding = only(proven([*pictures[: at + 1], *again, *pictures[at + 1 :]]))
    assert (finding.kind, finding.expected) == (K.DOUBLE, ("p7",))
    assert finding.scanned == (at + 2,)


def test_two_pages_that_changed_places() -> None:
    volume, pictures = healthy()
    order = list(pictures)
    one, other = volume.at(4), volume.at(11)
    order[one], order[other] = order[other], order[one]
    finding = only(proven(order))
    assert (finding.kind, finding.expected) == (K.MOVED, ("p4", "p11"))
    assert "第4页与第11页互换了位置" in finding.sentence


def test_pages_bound_in_at_another_place_are_one_finding() -> None:
    volume, pictures = healthy()
    order = list(pictures)
    moved = order[volume.at(3) : volume.at(6)]
    del order[volume.at(3) : volume.at(6)]
    order[volume.at(10) : volume.at(10)] = moved
    finding = only(proven(order))
    assert (finding.kind, finding.expected) == (K.MOVED, ("p3", "p4", "p5"))
    assert "第3页至第5页" in finding.sentence
    assert "现在排在第12页之后" in finding.sentence


@pytest.mark.parametrize(("turns", "kind"), [(2, K.UPSIDE_DOWN), (1, K.SIDEWAYS), (3, K.SIDEWAYS)])
def test_a_page_that_is_turned(turns: int, kind: FindingKind) -> None:
    volume, pictures = healthy()
    order = list(pictures)
    order[volume.at(6)] = np.ascontiguousarray(np.rot90(order[volume.at(6)], turns))
    finding = only(proven(order))
    assert (finding.kind, finding.expected) == (kind, ("p6",))


def test_a_whole_stack_laid_in_upside_down_is_no_finding() -> None:
    _, pictures = healthy()
    assert proven([np.ascontiguousarray(p[::-1, ::-1]) for p in pictures]).findings == ()


def test_a_sheet_that_was_turned_over() -> None:
    volume, pictures = healthy(two_sided=True)
    order = list(pictures)
    front = volume.at(5)
    assert volume.expected[front].sheet == volume.expected[front + 1].sheet
    order[front], order[front + 1] = order[front + 1], order[front]
    finding = only(proven(order, two_sided=True))
    assert (finding.kind, finding.expected) == (K.SHEET_REVERSED, ("p5", "p6"))


def foreign(number: int, **more: object) -> list[Picture]:
    """Return the scan of a page whose stamp says something else than this volume's."""
    data = drawn(amounts(7))
    return scanned([printed_page(data, 0, stamp_of(number, 2, 1, data, **more))], seed=12)


@pytest.mark.parametrize(
    ("stamp", "kind", "words"),
    [
        ({"case_id": 8, "case_mark": "ffff"}, K.OTHER_CASE, "属于另一个案件"),
        ({"case_mark": "0000"}, K.OTHER_CASE, "属于另一个案件"),
        ({"volume": 2, "item_id": 90}, K.OTHER_VOLUME, "正卷第2册第3页"),
        ({"side": "side", "item_id": 90}, K.OTHER_VOLUME, "副卷第1册第3页"),
        ({"item_id": 90}, K.EXTRA, "已不在本册目录中"),
    ],
)
def test_a_page_that_belongs_elsewhere(
    stamp: dict[str, object], kind: FindingKind, words: str
) -> None:
    volume, pictures = healthy()
    at = volume.at(9)
    finding = only(proven([*pictures[:at], *foreign(3, **stamp), *pictures[at:]]))
    assert (finding.kind, finding.scanned) == (kind, (at + 1,))
    assert words in finding.sentence


def test_a_page_of_an_older_version_stands_in_for_the_newer() -> None:
    volume, pictures = healthy()
    at = next(n for n, page in enumerate(volume.expected) if page.stamp and page.stamp.item_id == 2)
    known = volume.expected[at].stamp
    assert known is not None
    now = replace(known, version=2, digest="abcdef")
    expected = list(volume.expected)
    expected[at] = replace(expected[at], stamp=now)
    finding = only(prove(expected, as_scan(pictures)))
    assert (finding.kind, finding.expected) == (K.OLD_VERSION, (volume.expected[at].key,))
    assert "第1版，电子卷宗现为第2版" in finding.sentence


def test_a_page_printed_under_a_number_that_has_changed() -> None:
    volume, pictures = healthy()
    at = volume.at(8)
    known = volume.expected[at].stamp
    assert known is not None
    expected = list(volume.expected)
    expected[at] = replace(expected[at], stamp=replace(known, page=80))
    finding = only(prove(expected, as_scan(pictures)))
    assert (finding.kind, finding.expected) == (K.RENUMBERED, ("p8",))
    assert "第80页，但纸上印的是第8页" in finding.sentence


def altered(number: int, alter: Callable[[Picture], Picture], dpi: int = 150) -> Finding:
    """Return what the proof says of a volume of which one page was altered."""
    volume, pictures = healthy()
    at = volume.at(number)
    changed = list(pictures)
    changed[at] = scanned([alter(volume.printed[at])], seed=21, dpi=dpi)[0]
    finding = only(proven(changed))
    assert finding.expected == (f"p{number}",)
    return finding


def page_of_amounts() -> int:
    volume = bound_volume()
    return next(
        page.stamp.page for page in volume.expected if page.stamp and page.stamp.item_id == 2
    )


@pytest.mark.parametrize("dpi", [100, 150, 200])
def test_one_altered_figure(dpi: int) -> None:
    """The same line with a 3 made an 8: 3,183 yuan become 8,183."""
    volume = bound_volume()
    number = page_of_amounts()
    at = volume.at(number)
    data = drawn(amounts())
    box, other = figures(data)

    def alter(sheet: Picture) -> Picture:
        changed = sheet.copy()
        left, top, right, bottom = box
        part = sheet[bottom - (other[3] - other[1]) : bottom, 0:1]
        assert part.size
        changed[top - 2 : bottom + 2, left - 2 : right + 2] = 255
        glyph = sheet[other[1] : other[3], other[0] : other[2]]
        changed[bottom - glyph.shape[0] : bottom, left : left + glyph.shape[1]] = glyph
        return changed

    assert volume.expected[at].stamp
    finding = altered(number, alter, dpi)
    assert finding.kind is K.CHANGED
    found = finding.regions[0].box
    assert abs(found.left + found.wide / 2 - (box[0] + box[2]) / 2 / PX) < 2
    assert abs(found.top + found.high / 2 - (box[1] + box[3]) / 2 / PX) < 2
    assert sum(region.box.wide * region.box.high for region in finding.regions) < 60


def figures(data: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where (300 dpi pixels) a 3 and an 8 stand on the first page."""
    places: dict[str, tuple[int, ...]] = {}
    with opened(data) as document:
        page = document[0]
        words = page.get_textpage()
        high = page.get_height()
        for at in range(words.count_chars()):
            letter = words.get_text_range(at, 1)
            left, low, right, top = words.get_charbox(at)
            box = (left, high - top, right, high - low)
            places.setdefault(letter, tuple(round(side * PRINTED_DPI / 72) for side in box))
        words.close()
        page.close()
    return places["3"], places["8"]


def struck(sheet: Picture) -> Picture:
    rows = np.flatnonzero((sheet[900:1400, 400:2000] < 128).sum(axis=1) > 60)
    y = 900 + int(rows[len(rows) // 2])
    return np.asarray(cv2.line(sheet.copy(), (700, y), (1200, y + 5), 30, 5), np.uint8)


def noted(sheet: Picture, shade: int = 60, where: tuple[int, int] = (500, 3000)) -> Picture:
    chance = np.random.default_rng(4)
    changed = sheet.copy()
    for letter in range(4):
        for _ in range(4):
            stroke = chance.integers(0, 60, (3, 2)) + np.array([where[0] + 70 * letter, where[1]])
            cv2.polylines(changed, [stroke.astype(np.int32)], False, shade, 4, cv2.LINE_AA)
    return np.asarray(np.minimum(changed, sheet), np.uint8)


def swapped(sheet: Picture) -> Picture:
    changed = sheet.copy()
    changed[900:1100, 300:2200] = sheet[1500:1700, 300:2200]
    changed[1500:1700, 300:2200] = sheet[900:1100, 300:2200]
    return changed


@pytest.mark.parametrize(
    "alter",
    [struck, noted, partial(noted, shade=140), partial(noted, where=(60, 1700)), swapped],
    ids=["struck out", "note", "pencil", "note in the margin", "paragraphs exchanged"],
)
def test_what_was_written_in_or_taken_away(alter: Callable[[Picture], Picture]) -> None:
    finding = altered(page_of_amounts(), alter)
    assert finding.kind is K.CHANGED
    assert finding.regions
    assert "处不一致" in finding.sentence


def sealed(sheet: Picture, dpi: int) -> Picture:
    """Press a round seal of 42 mm onto a page; red is a middle grey."""
    mm = dpi / 25.4
    mark = np.full_like(sheet, 255)
    middle = (round(140 * mm), round(200 * mm))
    cv2.circle(mark, middle, round(21 * mm), 110, max(1, round(1.2 * mm)), cv2.LINE_AA)
    cv2.circle(mark, middle, round(6 * mm), 110, -1, cv2.LINE_AA)
    return np.asarray(np.minimum(sheet, mark), np.uint8)


def test_a_seal_that_is_missing_on_the_paper() -> None:
    volume, pictures = healthy()
    at = volume.at(1)
    expected = list(volume.expected)
    plain = expected[at].picture
    expected[at] = replace(expected[at], picture=lambda: sealed(plain(), 150))
    finding = only(prove(expected, as_scan(pictures)))
    assert (finding.kind, finding.expected) == (K.CHANGED, ("p1",))
    assert {region.kind for region in finding.regions} == {Difference.REMOVED}
    with_seal = list(pictures)
    with_seal[at] = scanned([sealed(volume.printed[at], PRINTED_DPI)], seed=5)[0]
    assert prove(expected, as_scan(with_seal)).findings == ()


@pytest.mark.parametrize(
    "cover",
    [
        Patch(186, 270, 22, 25),
        Patch(184, 268, 25, 28, shade=20),
        (Stain(197, 283, 16, dark=0.7), Patch(192, 279, 9, 9, shade=110)),
    ],
    ids=["paper glued over it", "black ink over it", "coffee over it"],
)
def test_a_stamp_that_is_covered(cover: Patch | tuple[Stain | Patch, ...]) -> None:
    volume, pictures = healthy()
    at = volume.at(10)
    changed = list(pictures)
    changed[at] = scan(
        volume.printed[at], PRINTED_DPI, skew_degrees=1.0, noise=5, stain=cover, seed=3
    )
    finding = only(proven(changed))
    assert (finding.kind, finding.expected) == (K.STAMP_COVERED, ("p10",))
    assert finding.scanned == (at + 1,)


def test_coffee_is_a_stain_and_not_a_change() -> None:
    finding = altered(page_of_amounts(), lambda sheet: coffee(sheet, dark=0.4))
    assert finding.kind is K.STAINED
    box = finding.regions[0].box
    assert box.left < 90 < box.left + box.wide
    assert box.top < 140 < box.top + box.high


def coffee(sheet: Picture, dark: float) -> Picture:
    return scan(sheet, PRINTED_DPI, PRINTED_DPI, stain=Stain(90, 140, 25, dark=dark))


def test_a_page_too_blurred_to_tell_is_to_be_scanned_again() -> None:
    volume, pictures = healthy()
    at = volume.at(page_of_amounts())
    poor = scan(volume.printed[at], PRINTED_DPI, blur=3.0, noise=5, seed=4)
    pages = as_scan(pictures)
    pages[at] = ScannedPage(at + 1, partial(np.copy, poor), read_stamps(pictures[at]))
    finding = only(prove(volume.expected, pages))
    assert (finding.kind, finding.scanned) == (K.UNCLEAR, (at + 1,))
    assert "请重扫这一页，或者目测核对" in finding.sentence


def test_holes_and_the_thread_of_the_binding_do_not_count() -> None:
    volume, pictures = healthy()
    bound = []
    for sheet in volume.printed:
        changed = sheet.copy()
        for down in (60, 148, 236):
            cv2.circle(changed, (round(14 * PX), round(down * PX)), round(2.8 * PX), 40, -1)
        x = round(14 * PX)
        cv2.line(changed, (x, round(64 * PX)), (x, round(232 * PX)), 90, 6)
        bound.append(changed)
    assert proven(scanned(bound, seed=8)).findings == ()
    assert len(pictures) == len(bound)


def test_two_sheets_that_went_through_the_scanner_together() -> None:
    """The front of one and the back of the next are seen, what lies between is not."""
    volume, pictures = healthy(two_sided=True)
    at = volume.at(8)
    assert volume.expected[at].sheet != volume.expected[at + 1].sheet
    finding = only(proven([*pictures[:at], *pictures[at + 2 :]], two_sided=True))
    assert (finding.kind, finding.expected) == (K.FED_TOGETHER, ("p8", "p9"))


def test_a_whole_sheet_that_is_missing() -> None:
    volume, pictures = healthy(two_sided=True)
    at = volume.at(9)
    assert volume.expected[at].sheet == volume.expected[at + 1].sheet
    finding = only(proven([*pictures[:at], *pictures[at + 2 :]], two_sided=True))
    assert (finding.kind, finding.expected) == (K.MISSING, ("p9", "p10"))
    assert "同一张纸的两面" in finding.sentence


def test_a_page_that_is_none_of_ours() -> None:
    volume, pictures = healthy()
    at = volume.at(9)
    stranger = scanned([page_picture(drawn(amounts(11)), 0, PRINTED_DPI)], seed=6)
    # Much of it stands on other pages of the volume too: the same form with other figures.
    finding = only(proven([*pictures[:at], *stranger, *pictures[at:]]))
    assert (finding.kind, finding.scanned) == (K.EXTRA, (at + 1,))


def test_a_page_that_cannot_be_recognised_is_not_missing_too() -> None:
    volume, pictures = healthy()
    at = volume.at(9)
    dim = np.random.default_rng(1).normal(120, 12, (1754, 1240)).clip(0, 255).astype(np.uint8)
    dim[200:1500, 200:1000] = cv2.GaussianBlur(pictures[at], (0, 0), 25)[200:1500, 200:1000]
    changed = [*pictures[:at], dim, *pictures[at + 1 :]]
    finding = only(proven(changed))
    assert (finding.kind, finding.scanned) == (K.UNREADABLE, (at + 1,))


def test_a_picture_that_is_torn_is_named_and_the_rest_is_proven() -> None:
    volume, pictures = healthy()
    at = volume.at(4)
    pages = as_scan(pictures)

    def torn() -> Picture:
        raise StoreError("torn")

    pages[at] = ScannedPage(at + 1, torn)
    finding = only(prove(volume.expected, pages))
    assert (finding.kind, finding.scanned) == (K.UNREADABLE, (at + 1,))


def test_a_volume_without_any_stamp_is_proven_by_its_pictures() -> None:
    """As it was before there were stamps: the order counts, and what stands on the pages."""
    volume, pictures = healthy()
    expected = [replace(page, stamp=None, label=page.words()) for page in volume.expected]
    bare = []
    for picture in volume.printed:
        changed = picture.copy()
        changed[round(272 * PX) :, round(185 * PX) :] = 255
        changed[: round(16 * PX), round(180 * PX) :] = 255
        bare.append(changed)
    pages = scanned(bare, seed=14)
    assert prove(expected, as_scan(pages)).findings == ()
    pages[volume.at(4)], pages[volume.at(6)] = pages[volume.at(6)], pages[volume.at(4)]
    finding = only(prove(expected, as_scan(pages)))
    assert (finding.kind, finding.expected) == (K.MOVED, ("p4", "p6"))
    assert len(pictures) == len(pages)


def test_the_scan_is_read_from_a_pdf(tmp_path: Path) -> None:
    volume, pictures = healthy()
    file = tmp_path / "scan.pdf"
    file.write_bytes(scanned_pdf(pictures))
    told: list[tuple[int, int]] = []
    proof = prove(
        volume.expected,
        scanned_pages(file),
        progress=lambda done, total: told.append((done, total)),
    )
    assert proof.equal
    assert proof.scanned == len(pictures)
    assert told[-1] == (len(pictures), len(pictures))
    assert [done for done, _ in told] == list(range(1, len(pictures) + 1))


def test_a_proof_can_be_called_off() -> None:
    volume, pictures = healthy()
    asked = iter([False] * 5)
    with pytest.raises(ProofCancelledError):
        prove(volume.expected, as_scan(pictures), cancelled=lambda: next(asked, True))


def test_an_empty_side_that_was_written_on_is_named() -> None:
    volume, pictures = healthy(two_sided=True)
    changed = list(pictures)
    changed[1] = noted(np.kron(blank(), np.ones((2, 2), np.uint8)), where=(700, 900))[::2, ::2]
    finding = only(proven(changed, two_sided=True))
    assert (finding.kind, finding.scanned) == (K.EXTRA, (2,))
    assert len(volume.expected) == len(changed)
