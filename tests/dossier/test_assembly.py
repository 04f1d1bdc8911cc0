"""Volumes put together: marks read back from pictures, pages untouched, outline, labels, text."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import zxingcpp
from numpy.typing import NDArray

from helpers.drawing import opened, texts
from helpers.odd_pages import A3_LYING, OddPage, odd_pdf, written
from zhixing_desktop.dossier.assembly import Assembled, assemble
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.dossier.corners import Corner
from zhixing_desktop.dossier.page_marks import MM, Box, NumberSide, number_box, stamp_box
from zhixing_desktop.dossier.pdf_document import Metadata, OutlineEntry
from zhixing_desktop.dossier.pdf_pages import page_raster
from zhixing_desktop.dossier.pictures import gray

DPI = 150
LINE = "正1-12 · v2 · 1A2B3C"
TEXT = "*1ABCDEFGHJKLMNPQR2345"

PAGES = {
    "upright": OddPage(),
    "turned right": OddPage(turn=90),
    "upside down": OddPage(turn=180),
    "turned left": OddPage(turn=270),
    "cropped": OddPage(crop=(60, 80, 500, 700)),
    "cropped and turned": OddPage(media=(-50, -20, 650, 900), crop=(10, 30, 560, 800), turn=90),
    "crop beyond the paper": OddPage(crop=(-100, -100, 700, 900), turn=270),
    "A3": OddPage(media=A3_LYING),
    "A3 turned": OddPage(media=A3_LYING, turn=90),
    "a slip of paper": OddPage(media=(0, 0, 250, 150)),
    "other units": OddPage(media=(0, 0, 297.5, 421), unit=2.0, turn=180),
    "careless": OddPage(careless=True),
    "in pieces": OddPage(pieces=7, careless=True, turn=90),
}


def made(
    tmp_path: Path, page: OddPage, **marks: object
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return pictures of a page as it came and as it stands in the volume."""
    source = written(tmp_path, "source", page)
    out = tmp_path / "volume.pdf"
    assemble(out, {"a": source}, [OutPage("a", 0, **marks)])  # type: ignore[arg-type] # any marks
    unit = page.unit
    return picture(source.read_bytes(), 0, unit), picture(out.read_bytes(), 0, unit)


def picture(data: bytes, page: int, unit: float = 1.0) -> NDArray[np.uint8]:
    """Return a page as a printer would put it on paper; PDFium takes any unit for a point."""
    with opened(data) as document:
        width = document[page].get_width() * unit
    return gray(page_raster(data, page, round(width * DPI / 72)))


def region(shown: NDArray[np.uint8], box: Box, more: float = 0.0) -> tuple[slice, slice]:
    """Return rows and columns of a box in points from the lower left corner."""
    scale = DPI / 72
    height = shown.shape[0]
    left, low, right, high = box
    rows = slice(int(height - (high + more) * scale), int(height - (low - more) * scale) + 1)
    return rows, slice(max(int((left - more) * scale), 0), int((right + more) * scale) + 1)


def size_of(shown: NDArray[np.uint8]) -> tuple[float, float]:
    height, width = shown.shape
    return width * 72 / DPI, height * 72 / DPI


@pytest.mark.parametrize("name", PAGES)
def test_stamp_and_number_sit_right_on_the_page_as_it_is_seen(tmp_path: Path, name: str) -> None:
    before, after = made(
        tmp_path, PAGES[name], number="12", stamp=TEXT, stamp_line=LINE, corner=Corner.BOTTOM_RIGHT
    )
    width, height = size_of(after)
    stamped = stamp_box(width, height, Corner.BOTTOM_RIGHT, NumberSide.RIGHT)
    numbered = number_box(width, height, NumberSide.RIGHT, 2.0)

    (found,) = zxingcpp.read_barcodes(after)
    assert found.text == TEXT
    assert found.orientation == 0
    rows, columns = region(after, stamped)
    at = found.position
    assert columns.start < at.top_left.x < at.bottom_right.x < columns.stop
    assert rows.start < at.top_left.y < at.bottom_right.y < rows.stop

    assert "".join(texts((tmp_path / "volume.pdf").read_bytes())).endswith(f"{LINE}\n12")

    # Nothing else of the page has changed.
    changed = before != after
    for box in (stamped, numbered):
        changed[region(changed, box, more=3.0)] = False
    assert not changed.any()


@pytest.mark.parametrize("name", ["turned right", "upside down", "turned left", "cropped"])
def test_the_number_is_upright_and_where_it_is_on_an_upright_page(
    tmp_path: Path, name: str
) -> None:
    """Held against the same number on an upright page of the size that is seen."""
    page = replace(PAGES[name], empty=True)
    _, after = made(tmp_path, page, number="347", number_side=NumberSide.LEFT)
    width, height = size_of(after)
    folder = tmp_path / "upright"
    folder.mkdir()
    paper = OddPage(media=(0, 0, width, height), empty=True)
    _, upright = made(folder, paper, number="347", number_side=NumberSide.LEFT)
    rows, columns = region(after, number_box(width, height, NumberSide.LEFT, 2.0))
    ours, theirs = after[rows, columns] < 128, upright[rows, columns] < 128
    assert theirs.sum() > 100
    # Rows and columns of pixels may fall a little differently.
    assert (ours != theirs).sum() < 0.4 * theirs.sum()
    assert abs(int(ours.sum()) - int(theirs.sum())) < 0.1 * theirs.sum()


def test_front_has_its_number_right_and_back_left(tmp_path: Path) -> None:
    for side in NumberSide:
        folder = tmp_path / side
        folder.mkdir()
        before, after = made(folder, OddPage(), number="8", number_side=side)
        columns = np.nonzero((before != after).any(axis=0))[0] * 72 / DPI
        rows = np.nonzero((before != after).any(axis=1))[0] * 72 / DPI
        assert rows.max() < 15 * MM
        if side is NumberSide.RIGHT:
            assert columns.min() > 595 - 15 * MM
        else:
            assert columns.max() < 15 * MM


@pytest.mark.parametrize("corner", Corner)
def test_a_stamp_stands_in_any_corner_beside_the_number(tmp_path: Path, corner: Corner) -> None:
    side = NumberSide.LEFT if corner is Corner.TOP_LEFT else NumberSide.RIGHT
    before, after = made(
        tmp_path,
        OddPage(),
        number="12-1",
        number_side=side,
        stamp=TEXT,
        stamp_line=LINE,
        corner=corner,
    )
    (found,) = zxingcpp.read_barcodes(after)
    assert found.text == TEXT
    stamped = stamp_box(595, 842, corner, side)
    numbered = number_box(595, 842, side, 2.5)
    apart = stamped[1] >= numbered[3] or stamped[3] <= numbered[1]
    assert apart or stamped[2] <= numbered[0] or stamped[0] >= numbered[2]
    changed = before != after
    for box in (stamped, numbered):
        assert changed[region(changed, box)].any()
        changed[region(changed, box, more=3.0)] = False
    assert not changed.any()


def test_a_number_on_a_black_edge_can_be_read(tmp_path: Path) -> None:
    """Copies of books have black edges; a black figure on them is none."""
    with pikepdf.open(io.BytesIO(odd_pdf(OddPage()))) as paper:
        paper.pages[0].contents_add(b"0 g 0 700 595 142 re f")
        paper.save(tmp_path / "dark.pdf")
    out = tmp_path / "volume.pdf"
    assemble(out, {"a": tmp_path / "dark.pdf"}, [OutPage("a", 0, "8")])
    shown = picture(out.read_bytes(), 0)
    corner = shown[region(shown, number_box(595, 842, NumberSide.RIGHT, 0.6))]
    assert (corner > 200).mean() > 0.1
    assert (corner < 60).mean() > 0.1


def test_the_same_page_may_come_twice_and_pages_share_what_they_draw(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(odd_pdf(OddPage(words="one"), OddPage(words="two")))) as paper:
        # Two pages with the operators of one, as some printers' drivers write a form.
        paper.pages[1].obj.Contents = paper.pages[0].obj.Contents
        paper.save(tmp_path / "a.pdf")
    source = (tmp_path / "a.pdf").read_bytes()
    out = tmp_path / "volume.pdf"
    pages = [OutPage("a", page, str(number)) for number, page in enumerate((0, 1, 0, 1), 1)]
    assemble(out, {"a": tmp_path / "a.pdf"}, pages)
    for number, words in enumerate(texts(out.read_bytes()), 1):
        assert words.endswith(f"\n{number}")
        before, after = picture(source, 0), picture(out.read_bytes(), number - 1)
        changed = before != after
        changed[region(changed, number_box(595, 842, NumberSide.RIGHT, 1.0), more=3.0)] = False
        assert not changed.any()


def test_a_seal_that_was_a_field_of_a_form_stays_to_be_seen(tmp_path: Path) -> None:
    from helpers.papers import RED, WHITE, pdf

    (tmp_path / "a.pdf").write_bytes(pdf(WHITE, seal=RED))
    out = tmp_path / "volume.pdf"
    assemble(out, {"a": tmp_path / "a.pdf"}, [OutPage("a", 0, "1")])
    shown = picture(out.read_bytes(), 0)
    assert shown[shown.shape[0] // 2, shown.shape[1] // 2] == pytest.approx(76, abs=3)
    with pikepdf.open(out) as volume:
        assert "/AcroForm" not in volume.Root
        assert [note.Subtype for note in volume.pages[0].obj.Annots] == ["/Stamp"]


def whole(tmp_path: Path, **more: object) -> tuple[Path, Assembled]:
    """Assemble a volume of two items with covers, a blank back and an inserted page."""
    sources = {
        "a": written(tmp_path, "a", *(OddPage(words=f"a{n}") for n in range(3))),
        "b": written(tmp_path, "b", OddPage(words="b0"), OddPage(words="b1", media=A3_LYING)),
    }
    pages = [
        OutPage("a", 0, "1", NumberSide.RIGHT, TEXT, LINE),
        OutPage("a", 1, "2", NumberSide.LEFT, TEXT, LINE),
        OutPage("a", 2, "2-1", NumberSide.RIGHT, TEXT, LINE),
        OutPage(None),
        OutPage("b", 1, "3", NumberSide.RIGHT, TEXT, LINE),
        OutPage("b", 0, "4", NumberSide.LEFT, TEXT, LINE),
    ]
    out = tmp_path / "out" / "volume.pdf"
    out.parent.mkdir(exist_ok=True)
    outline = [
        OutlineEntry("卷宗封面", -4),
        OutlineEntry("卷内目录", -2),
        OutlineEntry("执行通知书", 0),
        OutlineEntry("送达回证", 2, 1),
        OutlineEntry("查封清单（含“𬭚”）", 4),
        OutlineEntry("卷内备考表", 6),
    ]
    done = assemble(
        out,
        sources,
        pages,
        odd_pdf(OddPage(words="cover"), OddPage(words="catalogue")),
        odd_pdf(OddPage(words="note")),
        outline,
        Metadata(
            "（2024）豫0811执123号 正卷第1册",
            author="焦作市山阳区人民法院",
            subject="执行卷宗 & <影像>",
            created=datetime(2024, 5, 6, 7, 8, 9),
            more={"CaseNumber": "（2024）豫0811执123号"},
        ),
        blank_backs=True,
        **more,  # type: ignore[arg-type] # progress and the like
    )
    return out, done


def test_outline_and_page_labels_are_as_printed(tmp_path: Path) -> None:
    out, done = whole(tmp_path)
    data = out.read_bytes()
    with opened(data) as volume:
        labels = [volume.get_page_label(page) for page in range(len(volume))]
        marks = [
            (entry.level, entry.get_title(), entry.get_dest().get_index())
            for entry in volume.get_toc()
        ]
    assert labels == ["i", "ii", "iii", "iv", "1", "2", "2-1", "2-1（背）", "3", "4", "v", "vi"]
    assert marks == [
        (0, "卷宗封面", 0),
        (0, "卷内目录", 2),
        (0, "执行通知书", 4),
        (1, "送达回证", 6),
        (0, "查封清单（含“𬭚”）", 8),
        (0, "卷内备考表", 10),
    ]
    assert done.pages == 12
    first = [words.split("\n", 1)[0].split(" row", 1)[0] for words in texts(data)]
    assert first == ["cover", "", "catalogue", "", "a0", "a1", "a2", "", "b1", "b0", "note", ""]
    assert [words.rsplit("\n", 1)[-1] for words in texts(data)[4:10]] == [
        *("1", "2", "2-1", "", "3", "4")
    ]


def test_a_blank_back_is_as_large_as_its_front(tmp_path: Path) -> None:
    source = written(tmp_path, "a", OddPage(media=A3_LYING, turn=90))
    out = tmp_path / "volume.pdf"
    assemble(out, {"a": source}, [OutPage("a", 0, "1"), OutPage(None)])
    assert picture(out.read_bytes(), 0).shape == picture(out.read_bytes(), 1).shape
    assert picture(out.read_bytes(), 1).min() == 255


def test_metadata_stand_in_both_places(tmp_path: Path) -> None:
    out, _ = whole(tmp_path)
    with pikepdf.open(out) as volume:
        assert volume.docinfo["/Title"] == "（2024）豫0811执123号 正卷第1册"
        assert volume.docinfo["/CaseNumber"] == "（2024）豫0811执123号"
        assert volume.docinfo["/CreationDate"] == "D:20240506070809+08'00'"
        with volume.open_metadata() as xmp:
            assert xmp["dc:title"] == "（2024）豫0811执123号 正卷第1册"
            assert xmp["dc:creator"] == ["焦作市山阳区人民法院"]
            assert xmp["dc:description"] == "执行卷宗 & <影像>"
            assert xmp["xmp:CreateDate"] == "2024-05-06T07:08:09+08:00"


def test_other_programs_find_no_fault_and_the_same_pages_give_the_same_bytes(
    tmp_path: Path,
) -> None:
    from hashlib import sha256

    out, done = whole(tmp_path)
    first = out.read_bytes()
    assert done == Assembled(12, len(first), sha256(first).hexdigest())
    with pikepdf.open(out) as volume:
        assert volume.check_pdf_syntax() == []
        fonts = {
            page.Resources.XObject.ZxMarks.Resources.Font.F.objgen
            for page in volume.pages
            if "/ZxMarks" in page.Resources.get("/XObject", {})
        }
        assert len(fonts) == 1  # one font for the volume, embedded
        (font,) = fonts
        program = volume.get_object(font).DescendantFonts[0].FontDescriptor.FontFile2
        assert len(program.read_bytes()) < 60_000
    again, _ = whole(tmp_path)
    assert again.read_bytes() == first


def test_many_small_parts_are_one_volume(tmp_path: Path) -> None:
    """More pages than one part holds, from more files than are open at a time."""
    sources = {
        f"s{n}": written(tmp_path, f"s{n}", *(OddPage(words=f"f{n}p{p}") for p in range(30)))
        for n in range(9)
    }
    pages = [
        OutPage(key, page, f"{30 * n + page + 1}", stamp=f"*{n}X{page}", stamp_line=LINE)
        for n, key in enumerate(sources)
        for page in range(30)
    ]
    told: list[tuple[int, int]] = []
    out = tmp_path / "volume.pdf"
    assemble(out, sources, pages, progress=lambda done, every: told.append((done, every)))
    found = texts(out.read_bytes())
    assert [words.split(" row", 1)[0] for words in found] == [
        f"f{n}p{page}" for n in range(9) for page in range(30)
    ]
    assert [words.rsplit("\n", 1)[-1] for words in found] == [str(n) for n in range(1, 271)]
    assert told[-1] == (270, 270)
    assert len(told) > 2
    assert told == sorted(told)


def test_a_volume_for_the_printer_has_the_same_pages_and_no_digest(tmp_path: Path) -> None:
    out, kept = whole(tmp_path)
    lasting = out.read_bytes()
    _, done = whole(tmp_path, kept=False)
    printed = out.read_bytes()
    assert done == Assembled(kept.pages, kept.bytes, "")
    # The file's identifier apart, which says what was hashed, every byte is the same.
    tail = lasting.rfind(b"/ID [")
    assert printed[:tail] == lasting[:tail]
    _, again = whole(tmp_path, kept=False)
    assert (again, out.read_bytes()) == (done, printed)
