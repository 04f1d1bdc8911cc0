"""What the orders of a volume and of its scan say, without any picture."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.dossier.page_match import (
    Gap,
    Move,
    Role,
    best_role,
    gaps,
    moves,
    rising,
    volume_of,
)
from zhixing_desktop.dossier.stamp import Stamp

NO_SHEETS: list[int | None] = [None] * 40


def stamp(page: int, **more: object) -> Stamp:
    return Stamp(
        **{
            "case_id": 7, "case_mark": "a1b2", "side": "main", "volume": 1, "page": page,
            "insert": 0, "item_id": 100 + page, "version": 2, "item_page": 1, "digest": "abcdef",
            **more,
        }  # type: ignore[arg-type] # the fields of a stamp
    )  # fmt: skip


@given(st.permutations(range(9)))
def test_what_is_kept_rises_and_nothing_longer_does(order: list[int]) -> None:
    kept = [order[at] for at in rising(order)]
    assert all(low < high for low, high in pairwise(kept))
    longest = [1] * len(order)
    for at, value in enumerate(order):
        longest[at] = 1 + max((longest[b] for b in range(at) if order[b] < value), default=0)
    assert len(kept) == max(longest)


@given(st.permutations(range(9)))
def test_pages_that_are_named_as_moved_are_enough_to_put_the_rest_in_order(
    order: list[int],
) -> None:
    found = moves(order, NO_SHEETS)
    moved = {at for move in found for at in (*move.expected, *move.other)}
    rest = [value for value in order if value not in moved]
    forward = all(low < high for low, high in pairwise(rest))
    assert forward or all(low > high for low, high in pairwise(rest))
    assert bool(found) == (order not in (sorted(order), sorted(order, reverse=True)))


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ([0, 1, 2, 3], []),
        ([0, 2, 1, 3], [Move((1,), (2,))]),
        ([0, 5, 2, 3, 4, 1, 6], [Move((1,), (5,))]),
        ([0, 3, 2, 1, 4, 5], [Move((1,), (3,))]),
        ([0, 3, 4, 5, 6, 1, 2, 7], [Move((1, 2))]),
        ([2, 0, 1, 3, 4, 8, 5, 6, 7], [Move((2,)), Move((8,))]),
        ([0, 4, 7, 9], []),
        ([9, 8, 7, 6, 5, 4], []),
    ],
)
def test_the_smallest_set_of_moved_pages(order: list[int], wanted: list[Move]) -> None:
    assert moves(order, NO_SHEETS) == wanted


def test_the_sides_of_one_sheet_exchanged_are_a_sheet_turned_over() -> None:
    assert moves([0, 1, 3, 2, 4], [0, 0, 1, 1, 2]) == [Move((2,), (3,), reversed_sheet=True)]
    assert moves([0, 2, 1, 3, 4], [0, 0, 1, 1, 2]) == [Move((1,), (2,))]


SHEETS: list[int | None] = [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("lost", "blank", "wanted"),
    [
        ({3, 4}, set(), [Gap((3, 4), fed_together=True)]),
        ({1, 2, 3, 4}, set(), [Gap((1, 2, 3, 4), fed_together=True)]),
        ({2, 3}, set(), [Gap((2, 3))]),
        ({3}, set(), [Gap((3,))]),
        ({3}, {3}, []),
        ({3, 4}, {3}, [Gap((4,), fed_together=True)]),
        ({0, 7}, set(), [Gap((0,)), Gap((7,))]),
    ],
)
def test_gaps(lost: set[int], blank: set[int], wanted: list[Gap]) -> None:
    present = set(range(8)) - lost
    assert gaps(present, blank, SHEETS, blanks_scanned=True) == wanted


def test_empty_sides_are_not_missed_where_the_scanner_drops_them() -> None:
    assert gaps({0, 2, 4, 6}, {1, 3, 5, 7}, SHEETS, blanks_scanned=False) == []
    # Then nothing can be said of sheets that went through together.
    assert gaps({0, 2, 6}, {1, 3, 5, 7}, SHEETS, blanks_scanned=False) == [Gap((4,))]


@pytest.mark.parametrize(
    ("said", "role", "at"),
    [
        ({}, Role.PAGE, 2),
        ({"version": 1, "digest": "000000"}, Role.OLD, 2),
        ({"version": 3, "digest": "111111"}, Role.OLD, 2),
        ({"page": 9}, Role.RENUMBERED, 2),
        ({"item_id": 999}, Role.EXTRA, None),
        ({"item_id": 999, "volume": 2}, Role.OTHER_VOLUME, None),
        ({"item_id": 999, "side": "side"}, Role.OTHER_VOLUME, None),
        ({"case_id": 8}, Role.OTHER_CASE, None),
        ({"case_mark": "ffff"}, Role.OTHER_CASE, None),
    ],
)
def test_what_a_stamp_says(said: dict[str, object], role: Role, at: int | None) -> None:
    volume = volume_of([None, stamp(1), stamp(2), stamp(3), None])
    asked = replace(stamp(2), **said)  # type: ignore[arg-type] # the fields of a stamp
    assert volume.role_of(asked) == (role, at)


def test_a_volume_whose_pages_are_all_on_paper_knows_its_own_labels() -> None:
    """Only the cover's picture is expected: a label says which case it is all the same."""
    volume = volume_of([None, None], on_paper=[stamp(1), stamp(2)])
    assert volume.role_of(stamp(1)) == (Role.EXTRA, None)
    assert volume.role_of(stamp(1, volume=2)) == (Role.OTHER_VOLUME, None)
    assert volume.role_of(stamp(1, case_id=8)) == (Role.OTHER_CASE, None)


@pytest.mark.parametrize(
    ("order", "most"),
    [
        ([5, 6, 7, 8, 9, 0, 1, 2, 3, 4], 5),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 0], 1),
        ([9, 0, 1, 2, 3, 4, 5, 6, 7, 8], 1),
        ([0, 1, 6, 2, 3, 4, 5, 7, 9, 8], 3),
    ],
)
def test_no_page_is_named_only_because_it_stands_behind_a_moved_one(
    order: list[int], most: int
) -> None:
    named = {at for move in moves(order, NO_SHEETS) for at in (*move.expected, *move.other)}
    assert 0 < len(named) <= most


def test_of_several_stamps_the_one_of_this_volume_counts() -> None:
    """A printed page that was signed and scanned bears its former stamp in the picture."""
    volume = volume_of([stamp(1), stamp(2)])
    former = stamp(2, version=1, digest="000000")
    assert best_role(volume, [former, stamp(2), stamp(2, case_id=9)]) == (Role.PAGE, 1, stamp(2))
    assert best_role(volume, []) is None
