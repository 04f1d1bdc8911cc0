"""Copies for parties: 正卷 only, what is covered is gone for good, each copy is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from helpers.bureau import Office
from helpers.closed_case import closed_case
from zhixing_desktop.dossier.masking_areas import Area
from zhixing_desktop.dossier.pdf_pages import page_raster, page_texts
from zhixing_desktop.services import dossier, dossier_copies
from zhixing_desktop.services.dossier_copies import make_copy
from zhixing_desktop.services.dossier_copy_types import CopyPage, CopyWish
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Piece
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StoreError,
)

WHO, WHY = "焦作市甲商贸有限公司", "申请执行人申请复制"


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[Office, int]]:
    office, case = closed_case(tmp_path)
    yield office, case
    office.close()


def thing(office: Office, case: int, name: str, *, side: bool = False) -> ItemLine:
    view = dossier.dossier(office.bureau, office.actor(), case)
    shelf = view.side if side else view.main
    assert shelf is not None
    return next(item for item in shelf.items if name in item.name)


def pixels(path: Path, page: int, area: Area) -> Image.Image:
    raster = page_raster(path.read_bytes(), page, 800)
    size = (raster.width, raster.height)
    image = Image.frombytes("RGB", size, raster.data, "raw", "BGRX", raster.stride, 1)
    box = (
        area.left * image.width + 2,
        area.top * image.height + 2,
        area.right * image.width - 2,
        area.bottom * image.height - 2,
    )
    return image.crop(tuple(map(int, box)))  # type: ignore[arg-type]  # a crop box of four


def statement(turned: int) -> bytes:
    """A page with a debtor's numbers and address in its text layer, turned as scanners leave it."""
    out = BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = Canvas(out, pagesize=A4)
    sheet.setFont("STSong-Light", 14)
    for row, words in enumerate(LINES):
        sheet.drawString(80, 700 - 40 * row, words)
    sheet.save()
    with pikepdf.open(BytesIO(out.getvalue())) as pdf:
        pdf.pages[0].rotate(turned, relative=False)
        done = BytesIO()
        pdf.save(done)
    return done.getvalue()


LINES = (
    "公民身份号码：410811198005065432",
    "联系电话：13800138000",
    "开户账号：6222 0212 3456 7890 123",
    "现住河南省修武县某村1号，与本案无关的话",
    "申请标的：50000元",
)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_what_is_covered_is_gone_for_good(
    closed: tuple[Office, int], tmp_path: Path, turned: int
) -> None:
    office, case = closed
    taken = take_in(office.bureau, [Piece("情况.pdf", statement(turned))])
    filing = Filing("情况说明", place=10)
    item = file_item(office.bureau, office.actor(), case, filing, taken).item
    found = dossier_copies.proposed(
        office.bureau, office.actor(), case, [(item.id, 0)], "creditor/1"
    )[item.id, 0]
    assert {p.words for p in found} >= {
        "410811198005065432", "13800138000", "6222 0212 3456 7890 123",
    }  # fmt: skip
    assert any("某村1号" in p.words for p in found)
    assert not any("50000" in p.words for p in found)
    areas = tuple(p.area for p in found)
    out = tmp_path / "复制件.pdf"
    wish = CopyWish(WHO, WHY, (CopyPage(item.id, 0, areas),))
    line = make_copy(office.bureau, office.actor(), case, wish, out)
    assert (line.pages, line.covered) == (1, len(areas))
    # No text, nothing of the page's own file: one picture a page.
    assert page_texts(out.read_bytes()) == ("",)
    assert b"410811198005065432" not in out.read_bytes()
    with pikepdf.open(out) as pdf:
        (page,) = pdf.pages
        assert "/Annots" not in page
        assert list(page.resources.get("/Font", {})) == []
        (picture,) = page.resources.XObject.values()
        assert picture["/Filter"] == "/DCTDecode"
        assert 195 <= picture["/Width"] / (float(page.mediabox[2]) / 72) <= 205
    before = tmp_path / "原页.pdf"
    before.write_bytes(statement(turned))
    for area in areas:
        black = pixels(out, 0, area).convert("L").histogram()
        # Black, but where the mark lies over it: nothing of the white paper is left.
        assert sum(black[140:]) == 0
        assert sum(pixels(before, 0, area).convert("L").histogram()[200:]) > 0
    rest = pixels(out, 0, Area(0.02, 0.02, 0.98, 0.98)).convert("L").histogram()
    assert sum(rest[200:]) > sum(rest) / 2


def test_the_numbers_of_whoever_gets_the_copy_stay(closed: tuple[Office, int]) -> None:
    office, case = closed
    taken = take_in(office.bureau, [Piece("情况.pdf", statement(0))])
    item = file_item(office.bureau, office.actor(), case, Filing("情况说明", place=10), taken).item
    found = dossier_copies.proposed(
        office.bureau, office.actor(), case, [(item.id, 0)], "debtor/1"
    )[item.id, 0]
    assert "410811198005065432" not in {p.words for p in found}
    assert "13800138000" in {p.words for p in found}


def test_the_copy_bears_the_mark_and_is_kept_with_its_row(
    closed: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = closed
    item = thing(office, case, "银行流水")
    wish = CopyWish(WHO, WHY, (CopyPage(item.id, 2), CopyPage(item.id, 0)))
    out = tmp_path / "复制件.pdf"
    line = make_copy(office.bureau, office.actor(), case, wish, out)
    whole = pixels(out, 0, Area(0.1, 0.1, 0.9, 0.9))
    colours = whole.convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None
    assert len(colours) > 20  # the page itself is of one colour
    (kept,) = files_folder(office.bureau).rglob(f"{line.digest}.pdf")
    assert kept.read_bytes() == out.read_bytes()
    assert dossier_copies.copies(office.bureau, office.actor(), case) == (line,)
    again = tmp_path / "再次.pdf"
    dossier_copies.export_copy(office.bureau, office.actor(), line.id, again)
    assert again.read_bytes() == out.read_bytes()
    jpeg = dossier_copies.preview(office.bureau, office.actor(), case, wish.pages[0])
    assert Image.open(BytesIO(jpeg)).format == "JPEG"


def test_nothing_of_the_side_dossier_is_ever_copied(
    closed: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = closed
    secret = thing(office, case, "合议笔录", side=True)
    out = tmp_path / "复制件.pdf"
    page = CopyPage(secret.id, 0)
    with pytest.raises(RuleRefusedError, match="副卷不对外") as told:
        make_copy(office.bureau, office.actor(), case, CopyWish(WHO, WHY, (page,)), out)
    assert told.value.cite is not None
    with pytest.raises(RuleRefusedError, match="副卷不对外"):
        dossier_copies.preview(office.bureau, office.actor(), case, page)
    with pytest.raises(RuleRefusedError, match="副卷不对外"):
        dossier_copies.proposed(office.bureau, office.actor(), case, [(secret.id, 0)])
    assert not out.exists()


def test_everything_that_is_wrong_is_named_and_who_may_not_is_refused(
    closed: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = closed
    item = thing(office, case, "银行流水")
    with pytest.raises(InputRefusedError) as told:
        make_copy(office.bureau, office.actor(), case, CopyWish("", " ", ()), tmp_path)
    assert [p.where for p in told.value.problems] == ["提供给谁", "依据", "页面", "文件"]
    beyond = CopyWish(WHO, WHY, (CopyPage(item.id, 3),))
    with pytest.raises(InputRefusedError, match="没有第4页"):
        make_copy(office.bureau, office.actor(), case, beyond, tmp_path / "a.pdf")
    good = CopyWish(WHO, WHY, (CopyPage(item.id, 0),))
    with pytest.raises(NotAllowedError):
        make_copy(office.bureau, office.actor("孙法官"), case, good, tmp_path / "a.pdf")
    with pytest.raises(StoreError, match="已经停止"):
        make_copy(
            office.bureau, office.actor(), case, good, tmp_path / "a.pdf", cancelled=lambda: True
        )
    assert not (tmp_path / "a.pdf").exists()
    assert dossier_copies.copies(office.bureau, office.actor(), case) == ()
