"""Bad files on their way into the dossier: a sentence that says what to do, nothing lost, the
rest of the batch goes on."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from pikepdf import Dictionary, Name, ObjectStreamMode, Pdf, String

from helpers.bureau import Office
from helpers.dossier_files import pages
from helpers.foreign_files import (
    BLUE,
    GREEN,
    RED,
    field,
    filled,
    locked,
    look,
    ole_file,
    pdf_of,
    script,
    zip_file,
)
from helpers.odd_pages import OddPage, odd_pdf
from helpers.paper_desk import paper_desk
from helpers.paper_office import paper_office
from helpers.pictures_made import corner, jpeg, tiff_of
from helpers.word_files import docx_of
from zhixing_desktop.services import dossier, dossier_choices, dossier_originals
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_intake import looked_at
from zhixing_desktop.services.dossier_store import Taken, path_of, take_in
from zhixing_desktop.services.dossier_tray import file_from_tray, waiting
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import Cut, Filing, Piece
from zhixing_desktop.services.file_store import files_folder, read_file
from zhixing_desktop.services.health import check_all
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    (found,) = office.case_ids
    return found


@dataclass(frozen=True, slots=True)
class Bad:
    """A bad file: its name, its bytes, what a person must read, how many pages it still gives.

    ``pages`` is ``None`` where it cannot be filed; 0 where it is kept without pages.
    """

    name: str
    data: Callable[[], bytes]
    said: tuple[str, ...]
    pages: int | None


def without_xref(data: bytes) -> bytes:
    """A PDF whose table of places is gone."""
    return data[: data.rindex(b"xref\n", 0, data.rindex(b"startxref"))] + b"%%EOF\n"


def with_table(pdf: Pdf) -> bytes:
    made = io.BytesIO()
    pdf.save(made, object_stream_mode=ObjectStreamMode.disable)
    return made.getvalue()


def plain_pdf(count: int) -> bytes:
    with Pdf.new() as pdf:
        for number in range(count):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Contents = filled(pdf, (0, number / 10, 1), (0, 0, 297, 842))
        return with_table(pdf)


def dangerous() -> bytes:
    """A PDF that runs a program, sends a form, carries a file and a script."""

    def change(pdf: Pdf) -> None:
        launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
        pdf.Root.OpenAction = pdf.make_indirect(launch)
        pdf.pages[0].obj.AA = Dictionary(O=script(pdf))
        pdf.attachments["病毒.exe"] = b"MZ\x90\0"
        shown = Dictionary(N=look(pdf, RED))
        field(pdf, 1, "/Btn", AP=shown, A=Dictionary(S=Name.SubmitForm, F=String("http://x")))

    return pdf_of(GREEN, BLUE, change=change)


def form() -> bytes:
    def change(pdf: Pdf) -> None:
        field(pdf, 0, "/Tx", AP=Dictionary(N=look(pdf, RED)), V=String("1000"))

    return pdf_of(GREEN, change=change)


def many_ways() -> bytes:
    """A TIFF of pages in several compressions, grey, colour, and black and white."""
    made = io.BytesIO()
    ways = [("1", "group4"), ("L", "tiff_lzw"), ("RGB", "jpeg"), ("1", "packbits"),
            ("L", "tiff_deflate"), ("RGB", "raw")]  # fmt: skip
    from PIL import TiffImagePlugin

    with TiffImagePlugin.AppendingTiffWriter(made, new=True) as writer:
        for mode, how in ways:
            corner(mode, (850, 1100)).save(writer, "TIFF", compression=how, dpi=(200, 200))
            writer.newFrame()
    return made.getvalue()


BAD = (
    Bad("加密.pdf", lambda: locked(pages(2), owner="o", user="u"), ("打开密码", "要密码"), None),
    Bad("限制.pdf", lambda: locked(pages(2), owner="o", user=""), ("限制打印", "原件照原样"), 2),
    Bad("截断.pdf", lambda: plain_pdf(6)[:1500], ("有损坏", "对照纸质原件"), -1),
    Bad("无目录.pdf", lambda: without_xref(plain_pdf(4)), ("有损坏", "读出4页"), 4),
    Bad("一页也没有.pdf", lambda: b"%PDF-1.4 kaput", ("已经损坏", "重新"), None),
    Bad("表单.pdf", form, ("有表单", "固定在卷宗页上"), 1),
    Bad("危险.pdf", dangerous, ("自动运行", "去掉", "1个附件", "病毒.exe"), 2),
    Bad(
        "怪框.pdf",
        lambda: odd_pdf(
            OddPage(crop=(100, 100, 900, 900)),
            OddPage(media=(-200, -300, 395, 542)),
            OddPage(media=(0, 0, 14000, 14000)),
            OddPage(unit=2.0, media=(0, 0, 298, 421)),
        ),
        ("裁剪框或者偏移", "放大的单位"),
        4,
    ),
    Bad("假名.pdf", lambda: zip_file("a.txt"), ("压缩包", "先解压", "以“.pdf”结尾"), None),
    Bad("半个.docx", lambda: docx_of("正文" * 900)[:9000], ("Word", "损坏", "重新"), None),
    Bad("半个.zip", lambda: zip_file(*(f"{n}.txt" for n in range(99)))[:-900], ("损坏",), None),
    Bad("加锁.docx", lambda: ole_file("EncryptedPackage"), ("打开密码", "取消密码"), None),
    Bad("手机.heic", lambda: HEIC, ("HEIC", "JPEG"), 0),
    Bad("不认识.dat", lambda: bytes(range(256)) * 9, ("不认识", "PDF"), None),
    Bad("空.pdf", lambda: b"", ("空的", "重新取得"), None),
    Bad("照片半张.jpg", lambda: jpeg(size=(900, 1200))[:-1500], ("损坏或者没有传完",), None),
    Bad("传真.tif", lambda: tiff_of(9)[:-400], ("没有传完", "缺的页重新扫描"), -1),
    Bad("~$决书.docx", lambda: b"\x06Zhang1" + bytes(155), ("临时文件", "原来的文件"), None),
)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_says_what_to_do_is_kept_as_it_came_and_the_others_go_on(
    office: Office, case: int, tmp_path: Path, bad: Bad
) -> None:
    data = bad.data()
    place = tmp_path / bad.name
    place.write_bytes(data)
    bureau, actor = office.bureau, office.actor()
    pieces = [Piece("好.pdf", pages(2)), Piece(bad.name, place)]
    good, looked = looked_at(bureau, pieces)
    assert (good.errors, good.notes, good.pages) == ((), (), 2)
    words = "".join((*looked.errors, *looked.notes))
    assert all(part in words for part in bad.said), words
    assert bool(looked.errors) == (bad.pages is None)

    if bad.pages is None:
        with pytest.raises(InputRefusedError) as refused:
            take_in(bureau, pieces)
        # Only the bad one is named.
        assert {problem.where for problem in refused.value.problems} == {bad.name}
        assert any(part in str(refused.value) for part in bad.said)
    else:
        filed = file_item(
            bureau, actor, case, Filing("坏件", place=10), take_in(bureau, pieces[1:])
        )
        newest = dossier.versions(bureau, actor, filed.item.id)[-1]
        assert read_file(bureau, newest.originals[0])[1] == data
        assert all(any(part in note for note in newest.notes) for part in bad.said)
        expected = looked.pages if bad.pages < 0 else bad.pages
        assert (newest.pages, looked.pages) == (expected, expected)
    # In the tray everything has room, as it came, with the sentence.
    came = arrive(bureau, actor, Piece(bad.name, place), TraySource.STACK)
    assert all(part in came.line.hint for part in bad.said), came.line.hint
    assert read_file(bureau, came.line.digest)[1] == data
    # The rest of the batch.
    file_item(bureau, actor, case, Filing("好件", place=10), take_in(bureau, pieces[:1]))
    assert "好件" in [item.name for item in dossier.dossier(bureau, actor, case).main.items]
    assert check_all(bureau) == []


def record_of(office: Office, taken: Taken) -> bytes:
    assert taken.pdf is not None
    from zhixing_desktop.services.dossier_store import path_of_kept

    return path_of_kept(office.bureau, taken.pdf).read_bytes()


def test_nothing_that_runs_or_hides_is_on_record_and_all_of_it_in_the_original(
    office: Office, case: int
) -> None:
    data = dangerous()
    taken = take_in(office.bureau, [Piece("危险.pdf", data)])
    record = record_of(office, taken)
    for word in (b"JavaScript", b"Launch", b"SubmitForm", b"EmbeddedFile", b"AcroForm", b"/AA"):
        assert word not in record
    with Pdf.open(io.BytesIO(record)) as pdf:
        assert not pdf.attachments
        assert "/OpenAction" not in pdf.Root
    filed = file_item(office.bureau, office.actor(), case, Filing("证据", place=10), taken)
    (version,) = dossier.versions(office.bureau, office.actor(), filed.item.id)
    original = path_of(office.bureau, version.originals[0]).read_bytes()
    assert original == data


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_seen_and_on_record_as_it_is_turned(office: Office, turn: int) -> None:
    lying = odd_pdf(OddPage(turn=turn))
    (looked,) = looked_at(office.bureau, [Piece("转.pdf", lying)])
    taken = take_in(office.bureau, [Piece("转.pdf", lying)])
    record = Piece("record.pdf", record_of(office, taken))
    (again,) = looked_at(office.bureau, [record])
    assert again.sizes == looked.sizes
    assert again.sizes[0][0] > again.sizes[0][1] if turn != 180 else True
    assert again.pictures([0], 200)[0].data == looked.pictures([0], 200)[0].data


def test_odd_boxes_are_on_record_as_they_are_seen(office: Office) -> None:
    data = next(bad for bad in BAD if bad.name == "怪框.pdf").data()
    (looked,) = looked_at(office.bureau, [Piece("怪框.pdf", data)])
    taken = take_in(office.bureau, [Piece("怪框.pdf", data)])
    (again,) = looked_at(office.bureau, [Piece("record.pdf", record_of(office, taken))])
    for old, new in zip(looked.sizes, again.sizes, strict=True):
        assert new == pytest.approx(old, abs=0.1)
    # The whole of the crop box that lies on the page; the origin moved; the unit worked out.
    assert again.sizes[0] == pytest.approx((495, 742), abs=0.1)
    assert again.sizes[1] == pytest.approx((595, 842), abs=0.1)
    assert again.sizes[3] == pytest.approx((596, 842), abs=0.1)
    assert not again.notes


def test_a_tiff_of_many_compressions_gives_every_page(office: Office) -> None:
    data = many_ways()
    (looked,) = looked_at(office.bureau, [Piece("传真.tif", data)])
    assert (looked.pages, looked.errors) == (6, ())
    taken = take_in(office.bureau, [Piece("传真.tif", data)])
    (again,) = looked_at(office.bureau, [Piece("record.pdf", record_of(office, taken))])
    assert again.pages == 6
    for page in again.pictures(range(6), 100):
        upper = page.data[page.stride * 20 + 3 * 20 : page.stride * 20 + 3 * 20 + 3]
        lower = page.data[page.stride * 100 + 3 * 80 : page.stride * 100 + 3 * 80 + 3]
        # Dark or red above, white below: none came out as its negative.
        assert upper[1] < 160 < lower[1]


def test_a_word_file_that_is_open_elsewhere_is_taken_as_it_was_saved_and_says_so(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "执行和解协议书.docx"
    place.write_bytes(docx_of("双方自愿达成和解"))
    (alone,) = looked_at(office.bureau, [Piece(place.name, place)])
    assert "打开" not in "".join(alone.notes)
    for beside in ("~$和解协议书.docx", ".~lock.执行和解协议书.docx#"):
        owner = tmp_path / beside
        owner.write_bytes(b"\x06Zhang1" + bytes(155))
        (looked,) = looked_at(office.bureau, [Piece(place.name, place)])
        assert looked.errors == ()
        assert "最后一次保存的内容" in "".join(looked.notes)
        assert "最后一次保存的内容" in "".join(take_in(office.bureau, [looked.piece]).notes)
        owner.unlink()


def test_a_file_that_another_program_holds_is_told_and_nothing_of_it_is_kept(
    office: Office, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("takes away its own rights for a moment")
    place = tmp_path / "判决书.docx"
    place.write_bytes(docx_of("判决如下"))
    before = set(files_folder(office.bureau).rglob("*"))
    good = Piece("好.pdf", pages(1))
    place.chmod(0)
    os.seteuid(65534)
    try:
        held, fine = looked_at(office.bureau, [Piece(place.name, place), good])
        with pytest.raises(StoreError) as refused:
            take_in(office.bureau, [Piece(place.name, place)])
    finally:
        os.seteuid(0)
    assert fine.errors == ()
    for words in (held.errors[0], refused.value.sentence):
        assert "可能正在别的程序中打开，请关闭后再放入一次" in words
        assert "判决书.docx" in words
    assert set(files_folder(office.bureau).rglob("*")) == before


def test_a_file_that_goes_away_or_grows_while_it_is_taken_in(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "扫描.pdf"

    def then(act: Callable[[], object], when: str) -> Callable[[int, int, str], None]:
        def step(_done: int, _total: int, what: str) -> None:
            if what.startswith(when):
                act()

        return step

    place.write_bytes(pages(3))
    gone = then(lambda: place.unlink(missing_ok=True), "保存")
    with pytest.raises(StoreError, match=r"找不到这个文件（扫描\.pdf）。请确认"):
        take_in(office.bureau, [Piece("扫描.pdf", place)], progress=gone)

    place.write_bytes(pages(1))
    grown = then(lambda: place.write_bytes(pages(4)), "保存")
    with pytest.raises(StoreError, match=r"正在写入.*请等它写完"):
        take_in(office.bureau, [Piece("扫描.pdf", place)], progress=grown)
    assert take_in(office.bureau, [Piece("扫描.pdf", place)]).pages == 4

    # Once it is kept nobody needs it any more.
    turned = [Cut(0, page, 90) for page in range(4)]
    away = then(lambda: place.unlink(missing_ok=True), "整理")
    assert take_in(office.bureau, [Piece("扫描.pdf", place)], turned, progress=away).pages == 4
    assert not place.exists()
    assert check_all(office.bureau) == []


LONG = "关于申请执行人与被执行人买卖合同纠纷一案的证据材料" * 11
ODD_NAMES = (
    LONG[:256] + ".pdf",
    "证据📎😀👨‍👩‍👧.pdf",
    "证据\x00\x07\n\u202efdp.exe.pdf",
    "..\\..\\C:\\证据?.pdf",
    "坏名\udcff\udcfe.pdf",
    "CON.pdf",
    "\u200b.pdf",
)


@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_no_name_keeps_a_file_out_or_breaks_what_comes_after(
    database_url: str, tmp_path: Path, name: str
) -> None:
    office = paper_office(database_url, tmp_path)
    try:
        (case,) = office.case_ids
        bureau, actor, data = office.bureau, office.actor(), pages(2)
        (looked,) = looked_at(bureau, [Piece(name, data)])
        assert (looked.pages, looked.errors) == (2, ())
        known = dossier_choices.choices(bureau, actor, case)
        filing = dossier_choices.propose(known, name, looked.medium)
        assert 0 < len(filing.name) <= 100
        assert filing.name.isprintable()
        filed = file_item(bureau, actor, case, filing, take_in(bureau, [looked.piece]))
        came = arrive(bureau, actor, Piece(name, pages(3)), TraySource.STACK)
        assert came.line.name.isprintable()
        (line,) = waiting(bureau, actor)
        copy = dossier_originals.copy_to_open(bureau, actor, filed.item.id, 0, tmp_path / "打开")
        assert copy.read_bytes() == data
        assert copy.parent.resolve().is_relative_to((tmp_path / "打开").resolve())
        done = file_from_tray(
            bureau, actor, line.id, case, replace(filing, name="第二件"), version=line.version
        )
        assert done.item.pages == 3
        assert check_all(bureau) == []
    finally:
        office.close()


def test_an_excel_sheet_has_pages_and_is_kept_as_it_came(office: Office, case: int) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 120):
        sheet.append([row, "某某账户", 1000.5 * row])
    made = io.BytesIO()
    book.save(made)
    (looked,) = looked_at(office.bureau, [Piece("流水.xlsx", made.getvalue())])
    assert looked.errors == ()
    assert looked.pages >= 2
    taken = take_in(office.bureau, [looked.piece])
    assert taken.pages == looked.pages
    filed = file_item(office.bureau, office.actor(), case, Filing("银行流水", place=10), taken)
    (version,) = dossier.versions(office.bureau, office.actor(), filed.item.id)
    assert path_of(office.bureau, version.originals[0]).read_bytes() == made.getvalue()
