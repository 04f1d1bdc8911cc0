"""Names are found by the first letters of their pinyin."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.exchange.pinyin import MAX_READINGS, initials


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("张三", "zs"),
        ("仇英", "qy"),
        ("朴正", "pz"),
        ("解晓东", "xxd"),
        ("查良镛", "zly"),
        ("单雄信", "sxx"),
        ("曾国藩", "zgf"),
        ("区志明", "ozm"),
        ("覃丽", "ql"),
        ("翟天临", "ztl"),
        ("乐嘉", "yj"),
        ("盖叫天", "gjt"),
        ("尉迟恭", "ycg"),
        ("长孙无忌", "zswj"),
        ("万俟卨", "mqx"),
        ("单于明", "cym"),
        ("欧阳娜娜", "oynn"),
        ("喆堃镕", "zkr"),
        ("龘𬭚", "dc"),
        ("买买提·艾力", "mmtal"),
        ("ＡＢＣ公司1号", "abcgs1h"),
        ("重庆某某有限公司", "cqmmyxgs"),
        ("Li Lei", "lilei"),
        ("", ""),
        ("·（）", ""),
        ("ß", ""),
    ],
)
def test_the_likeliest_reading_comes_first(name: str, first: str) -> None:
    assert (initials(name).split() or [""])[0] == first


def test_every_reading_finds_the_name() -> None:
    found = initials("单雄信").split()
    assert {"sxx", "dxx", "cxx"} <= set(found)
    assert "jxd" in initials("解晓东").split()
    assert "xf" in initials("解放").split()
    assert "jf" in initials("解放").split()


def test_a_company_is_found_by_a_part_of_its_name() -> None:
    found = initials("中国建设银行股份有限公司焦作山阳支行")
    assert "jsyh" in found
    assert "yxgs" in found


@given(st.text(max_size=40))
def test_any_text_gives_letters_and_spaces_only(text: str) -> None:
    found = initials(text)
    assert found.isascii()
    assert found.replace(" ", "").isalnum() or found == ""
    assert found == found.lower() == " ".join(found.split())
    assert len(found.split()) <= MAX_READINGS
    assert len(set(found.split())) == len(found.split())


def test_the_library_is_loaded_only_when_a_name_is_read() -> None:
    code = "import sys, zhixing_desktop.exchange.pinyin; print('pypinyin' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
