"""From what each scanned page is to what is wrong with the volume, each thing named once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhixing_desktop.dossier.page_match import Gap, Move, Placed, Role, gaps, moves
from zhixing_desktop.dossier.proof import ExpectedPage, Finding, FindingKind, page_words
from zhixing_desktop.dossier.proof_blanks import backs_settled, without_blanks
from zhixing_desktop.dossier.proof_contents import contents
from zhixing_desktop.dossier.stamp import Stamp

_STANDS_IN = (Role.PAGE, Role.RENUMBERED, Role.OLD)
_USUAL = 0.8
_LEAST = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """The scanned pages, in order, with one of those that show the same expected page as the one.

    ``first`` are indexes into ``placed`` of the pages that count, ``doubles`` of the others.
    """

    placed: tuple[Placed, ...]
    first: tuple[int, ...]
    doubles: tuple[int, ...]


def findings(
    expected: Sequence[ExpectedPage], placed: Sequence[Placed], blank: set[int]
) -> tuple[Finding, ...]:
    """Return what is wrong, in the order of the volume; nothing where it is as it should be.

    ``placed`` are all scanned pages in the order of the scan, ``blank`` the places of expected
    pages on which nothing stands.
    """
    written = _chosen(without_blanks(placed, blank))
    chosen = _chosen(backs_settled(expected, placed, written.first, blank))
    found = [
        *_order(expected, chosen),
        *_doubles(expected, chosen),
        *_missing(expected, chosen, blank),
        *_strangers(expected, chosen),
        *_turned(expected, chosen),
        *contents(expected, [chosen.placed[at] for at in chosen.first]),
    ]
    return tuple(sorted(found, key=lambda finding: min(finding.scanned, default=_where(finding))))


def _where(finding: Finding) -> int:
    return int(finding.data.get("after", 0))


def _chosen(placed: Sequence[Placed]) -> Chosen:
    """Of several that show the same page keep the one that fits best: content, then order."""
    groups: dict[int, list[int]] = {}
    for at, page in enumerate(placed):
        if page.expected is not None and page.role in _STANDS_IN:
            groups.setdefault(page.expected, []).append(at)
    single = {at: number for number, ats in groups.items() for at in ats if len(ats) == 1}

    def unfit(at: int) -> tuple[int, bool, int, int]:
        page = placed[at]
        number = page.expected or 0
        wrong = sum((other < at) != (value < number) for other, value in single.items())
        right = page.comparison is not None and page.comparison.same
        return _STANDS_IN.index(page.role), not right, wrong, at

    first = {min(ats, key=unfit) for ats in groups.values()}
    doubles = {at for ats in groups.values() for at in ats} - first
    return Chosen(tuple(placed), tuple(sorted(first)), tuple(sorted(doubles)))


def _order(expected: Sequence[ExpectedPage], chosen: Chosen) -> Iterator[Finding]:
    inside = [chosen.placed[at] for at in chosen.first]
    order = [page.expected for page in inside if page.expected is not None]
    places = {page.expected: page.place for page in inside}
    for move in moves(order, [page.sheet for page in expected]):
        keys = tuple(expected[at].key for at in (*move.expected, *move.other))
        scanned = tuple(sorted(places[at] for at in (*move.expected, *move.other)))
        kind = FindingKind.SHEET_REVERSED if move.reversed_sheet else FindingKind.MOVED
        yield Finding(kind, _move_words(expected, move, order), keys, scanned)


def _move_words(expected: Sequence[ExpectedPage], move: Move, order: Sequence[int]) -> str:
    one = _words(expected, move.expected)
    if move.other:
        other = _words(expected, move.other)
        if move.reversed_sheet:
            return f"{one}和{other}是同一张纸的两面，正反面装反了。请翻转这张纸后重新装订。"
        return f"{one}与{other}互换了位置。请调换后重新装订。"
    at = order.index(move.expected[0])
    now = f"现在排在{expected[order[at - 1]].words()}之后" if at else "现在排在最前面"
    return f"{one}不在原来的位置，{now}。请放回原来的位置后重新装订。"


def _words(expected: Sequence[ExpectedPage], places: Sequence[int]) -> str:
    """Return pages in words: 第5页; 第5页至第8页; 第5页、第9页."""
    names = [expected[at].words() for at in places]
    in_a_row = all(low + 1 == high for low, high in pairwise(places))
    if len(names) > 2 and in_a_row:
        return f"{names[0]}至{names[-1]}"
    return "、".join(names)


def _doubles(expected: Sequence[ExpectedPage], chosen: Chosen) -> Iterator[Finding]:
    first = {chosen.placed[at].expected: chosen.placed[at] for at in chosen.first}
    for at in chosen.doubles:
        page = chosen.placed[at]
        known = first[page.expected]
        if page.expected is None or page.role is Role.OLD:
            continue  # named as an old version, which says more
        words = expected[page.expected].words()
        yield Finding(
            FindingKind.DOUBLE,
            f"{words}出现了不止一次（扫描件第{known.place}页和第{page.place}页）。"
            "请取出多余的一份，或者删除重复扫描的一页。",
            (expected[page.expected].key,),
            (page.place,),
            data={"first": known.place},
        )


def _missing(
    expected: Sequence[ExpectedPage], chosen: Chosen, blank: set[int]
) -> Iterator[Finding]:
    present = {
        page.expected for page in (chosen.placed[at] for at in chosen.first)
        if page.expected is not None
    }  # fmt: skip
    sheets = [page.sheet for page in expected]
    for gap in gaps(present, blank, sheets, blanks_scanned=bool(present & blank)):
        if len(_unread_between(gap, chosen)) >= len(gap.expected):
            continue  # they are there, and named as what cannot be read
        yield _gap_finding(expected, gap, _before(gap, chosen))


def _gap_finding(expected: Sequence[ExpectedPage], gap: Gap, after: int) -> Finding:
    keys = tuple(expected[at].key for at in gap.expected)
    words = _words(expected, gap.expected)
    data = {"after": after}
    if gap.fed_together:
        return Finding(
            FindingKind.FED_TOGETHER,
            f"{words}没有扫到，前后两面都在：扫描时有纸张粘连（两张同走）。请分开后补扫这几页。",
            keys,
            data=data,
        )
    sheets = {expected[at].sheet for at in gap.expected}
    whole = len(gap.expected) == 2 and len(sheets) == 1 and None not in sheets
    tail = "这两页是同一张纸的两面，请查看这张纸是否在卷内：" if whole else "请查看纸质卷宗："
    return Finding(
        FindingKind.MISSING,
        f"缺少{words}。{tail}在卷内的，补扫；不在的，补印后装入。",
        keys,
        data=data,
    )


def _before(gap: Gap, chosen: Chosen) -> int:
    """Return the place in the scan of the last page before a gap, 0 for none."""
    places = [
        chosen.placed[at].place
        for at in chosen.first
        if (chosen.placed[at].expected or 0) < gap.expected[0]
    ]
    return max(places, default=0)


def _unread_between(gap: Gap, chosen: Chosen) -> list[Placed]:
    """Return unreadable pages that stand where the missing ones belong."""
    lows = [at for at in chosen.first if (chosen.placed[at].expected or 0) < gap.expected[0]]
    highs = [at for at in chosen.first if (chosen.placed[at].expected or 0) > gap.expected[-1]]
    low = max(lows, default=-1)
    high = min((at for at in highs if at > low), default=len(chosen.placed))
    return [page for page in chosen.placed[low + 1 : high] if page.role is Role.UNREADABLE]


def _strangers(expected: Sequence[ExpectedPage], chosen: Chosen) -> Iterator[Finding]:
    for page in chosen.placed:
        kind = _STRANGERS.get(page.role)
        if kind is None:
            continue
        keys = () if page.expected is None else (expected[page.expected].key,)
        stamp = page.stamp
        data = {} if stamp is None else {
            "case_id": stamp.case_id, "case_mark": stamp.case_mark, "side": stamp.side,
            "volume": stamp.volume, "page": stamp.page, "insert": stamp.insert,
            "item_id": stamp.item_id, "version": stamp.version, "item_page": stamp.item_page,
        }  # fmt: skip
        yield Finding(kind, _stranger_words(expected, page), keys, (page.place,), data=data)


_STRANGERS = {
    Role.OTHER_CASE: FindingKind.OTHER_CASE,
    Role.OTHER_VOLUME: FindingKind.OTHER_VOLUME,
    Role.OLD: FindingKind.OLD_VERSION,
    Role.RENUMBERED: FindingKind.RENUMBERED,
    Role.EXTRA: FindingKind.EXTRA,
    Role.UNREADABLE: FindingKind.UNREADABLE,
}
_SIDES = {"main": "正卷", "side": "副卷"}


def _stranger_words(expected: Sequence[ExpectedPage], page: Placed) -> str:
    where = f"扫描件第{page.place}页"
    stamp = page.stamp
    if page.role is Role.UNREADABLE:
        return f"{where}看不清，也没有可以识读的页标，无法辨认是哪一页。请把这一页重新扫描。"
    if stamp is None:
        return (
            f"{where}不是本卷电子卷宗中的任何一页，也没有页标。请核对：属于本卷的，先归入电子卷宗"
            "再补印页标；不属于的，取出。"
        )
    if page.expected is not None:
        return _stale_words(where, expected[page.expected], stamp, page.role)
    if page.role is Role.OTHER_CASE:
        return f"{where}的页标属于另一个案件。请取出，放回该案卷宗。"
    if page.role is Role.OTHER_VOLUME:
        volume = f"{_SIDES.get(stamp.side, stamp.side)}第{stamp.volume}册{page_words(stamp)}"
        return f"{where}的页标属于本案{volume}。请取出，放回该册。"
    return f"{where}的页标所指的材料已不在本册目录中。请核对目录，取出这一页或者恢复该材料。"


def _stale_words(where: str, known: ExpectedPage, stamp: Stamp, role: Role) -> str:
    if role is Role.RENUMBERED:
        return (
            f"{where}内容是{known.words()}，但纸上印的是{page_words(stamp)}：打印以后页码变了。"
            "请重新打印这一页替换。"
        )
    now = known.stamp
    older = "较早" if now is not None and stamp.version < now.version else "另一个"
    version = "" if now is None else f"，电子卷宗现为第{now.version}版"
    return (
        f"{where}是{known.words()}的{older}版本（第{stamp.version}版{version}）。"
        "请打印现行版本替换这一页。"
    )


def _turned(expected: Sequence[ExpectedPage], chosen: Chosen) -> Iterator[Finding]:
    """Name pages that lie otherwise than the rest of their side of the sheets."""
    pages = [
        chosen.placed[at] for at in (*chosen.first, *chosen.doubles)
        if chosen.placed[at].comparison is not None and _lies(chosen.placed[at]) is not None
    ]  # fmt: skip
    usual = {side: _usual([p for p in pages if p.place % 2 == side]) for side in (0, 1)}
    for page in pages:
        turn = ((_lies(page) or 0) - usual[page.place % 2]) % 360
        if not turn or page.expected is None:
            continue
        known = expected[page.expected]
        if turn == 180:
            sentence = f"{known.words()}上下颠倒（扫描件第{page.place}页）。请调正后重新装订。"
            yield Finding(FindingKind.UPSIDE_DOWN, sentence, (known.key,), (page.place,))
        else:
            sentence = (
                f"{known.words()}横放了（扫描件第{page.place}页）。请查看纸质卷宗，装歪的请调正。"
            )
            yield Finding(FindingKind.SIDEWAYS, sentence, (known.key,), (page.place,))


def _lies(page: Placed) -> int | None:
    """Return how a page lies; a broad page on an upright sheet lies as it must."""
    seen = page.comparison
    if seen is None or not seen.found:
        return None
    return None if seen.broad and seen.turn in (90, 270) else seen.turn


def _usual(pages: Sequence[Placed]) -> int:
    turns = Counter(turn for turn in map(_lies, pages) if turn is not None)
    if not turns or turns.total() < _LEAST:
        return 0
    turn, count = turns.most_common(1)[0]
    return turn if count >= _USUAL * turns.total() else 0
