"""The image dossier of a volume: what it says of itself, and what would harm it, named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from helpers.papers import BLUE, GREEN, RED, WHITE, pdf
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.dossier.image_volume import (
    ImageItem,
    ImageVolume,
    image_volume_problems,
    metadata_of,
    write_image_volume,
)
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

ABOUT = ImageVolume(
    court="焦作市山阳区人民法院",
    case_number="（2024）豫0811执1号",
    side="main",
    volume=1,
    volumes=2,
    made_on=date(2024, 9, 6),
    program="知行 0.2.0",
    cause="买卖合同纠纷",
    archive_number="2024-执-0001",
    retention="长期（六十年）",
)
ITEMS = (ImageItem(1, "执行案件登记表", 0), ImageItem(2, "执行通知书 & <附件>", 1, goes_on=True))
PAGES = (OutPage("a", 0, "1"), OutPage("b", 0, "2"), OutPage("b", 1, "2-1"))


def write(folder: Path, name: str = "正卷第1册.pdf", **given: Any) -> Path:
    sources = {}
    for key, data in (("a", pdf(RED)), ("b", pdf(GREEN, BLUE))):
        sources[key] = folder / f"{key}.pdf"
        sources[key].write_bytes(data)
    asked: dict[str, Any] = {"pages": PAGES, "items": ITEMS, "about": ABOUT} | given
    out = folder / name
    write_image_volume(
        out,
        asked["about"],
        sources,
        asked["pages"],
        asked["items"],
        pdf(WHITE, WHITE, WHITE),
        pdf(WHITE),
    )
    return out


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_it_says_of_itself_what_it_is_in_both_forms(volume: Path) -> None:
    title = "（2024）豫0811执1号 正卷第1册（共2册）"
    with pikepdf.open(volume) as opened:
        said = {str(key): str(words) for key, words in opened.docinfo.items()}
        with opened.open_metadata(update_docinfo=False) as xmp:
            assert xmp["dc:title"] == title
            assert xmp["{http://ns.adobe.com/pdfx/1.3/}CaseNumber"] == ABOUT.case_number
            assert str(xmp["xmp:CreateDate"]).startswith("2024-09-06")
    assert said["/Title"] == title
    assert said["/Author"] == said["/Court"] == ABOUT.court
    assert said["/RetentionPeriod"] == "长期（六十年）"
    assert said["/CreationDate"].startswith("D:20240906")
    assert image_volume_problems(volume, metadata_of(ABOUT)) == ()


def test_the_outline_leads_from_the_cover_to_the_closing_note(volume: Path) -> None:
    with pikepdf.open(volume) as opened:
        places = {page.objgen: number for number, page in enumerate(opened.pages)}
        with opened.open_outline() as outline:
            found = [(entry.title, places[entry.destination[0].objgen]) for entry in outline.root]
        labels = [page.label for page in opened.pages]
    assert found == [
        ("封面", 0),
        ("卷内目录", 1),
        ("1　执行案件登记表", 3),
        ("2　执行通知书 & <附件>（续）", 4),
        ("备考表", 6),
    ]
    assert labels == ["i", "ii", "iii", "1", "2", "2-1", "iv"]


def test_the_same_volume_gives_the_same_bytes(volume: Path, tmp_path: Path) -> None:
    assert write(tmp_path, "again.pdf").read_bytes() == volume.read_bytes()


def test_items_that_do_not_fit_the_pages_are_all_named(tmp_path: Path) -> None:
    items = (ImageItem(1, "登记表", 2), ImageItem(2, "通知书", 1), ImageItem(3, "笔录", 3))
    with pytest.raises(InputRefusedError) as refused:
        write(tmp_path, items=items, about=replace(ABOUT, volume=3))
    said = [problem.sentence for problem in refused.value.problems]
    assert len(said) == 3
    assert "第3件“笔录”不在这一册里" in said[1]
    with pytest.raises(InputRefusedError, match="没有转换"):
        write(tmp_path, pages=(), items=())
    assert not (tmp_path / "正卷第1册.pdf").exists()


def test_another_case_is_noticed(volume: Path) -> None:
    other = metadata_of(replace(ABOUT, case_number="（2024）豫0811执2号"))
    said = [problem.sentence for problem in image_volume_problems(volume, other)]
    assert len(said) == 2
    assert "应当是“（2024）豫0811执2号 正卷第1册（共2册）”" in said[0]


# --- what would harm it


def opening_script(opened: Pdf) -> None:
    opened.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def named_script(opened: Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("x"))
    opened.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


def button(opened: Pdf) -> None:
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=launch)
    opened.pages[0].Annots = Array([opened.make_indirect(note)])


def form(opened: Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("amount"))
    opened.Root.AcroForm = Dictionary(Fields=Array([opened.make_indirect(field)]))


def moving_form(opened: Pdf) -> None:
    opened.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(opened, b"<xdp/>"))


def attachment(opened: Pdf) -> None:
    opened.attachments["清单.xlsx"] = b"PK"


def loose_font(opened: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/SimSun"))
    look = Stream(opened, b"")
    look.stream_dict.Resources = Dictionary(Font=Dictionary(F1=opened.make_indirect(font)))
    look.stream_dict.Subtype = Name.Form
    # Behind a form, as scanners put their recognised text.
    opened.pages[3].Resources = Dictionary(XObject=Dictionary(X=opened.make_indirect(look)))
    opened.pages[4].Resources = Dictionary(Font=Dictionary(F1=font))


def loose_cid_font(opened: Pdf) -> None:
    below = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"))
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light"),
        DescendantFonts=Array([opened.make_indirect(below)]),
    )
    opened.pages[4].Resources = Dictionary(Font=Dictionary(F1=opened.make_indirect(font)))


def film(opened: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
    opened.pages[0].Annots = Array([opened.make_indirect(note)])


def bare_note(opened: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([0, 0, 9, 9]))
    opened.pages[0].Annots = Array([opened.make_indirect(note)])


def elsewhere(opened: Pdf) -> None:
    picture = Stream(opened, b"")
    picture.stream_dict.F = String("scan.jpg")
    opened.pages[0].Resources = Dictionary(XObject=Dictionary(X=opened.make_indirect(picture)))


def no_outline(opened: Pdf) -> None:
    del opened.Root.Outlines


def astray(opened: Pdf) -> None:
    with opened.open_outline() as outline:
        outline.root[2].destination = Array([7, Name.Fit])


def no_labels(opened: Pdf) -> None:
    del opened.Root.PageLabels


def no_xmp(opened: Pdf) -> None:
    del opened.Root.Metadata


def other_title(opened: Pdf) -> None:
    opened.docinfo["/Title"] = String("别的案件")


def no_title(opened: Pdf) -> None:
    del opened.docinfo["/Title"]


HARMS: dict[Callable[[Pdf], None], tuple[str, str]] = {
    opening_script: ("active", "打开时会自动执行操作"),
    named_script: ("active", "含有脚本"),
    button: ("active", "会启动其他程序"),
    form: ("form", "可以填写的表单"),
    moving_form: ("xfa", "XFA"),
    attachment: ("attachment", "夹带其他文件"),
    loose_font: ("font", "字体“SimSun”没有嵌入（第一次出现在第4页）"),
    loose_cid_font: ("font", "字体“STSong-Light”没有嵌入（第一次出现在第5页）"),
    film: ("playing", "音视频"),
    bare_note: ("annotation", "没有固定的样子"),
    elsewhere: ("external", "在别的文件里"),
    no_outline: ("no_outline", "没有书签"),
    astray: ("outline_astray", "书签“1　执行案件登记表”没有指向本册的页面"),
    no_labels: ("no_labels", "没有页码标签"),
    no_xmp: ("no_xmp", "没有 XMP"),
    other_title: ("metadata_differs", "写的不一致"),
    no_title: ("no_title", "没有写明标题"),
}


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_each_harm_is_named(volume: Path, tmp_path: Path, harm: Callable[[Pdf], None]) -> None:
    out = tmp_path / "harmed.pdf"
    with pikepdf.open(volume) as opened:
        harm(opened)
        opened.save(out)
    found = image_volume_problems(out)
    kind, words = HARMS[harm]
    assert {problem.data["kind"] for problem in found} == {kind}
    assert any(words in problem.sentence for problem in found)
    assert {problem.severity for problem in found} == {"error"}


def test_a_link_to_a_page_of_the_web_is_a_warning_only(volume: Path, tmp_path: Path) -> None:
    with pikepdf.open(volume) as opened:
        web = Dictionary(S=Name.URI, URI=String("https://example.org"))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=web)
        opened.pages[0].Annots = Array([opened.make_indirect(note)])
        opened.save(tmp_path / "linked.pdf")
    (found,) = image_volume_problems(tmp_path / "linked.pdf")
    assert found.severity == "warning"


def test_encryption_and_what_is_no_pdf(volume: Path, tmp_path: Path) -> None:
    with pikepdf.open(volume) as opened:
        opened.save(tmp_path / "owner.pdf", encryption=pikepdf.Encryption(owner="x", user=""))
        opened.save(tmp_path / "user.pdf", encryption=pikepdf.Encryption(owner="x", user="y"))
    assert "encrypted" in {p.data["kind"] for p in image_volume_problems(tmp_path / "owner.pdf")}
    with pytest.raises(StoreError, match="设有打开密码"):
        image_volume_problems(tmp_path / "user.pdf")
    (tmp_path / "none.pdf").write_bytes(b"PK")
    with pytest.raises(StoreError, match="影像卷宗打不开"):
        image_volume_problems(tmp_path / "none.pdf")
