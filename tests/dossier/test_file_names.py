"""Names that every system takes."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.dossier.file_names import (
    MOST_BYTES,
    MOST_SIGNS,
    FreeNames,
    plain_ending,
    safe_name,
    same_name,
)

RESERVED = set('<>:"/\\|?*%') | {chr(code) for code in range(32)}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("执行通知书", "执行通知书.pdf"),
        ("（2024）豫0811执1号之一", "（2024）豫0811执1号之一.pdf"),
        ("A/B: 清单*“终”?", "A／B： 清单＊“终”？.pdf"),
        ("..\\..\\Windows", "＼..＼Windows.pdf"),
        ("笔录. ", "笔录.pdf"),
        ("  .隐藏", "隐藏.pdf"),
        ("CON", "_CON.pdf"),
        ("com1.扫描", "_com1.扫描.pdf"),
        ("COM10", "COM10.pdf"),
        ("", "未命名.pdf"),
        ("???", "？？？.pdf"),
        ("\u202e\u200b\0", "未命名.pdf"),
        ("第一行\n第二行\t末", "第一行 第二行 末.pdf"),
        ("100%", "100％.pdf"),
        ("王\ud800喆𬭚\U000323af", "王喆𬭚\U000323af.pdf"),
    ],
)
def test_a_name_looks_as_before_and_is_allowed(words: str, name: str) -> None:
    assert safe_name(words, ".pdf") == name


@given(
    st.text(max_size=200) | st.text("abc é́.", max_size=200), st.sampled_from(["", ".pdf", ".docx"])
)
def test_every_words_give_a_name_that_windows_and_linux_take(words: str, ending: str) -> None:
    name = safe_name(words, ending)
    assert name.endswith(ending)
    assert len(name.encode()) <= MOST_BYTES
    assert len(name) <= MOST_SIGNS
    assert not RESERVED & set(name)
    assert name == name.strip(" ").rstrip(".")
    assert not name.startswith(".")
    assert not PureWindowsPath(name).is_reserved()
    assert len(name) > len(ending)


def test_a_long_name_is_cut_between_characters_and_can_be_written(tmp_path: Path) -> None:
    name = safe_name("关于申请执行人与被执行人买卖合同纠纷一案" * 9 + "𬭚", ".pdf")
    assert 115 <= len(name.encode()) <= 120
    (tmp_path / name).write_bytes(b"")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@given(st.lists(st.sampled_from(["笔录", "笔录?", "ABC", "abc", "笔录_2", "CON", "长" * 60])))
def test_no_two_names_are_one_for_a_system_without_capitals(words: list[str]) -> None:
    names = FreeNames()
    given_out = [names.take(word, ".pdf") for word in words]
    assert len({same_name(name) for name in given_out}) == len(words)
    assert all(len(name.encode()) <= MOST_BYTES for name in given_out)


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("扫描件.PDF", ".pdf"),
        ("a.b.jpeg", ".jpeg"),
        ("没有", ""),
        ("点.", ""),
        ("句号.后面不是扩展名", ""),
        ("x.p?f", ""),
    ],
)
def test_the_ending_a_file_came_with(name: str, ending: str) -> None:
    assert plain_ending(name) == ending
