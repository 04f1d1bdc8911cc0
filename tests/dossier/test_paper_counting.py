"""Pages that exist only on paper are counted where they belong; what is over or lacking is said."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.dossier.page_compare import Comparison
from zhixing_desktop.dossier.paper_counting import Counted, PaperPage, count_paper
from zhixing_desktop.dossier.proof import Finding, FindingKind, PageProof, Proof

K = FindingKind
SAME = Comparison(found=True, same=True, measure=0.0)
ORDER = ["p1", "p2", "p3", "p4", "p5"]
PAPERS = [PaperPage(f"p{n}", f"第{n}页", 9, n - 2) for n in (3, 4)]


def strange(place: int, kind: FindingKind = K.EXTRA, **data: Any) -> Finding:
    return Finding(kind, f"扫描件第{place}页", scanned=(place,), data=data)


def counted(places: dict[str, int], *found: Finding) -> Counted:
    matched = tuple(PageProof(key, place, SAME, by_stamp=True) for key, place in places.items())
    scanned = len(places) + sum(len(finding.scanned) for finding in found)
    return count_paper(Proof(found, matched, 3, scanned), ORDER, PAPERS)


def test_pages_between_their_neighbours_are_counted() -> None:
    done = counted({"p1": 1, "p2": 2, "p5": 5}, strange(3), strange(4, K.UNREADABLE))
    assert done.proof.findings == ()
    assert done.places == {"p3": 3, "p4": 4}
    assert done.proof.expected == 5


def test_a_stack_scanned_from_its_last_page_on_is_counted_too() -> None:
    done = counted({"p5": 1, "p2": 4, "p1": 5}, strange(2), strange(3))
    assert done.proof.findings == ()


def test_what_lacks_is_missing_and_what_is_over_stays() -> None:
    (gone,) = counted({"p1": 1, "p2": 2, "p5": 4}, strange(3)).proof.findings
    assert (gone.kind, gone.expected) == (K.MISSING, ("p4",))
    assert "缺少第4页（仅有纸质）" in gone.sentence
    one, other, over = strange(3), strange(4), strange(5)
    done = counted({"p1": 1, "p2": 2, "p5": 6}, one, other, over)
    assert done.proof.findings == (over,)


def test_a_strange_page_elsewhere_is_not_taken_for_one() -> None:
    done = counted({"p1": 1, "p2": 3, "p5": 4}, strange(2))
    assert [finding.kind for finding in done.proof.findings] == [K.EXTRA, K.MISSING]


def test_a_stuck_on_stamp_says_which_page_it_is() -> None:
    done = counted({"p1": 1, "p2": 2, "p5": 4}, strange(3, item_id=9, item_page=2))
    assert done.places == {"p4": 3}
    (gone,) = done.proof.findings
    assert gone.expected == ("p3",)
