"""The text of a stamp: it says all, it is short, and nothing that was misread is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.dossier import separators, stamp
from zhixing_desktop.dossier.codewords import BASE, DIGITS, MODULUS, Fault, NotRead, sealed
from zhixing_desktop.dossier.separators import Place, Separator
from zhixing_desktop.dossier.stamp import Stamp, short_line

USUAL = Stamp(
    case_id=1234,
    case_mark="0a1f",
    side="main",
    volume=1,
    page=12,
    insert=0,
    item_id=56789,
    version=2,
    item_page=3,
    digest="1a2b3c",
)


def hexadecimal(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789abcdef", min_size=count, max_size=count)


ROW = st.integers(0, 2**63 - 1)
SIDE = st.sampled_from(["main", "side"])
STAMPS = st.builds(
    Stamp,
    case_id=ROW,
    case_mark=hexadecimal(4),
    side=SIDE,
    volume=st.integers(1, 200),
    page=st.integers(1, 100_000),
    insert=st.integers(0, 500),
    item_id=ROW,
    version=st.integers(1, 5_000),
    item_page=st.integers(1, 100_000),
    digest=hexadecimal(6),
)
SEPARATORS = st.builds(
    Separator,
    case_id=ROW,
    case_mark=hexadecimal(4),
    item_id=st.none() | ROW,
    place=st.none() | st.builds(Place, SIDE, st.integers(0, 300)),
    token=hexadecimal(8),
)
CODES = STAMPS.map(stamp.encode) | SEPARATORS.map(separators.encode)


def believed(text: str) -> Stamp | Separator | None:
    """Return what a reader takes the text for."""
    for read in (stamp.decode(text), separators.decode(text)):
        if isinstance(read, Stamp | Separator):
            return read
    return None


@given(STAMPS)
def test_a_stamp_says_again_what_was_put_in(wanted: Stamp) -> None:
    text = stamp.encode(wanted)
    assert set(text) <= set(DIGITS)
    assert stamp.decode(text) == wanted
    assert separators.decode(text) is None


@given(SEPARATORS)
def test_a_separator_says_again_what_was_put_in(wanted: Separator) -> None:
    text = separators.encode(wanted)
    assert set(text) <= set(DIGITS)
    assert separators.decode(text) == wanted
    assert stamp.decode(text) is None


@given(CODES, st.data())
def test_any_wrong_character_is_noticed(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([digit for digit in DIGITS if digit != text[at]]))
    assert believed(text[:at] + other + text[at + 1 :]) is None


@given(CODES, st.data())
def test_any_two_characters_in_each_others_place_are_noticed(
    text: str, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(text) - 1))
    second = data.draw(st.integers(0, len(text) - 1))
    if text[first] == text[second]:
        return
    swapped = list(text)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    assert believed("".join(swapped)) is None


def test_all_wrong_characters_and_swaps_of_one_stamp_are_noticed() -> None:
    text = stamp.encode(USUAL)
    for at, right in enumerate(text):
        for wrong in set(DIGITS) - {right}:
            assert believed(text[:at] + wrong + text[at + 1 :]) is None
        for later in range(at + 1, len(text)):
            swapped = list(text)
            swapped[at], swapped[later] = swapped[later], swapped[at]
            assert believed("".join(swapped)) is None or "".join(swapped) == text


def test_check_digits_tell_any_two_places_apart() -> None:
    """Two swapped digits go unnoticed where their places weigh the same."""
    weights = [pow(BASE, place, MODULUS) for place in range(120)]
    assert len(set(weights)) == len(weights)


def test_a_usual_stamp_leaves_a_quarter_of_the_small_code_for_damage() -> None:
    """25 squares a side at level Q hold 29 characters (ISO/IEC 18004, table 7)."""
    large = replace(USUAL, case_id=8_000, volume=4, page=256, version=4, item_page=16)
    assert len(stamp.encode(replace(large, item_id=130_000, digest="ffffff"))) <= 25
    huge = replace(large, case_id=10**7, item_id=10**8, page=1_500, item_page=1_500, insert=12)
    assert len(stamp.encode(huge)) <= 38  # level M


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "*1",
        "HTTPS://EXAMPLE.CN/1",
        "SF1234567890",
        "*1A B",
        "*1a2b3c4d",
        "*" * 500,
        "票据",
    ],
)
def test_what_others_have_printed_is_none_of_ours(text: str) -> None:
    assert stamp.decode(text) is None
    assert separators.decode(text) is None


def test_a_damaged_stamp_is_told_from_a_newer_one() -> None:
    text = stamp.encode(USUAL)
    damaged = stamp.decode(text[:-1] + ("0" if text[-1] != "0" else "1"))
    assert isinstance(damaged, NotRead)
    assert damaged.fault is Fault.DAMAGED
    newer = stamp.decode(sealed(stamp.MARK, stamp.FORMAT + 1, 12345))
    assert isinstance(newer, NotRead)
    assert newer.fault is Fault.NEWER
    assert "升级" in newer.fault.words
    assert "校验" in damaged.fault.words


@pytest.mark.parametrize("body", [1, 2, 2**41, 2**200])
def test_sound_check_digits_alone_make_no_stamp(body: int) -> None:
    assert isinstance(stamp.decode(sealed(stamp.MARK, stamp.FORMAT, body)), NotRead)
    assert isinstance(separators.decode(sealed(separators.MARK, separators.FORMAT, body)), NotRead)


@pytest.mark.parametrize(
    "change",
    [
        lambda usual: replace(usual, page=0),
        lambda usual: replace(usual, volume=0),
        lambda usual: replace(usual, version=0),
        lambda usual: replace(usual, insert=-1),
        lambda usual: replace(usual, side="other"),
        lambda usual: replace(usual, digest="1a2b3"),
        lambda usual: replace(usual, digest="1A2B3C"),
        lambda usual: replace(usual, case_mark="wxyz"),
    ],
)
def test_a_stamp_that_says_what_none_can_say_is_not_printed(
    change: Callable[[Stamp], Stamp],
) -> None:
    with pytest.raises(ValueError, match=r"."):
        stamp.encode(change(USUAL))


def test_the_line_beside_the_code_is_for_people() -> None:
    assert short_line(USUAL) == "正1-12 · v2 · 1A2B3C"
    assert short_line(replace(USUAL, side="side", volume=2, insert=1)) == "副2-12-1 · v2 · 1A2B3C"
