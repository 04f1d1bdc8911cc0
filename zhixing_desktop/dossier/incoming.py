"""What comes into the dossier: a file in memory or on the disk, and what was found in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

A4 = (595.28, 841.89)
"""Width and height of an upright sheet of A4 in points (1/72 inch)."""


@dataclass(frozen=True, slots=True)
class PageShape:
    """A page as it is seen: ``width`` and ``height`` in points, after its own ``turn``.

    ``turn`` is how far the file itself turns the page: 0, 90, 180 or 270 degrees clockwise.
    """

    width: float
    height: float
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file is and whether its pages can go on record.

    ``media_type`` is what it is by its content (``application/octet-stream`` where nobody knows),
    ``pages`` how many pages it has (0 for sound, video and what has to be turned into a PDF first),
    ``shapes`` one entry for each page.  ``problems`` are all things a person ought to know:
    ``severity`` is ``error`` where no pages can be made of it, ``warning`` for a note;
    ``data["kind"]`` is a word for programs.  ``clean`` tells that the file can itself be the pages
    of record, byte for byte.
    """

    name: str
    media_type: str
    size: int
    pages: int
    shapes: tuple[PageShape, ...]
    problems: tuple[Problem, ...]
    clean: bool

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Why no pages can be made of it; empty where they can."""
        return tuple(one for one in self.problems if one.severity == "error")

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What was noticed and does not stand in the way."""
        return tuple(one for one in self.problems if one.severity != "error")

    def kinds(self) -> frozenset[str]:
        """The words for programs of everything that was noticed."""
        return frozenset(str(one.data.get("kind", "")) for one in self.problems)


@dataclass(frozen=True, slots=True)
class Source:
    """A file pages are taken from: its bytes or where it lies, and what it is called."""

    content: Path | bytes
    name: str


@dataclass(frozen=True, slots=True)
class PageCut:
    """One page of record: page ``page`` (from 0 on) of source ``source`` (from 0 on).

    ``turn`` is how far the person turned it, clockwise: a multiple of 90.
    """

    source: int
    page: int
    turn: int = 0


def note(where: str, sentence: str, kind: str) -> Problem:
    """Return something to know that does not stand in the way."""
    return Problem(where, sentence, "warning", {"kind": kind})


def fault(where: str, sentence: str, kind: str) -> Problem:
    """Return a reason why no pages can be made of a file."""
    return Problem(where, sentence, "error", {"kind": kind})


def refuse(files: Sequence[Examined]) -> None:
    """Raise :class:`InputRefusedError` with the errors of all files, where there are any."""
    problems = [problem for one in files for problem in one.errors]
    if problems:
        listed = "；".join(f"{problem.where}：{problem.sentence}" for problem in problems)
        raise InputRefusedError(listed, problems)


def size_of(content: Path | bytes) -> int:
    """Return how many bytes a file has; :class:`StoreError` where it cannot be read."""
    if isinstance(content, bytes):
        return len(content)
    try:
        return content.stat().st_size
    except OSError as error:
        raise unreadable(content, error) from error


def opened(content: Path | bytes) -> BinaryIO:
    """Return a file to read and to seek in; :class:`StoreError` where it cannot be opened."""
    if isinstance(content, bytes):
        return io.BytesIO(content)
    try:
        return content.open("rb")
    except OSError as error:
        raise unreadable(content, error) from error


def unreadable(place: Path, error: OSError) -> StoreError:
    """Return the refusal for a file that is gone, locked or on a disk that fails."""
    if isinstance(error, FileNotFoundError):
        why, do = "找不到这个文件", "请确认它没有被移走或者改名，再放入一次"
    elif isinstance(error, PermissionError):
        why, do = "这个文件不能读取", "可能正在别的程序中打开，请关闭后再放入一次"
    else:
        why, do = "读取这个文件时出错", "请检查存放它的磁盘或者网络，再放入一次"
    return StoreError(f"{why}（{place.name}）。{do}。", data={"kind": "unreadable"})
