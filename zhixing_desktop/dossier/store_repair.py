"""Mending the folder of kept files: only from a copy that verifies, and nothing is deleted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.dossier.store_faults import DAMAGED, HEX_DIGITS, TEMPORARY, Fault, FaultKind
from zhixing_desktop.dossier.store_reading import digest_of_file
from zhixing_desktop.dossier.whole_files import copy_checked, refused, settle, temporary
from zhixing_desktop.workflow.errors import StoreError

_FROM_A_COPY = frozenset(
    {
        FaultKind.LOST,
        FaultKind.CHANGED,
        FaultKind.TRUNCATED,
        FaultKind.EMPTY,
        FaultKind.UNREADABLE,
        FaultKind.MISPLACED,
    }
)
_OUT_OF_THE_WAY = frozenset({FaultKind.DOUBLED, FaultKind.LEFT_OVER})


@dataclass(frozen=True, slots=True)
class Repaired:
    """A file that is right again: where it lies, what it was taken from, what was put aside.

    ``source`` is the file's own place where it was found right; ``aside`` is empty where nothing
    was in the way.  Both places are below the folder.
    """

    place: str
    source: Path
    aside: str = ""


def repair(folder: Path, fault: Fault, candidates: Sequence[Path]) -> Repaired | None:
    """Put a file back from the first copy that has its SHA-256, or return ``None``.

    Beside the candidates the copies in the store itself are tried (misplaced, doubled).  What lay
    in the file's place is kept under ``.damaged/`` by its name; a copy from outside is copied and
    stays as it is, a misplaced file is moved.  A doubled file goes aside when the right one
    verifies.  For what no copy mends (orphaned, foreign, left over) the answer is ``None``.  Can be
    called again after a power cut, and by two workstations.  Raises :class:`StoreError` where the
    folder does not take the copy.
    """
    if fault.kind is FaultKind.DOUBLED:
        return _doubled(folder, fault)
    if fault.kind not in _FROM_A_COPY or not fault.home or len(fault.digest) != HEX_DIGITS:
        return None
    target = folder / fault.home
    try:
        if _verifies(target, fault):
            return Repaired(fault.home, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        for source in _sources(folder, fault, candidates):
            if _verifies(source, fault):
                return _mended(folder, fault, source)
    except OSError as error:
        raise refused(folder, error) from error
    return None


def set_aside(folder: Path, fault: Fault) -> str:
    """Move a doubled or left-over file to ``.damaged/`` and return its new place below the folder.

    Raises :class:`StoreError` for any other kind: an orphaned or foreign file may be wanted by
    somebody, who must look first.
    """
    if fault.kind not in _OUT_OF_THE_WAY:
        raise StoreError(
            f"“{fault.kind.label}”的文件不能自动移走（{fault.place}）。请系统管理员查明来源后处理。",
            data={"kind": "not_set_aside", "place": fault.place},
        )
    try:
        return _aside(folder, folder / fault.place)
    except OSError as error:
        raise refused(folder, error) from error


def _doubled(folder: Path, fault: Fault) -> Repaired | None:
    target = folder / fault.home
    try:
        if not _verifies(target, fault) or not (folder / fault.place).exists():
            return None
        return Repaired(fault.home, target, _aside(folder, folder / fault.place))
    except OSError as error:
        raise refused(folder, error) from error


def _sources(folder: Path, fault: Fault, candidates: Iterable[Path]) -> Iterator[Path]:
    target = folder / fault.home
    inside = [folder / fault.place]
    inside += sorted(target.parent.glob(f"{fault.digest}*"))
    # What was put aside as unreadable may only have lacked a permission.
    inside += sorted((folder / DAMAGED).glob(f"{fault.digest}*"))
    yield from (path for path in [*inside, *candidates] if path != target)


def _verifies(path: Path, fault: Fault) -> bool:
    """Whether a file has the bytes that were kept; what cannot be read has not."""
    try:
        if path.stat().st_size != fault.bytes:
            return False
        return digest_of_file(path) == (fault.digest, fault.bytes)
    except OSError:
        return False


def _mended(folder: Path, fault: Fault, source: Path) -> Repaired:
    target = folder / fault.home
    if source == folder / fault.place:
        # Misplaced: the file itself goes home.
        aside = _kept_aside(folder, target)
        source.replace(target)
        settle(target.parent)
        return Repaired(fault.home, source, aside)
    with temporary(target.parent, TEMPORARY) as fresh:
        copy_checked(source, fresh, fault.digest)
        aside = _kept_aside(folder, target)
        fresh.replace(target)
    settle(target.parent)
    return Repaired(fault.home, source, aside)


def _kept_aside(folder: Path, target: Path) -> str:
    """Give a damaged file a second name under ``.damaged/``, so that it can be replaced.

    A second name rather than a move: in no moment is the place empty.  Where the file server knows
    no second names it is moved.
    """
    if not _there(target):
        return ""
    home = _free(folder, target)
    try:
        if not (home.exists() and home.samefile(target)):
            os.link(target, home)
            settle(home.parent)
    except (OSError, NotImplementedError):
        return _aside(folder, target)
    return home.relative_to(folder).as_posix()


def _aside(folder: Path, path: Path) -> str:
    home = _free(folder, path)
    try:
        # Unlike a renaming, a second name never takes the place of a file that is there.
        if not home.exists():
            os.link(path, home)
        path.unlink()
    except FileExistsError:
        return _aside(folder, path)  # another workstation was quicker with that name
    except (OSError, NotImplementedError):
        path.rename(home)
    settle(home.parent)
    settle(path.parent)
    return home.relative_to(folder).as_posix()


def _free(folder: Path, path: Path) -> Path:
    """Return a name under ``.damaged/`` that nobody has, or the one that is this very file."""
    aside = folder / DAMAGED
    aside.mkdir(exist_ok=True)
    home, number = aside / path.name, 1
    while _there(home):
        with suppress(OSError):
            if home.samefile(path):
                return home
        number += 1
        home = aside / f"{path.name}.{number}"
    return home


def _there(path: Path) -> bool:
    return os.path.lexists(path)
