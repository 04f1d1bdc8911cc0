"""Separator sheets and stick-on stamps as they come out of the printer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.drawing import squeezed, texts
from helpers.scanner import printed, scan
from helpers.stamped_pages import FONT, STAMP
from zhixing_desktop.dossier.separators import Place, Separator
from zhixing_desktop.dossier.sheets import Label, SeparatorSheet, label_sheet, separator_sheets
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.dossier.stamp_reading import FoundStamp, read_stamps
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

SHEET = SeparatorSheet(
    Separator(1234, "0a1f", 56789, Place("main", 8), "1a2b3c4d"),
    "河南省某某市某某区人民法院",
    "（2026）豫0811执1234号",
    "正卷　第8项　执行通知书、财产申报表、报告财产令、责任书",
    "执行通知书（张三丰）",
)
NEW = replace(SHEET, separator=Separator(1234, "0a1f", None, None, "00000002"), item_name="")


def label(page: int) -> Label:
    return Label(replace(STAMP, page=page), "（2026）豫0811执1234号", "借条原件")


def cell(found: FoundStamp, dpi: int) -> tuple[int, int]:
    """Return column and row of the label on which a stamp stands, from 0 on."""
    x, y = found.corners[0]
    return int(x / dpi * 25.4 // 70), int(y / dpi * 25.4 // (297 / 8))


def test_a_separator_says_in_words_and_in_code_what_it_is_for() -> None:
    sheets = separator_sheets([SHEET, NEW], FONT)
    first, second = (squeezed(text) for text in texts(sheets))
    for words in ("分　隔　页", SHEET.court, SHEET.case_number, "报告财产令", SHEET.item_name):
        assert words in first
    assert "新收材料" in second
    for page, sheet in enumerate((SHEET, NEW)):
        found = read_stamps(scan(printed(sheets, page, 150), 150, 100, skew_degrees=3, copies=1))
        # Two codes: one may be torn off.
        assert [one.content for one in found] == [sheet.separator, sheet.separator]


def test_long_words_stay_on_the_sheet() -> None:
    long = replace(
        SHEET, item_name="关于某某合同纠纷一案、" * 30, place_words="财产处置材料、" * 30
    )
    picture = printed(separator_sheets([long], FONT), 0, 100)
    short = printed(separator_sheets([replace(SHEET, item_name="", place_words="")], FONT), 0, 100)
    # Between the words and the dark edge, and around the small code below: as on any sheet.
    assert np.array_equal(picture[:, 730:], short[:, 730:])
    assert np.array_equal(picture[950:], short[950:])
    text = squeezed(texts(separator_sheets([long], FONT))[0])
    assert "…" in text
    assert "\n、" not in texts(separator_sheets([long], FONT))[0]


def test_labels_stand_on_their_labels_from_the_first_free_one_on() -> None:
    sheets = label_sheet([label(page) for page in range(1, 31)], FONT, start_at=5)
    assert len(texts(sheets)) == 2
    places: dict[int, tuple[int, int, int]] = {}
    for sheet in (0, 1):
        for found in read_stamps(printed(sheets, sheet, 150)):
            assert isinstance(found.content, Stamp)
            places[found.content.page] = (sheet, *cell(found, 150))
    wanted = {n + 1: ((n + 4) // 24, (n + 4) % 3, (n + 4) % 24 // 3) for n in range(30)}
    assert places == wanted


def test_a_label_says_in_words_where_it_belongs() -> None:
    (text,) = texts(label_sheet([label(12)], FONT))
    words = squeezed(text)
    for part in ("正卷第1册", "第12页", "（2026）豫0811执1234号", "借条原件", "v2·1A2B3C"):
        assert part in words


def test_full_sheets_leave_no_empty_one_behind() -> None:
    assert len(texts(label_sheet([label(page) for page in range(1, 25)], FONT))) == 1
    assert len(texts(label_sheet([label(1)], FONT, start_at=24))) == 1


def test_the_same_sheets_are_the_same_file() -> None:
    assert separator_sheets([SHEET], FONT) == separator_sheets([SHEET], FONT)


def test_a_character_that_the_font_has_not_is_seen() -> None:
    odd = replace(SHEET, item_name="张\U000f0000的申请")
    assert "张〓的申请" in squeezed(texts(separator_sheets([odd], FONT))[0])


def test_what_cannot_be_printed_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="没有选择"):
        separator_sheets([], FONT)
    with pytest.raises(InputRefusedError, match="不必打印"):
        label_sheet([], FONT)
    for start in (0, 25):
        with pytest.raises(InputRefusedError, match="1至24"):
            label_sheet([label(1)], FONT, start_at=start)
    torn = tmp_path / "torn.ttf"
    torn.write_bytes(b"no font")
    for font in (torn, tmp_path / "none.ttf"):
        with pytest.raises(StoreError, match="不能使用"):
            separator_sheets([SHEET], font)
