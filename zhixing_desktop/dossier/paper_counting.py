"""Pages that exist only on paper: in a proof they are counted where they belong, not compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zhixing_desktop.dossier.proof import Finding, FindingKind, Proof

_UNKNOWN = (FindingKind.EXTRA, FindingKind.UNREADABLE)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """A page of which the electronic dossier has no picture; ``words``: 第12页."""

    key: str
    words: str
    item_id: int
    item_page: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The proof with these pages: ``places`` says where in the scan each was counted."""

    proof: Proof
    places: Mapping[str, int]


def count_paper(proof: Proof, order: Sequence[str], papers: Sequence[PaperPage]) -> Counted:
    """Take scanned pages that nobody knows for the pages that exist only on paper.

    ``order`` are the keys of all pages of the volume as they are bound, ``papers`` the pages on
    paper only, whose keys are among them.  Such a page is known by a stuck-on stamp; else it is a
    page without stamp between the scanned pages of its neighbours.  What is left over stays what it
    was found to be, what is not there is missing.
    """
    if not papers:
        return Counted(proof, {})
    spare = {
        finding.scanned[0]: finding
        for finding in proof.findings
        if finding.kind in _UNKNOWN and len(finding.scanned) == 1
    }
    found = _by_stamp(spare, papers)
    free = sorted(place for place, finding in spare.items()
                  if place not in found.values() and not finding.data)  # fmt: skip
    known = {page.key: page.place for page in proof.matched} | found
    own = {page.key: page for page in papers}
    missing: list[Finding] = []
    for run in _runs(order, own, found):
        low, high = _between(order, known, run)
        inside = [place for place in free if low < place < high]
        for key, place in zip(run, inside, strict=False):
            found[key] = place
            free.remove(place)
        gone = [own[key] for key in run if key not in found]
        if gone:
            missing.append(_missing(gone, low))
    taken = set(found.values())
    left = [
        finding for finding in proof.findings
        if finding.kind not in _UNKNOWN or not taken & set(finding.scanned)
    ]  # fmt: skip
    findings = sorted([*left, *missing], key=_where)
    whole = replace(proof, findings=tuple(findings), expected=proof.expected + len(papers))
    return Counted(whole, found)


def _by_stamp(spare: Mapping[int, Finding], papers: Sequence[PaperPage]) -> dict[str, int]:
    wanted = {(page.item_id, page.item_page): page.key for page in papers}
    found: dict[str, int] = {}
    for place, finding in sorted(spare.items()):
        key = wanted.get((finding.data.get("item_id", 0), finding.data.get("item_page", 0)))
        if key is not None:
            found.setdefault(key, place)
    return found


def _runs(
    order: Sequence[str], own: Mapping[str, PaperPage], found: Mapping[str, int]
) -> Iterator[list[str]]:
    """Yield the keys of pages on paper only that follow one another and are still looked for."""
    run: list[str] = []
    for key in order:
        if key in own and key not in found:
            run.append(key)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _between(
    order: Sequence[str], known: Mapping[str, int], run: Sequence[str]
) -> tuple[int, float]:
    """Return the places in the scan between which the pages must lie."""
    first, last = order.index(run[0]), order.index(run[-1])
    before = next((known[key] for key in reversed(order[:first]) if key in known), 0)
    after = next((known[key] for key in order[last + 1 :] if key in known), float("inf"))
    # A stack that was scanned from its last page on.
    return (before, after) if before < after else (int(after), float(before))


def _missing(gone: Sequence[PaperPage], after: int) -> Finding:
    words = gone[0].words if len(gone) == 1 else f"{gone[0].words}至{gone[-1].words}"
    return Finding(
        FindingKind.MISSING,
        f"缺少{words}（仅有纸质）。请查看纸质卷宗：在卷内的，补扫；不在的，查找原件，不得遗失。",
        tuple(page.key for page in gone),
        data={"after": after},
    )


def _where(finding: Finding) -> int:
    return min(finding.scanned, default=int(finding.data.get("after", 0)))
