"""Taking back a paper that was edited in Word: its words, and what changed in them.

The edited file becomes the text of record only when it is settled (no tracked changes, no
comments, nothing hidden) and carries nothing but the paper; every reason against is said at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path

from zhixing_desktop.documents.word_package import PackageLimits, open_package
from zhixing_desktop.documents.word_reading import Passage, passages, unsettled
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

# Below this likeness two paragraphs are not one that was changed, but one removed and one added.
_ALIKE = 0.4
# Comparing each with each of more paragraphs than this takes too long for what it tells.
_MOST_PAIRS = 10_000
# A stretch this short between two changes is read better as a part of the change.
_SHORTEST_KEPT = 2


class Change(StrEnum):
    """What happened to a paragraph or a stretch of one."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {"kept": "未改", "added": "新增", "removed": "删去", "changed": "改动"}[self.value]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph that was kept, added or removed."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """One paragraph: where it stands (in the edited file; a removed one in the paper), its pieces.

    Kept and removed pieces together are the paper's own words, kept and added ones the edited.
    """

    place: str
    change: Change
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        """The paper's own words, empty for an added paragraph."""
        return "".join(piece.text for piece in self.pieces if piece.change is not Change.ADDED)

    @property
    def after(self) -> str:
        """The edited words, empty for a removed paragraph."""
        return "".join(piece.text for piece in self.pieces if piece.change is not Change.REMOVED)


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited paper: ``words`` of its paragraphs in order, and all paragraphs compared."""

    words: tuple[str, ...]
    paragraphs: tuple[ParagraphChange, ...]

    @property
    def changes(self) -> tuple[ParagraphChange, ...]:
        """Return only what differs, in the order of reading."""
        return tuple(item for item in self.paragraphs if item.change is not Change.KEPT)


def read_edited(path: Path) -> bytes:
    """Return the bytes of an edited file.

    Raises ``StoreError`` when it is open in a word processor, missing or cannot be read.
    """
    if any((path.parent / name).exists() for name in _owner_files(path.name)):
        raise StoreError(
            f"“{path.name}”还在 Word、WPS 或者 LibreOffice 中打开着。请保存并关闭后再取回。",
            data={"path": str(path)},
        )
    try:
        with path.open("rb") as file:  # one byte more than is taken is enough to refuse it
            return file.read(PackageLimits().file_bytes + 1)
    except FileNotFoundError as error:
        sentence = f"找不到“{path.name}”。请检查文件是否已被移动或者改名。"
        raise StoreError(sentence, data={"path": str(path)}) from error
    except OSError as error:
        raise StoreError(
            f"读不了“{path.name}”，可能正被其他程序使用。请关闭打开它的程序后再取回。",
            data={"path": str(path), "reason": str(error)},
        ) from error


def _owner_files(name: str) -> tuple[str, ...]:
    """Return the files that word processors leave beside a file while it is open.

    Word puts ``~$`` before a short name and in place of the first characters of a longer one.
    """
    return f"~${name}", f"~${name[1:]}", f"~${name[2:]}", f".~lock.{name}#", f".~{name}"


def take_back(edited: bytes, original: bytes) -> Edited:
    """Read an edited paper and compare it with the paper's own Word file.

    ``edited`` and ``original`` are the bytes of two .docx.  Raises ``InputRefusedError`` with every
    reason why the edited one cannot be the text of record.
    """
    package, problems = open_package(edited)
    if package is not None:
        problems += unsettled(package)
    after = () if package is None else _with_words(passages(package))
    if package is not None and not after:
        raise InputRefusedError("文件里没有文字，不能作为文书的定稿。请检查是否选错了文件。")
    if problems or package is None:
        raise InputRefusedError("修改后的文书不能取回，请按下列各项处理后再试。", problems)
    own, _problems = open_package(original)
    before = () if own is None else _with_words(passages(own))
    return Edited(tuple(item.text for item in after), tuple(compare(before, after)))


def _with_words(found: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(item for item in found if item.text.strip())


def compare(before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[ParagraphChange]:
    """Yield all paragraphs of two texts in the order of reading, each with what happened to it."""
    matcher = SequenceMatcher(
        None, [item.text for item in before], [item.text for item in after], autojunk=False
    )
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            for item in after[new_start:new_end]:
                yield ParagraphChange(item.place, Change.KEPT, (Piece(Change.KEPT, item.text),))
        else:
            yield from _replaced(before[start:end], after[new_start:new_end])


def _replaced(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[ParagraphChange]:
    """Pair the paragraphs that are alike; the others were removed or added."""
    left, right = 0, 0
    for one, other in [*_pairs(old, new), (len(old), len(new))]:
        for item in old[left:one]:
            gone = Piece(Change.REMOVED, item.text)
            yield ParagraphChange(item.place, Change.REMOVED, (gone,))
        for item in new[right:other]:
            yield ParagraphChange(item.place, Change.ADDED, (Piece(Change.ADDED, item.text),))
        if one < len(old) and other < len(new):
            pieces = tuple(_pieces(old[one].text, new[other].text))
            yield ParagraphChange(new[other].place, Change.CHANGED, pieces)
        left, right = one + 1, other + 1


def _pairs(old: Sequence[Passage], new: Sequence[Passage]) -> list[tuple[int, int]]:
    """Return pairs of like paragraphs in rising order, the greatest likeness in all.

    The longest common subsequence, weighed with the likeness of each pair.
    """
    if len(old) * len(new) > _MOST_PAIRS:
        return [(i, i) for i in range(len(old))] if len(old) == len(new) else []
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = [[_likeness(a.text, b.text) for b in new] for a in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            taken = like[i][j] + best[i + 1][j + 1] if like[i][j] >= _ALIKE else 0.0
            best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
    found: list[tuple[int, int]] = []
    i, j = 0, 0
    while i < len(old) and j < len(new):
        if like[i][j] >= _ALIKE and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """Yield the stretches of a changed paragraph; what was removed stands before what came."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    removed, added = "", ""
    codes = matcher.get_opcodes()
    for index, (tag, start, end, new_start, new_end) in enumerate(codes):
        inner = 0 < index < len(codes) - 1
        if tag == "equal" and not (inner and end - start < _SHORTEST_KEPT):
            yield from _changed(removed, added)
            removed, added = "", ""
            yield Piece(Change.KEPT, before[start:end])
        else:
            removed += before[start:end]
            added += after[new_start:new_end]
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Change.REMOVED, removed)
    if added:
        yield Piece(Change.ADDED, added)
