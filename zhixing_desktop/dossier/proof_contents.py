"""What is wrong on the pages themselves: differences, covered stamps, stains, what was cut off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from zhixing_desktop.dossier.page_match import Placed, Role
from zhixing_desktop.dossier.page_regions import Difference, Region
from zhixing_desktop.dossier.proof import ExpectedPage, Finding, FindingKind

_LEAST = 5
_MOST = 0.5
"""Where more than this part of the pages has lost its stamp, it is said once for all."""


def contents(expected: Sequence[ExpectedPage], found: Sequence[Placed]) -> Iterator[Finding]:
    """Name covered stamps, differences, stains and what was cut off on the pages that count."""
    pages = [page for page in found if page.role is not Role.OLD]
    covered = [
        page for page in pages
        if page.expected is not None and page.stamp is None
        and _stamped(expected[page.expected])
    ]  # fmt: skip
    stamped = sum(_stamped(page) for page in expected)
    hidden = {page.place for page in covered}
    if len(covered) > max(_LEAST, _MOST * stamped):
        yield Finding(
            FindingKind.STAMP_COVERED,
            f"{len(covered)}页上读不出页标，是按画面辨认的。请确认打印时带有页标，"
            "并以不低于150dpi重新扫描。",
            tuple(expected[page.expected or 0].key for page in covered),
            tuple(page.place for page in covered),
        )
    else:
        for page in covered:
            yield _covered(expected[page.expected or 0], page)
    yield from _unclear(expected, pages)
    for page in pages:
        if page.expected is not None and page.comparison is not None:
            yield from _content(expected[page.expected], page, covered=page.place in hidden)


def _unclear(expected: Sequence[ExpectedPage], pages: Sequence[Placed]) -> Iterator[Finding]:
    """Name the pages of which nobody can say whether they are the same: once, if it is most."""
    poor = [
        (expected[page.expected], page) for page in pages
        if page.expected is not None and page.comparison is not None and page.comparison.unclear
    ]  # fmt: skip
    if len(poor) > max(_LEAST, _MOST * len(pages)):
        yield Finding(
            FindingKind.UNCLEAR,
            f"{len(poor)}页看不清，无法判断与电子页是否一致。请以不低于150dpi的灰度或者彩色重新扫描，"
            "或者逐页目测核对。",
            tuple(known.key for known, _ in poor),
            tuple(page.place for _, page in poor),
        )
        return
    for known, page in poor:
        yield Finding(
            FindingKind.UNCLEAR,
            f"{known.words()}（扫描件第{page.place}页）看不清，无法判断与电子页是否一致。"
            "请重扫这一页，或者目测核对。",
            (known.key,),
            (page.place,),
        )


def _stamped(page: ExpectedPage) -> bool:
    """Say whether the program has printed a stamp on it."""
    return page.stamp is not None and not page.own_paper


def _covered(known: ExpectedPage, page: Placed) -> Finding:
    regions = () if page.comparison is None else page.comparison.regions
    spots = tuple(r for r in regions if r.kind is Difference.STAINED or r.at_mark)
    return Finding(
        FindingKind.STAMP_COVERED,
        f"{known.words()}（扫描件第{page.place}页）的页标被遮挡或者污损，是按画面辨认的。"
        "请在页标处补贴新的页标。",
        (known.key,),
        (page.place,),
        spots,
    )


def _content(known: ExpectedPage, page: Placed, *, covered: bool) -> Iterator[Finding]:
    seen = page.comparison
    if seen is None:
        return
    where = f"{known.words()}（扫描件第{page.place}页）"
    place = ((known.key,), (page.place,))
    if not seen.found:
        yield Finding(
            FindingKind.CHANGED,
            f"{where}的页标是对的，画面却与电子页完全不同。请逐字核对这一页。",
            *place,
        )
        return
    # What lies over the stamp is the reason why it cannot be read, and named as that.
    differs = tuple(
        region
        for region in _of(seen.regions, Difference.ADDED, Difference.REMOVED)
        if region.kind is Difference.REMOVED
        or not (known.filled_in or (covered and region.at_mark))
    )
    if differs:
        yield Finding(
            FindingKind.CHANGED,
            f"{where}与电子页有{len(differs)}处不一致（{_difference_words(differs)}）。"
            "请对照两边画面核对。",
            *place,
            differs,
        )
    stains = _of(seen.regions, Difference.STAINED)
    if stains and not covered:
        yield Finding(
            FindingKind.STAINED,
            f"{where}有{len(stains)}处污损，污损处没有比对。请人工核对，必要时补印替换。",
            *place,
            stains,
        )
    cut = _of(seen.regions, Difference.UNSEEN)
    if cut:
        yield Finding(
            FindingKind.CUT_OFF, f"{where}没有扫全。请摊平后重新扫描这一页。", *place, cut
        )


def _difference_words(regions: Iterable[Region]) -> str:
    counted = Counter(region.kind for region in regions)
    return "，".join(f"{kind.label}{count}处" for kind, count in sorted(counted.items()))


def _of(regions: Iterable[Region], *kinds: Difference) -> tuple[Region, ...]:
    return tuple(region for region in regions if region.kind in kinds)
