"""Lines of Chinese text: what may begin and end one, what is kept whole, how one is filled."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhixing_desktop.documents.lines import (
    NO_END,
    NO_START,
    Line,
    LineBreaker,
    drawable,
    spreads,
)

CELL = 10.0
HAN = "本院执行申请人张喆与被告李旻玥𬭚㛃"
CLOSING = "，。、；：？！）》〉」』】〕”’…～·％‰℃"
TOKENS = ["2024", "107,000.53", "410101199001011234", "Alpha", "A-12", "10%", "——", "……"]
OPENING = "（《〈「『【〔“‘￥"


def widths(words: str) -> list[float]:
    return [CELL / 2 if c.isascii() else CELL for c in words]


def broken(words: str, cells: float, first: float | None = None) -> list[str]:
    room = (CELL * (cells if first is None else first), CELL * cells)
    return [words[x.start : x.end] for x in LineBreaker().break_lines(words, widths(words), room)]


# Runs of marks as they come in writing: at most three that may not be parted.
_PIECES = st.one_of(
    st.text(HAN, min_size=1, max_size=12),
    st.sampled_from(["2024", "107,000.53", "410101199001011234", "Alpha", "A-12", "10%"]),
    st.sampled_from(["——", "……", "”，", "。”", "）。", "“（", "：“", "、", "？！", " ", "\u3000"]),
    st.sampled_from(CLOSING),
    st.sampled_from(OPENING),
)


@st.composite
def prose(draw: st.DrawFn) -> str:
    """Return words with marks between them, never more marks in a row than a line could carry."""
    parts = draw(st.lists(_PIECES, min_size=1, max_size=40))
    words, marks = "", 0
    for part in parts:
        is_mark = not any(c in HAN or (c.isascii() and c.isalnum()) for c in part)
        marks = marks + len(part) if is_mark else 0
        words += "字" * 2 + part if marks > 6 else part
        marks = 0 if marks > 6 else marks
    return words


@settings(max_examples=300)
@given(prose(), st.integers(22, 40))
@example("字" * 27 + "”，后面", 28)
@example("9" * 44 + "……", 22)
@example("字" * 27 + "（《开头", 28)
@example("字" * 27 + "——破折号", 28)
def test_no_line_begins_or_ends_against_the_rules(words: str, cells: int) -> None:
    lines = broken(words, cells)
    assert "".join(lines) == words
    for before, line in pairwise(lines):
        assert line[0] not in NO_START
        assert before.rstrip(" \u3000")[-1:] not in NO_END
        assert not (before.endswith("—") and line.startswith("—"))
        assert not (before.endswith("…") and line.startswith("…"))


@settings(max_examples=200)
@given(prose(), st.integers(22, 40))
def test_no_line_is_wider_than_its_room(words: str, cells: int) -> None:
    breaker = LineBreaker()
    for line in breaker.break_lines(words, widths(words), (CELL * cells, CELL * cells)):
        assert line.width <= CELL * cells + 0.02
        assert line.width == pytest.approx(sum(widths(words[line.start : line.ink])))


@settings(max_examples=200)
@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=40), st.integers(12, 40))
def test_words_and_numbers_are_kept_whole(tokens: list[str], cells: int) -> None:
    starts = {0, *accumulate(len(line) for line in broken("字".join(tokens), cells))}
    at = 0
    for token in tokens:
        assert starts.isdisjoint(range(at + 1, at + len(token)))
        at += len(token) + 1


def test_a_line_holds_as_many_characters_as_it_has_cells() -> None:
    assert [len(line) for line in broken("字" * 84, 28)] == [28, 28, 28]
    assert [len(line) for line in broken("字" * 54, 28, first=26)] == [26, 28]


def test_a_mark_takes_the_character_before_it_along() -> None:
    assert broken("字" * 28 + "。后", 28) == ["字" * 27, "字。后"]
    assert broken("字" * 27 + "（后文）", 28) == ["字" * 27, "（后文）"]
    assert broken("字" * 27 + "“《后》", 28) == ["字" * 27, "“《后》"]
    assert broken("字" * 27 + "……后", 28) == ["字" * 26, "字……后"]
    assert broken("字" * 27 + "——后", 28) == ["字" * 27, "——后"]


def test_a_number_is_not_broken_unless_it_is_longer_than_a_line() -> None:
    assert broken("字" * 27 + "107,000.53元", 28) == ["字" * 27, "107,000.53元"]
    assert broken("9" * 100, 28) == ["9" * 56, "9" * 44]
    assert broken("字" + "9" * 100, 28)[0] == "字"


def test_nothing_but_marks_is_still_broken() -> None:
    assert [len(line) for line in broken("。" * 60, 28)] == [28, 28, 4]


def test_spaces_at_the_end_of_a_line_take_no_room() -> None:
    words = "字" * 28 + "  后"
    first, second = LineBreaker().break_lines(words, widths(words), (280, 280))
    assert (first.ink, first.end) == (28, 30)
    assert words[second.start :] == "后"


def test_spaces_of_a_blank_to_fill_in_take_room_and_may_be_broken() -> None:
    words = "字" * 20 + "\u3000" * 20
    breaker = LineBreaker()
    kinds = breaker.kinds(words, [False] * 20 + [True] * 20)
    lines = breaker.break_lines(words, widths(words), (280, 280), kinds)
    assert [line.end - line.start for line in lines] == [28, 12]
    assert lines[0].ink == 28


def test_a_long_row_of_underscores_is_broken() -> None:
    assert [len(line) for line in broken("_" * 70, 28)] == [56, 14]


def test_an_empty_text_has_one_empty_line() -> None:
    assert LineBreaker().break_lines("", [], (280, 280)) == [Line(0, 0, 0, 0.0, last=True)]


def test_a_cell_narrower_than_a_character_has_one_on_each_line() -> None:
    assert broken("甲乙丙", 0.5) == ["甲", "乙", "丙"]


def test_room_to_fill_a_line_goes_between_characters_never_into_a_number() -> None:
    words = "甲乙2024年——丙"
    breaker = LineBreaker()
    kinds = breaker.kinds(words)
    whole = Line(0, len(words), len(words), 0, last=False)
    assert spreads(kinds, whole) == [0, 1, 5, 6, 8]


@pytest.mark.parametrize(
    ("given_", "drawn"),
    [
        ("示例路\r\n1号\t2栋", "示例路 1号 2栋"),
        ("a\x00b\u200bc\ufeff", "abc"),
        ("葛\U000e0100", "葛"),
        ("审　判　长", "审　判　长"),
        ("\ud842半", "半"),
    ],
)
def test_what_has_no_shape_is_not_drawn(given_: str, drawn: str) -> None:
    assert drawable(given_) == drawn
