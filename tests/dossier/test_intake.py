"""Files as parties bring them: what is in them, said at once, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from helpers.foreign_files import (
    BLUE,
    GREEN,
    RED,
    field,
    locked,
    look,
    mark,
    pdf_of,
    script,
    word_file,
    zip_file,
)
from helpers.pictures_made import jpeg, tiff_of
from zhixing_desktop.dossier.incoming import Examined, PageShape, refuse
from zhixing_desktop.dossier.intake import examine
from zhixing_desktop.dossier.intake_office import office_pages
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

THREE = pdf_of(RED, GREEN, BLUE)


def sentence(about: Examined, kind: str) -> str:
    """Return the one sentence of a kind."""
    (found,) = [one.sentence for one in about.problems if one.data["kind"] == kind]
    return found


def test_a_plain_pdf_is_clean_and_has_nothing_to_say() -> None:
    about = examine(THREE, "起诉状.pdf")
    assert (about.pages, about.clean, about.problems) == (3, True, ())
    assert about.shapes == (PageShape(595, 842),) * 3
    assert about.size == len(THREE)


def test_a_pdf_with_a_password_is_refused_with_what_to_do() -> None:
    about = examine(locked(THREE, owner="o", user="u"), "合同.pdf")
    assert about.pages == 0
    assert "向交来的人要密码" in about.errors[0].sentence


def test_a_pdf_that_only_forbids_printing_can_be_taken() -> None:
    about = examine(locked(THREE, owner="o", user=""), "合同.pdf")
    assert (about.pages, about.errors, about.clean) == (3, (), False)
    assert "卷宗页不带这些限制" in sentence(about, "restricted")


def test_a_torn_pdf_is_mended_as_far_as_it_goes_and_says_how_far() -> None:
    about = examine(THREE[: len(THREE) // 3], "扫描.pdf")
    assert about.errors == ()
    assert 0 < about.pages < 3
    assert f"读出{about.pages}页。请对照纸质原件" in sentence(about, "repaired")
    assert not about.clean


@pytest.mark.parametrize("data", [THREE[:40], b"%PDF-1.7\n%%EOF\n"], ids=["begun", "empty"])
def test_a_pdf_without_a_page_left_is_refused(data: bytes) -> None:
    about = examine(data, "扫描.pdf")
    assert about.pages == 0
    assert "请重新导出或者重新扫描" in about.errors[0].sentence


def test_a_stream_that_is_damaged_in_the_middle_is_noticed() -> None:
    def packed(pdf: Pdf) -> None:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"1 0 0 rg 0 0 99 99 re f\n" * 400)

    whole = pdf_of(RED, change=packed)
    at = whole.index(b"stream\n") + 20
    about = examine(whole[:at] + b"\xff\x00\xff\x00" + whole[at + 4 :], "扫描.pdf")
    assert "有损坏" in sentence(about, "repaired")


def test_everything_in_a_pdf_that_is_no_page_is_listed_at_once() -> None:
    def laden(pdf: Pdf) -> None:
        field(pdf, 0, "/Tx", V=String("甲"), AP=Dictionary(N=look(pdf, RED)))
        field(pdf, 1, "/Tx", V=String("乙"))
        field(pdf, 2, "/Sig", AP=Dictionary(N=look(pdf, RED)))
        mark(pdf, 2, Subtype=Name.Text, Contents=String("问题"))
        mark(pdf, 0, Subtype=Name.Movie)
        pdf.Root.AcroForm.XFA = String("<xdp/>")
        pdf.Root.OpenAction = script(pdf)
        pdf.attachments["明细.xlsx"] = b"x"

    about = examine(pdf_of(RED, GREEN, BLUE, change=laden), "申请书.pdf")
    assert about.kinds() == {
        "form", "no_look", "signature", "annotations", "media", "xfa", "script", "embedded",
    }  # fmt: skip
    assert not about.clean
    assert "第2页" in sentence(about, "no_look")
    assert "第3页有电子签章" in sentence(about, "signature")
    assert "明细.xlsx" in sentence(about, "embedded")


def bookmarked(pdf: Pdf) -> None:
    entry = pdf.make_indirect(Dictionary(Title=String("x"), A=script(pdf)))
    pdf.Root.Outlines = Dictionary(First=entry, Last=entry, Count=1)


def associated(pdf: Pdf) -> None:
    pdf.Root.AF = Array([Dictionary(Type=Name.Filespec, F=String("a.xml"))])


def linked(pdf: Pdf) -> None:
    mark(pdf, 0, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("http://a.example")))


@pytest.mark.parametrize("change", [bookmarked, associated, linked])
def test_what_nobody_need_be_told_of_is_still_not_clean(change: Callable[[Pdf], None]) -> None:
    about = examine(pdf_of(RED, change=change), "a.pdf")
    assert (about.clean, about.problems) == (False, ())


def test_bookmarks_that_lead_to_pages_are_clean() -> None:
    def lead(pdf: Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.append(OutlineItem("x", 1))

    assert examine(pdf_of(RED, GREEN, change=lead), "a.pdf").clean


def test_odd_boxes_are_told_and_measured_as_they_are_seen() -> None:
    def odd(pdf: Pdf) -> None:
        pdf.pages[0].obj.CropBox = [100, 100, 300, 400]
        pdf.pages[1].obj.Rotate = -90
        pdf.pages[2].obj.UserUnit = 2
        pdf.pages[3].obj.MediaBox = [0, 0, 0, 0]
        pdf.pages[4].obj.Rotate = 45
        pdf.pages[5].obj.MediaBox = [0, 0, 1, 900]

    about = examine(pdf_of(*[RED] * 6, change=odd), "图纸.pdf")
    assert [(page.width, page.height, page.turn) for page in about.shapes] == [
        (200, 300, 0), (842, 595, 270), (1190, 1684, 0), (595.28, 841.89, 0), (595, 842, 0),
        (595.28, 841.89, 0),
    ]  # fmt: skip
    assert "第4、6页没有有效的页面大小" in sentence(about, "zero_size")
    assert about.kinds() >= {"boxes", "unit", "rotation", "zero_size"}


def test_a_zip_named_pdf_is_refused_as_what_it_is() -> None:
    about = examine(zip_file("a.jpg"), "证据.pdf")
    assert about.kinds() == {"misnamed", "packed"}
    assert "先解压" in about.errors[0].sentence


def test_a_picture_named_pdf_is_taken_as_a_picture() -> None:
    about = examine(jpeg(), "证据.pdf")
    assert (about.media_type, about.pages, about.errors) == ("image/jpeg", 1, ())
    assert "内容其实是JPEG 图片" in sentence(about, "misnamed")


def test_a_recording_is_kept_without_pages() -> None:
    about = examine(b"\0\0\0\x18ftypisom" + bytes(99), "执法记录.mp4")
    assert (about.pages, about.errors) == (0, ())
    assert "视听资料" in sentence(about, "recording")


def test_an_empty_file_is_refused() -> None:
    assert "空的" in examine(b"", "扫描.pdf").errors[0].sentence


def test_all_refused_files_are_named_together() -> None:
    files = [examine(b"", "甲.pdf"), examine(THREE, "乙.pdf"), examine(THREE[:40], "丙.pdf")]
    with pytest.raises(InputRefusedError, match=r"甲\.pdf.*丙\.pdf") as refused:
        refuse(files)
    assert len(refused.value.problems) == 2
    refuse(files[1:2])


def test_a_truncated_photograph_is_refused() -> None:
    data = jpeg(size=(1200, 1600))
    assert "没有传完" in examine(data[: len(data) // 2], "照片.jpg").errors[0].sentence


def test_a_tiff_that_breaks_off_keeps_the_pages_before_and_never_says_it_is_whole() -> None:
    data = tiff_of(6)
    kept = set()
    for length in range(200, len(data) - 40, 97):
        about = examine(data[:length], "扫描.tif")
        if about.pages:
            assert f"只有前{about.pages}页完整" in sentence(about, "repaired")
        else:
            assert about.errors
        kept.add(about.pages)
    assert {1, 2, 3, 4, 5} <= kept
    assert "repaired" not in examine(data, "扫描.tif").kinds()


def test_a_coarse_scan_is_told() -> None:
    about = examine(jpeg(size=(827, 1169), dpi=(100, 100)), "扫描.jpg")
    assert "只有100dpi" in sentence(about, "coarse")
    assert about.shapes[0].width == pytest.approx(595.4, abs=0.5)


@pytest.mark.parametrize(
    ("size", "dpi"),
    [((3000, 4000), None), ((3000, 4000), (72, 72)), ((900, 1200), (9600, 9600))],
    ids=["none", "a camera's default", "silly"],
)
def test_a_picture_without_a_resolution_to_go_by_is_laid_on_a4(
    size: tuple[int, int], dpi: tuple[int, int] | None
) -> None:
    about = examine(jpeg(size=size, dpi=dpi), "照片.jpg")
    assert (about.shapes[0].width, about.shapes[0].height) == (595.28, 841.89)
    assert about.kinds() == {"dpi"}


def test_a_word_file_becomes_a_pdf_where_there_is_a_word_processor() -> None:
    about = examine(word_file(), "答辩状.docx")
    assert (about.pages, about.errors) == (0, ())
    asked: list[str] = []

    def converter(_data: bytes, media_type: str) -> bytes:
        asked.append(media_type)
        return THREE

    made = office_pages(word_file(), about, converter)
    assert (made.pdf, made.problem) == (THREE, None)
    assert made.examined is not None
    assert (made.examined.pages, asked) == (3, [about.media_type])


def test_a_word_file_waits_for_its_pdf_where_nothing_can_turn_it() -> None:
    about = examine(word_file(), "答辩状.docx")

    def fails(_data: bytes, _media_type: str) -> bytes:
        raise StoreError("LibreOffice 超过时间没有完成。")

    for converter in (None, fails, lambda _data, _kind: b"no pdf"):
        made = office_pages(word_file(), about, converter)
        assert made.pdf is None
        assert made.problem is not None
        assert "PDF" in made.problem.sentence


def test_a_file_on_the_disk_is_examined_like_one_in_the_memory(tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    place.write_bytes(THREE)
    assert examine(place, "a.pdf") == examine(THREE, "a.pdf")
