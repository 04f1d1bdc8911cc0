"""A stack scanned in one go: each page goes where its marks say, and none is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from helpers.scanner import Picture, blank, printed, scan
from helpers.stamped_pages import FONT, STAMP, Code, on_paper, stamped
from zhixing_desktop.dossier import separators, stamp
from zhixing_desktop.dossier.codewords import Fault, sealed
from zhixing_desktop.dossier.separators import Place, Separator
from zhixing_desktop.dossier.sheets import SeparatorSheet, separator_sheets
from zhixing_desktop.dossier.stack import (
    Aside,
    LeftOut,
    PageMarks,
    Replacement,
    Separated,
    StackPage,
    StackPart,
    Unclear,
    Unplaced,
    empty_separators,
    page_marks,
    split_stack,
)
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.dossier.stamp_reading import read_stamps

FIRST = Separator(1234, "0a1f", 56789, Place("main", 8), "00000001")
SECOND = Separator(1234, "0a1f", None, Place("main", 10), "00000002")
OTHER = replace(STAMP, item_id=777, digest="ffffff", item_page=1, page=40)
PLAIN = PageMarks()
BLANK = PageMarks(blank=True)


def of_item(item_page: int, one: Stamp = STAMP, rotation: int = 0) -> PageMarks:
    return PageMarks(stamps=(replace(one, item_page=item_page),), rotation=rotation)


def sheet(separator: Separator) -> PageMarks:
    return PageMarks(separator=separator)


def at(*places: int) -> tuple[StackPage, ...]:
    return tuple(StackPage(place) for place in places)


def places(part: StackPart) -> tuple[int, ...]:
    return tuple(page.at for page in part.pages)


def test_signed_pages_go_back_to_their_item_in_its_order() -> None:
    """Shuffled, upside down, two items mixed."""
    parts = split_stack(
        [of_item(3), of_item(2, OTHER), of_item(1, rotation=180), of_item(1, OTHER), of_item(2)]
    )
    mine, other = parts
    assert isinstance(mine, Replacement)
    assert isinstance(other, Replacement)
    assert mine.pages == (StackPage(2, 180, 1), StackPage(4, 0, 2), StackPage(0, 0, 3))
    assert (mine.stamp.item_id, mine.stamp.item_page) == (STAMP.item_id, 1)
    assert mine.doubled == ()
    assert mine.missing(3) == ()
    assert other.stamp.item_id == OTHER.item_id
    assert places(other) == (3, 1)


def test_a_page_turned_to_the_side_is_told_how_to_stand_up() -> None:
    (part,) = split_stack([of_item(1, rotation=90)])
    assert [page.turn for page in part.pages] == [270]


def test_doubled_and_missing_pages_are_named() -> None:
    (part,) = split_stack([of_item(1), of_item(4), of_item(1)])
    assert isinstance(part, Replacement)
    assert places(part) == (0, 2, 1)
    assert part.doubled == (1,)
    assert part.missing(5) == (2, 3, 5)


def test_versions_and_cases_are_kept_apart() -> None:
    older = replace(STAMP, version=1, digest="000000")
    foreign = replace(STAMP, case_mark="ffff")
    parts = split_stack([of_item(1), of_item(1, older), of_item(1, foreign), of_item(2)])
    assert [places(part) for part in parts] == [(0, 3), (1,), (2,)]


def test_pages_behind_a_separator_are_its_items() -> None:
    parts = split_stack([sheet(FIRST), PLAIN, PLAIN, sheet(SECOND), PLAIN, of_item(1), PLAIN])
    assert parts == (
        Separated(FIRST, at(1, 2)),
        Separated(SECOND, at(4)),
        Replacement(replace(STAMP, item_page=1), (StackPage(5, 0, 1),)),
        Unplaced(at(6), Unclear.NO_MARK, replace(STAMP, item_page=1)),
        LeftOut(at(0, 3), Aside.SEPARATOR),
    )


def test_what_has_no_mark_waits_in_the_tray_and_says_behind_what_it_lay() -> None:
    parts = split_stack([PLAIN, PLAIN, of_item(1), PLAIN])
    assert parts[0] == Unplaced(at(0, 1), Unclear.NO_MARK, None)
    assert parts[2] == Unplaced(at(3), Unclear.NO_MARK, replace(STAMP, item_page=1))


def test_a_stamp_that_is_not_to_be_believed_goes_nowhere_by_itself() -> None:
    damaged, newer = PageMarks(faults=(Fault.DAMAGED,)), PageMarks(faults=(Fault.NEWER,))
    parts = split_stack([sheet(FIRST), PLAIN, damaged, newer, PLAIN])
    assert parts[:-1] == (
        Separated(FIRST, at(1)),
        Unplaced(at(2), Unclear.DAMAGED, FIRST),
        Unplaced(at(3), Unclear.NEWER, FIRST),
        Unplaced(at(4), Unclear.NO_MARK, FIRST),
    )
    assert "升级" in Unclear.NEWER.words


def test_a_page_with_two_different_marks_is_for_the_clerk() -> None:
    """Two pages fed together, or a copy of a stamped page that was stamped again."""
    two = PageMarks(stamps=(STAMP, OTHER))
    lying_on = PageMarks(stamps=(STAMP,), separator=FIRST)
    both = PageMarks(separator=FIRST, several=True)
    (part,) = split_stack([two, lying_on, both])
    assert part == Unplaced(at(0, 1, 2), Unclear.SEVERAL, None)


def test_blank_backs_are_left_out_or_kept() -> None:
    stack = [sheet(FIRST), BLANK, PLAIN, BLANK, of_item(1), BLANK, PLAIN, BLANK]
    dropped = split_stack(stack)
    assert [places(part) for part in dropped] == [(2,), (4,), (6,), (0, 1), (3, 5, 7)]
    kept = split_stack(stack, keep_blanks=True)
    # The back of a separator or of a stamped page is no page of anything.
    assert [places(part) for part in kept] == [(2, 3), (4,), (6, 7), (0, 1), (5,)]
    assert [part.why for part in kept if isinstance(part, LeftOut)] == [
        Aside.SEPARATOR,
        Aside.BLANK,
    ]


def test_a_separator_that_lay_face_down_is_left_out_with_its_blank_side() -> None:
    stack = [sheet(FIRST), BLANK, PLAIN, PLAIN, BLANK, sheet(SECOND), PLAIN, PLAIN]
    parts = split_stack(stack, double_sided=True, keep_blanks=True)
    assert [places(part) for part in parts] == [(2, 3), (6, 7), (0, 1, 4, 5)]
    # Single sides: the blank page is one of the first item.
    single = split_stack(stack, keep_blanks=True)
    assert places(single[0]) == (2, 3, 4)


def test_a_separator_with_nothing_behind_it_is_named() -> None:
    parts = split_stack([sheet(FIRST), BLANK, sheet(SECOND), PLAIN])
    assert parts[0] == Separated(FIRST, ())
    assert empty_separators(parts) == (FIRST,)


def test_the_same_separator_printed_on_both_sides_counts_once() -> None:
    parts = split_stack([sheet(FIRST), sheet(FIRST), PLAIN, sheet(FIRST), PLAIN])
    assert [places(part) for part in parts] == [(2,), (4,), (0, 1, 3)]
    assert empty_separators(parts) == ()


def test_an_empty_stack_has_no_parts() -> None:
    assert split_stack([]) == ()
    assert split_stack([BLANK]) == (LeftOut(at(0), Aside.BLANK),)


MARKS = st.builds(
    PageMarks,
    stamps=st.lists(st.sampled_from([STAMP, OTHER, replace(STAMP, item_page=9)]), max_size=2).map(
        tuple
    ),
    separator=st.none() | st.sampled_from([FIRST, SECOND]),
    blank=st.booleans(),
    rotation=st.sampled_from([0, 90, 180, 270]),
    faults=st.lists(st.sampled_from(list(Fault)), max_size=1).map(tuple),
    several=st.booleans(),
)


@given(
    st.lists(st.sampled_from([PLAIN, BLANK, sheet(FIRST), of_item(1), of_item(2)]) | MARKS),
    st.booleans(),
    st.booleans(),
)
def test_each_page_of_any_stack_stands_in_exactly_one_part(
    stack: list[PageMarks], double_sided: bool, keep_blanks: bool
) -> None:
    parts = split_stack(stack, double_sided=double_sided, keep_blanks=keep_blanks)
    assert sorted(place for part in parts for place in places(part)) == list(range(len(stack)))
    for part in parts:
        if isinstance(part, LeftOut):
            continue
        for page in part.pages:
            assert page.turn == -stack[page.at].rotation % 360


# ------------------------------------------------------------------- from the paper to the parts


def seen(picture: Picture, *, is_blank: bool = False) -> PageMarks:
    return page_marks(read_stamps(picture), blank=is_blank)


def test_a_real_stack_comes_apart() -> None:
    """Printed, mixed, laid in upside down, scanned on both sides at 100 dpi."""
    sheets = separator_sheets(
        [
            SeparatorSheet(
                FIRST, "某某人民法院", "（2026）豫0811执1号", "正卷 第8项", "执行通知书"
            ),
            SeparatorSheet(SECOND, "某某人民法院", "（2026）豫0811执1号", "正卷 第10项", ""),
        ],
        FONT,
    )
    text = scan(on_paper([]), 200, 100, noise=4, seed=1)
    back = blank(100, seed=2)
    signed = [
        scan(on_paper([stamped(replace(STAMP, item_page=n))]), 200, 100, noise=4, rotation=180)
        for n in (2, 1)
    ]
    fronts = [
        scan(printed(sheets, 0, 150), 150, 100, noise=4, skew_degrees=2),
        text,
        scan(printed(sheets, 1, 150), 150, 100, noise=4, rotation=180),
        text,
        *signed,
    ]
    marks = [mark for front in fronts for mark in (seen(front), seen(back, is_blank=True))]
    parts = split_stack(marks, double_sided=True)
    assert parts[:2] == (Separated(FIRST, at(2)), Separated(SECOND, at(6)))
    assert isinstance(parts[2], Replacement)
    assert parts[2].pages == (StackPage(10, 180, 1), StackPage(8, 180, 2))
    assert [places(part) for part in parts[3:]] == [(0, 1, 4, 5), (3, 7, 9, 11)]


def test_the_marks_of_a_page_say_how_it_lies_and_that_something_is_on_it() -> None:
    codes = read_stamps(scan(on_paper([stamped(STAMP)]), 200, 150, rotation=270))
    marks = page_marks(codes, blank=True)
    assert (marks.stamps, marks.rotation, marks.blank) == ((STAMP,), 270, False)


def test_the_marks_of_a_page_tell_doubled_codes_from_different_ones() -> None:
    codes = [
        Code(separators.encode(FIRST), 40.0, 40.0, 25.0),
        Code(separators.encode(FIRST), 40.0, 200.0, 25.0),
        Code(sealed(stamp.MARK, stamp.FORMAT + 1, 2**60), 120.0, 40.0, 25.0),
    ]
    once = page_marks(read_stamps(on_paper(codes)), blank=False)
    assert (once.separator, once.several, once.faults) == (FIRST, False, (Fault.NEWER,))
    codes[1] = Code(separators.encode(SECOND), 40.0, 200.0, 25.0)
    assert page_marks(read_stamps(on_paper(codes)), blank=False).several
