"""A volume is printed, bound, scanned and proven: each damage is named exactly, a healthy one not.

The volume is printed to a PDF by the services; a scanner's view of its sides is held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.bound_volumes import PRINTED_DPI, Picture, amounts, count, drawn, page_picture
from helpers.bureau import OTHER_OFFICER
from helpers.made_papers import ruling
from helpers.offices import journal
from helpers.proving import (
    PrintedCase,
    file_only_on_paper,
    file_paper,
    print_volume,
    printed_case,
    scan_of,
    sides_of,
)
from helpers.scanner import Patch, scan
from zhixing_desktop.dossier.pdf_pages import page_texts
from zhixing_desktop.dossier.volume_sheets import SideKind
from zhixing_desktop.services.dossier_filing import replace_item
from zhixing_desktop.services.dossier_printing import Prepared
from zhixing_desktop.services.dossier_proof_types import FoundLine, ProofResult
from zhixing_desktop.services.dossier_proof_views import (
    proof_certificate,
    proof_pictures,
    proofs,
)
from zhixing_desktop.services.dossier_proving import prove_volume, record_proof
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_triangle import HoleKind, triangle
from zhixing_desktop.services.dossier_types import MAIN, Medium, Piece
from zhixing_desktop.services.file_pages import PagePicture
from zhixing_desktop.services.health import check_all
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    StaleEditError,
    StoreError,
)

PX = PRINTED_DPI / 25.4


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintedCase]:
    made = printed_case(tmp_path_factory.mktemp("printed"))
    yield made
    made.office.close()


@pytest.fixture(scope="module")
def healthy(volume: PrintedCase) -> list[Picture]:
    return scan_of(volume.sides)


def only(result: ProofResult) -> FoundLine:
    assert len(result.findings) == 1, [finding.sentence for finding in result.findings]
    return result.findings[0]


def words(finding: FoundLine) -> list[str]:
    return [page.words for page in finding.pages]


def test_a_healthy_volume_names_nothing(volume: PrintedCase, healthy: list[Picture]) -> None:
    result = volume.proven(healthy)
    assert result.findings == ()
    assert result.same
    assert (result.scanned, result.expected) == (len(healthy), len(healthy))


def test_handwriting_on_cover_and_closing_note_is_no_finding(
    volume: PrintedCase, healthy: list[Picture]
) -> None:
    signed = list(volume.sides)
    for at in (0, len(signed) - 2):
        page = signed[at].copy()
        cv2.putText(page, "Li Li 2024.3.6", (1200, 2600), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 4, 40, 9)
        signed[at] = page
    pictures = [*healthy]
    for at in (0, len(signed) - 2):
        pictures[at] = scan_of([signed[at]], seed=30 + at)[0]
    assert volume.proven(pictures).findings == ()


# ----------------------------------------------------------------------------- the twelve damages


def test_1_a_missing_page(volume: PrintedCase, healthy: list[Picture]) -> None:
    at = volume.at(5)
    finding = only(volume.proven([*healthy[:at], *healthy[at + 1 :]]))
    assert (finding.kind, words(finding)) == ("missing", ["第5页"])


def test_2_a_page_twice(volume: PrintedCase, healthy: list[Picture]) -> None:
    at = volume.at(3)
    again = scan_of([volume.sides[at]], seed=9)
    finding = only(volume.proven([*healthy[: at + 1], *again, *healthy[at + 1 :]]))
    assert (finding.kind, words(finding), finding.scanned) == ("double", ["第3页"], (at + 2,))


def test_3_pages_that_changed_places(volume: PrintedCase, healthy: list[Picture]) -> None:
    order = list(healthy)
    one, other = volume.at(2), volume.at(7)
    order[one], order[other] = order[other], order[one]
    finding = only(volume.proven(order))
    assert (finding.kind, words(finding)) == ("moved", ["第2页", "第7页"])


def test_4_a_page_upside_down(volume: PrintedCase, healthy: list[Picture]) -> None:
    order = list(healthy)
    at = volume.at(4)
    order[at] = np.ascontiguousarray(np.rot90(order[at], 2))
    finding = only(volume.proven(order))
    assert (finding.kind, words(finding)) == ("upside_down", ["第4页"])


def test_5_a_sheet_turned_over(volume: PrintedCase, healthy: list[Picture]) -> None:
    sheet = next(s for s in volume.prepared.plan.sheets if len(s.pages) == 2)
    front, back = (volume.at(page.number.page) for page in sheet.pages)
    order = list(healthy)
    order[front], order[back] = order[back], order[front]
    finding = only(volume.proven(order))
    assert finding.kind == "sheet_reversed"
    assert words(finding) == [f"第{page.number.words}页" for page in sheet.pages]


def test_an_empty_back_that_changed_places_with_the_next_page(
    volume: PrintedCase, healthy: list[Picture]
) -> None:
    sides = volume.prepared.plan.sides
    at = next(
        n for n, side in enumerate(sides)
        if side.kind is SideKind.BLANK and sides[n - 1].page and sides[n + 1].page
    )  # fmt: skip
    front, after = sides[at - 1], sides[at + 1]
    order = list(healthy)
    order[at], order[at + 1] = order[at + 1], order[at]
    finding = only(volume.proven(order))
    assert finding.label == "换位"
    assert words(finding) == [f"第{front.number}页的背面", f"第{after.number}页"]
    dropped = [
        picture for picture, side in zip(healthy, sides, strict=True)
        if side.kind is not SideKind.BLANK
    ]  # fmt: skip
    assert volume.proven(dropped).same


def test_6_a_page_of_another_case_is_named_with_its_number(
    volume: PrintedCase, healthy: list[Picture]
) -> None:
    office = volume.office
    other = office.register(2, debtors=("丙文博",), cause="买卖合同纠纷")
    file_paper(office, other, "还款承诺书", ruling(300))
    sides = sides_of(print_volume(office, other, volume.folder).path)
    at = volume.at(6)
    stray = scan_of(sides[4:5], seed=11)
    finding = only(volume.proven([*healthy[:at], *stray, *healthy[at:]]))
    assert (finding.kind, finding.scanned) == ("other_case", (at + 1,))
    assert office.detail(other).case_no in finding.sentence


def figure_altered(sheet: Picture, data: bytes) -> Picture:
    """Make the first 3 of the page an 8."""
    from helpers.drawing import opened

    places: dict[str, tuple[int, ...]] = {}
    with opened(data) as document:
        page = document[0]
        text = page.get_textpage()
        for at in range(text.count_chars()):
            left, low, right, top = text.get_charbox(at)
            box = (left, page.get_height() - top, right, page.get_height() - low)
            places.setdefault(
                text.get_text_range(at, 1), tuple(round(side * PRINTED_DPI / 72) for side in box)
            )
        text.close()
        page.close()
    three, eight = places["3"], places["8"]
    changed = sheet.copy()
    changed[three[1] - 2 : three[3] + 2, three[0] - 2 : three[2] + 2] = 255
    glyph = sheet[eight[1] : eight[3], eight[0] : eight[2]]
    changed[three[3] - glyph.shape[0] : three[3], three[0] : three[0] + glyph.shape[1]] = glyph
    return changed


def number_of(volume: PrintedCase, name: str) -> int:
    item = volume.items[name]
    pages = volume.prepared.volume.pages
    return next(page.number.page for page in pages if page.item_id == item.id)


def with_page(volume: PrintedCase, healthy: list[Picture], page: int, side: Picture) -> ProofResult:
    changed = list(healthy)
    changed[volume.at(page)] = scan_of([side], seed=21)[0]
    return volume.proven(changed)


def test_7_an_altered_figure_with_both_pictures_side_by_side(
    volume: PrintedCase, healthy: list[Picture]
) -> None:
    page = number_of(volume, "案款收付记录")
    side = figure_altered(volume.sides[volume.at(page)], drawn(amounts()))
    result = with_page(volume, healthy, page, side)
    finding = only(result)
    assert (finding.kind, words(finding)) == ("changed", [f"第{page}页"])
    both = proof_pictures(volume.office.bureau, volume.office.actor(), result, 0)
    assert both.aligned
    assert both.pairs == 1
    ours, theirs = decoded(both.electronic), decoded(both.scanned)
    assert ours.shape == theirs.shape
    spot = both.spots[0]
    mm = ours.shape[1] / both.across
    rows = slice(round(spot.top * mm), round((spot.top + spot.high) * mm) + 1)
    columns = slice(round(spot.left * mm), round((spot.left + spot.wide) * mm) + 1)
    inside = np.abs(ours[rows, columns].astype(int) - theirs[rows, columns]).mean()
    assert inside > 2 * np.abs(ours.astype(int) - theirs).mean()


def decoded(picture: PagePicture | None) -> Picture:
    assert picture is not None
    found = cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert found is not None
    return np.asarray(found, np.uint8)


def struck_out(sheet: Picture) -> Picture:
    rows = np.flatnonzero((sheet[900:1400, 400:2000] < 128).sum(axis=1) > 60)
    y = 900 + int(rows[len(rows) // 2])
    return np.asarray(cv2.line(sheet.copy(), (700, y), (1200, y + 5), 30, 5), np.uint8)


def written_in(sheet: Picture) -> Picture:
    changed = sheet.copy()
    cv2.putText(changed, "OK 5000", (500, 3050), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 3, 60, 6)
    return np.asarray(np.minimum(changed, sheet), np.uint8)


@pytest.mark.parametrize("alter", [struck_out, written_in], ids=["8 struck out", "9 written in"])
def test_what_was_changed_by_hand(
    volume: PrintedCase, healthy: list[Picture], alter: Callable[[Picture], Picture]
) -> None:
    page = number_of(volume, "案款收付记录")
    finding = only(with_page(volume, healthy, page, alter(volume.sides[volume.at(page)])))
    assert (finding.kind, words(finding)) == ("changed", [f"第{page}页"])


def test_10_a_covered_stamp(volume: PrintedCase, healthy: list[Picture]) -> None:
    page = number_of(volume, "案款收付记录")
    at = volume.at(page)
    covered = [
        Patch(left, top, 25, 28) for left in (2, 183) for top in (2, 267)
    ]  # whichever corner it stands in; the number goes along
    changed = list(healthy)
    changed[at] = scan(
        volume.sides[at], PRINTED_DPI, skew_degrees=1.0, noise=5, stain=covered, seed=3
    )
    finding = only(volume.proven(changed))
    assert (finding.kind, words(finding)) == ("stamp_covered", [f"第{page}页"])


def test_11_a_strange_page_without_stamp(volume: PrintedCase, healthy: list[Picture]) -> None:
    at = volume.at(6)
    stranger = scan_of([page_picture(drawn(amounts(11)), 0, PRINTED_DPI)], seed=6)
    finding = only(volume.proven([*healthy[:at], *stranger, *healthy[at:]]))
    assert (finding.kind, finding.scanned) == ("extra", (at + 1,))


def test_12_a_page_of_an_older_version(tmp_path: Path) -> None:
    made = printed_case(tmp_path)
    office, item = made.office, made.items["案款收付记录"]
    page = number_of(made, "案款收付记录")
    old = made.sides[made.at(page)]
    again = take_in(office.bureau, [Piece("更正.pdf", drawn(amounts(3)))])
    replace_item(
        office.bureau, office.actor(), item.id, again, "金额更正后重新扫描", version=item.version
    )
    now = print_volume(office, made.case, tmp_path)
    sides = sides_of(now.path)
    sides[made.at(page)] = old
    finding = only(made.proven(scan_of(sides)))
    assert (finding.kind, words(finding)) == ("old_version", [f"第{page}页"])
    office.close()


# --------------------------------------------------------------------------- paper of its own


def test_paper_bound_as_it_came_is_counted_or_compared(tmp_path: Path) -> None:
    """An original is held against its scan, what exists only on paper is counted."""
    made = printed_case(tmp_path)
    office, case = made.office, made.case
    original = drawn(ruling(420))
    file_paper(office, case, "借条", original, 10, Medium.ORIGINAL)
    file_only_on_paper(office, case, "图纸", 2, 12)
    now = print_volume(office, case, tmp_path)
    sheets = {side.page.number.page: at for at, side in enumerate(now.plan.sides) if side.page}
    printed = sides_of(now.path)
    at_hand = {
        Medium.ORIGINAL: [page_picture(original, n, PRINTED_DPI) for n in range(count(original))],
        Medium.PAPER: [page_picture(drawn(amounts(40 + n)), 0, PRINTED_DPI) for n in range(2)],
    }
    bound = list(printed[: min(sheets.values())])
    for page in now.volume.pages:
        if page.original:
            numbered = at_hand[Medium.ORIGINAL].pop(0)
            cv2.putText(numbered, page.number.words, (2250, 150), 0, 3, 60, 8)
            bound.append(numbered)
        elif page.on_paper_only:
            bound.append(at_hand[Medium.PAPER].pop(0))
        else:
            at = sheets[page.number.page]
            bound.append(printed[at])
            if at + 1 not in sheets.values() and now.plan.sides[at + 1].kind.value == "blank":
                bound.append(printed[at + 1])
    bound += printed[-2:]
    pictures = scan_of(bound)
    result = made.proven(pictures)
    assert [finding.sentence for finding in result.findings] == []
    assert result.counted == 2
    papers = [page.number.page for page in now.volume.pages if page.on_paper_only]
    place = _place(now, papers[0])
    finding = only(made.proven([*pictures[:place], *pictures[place + 1 :]]))
    assert finding.kind == "missing"
    assert "仅有纸质" in finding.sentence
    office.close()


def _place(now: Prepared, page: int) -> int:
    """Return where (from 0) a page of its own paper lies in the bound volume."""
    at = 4  # cover and catalogue with their backs
    sides = list(now.plan.sides)
    for one in now.volume.pages:
        if one.number.page == page:
            return at
        at += 1
        if one.own_paper:
            continue
        here = next(n for n, side in enumerate(sides) if side.page == one)
        at += here + 1 < len(sides) and sides[here + 1].kind.value == "blank"
    raise AssertionError(page)


# -------------------------------------------------------------------------------- what is recorded


def test_a_recorded_proof_has_its_certificate_and_closes_the_hole(tmp_path: Path) -> None:
    made = printed_case(tmp_path)
    office, case = made.office, made.case
    pictures = scan_of(made.sides)
    at = made.at(5)
    broken = made.proven([*pictures[:at], *pictures[at + 1 :]])
    kept = record_proof(office.bureau, office.actor(), broken)
    assert not kept.same
    assert kept.current
    assert journal(office.bureau)[-1] == ("dossier.prove", "张承办")
    kinds = {hole.kind for hole in triangle(office.bureau, office.actor(), case).holes}
    assert HoleKind.PROVEN_DIFFERENT in kinds
    shown = proof_pictures(office.bureau, office.actor(), kept.id, 0)
    assert shown.electronic is not None
    assert shown.scanned is None
    record_proof(office.bureau, office.actor(), made.proven(pictures))
    kinds = {hole.kind for hole in triangle(office.bureau, office.actor(), case).holes}
    assert not kinds & {HoleKind.PROVEN_DIFFERENT, HoleKind.NOT_PROVEN}
    newest, first = proofs(office.bureau, office.actor(), case)
    assert (newest.same, first.id) == (True, kept.id)
    assert newest.scan_name == "扫描.pdf"
    paper = proof_certificate(office.bureau, office.actor(), first.id)
    text = "".join(page_texts(paper.data)).replace("\n", "").replace("\r", "")
    for said in ("卷宗核对证明", "张承办", "缺少第5页", office.detail(case).case_no):
        assert said in text
    # Once among the facts, once before the line for the signature.
    assert text.count("张承办") == 2
    assert check_all(office.bureau) == []
    office.close()


def test_a_proof_of_what_was_printed_anew_is_not_recorded(tmp_path: Path) -> None:
    made = printed_case(tmp_path)
    result = made.proven(scan_of(made.sides[:4]))
    file_paper(made.office, made.case, "补充证据", ruling(200))
    print_volume(made.office, made.case, tmp_path)
    with pytest.raises(StaleEditError, match="重新核对"):
        record_proof(made.office.bureau, made.office.actor(), result)
    made.office.close()


def test_what_cannot_be_proven_is_refused(volume: PrintedCase, tmp_path: Path) -> None:
    office = volume.office
    args = (office.bureau, office.actor(), volume.case, MAIN)
    with pytest.raises(InputRefusedError, match="还没有由程序打印过"):
        prove_volume(*args, 7, b"")
    words = tmp_path / "说明.txt"
    words.write_text("不是扫描件", encoding="utf-8")
    with pytest.raises(StoreError, match="不是扫描件"):
        prove_volume(*args, 1, words)
    with pytest.raises(StoreError) as stopped:
        prove_volume(*args, 1, volume.prepared.path, cancelled=lambda: True)
    assert stopped.value.data["kind"] == "cancelled"
    with pytest.raises(NotAllowedError):
        prove_volume(
            office.bureau, office.actor(OTHER_OFFICER), volume.case, MAIN, 1, volume.prepared.path
        )


def test_a_folder_of_pictures_is_kept_as_one_scan(
    volume: PrintedCase, healthy: list[Picture], tmp_path: Path
) -> None:
    folder = tmp_path / "扫描"
    folder.mkdir()
    for at, picture in enumerate(healthy, start=1):
        done, data = cv2.imencode(".jpg", picture)
        assert done
        (folder / f"第{at}页.jpg").write_bytes(data.tobytes())
    result = prove_volume(volume.office.bureau, volume.office.actor(), volume.case, MAIN, 1, folder)
    assert result.findings == ()
    assert result.scan.name == "扫描.pdf"
