"""Files that are no readable workbook are refused with what to do; odd but sound ones are read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from helpers.workbooks import (
    CASE_HEAD,
    CASE_LINE,
    as_excel_writes,
    case_file,
    line,
    rewrite,
    workbook,
)
from zhixing_desktop.exchange.case_list import Limits, read_case_list
from zhixing_desktop.exchange.cells import UNCOMPUTED
from zhixing_desktop.exchange.sheets import Merged, opened
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
SHEET = "xl/worksheets/sheet1.xml"


def zipped(*names: str) -> bytes:
    from io import BytesIO

    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return stream.getvalue()


NO_WORKBOOKS = [
    ("空.xlsx", b"", "0字节"),
    ("旧.xls", OLE + "Workbook".encode("utf-16-le") * 40, "旧格式"),
    ("密码.xlsx", OLE + b"\0" * 5000 + "EncryptedPackage".encode("utf-16-le"), "取消密码"),
    ("网页.xls", b"\xef\xbb\xbf <html><table><tr><td>1</td></tr></table>", "网页格式"),
    ("网页.xls", b'<?xml version="1.0"?><Workbook/>', "网页格式"),
    ("列表.csv", "案号,立案时间\n".encode("gb18030"), "文本文件"),
    ("列表.xlsx", "案号,立案时间\n".encode("gb18030"), "不是 Excel"),
    ("文书.xlsx", b"%PDF-1.7 ...", "PDF"),
    ("文书.xlsx", zipped("word/document.xml", "[Content_Types].xml"), "不是 Excel"),
    ("列表.xlsx", zipped("mimetype", "content.xml"), "OpenDocument"),
    ("列表.xlsb", zipped("xl/workbook.bin"), "xlsb"),
    ("列表.xlsx", zipped("xl/worksheets/sheet1.xml"), "不是完整的工作簿"),
    ("列表.xlsx", zipped("xl/workbook.xml", "[Content_Types].xml"), "损坏|不是完整"),
    ("列表.xlsx", b"PK\x03\x04" + b"\0" * 400, "损坏"),
]


@pytest.mark.parametrize(
    ("name", "content", "words"), NO_WORKBOOKS, ids=[f"{n}-{w[:4]}" for n, _, w in NO_WORKBOOKS]
)
def test_what_is_no_workbook_is_refused(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputRefusedError, match=words) as caught:
        read_case_list(path)
    assert name in caught.value.sentence
    assert [p.where for p in caught.value.problems] == [name]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.xlsx", tmp_path):
        with pytest.raises(InputRefusedError, match="不存在"):
            read_case_list(path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = case_file(tmp_path, CASE_LINE)

    def locked(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(StoreError, match="占用"):
        read_case_list(path)


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.8, 0.99])
def test_a_download_that_broke_off(tmp_path: Path, part: float) -> None:
    path = case_file(tmp_path, *[CASE_LINE] * 200)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(InputRefusedError, match="损坏"):
        read_case_list(path)


def test_a_flipped_byte_in_the_middle(tmp_path: Path) -> None:
    path = case_file(tmp_path, *[line(案号=f"（2024）豫0811执{n}号") for n in range(1, 3000)])
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET)
        place = info.header_offset + info.compress_size // 2
    content = bytearray(path.read_bytes())
    for offset in range(place, place + 40):
        content[offset] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(InputRefusedError, match="损坏"):
        read_case_list(path)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, lambda xml: xml[: len(xml) // 2]),
        (SHEET, lambda xml: b"no xml at all"),
        ("xl/workbook.xml", lambda xml: xml.replace(b"</workbook>", b"")),
        ("xl/workbook.xml", lambda xml: b"<nothing/>"),
        ("xl/_rels/workbook.xml.rels", lambda xml: b""),
        ("xl/sharedStrings.xml", lambda xml: xml[:-30]),
        ("xl/sharedStrings.xml", lambda xml: b'<sst xmlns="x"/>'),
        ("xl/styles.xml", lambda xml: xml[:-30]),
        (SHEET, lambda xml: xml.replace(b"<v>3</v>", b"<v>3333</v>")),
        (SHEET, lambda xml: xml.replace(b"<v>1000</v>", b"<v>1000,5</v>")),
        (SHEET, lambda xml: xml.replace(b'r="A2"', b'r="??"')),
    ],
    ids=range(11),
)
def test_torn_or_strange_xml_inside(
    tmp_path: Path, part: str, change: Callable[[bytes], bytes]
) -> None:
    path = as_excel_writes(case_file(tmp_path, CASE_LINE))
    assert len(read_case_list(path).cases) == 1
    rewrite(path, part, change)
    with pytest.raises(InputRefusedError) as caught:
        read_case_list(path)
    assert caught.value.sentence.endswith("。")


def test_limits_of_size(tmp_path: Path) -> None:
    path = case_file(tmp_path, CASE_LINE, line(案号="（2024）豫0811执2号"))
    with pytest.raises(InputRefusedError, match="超过1行"):
        read_case_list(path, limits=Limits(rows=1))
    assert len(read_case_list(path, limits=Limits(rows=2)).cases) == 2
    with pytest.raises(InputRefusedError, match="展开后过大"):
        read_case_list(path, limits=Limits(unpacked_bytes=1000))
    with pytest.raises(InputRefusedError, match="超过0MB"):
        read_case_list(path, limits=Limits(file_bytes=1000))


def test_the_usual_limits() -> None:
    assert Limits() == Limits(200 * 1024 * 1024, 2 * 1024**3, 200_000)


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    path = case_file(tmp_path, CASE_LINE)
    other = path.rename(tmp_path / "列表导出.xls")
    assert len(read_case_list(other).cases) == 1


def test_a_wrong_dimension_does_not_hide_rows(tmp_path: Path) -> None:
    path = case_file(tmp_path, CASE_LINE, line(案号="（2024）豫0811执2号"))
    rewrite(path, SHEET, lambda xml: xml.replace(b'ref="A1:G3"', b'ref="A1"'))
    assert len(read_case_list(path).cases) == 2


def test_merged_ranges_and_formulas_as_they_stand(tmp_path: Path) -> None:
    def dress(book: Workbook) -> None:
        sheet = book["表"]
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("B3:B4")
        sheet["A5"] = "=1+1"

    path = workbook(tmp_path / "a.xlsx", {"表": [["标题"], ["甲", "乙", "丙"], [1, 2, 3]]}, dress)
    with opened(path) as book:
        assert book.titles == ("表",)
        assert book.merged("表") == (Merged(1, 0, 1, 2), Merged(3, 1, 4, 1))
        rows = dict(book.rows("表"))
    assert rows[2] == ("甲", "乙", "丙")
    assert rows[5][0] is UNCOMPUTED


def _filled(xml: bytes, formula: bytes, result: bytes) -> bytes:
    """Store a formula's result, as Excel does; an empty value is written in one of three ways."""
    for empty in (b"<v></v>", b"<v/>", b"<v />"):
        xml = xml.replace(formula + b"</f>" + empty, formula + b"</f><v>" + result + b"</v>")
    return xml


def test_the_results_of_formulas_are_read_where_they_are_stored(tmp_path: Path) -> None:
    head = CASE_HEAD
    path = case_file(tmp_path, line(申请标的额="=500+500", 案由='=""', 承办人="=CHAR(65)"))
    rewrite(
        path,
        SHEET,
        lambda xml: (
            _filled(xml, b"500+500", b"1000.5")
            .replace(b'<c r="D2">', b'<c r="D2" t="str">')
            .replace(b'<c r="C2">', b'<c r="C2" t="str">')
        ),
    )
    rewrite(path, SHEET, lambda xml: _filled(xml, b"CHAR(65)", b"A"))
    (case,) = read_case_list(path).cases
    assert head[4] == "申请标的额"
    assert (str(case.amount), case.cause, case.officer) == ("1000.50", "", "A")


def test_matches_are_found_across_the_pieces_a_file_is_read_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhixing_desktop.exchange import sheets

    def dress(book: Workbook) -> None:
        for row in range(10, 200, 3):
            book["表"].merge_cells(f"A{row}:C{row + 1}")

    path = workbook(tmp_path / "a.xlsx", {"表": [["甲"]]}, dress)
    with opened(path) as book:
        whole = book.merged("表")
    assert len(whole) == 64
    for size in (211, 257, 1000):
        monkeypatch.setattr(sheets, "_CHUNK", size)
        with opened(path) as book:
            assert book.merged("表") == whole


def test_the_file_is_free_again_after_reading_and_after_a_refusal(tmp_path: Path) -> None:
    good = case_file(tmp_path, CASE_LINE)
    read_case_list(good)
    good.unlink()
    bad = case_file(tmp_path, line(案号="x"))
    with pytest.raises(InputRefusedError):
        read_case_list(bad)
    bad.unlink()
