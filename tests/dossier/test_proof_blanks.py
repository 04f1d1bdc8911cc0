"""Empty backs have their order too: exchanged ones are named, dropped ones never."""

from __future__ import annotations

import numpy as np
import pytest

from zhixing_desktop.dossier.page_match import Placed, Role
from zhixing_desktop.dossier.proof import ExpectedPage, Finding, FindingKind
from zhixing_desktop.dossier.proof_findings import findings
from zhixing_desktop.dossier.stamp import Stamp

K = FindingKind
SHEETS = ("1_", "2_", "34", "5_", "6_", "78", "9_")
"""Fronts and backs of a volume; ``_`` is an empty back."""


def volume(sheets: tuple[str, ...] = SHEETS, own: str = "") -> list[ExpectedPage]:
    """Return its sides; those in ``own`` are bound as they came: nobody knows their sheets."""
    made = []
    for at, sheet in enumerate(sheets):
        for side in sheet:
            stamp = None if side == "_" else Stamp(7, "a1", "main", 1, int(side), 0, 1, 1, 1, "ab")
            made.append(
                ExpectedPage(
                    f"p{side}" if stamp is not None else f"{sheet[0]}背",
                    stamp,
                    lambda: np.zeros((1, 1), np.uint8),
                    label="" if stamp is not None else f"第{sheet[0]}页的背面",
                    sheet=None if side in own else at,
                )
            )
    return made


def found(scan: str, expected: list[ExpectedPage] | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a scan: figures are pages, ``_`` an empty side."""
    known = volume() if expected is None else expected
    at = {page.stamp.page: number for number, page in enumerate(known) if page.stamp is not None}
    placed = [
        Placed(place, Role.BLANK)
        if side == "_"
        else Placed(place, Role.PAGE, at[int(side)], known[at[int(side)]].stamp)
        for place, side in enumerate(scan, start=1)
    ]
    blank = {number for number, page in enumerate(known) if page.stamp is None}
    return findings(known, placed, blank)


@pytest.mark.parametrize(
    "scan",
    [
        "1_2_345_6_789_",
        "123456789",  # all dropped
        "1_2345_6_789",  # some dropped
        "1_2_3456_789_",
        "_987_6_543_2_1",  # the stack was laid in from its end
    ],
)
def test_a_healthy_scan_with_all_some_or_no_empty_sides_names_nothing(scan: str) -> None:
    assert found(scan) == ()


@pytest.mark.parametrize(
    ("scan", "expected"),
    [
        ("12__345_6_789_", ("1背", "p2")),
        ("1_23_45_6_789_", ("2背", "p3")),
        ("172_345_6__89_", ("1背", "p7")),
        ("1_2_3_546_789_", ("p4", "5背")),
    ],
)
def test_an_empty_back_exchanged_with_a_page_is_named(scan: str, expected: tuple[str, str]) -> None:
    (finding,) = found(scan)
    assert (finding.kind, finding.expected) == (K.MOVED, expected)
    assert "的背面" in finding.sentence
    assert "互换了位置" in finding.sentence


def test_a_sheet_with_an_empty_back_bound_the_wrong_way_round_is_named() -> None:
    for scan, page in (("1__2345_6_789_", "2"), ("_12_345_6_789_", "1"), ("1_2_34_56_789_", "5")):
        (finding,) = found(scan)
        assert (finding.kind, finding.expected) == (K.SHEET_REVERSED, (f"p{page}", f"{page}背"))


@pytest.mark.parametrize("scan", ["12_345_6_789_", "12_3456789", "1_23_4567_89"])
def test_where_empty_sides_were_left_out_no_other_is_taken_for_them(scan: str) -> None:
    assert found(scan) == ()


def test_the_empty_back_of_paper_bound_as_it_came_is_no_back_of_the_next_sheet() -> None:
    known = volume(("1_", "2", "3_"), own="2")
    assert found("12_3_", known) == ()
    assert found("1_2_3_", known) == ()


def test_an_empty_side_in_place_of_a_page_is_that_page_missing_and_nothing_else() -> None:
    (finding,) = found("1_2_3_5_6_789_")
    assert (finding.kind, finding.expected) == (K.MISSING, ("p4",))
    (finding,) = found("12_3_5_6_789_")
    assert (finding.kind, finding.expected) == (K.MISSING, ("p4",))
