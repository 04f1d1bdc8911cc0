"""The shelf of fonts: the workstation's own first, stand-ins, what cannot be used and why."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from helpers.drawing import official_layout, stand_in_shelf
from helpers.paper_parts import head
from zhixing_desktop.documents.blocks import Face, Paper, Paragraph, text_of
from zhixing_desktop.documents.fonts import NOWHERE, FontShelf, font_folders
from zhixing_desktop.documents.fonts_warnings import font_warnings
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

RARE = "喆堃昇珺龘镕𬭚旻玥珩琀㛃"
LACKING = "▩"
STAND_INS = resources_dir() / "fonts"


@pytest.fixture(scope="module")
def layout() -> LayoutProfile:
    return official_layout()


@pytest.fixture(scope="module")
def stand_ins(layout: LayoutProfile) -> FontShelf:
    return stand_in_shelf(layout)


def shelf(layout: LayoutProfile, *folders: Path) -> FontShelf:
    return FontShelf(layout.fonts, folders, STAND_INS)


def sfnt(*tables: str, family: str = "", kind: int = 0, magic: bytes = b"\0\1\0\0") -> bytes:
    """Return the beginning of a font: its directory, names and embedding permission."""
    string = family.encode("utf-16-be")
    names = struct.pack(">HHH", 0, 1, 18)
    names += struct.pack(">HHHHHH", 3, 1, 0x804, 1, len(string), 0) + string
    bodies = {"name": names, "OS/2": struct.pack(">HHHHH", 4, 0, 400, 5, kind)}
    at = 12 + 16 * len(tables)
    directory, data = b"", b""
    for tag in tables:
        body = bodies.get(tag, b"\0" * 4)
        directory += struct.pack(">4sLLL", tag.encode(), 0, at + len(data), len(body))
        data += body
    return magic + struct.pack(">HHHH", len(tables), 0, 0, 0) + directory + data


TRUETYPE = ("glyf", "loca", "cmap", "head", "hhea", "hmtx", "maxp", "name", "post", "OS/2")


def test_a_workstations_own_font_comes_first(layout: LayoutProfile, tmp_path: Path) -> None:
    inner = tmp_path / "chinese"
    inner.mkdir()
    shutil.copy(STAND_INS / "LXGWWenKai-Regular.ttf", inner / "SIMFANG.TTF")
    fonts = shelf(layout, tmp_path)
    number, _ = fonts.table(Face.FANGSONG)["院"]
    assert fonts.file(number).path == inner / "SIMFANG.TTF"
    assert fonts.substitutions([Face.FANGSONG]) == ()


def test_a_font_is_found_by_its_family_whatever_its_file_is_called(
    layout: LayoutProfile, tmp_path: Path
) -> None:
    (tmp_path / "x1.ttf").write_bytes(sfnt(*TRUETYPE, family="方正小标宋简体"))
    (tmp_path / "x2.ttf").write_bytes(sfnt(*TRUETYPE, family="某某体"))
    found = shelf(layout, tmp_path).fitting(Face.XIAOBIAOSONG)
    assert [font.path.name for font in found] == ["x1.ttf", "NotoSerifSC-Bold.ttf"]
    assert found[0].label == "方正小标宋简体"


def test_a_stand_in_is_named_before_printing(stand_ins: FontShelf) -> None:
    told = {substitution.face: substitution for substitution in stand_ins.substitutions()}
    assert set(told) == set(Face)
    assert told[Face.XIAOBIAOSONG].wanted == "方正小标宋简体"
    assert "方正小标宋简体" in told[Face.XIAOBIAOSONG].sentence
    assert "Noto Serif SC" in told[Face.XIAOBIAOSONG].used


@pytest.mark.parametrize("face", list(Face))
def test_rare_characters_of_names_are_there_in_every_face(stand_ins: FontShelf, face: Face) -> None:
    assert all(stand_ins.table(face)[character][0] != NOWHERE for character in RARE)


def test_a_character_that_the_own_font_lacks_comes_from_another(
    layout: LayoutProfile, tmp_path: Path
) -> None:
    own = tmp_path / "simfang.ttf"
    shutil.copy(STAND_INS / "LXGWWenKai-Regular.ttf", own)  # it has no LACKING
    fonts = shelf(layout, tmp_path)
    table = fonts.table(Face.FANGSONG)
    assert fonts.file(table["院"][0]).path == own
    assert fonts.file(table[LACKING][0]).path.name == "NotoSerifSC-Regular.ttf"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("simfang.ttf", sfnt("CFF ", "cmap", "name", magic=b"OTTO"), "PostScript"),
        ("simfang.ttf", sfnt(*TRUETYPE, "fvar"), "可变字体"),
        ("simfang.ttf", sfnt(*TRUETYPE, kind=0x0002), "不允许嵌入"),
        ("simfang.ttf", sfnt(*TRUETYPE, kind=0x0100), "不允许嵌入"),
        ("simfang.ttf", b"<html>404</html>", "已损坏"),
        ("simfang.ttf", b"", "已损坏"),
        ("simfang.ttf", sfnt(*TRUETYPE)[:40], "已损坏"),
        ("simfang.ttf", sfnt(*TRUETYPE, family="仿宋"), "已损坏"),
    ],
    ids=["cff", "variable", "restricted", "no subset", "web page", "empty", "cut", "torn"],
)
def test_a_font_that_cannot_be_embedded_is_passed_over_and_says_why(
    layout: LayoutProfile, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    fonts = shelf(layout, tmp_path)
    number, _ = fonts.table(Face.FANGSONG)["院"]
    assert fonts.file(number).path.name == "NotoSerifSC-Regular.ttf"
    assert [(s.path, why in s.reason) for s in fonts.skipped] == [(path, True)]
    assert [s.face for s in fonts.substitutions([Face.FANGSONG])] == [Face.FANGSONG]


def test_the_right_font_of_a_collection_is_taken(layout: LayoutProfile, tmp_path: Path) -> None:
    one, two = (sfnt(*TRUETYPE, family=family) for family in ("新宋体", "宋体"))
    at = 20
    data = b"ttcf" + struct.pack(">LL", 0x00010000, 2) + struct.pack(">LL", at, at + len(one))
    data += one + two
    path = tmp_path / "simsun.ttc"
    path.write_bytes(moved(data, at, len(one)))
    found = shelf(layout, tmp_path).fitting(Face.SONG)
    assert [(font.path.name, font.index) for font in found[:2]] == [
        ("simsun.ttc", 1),
        ("simsun.ttc", 0),
    ]
    assert [font.label for font in found[:2]] == ["宋体", "新宋体"]


def moved(data: bytes, first: int, length: int) -> bytes:
    """Return a collection whose directories count from the file's beginning."""
    made = bytearray(data)
    for start in (first, first + length):
        (count,) = struct.unpack_from(">H", made, start + 4)
        for i in range(count):
            place = start + 12 + 16 * i + 8
            (offset,) = struct.unpack_from(">L", made, place)
            struct.pack_into(">L", made, place, offset + start)
    return bytes(made)


def test_a_missing_folder_of_fonts_is_no_fault(layout: LayoutProfile, tmp_path: Path) -> None:
    fonts = shelf(layout, tmp_path / "nowhere")
    assert fonts.table(Face.SONG)["院"][0] != NOWHERE


def test_no_font_at_all_says_what_to_do(layout: LayoutProfile, tmp_path: Path) -> None:
    fonts = FontShelf(layout.fonts, [tmp_path], tmp_path / "gone")
    with pytest.raises(StoreError, match="重新复制一份"):
        fonts.table(Face.FANGSONG)


def test_every_character_that_no_font_has_is_named(stand_ins: FontShelf) -> None:
    with pytest.raises(InputRefusedError) as refused:
        stand_ins.check("张\U000f0001院\u0e01\U000f0001")
    assert [problem.data["character"] for problem in refused.value.problems] == [
        "\U000f0001",
        "\u0e01",
    ]
    assert "U+F0001" in refused.value.sentence
    stand_ins.check("张喆")


@pytest.mark.parametrize(
    ("system", "environ", "expected"),
    [
        ("win32", {"WINDIR": "D:/W", "LOCALAPPDATA": "D:/L"}, "D:/W/Fonts"),
        ("linux", {"XDG_DATA_HOME": "/home/x/.data"}, "/home/x/.data/fonts"),
        ("darwin", {}, "/Library/Fonts"),
    ],
)
def test_each_system_keeps_its_fonts_somewhere(
    system: str, environ: dict[str, str], expected: str
) -> None:
    assert Path(expected) in font_folders(system, environ, Path("/home/x"))


def test_before_printing_it_is_said_which_characters_come_from_another_font(
    layout: LayoutProfile, tmp_path: Path
) -> None:
    shutil.copy(STAND_INS / "LXGWWenKai-Regular.ttf", tmp_path / "simfang.ttf")
    shutil.copy(STAND_INS / "NotoSerifSC-Regular.ttf", tmp_path / "simsun.ttf")
    fonts = shelf(layout, tmp_path)
    fine = Paper("x", "测试", "法院", (Paragraph(text_of("张喆")),))
    assert font_warnings(fine, layout, fonts) == ()
    rare = Paper("x", "测试", "法院", (Paragraph(text_of(f"张{LACKING}")), *head("裁定书")))
    told = font_warnings(rare, layout, fonts)
    assert [LACKING in sentence for sentence in told] == [False, True]
    assert "方正小标宋简体" in told[0]
    assert "仿宋" in told[1]
