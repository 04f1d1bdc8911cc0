"""The watched scan folder: what a scanner puts there is sorted like a stack and put away.

A file goes three ways by rename within the folder: from the top to ``正在收取/<workstation>`` (the
claim: whoever renames it first has it), and, once everything of it is kept and committed, to
``已收取/<day>``.  A kill in between leaves it under its claim; the next look takes it up again, and
as the same pages of the same file are known to the dossier and the tray, nothing comes twice.

The folder is mostly another machine's.  Everything that touches it goes through ``Patience``: a
share that hangs neither stops the beat for ever nor keeps the program from ending.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from zhixing_desktop.dossier.whole_files import refused
from zhixing_desktop.services.bureau import SYSTEM, Bureau
from zhixing_desktop.services.dossier_stack import sort_stack
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.services.patience import Patience, StoppedError
from zhixing_desktop.services.scan_folder_files import (
    ROOM,
    Fetching,
    free_name,
    remove_old_rooms,
    renamed,
    trouble,
)
from zhixing_desktop.services.stack_types import Sorted
from zhixing_desktop.workflow.errors import StoreError, ZhixingError

CLAIMED, DONE = "正在收取", "已收取"
_SIGN = ".在线"
_DEAD_AFTER_S = 900.0
"""A workstation that has not looked for so long has stopped; its claims are taken over."""
_PATIENCE = 3
"""So many looks a file may be held by the program that writes it."""
_EMPTY_LOOKS = 8
"""So many looks a file may be empty: some scanners create it before they begin to scan."""
SECONDS = 20.0
"""A share that has not answered for so long counts as hanging."""
_LEFT_ALONE = re.compile(r"^[.~]|\.(tmp|part|crdownload|lock)$|^(thumbs\.db|desktop\.ini)$", re.I)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the folder brought: stacks that were taken, and what a person is told.

    ``told`` are sentences, each said once while it stays true.
    """

    taken: tuple[Sorted, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What lies in the folder: sizes and times of files, the names of empty ones, and claims that
    were not finished."""

    sizes: dict[str, tuple[int, int]]
    empty: tuple[str, ...]
    claims: tuple[Path, ...]


class ScanFolder:
    """One watched folder of one workstation; used from one thread at a time.

    ``stopped`` is asked between pages, so that the program can end; ``seconds`` is how long the
    folder may take to answer.
    """

    def __init__(
        self,
        bureau: Bureau,
        folder: Path,
        stopped: Callable[[], bool] = lambda: False,
        seconds: float = SECONDS,
    ) -> None:
        self._bureau, self._folder, self._stopped = bureau, folder, stopped
        self._share = Patience(seconds, stopped)
        self._sizes: dict[str, tuple[int, int]] = {}
        self._said: dict[str, str] = {}
        self._held: dict[str, int] = {}
        self._empty: dict[str, int] = {}
        self._trouble = ""
        name = re.sub(r"[^\w-]", "_", bureau.workstation) or "工作站"
        self._own = folder / CLAIMED / name

    def look(self) -> Look:
        """Take every file that has not grown since the last look.

        Never raises for what is wrong with the folder or a file: these are told.
        """
        try:
            return self._look()
        except StoppedError:
            return Look()
        except OSError as error:
            _log.warning("scan folder: %s", error)
            words = trouble(self._folder, error)
            if words == self._trouble:
                return Look()
            self._trouble = words
            self._sizes.clear()
            return Look(told=(words,))

    def _look(self) -> Look:
        seen = self._share.ask(self._seen)
        told = []
        if self._trouble:
            self._trouble = ""
            told.append(f"扫描文件夹（{self._folder}）已经恢复，继续自动收取。")
        still = sorted(name for name, size in seen.sizes.items() if self._sizes.get(name) == size)
        self._remember(seen)
        taken = []
        for claim in (*seen.claims, *filter(None, map(self._claim, still))):
            if self._stopped():
                self._give_back(claim)
                continue
            done = self._take(claim)
            if isinstance(done, Sorted):
                taken.append(done)
            elif done:
                told += self._once(claim.name, done)
        return Look(tuple(taken), (*told, *self._stuck()))

    def _remember(self, seen: _Seen) -> None:
        there = {*seen.sizes, *seen.empty}
        self._sizes = seen.sizes
        self._said = {name: words for name, words in self._said.items() if name in there}
        self._held = {name: looks for name, looks in self._held.items() if name in there}
        self._empty = {name: self._empty.get(name, 0) + 1 for name in seen.empty}

    def _stuck(self) -> Iterator[str]:
        """Yield what is to be said of files that lie there look after look."""
        for name, looks in self._held.items():
            if looks >= _PATIENCE:
                yield from self._once(
                    name,
                    f"扫描文件夹中的“{name}”不能读取，没有收取，文件还在原处。"
                    "可能正在别的程序中打开，或者没有权限；请关闭它，或者请系统管理员检查。",
                )
        for name, looks in self._empty.items():
            if looks >= _EMPTY_LOOKS:
                yield from self._once(
                    name,
                    f"扫描文件夹中的“{name}”是空的，没有收取，文件还在原处。"
                    "可能没有扫描成功或者没有传完，请重新扫描，然后删除这个空文件。",
                )

    def _once(self, name: str, words: str) -> list[str]:
        if self._said.get(name) == words:
            return []
        self._said[name] = words
        return [words]

    # ---------------------------------------------------------------- what touches the folder

    def _seen(self) -> _Seen:
        sizes, empty = {}, []
        for name, size in self._files():
            if size[0]:
                sizes[name] = size
            else:
                empty.append(name)
        self._own.mkdir(parents=True, exist_ok=True)
        # By the clock of the disk that all share, not by this workstation's.
        (self._own / _SIGN).touch()
        return _Seen(sizes, tuple(empty), tuple(self._left_over()))

    def _files(self) -> Iterator[tuple[str, tuple[int, int]]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if _LEFT_ALONE.search(entry.name) or not entry.is_file(follow_symlinks=False):
                    continue
                try:
                    seen = entry.stat()
                except FileNotFoundError:
                    continue  # another workstation has just taken it
                yield entry.name, (seen.st_size, seen.st_mtime_ns)

    def _claim(self, name: str) -> Path | None:
        """Rename a file under this workstation's claim; ``None`` where somebody else has it."""
        target = self._own / name
        try:
            return self._share.ask(partial(renamed, self._folder / name, target))
        except TimeoutError:
            raise
        except FileNotFoundError:
            return None
        except OSError:
            # The scanner's program may still hold it: told only if it stays so.
            self._held[name] = self._held.get(name, 0) + 1
            return None

    def _left_over(self) -> list[Path]:
        """Return claims that were not finished: this workstation's, and those of dead ones."""
        found = [path for path in sorted(self._own.iterdir()) if path.name != _SIGN]
        now = (self._own / _SIGN).stat().st_mtime
        for other in sorted((self._folder / CLAIMED).iterdir()):
            if other == self._own or not other.is_dir() or not _dead(other, now):
                continue
            for path in sorted(other.iterdir()):
                target = self._own / path.name
                if path.name == _SIGN or target.exists():
                    continue
                try:
                    path.rename(target)
                except OSError:
                    continue
                found.append(target)
        return found

    def _take(self, claim: Path) -> Sorted | str:
        """Take a claimed file; return what became of it, or why it has to stay."""
        try:
            done = self._sorted(claim)
        except ZhixingError as refusal:
            self._give_back(claim)
            if isinstance(refusal, StoreError) and refusal.data.get("kind") == "cancelled":
                return ""
            return f"扫描文件夹中的“{claim.name}”没有收取，文件还在原处：{refusal.sentence}"
        self._put_away(claim)
        return done

    def _sorted(self, claim: Path) -> Sorted:
        """Fetch a claimed file and sort it; the share is read once and then let go of."""
        try:
            room = tempfile.TemporaryDirectory(prefix=ROOM, ignore_cleanup_errors=True)
            remove_old_rooms(Path(room.name))
        except OSError as error:
            raise refused(Path(tempfile.gettempdir()), error) from error
        with room:
            here = Path(room.name) / "scan"
            fetching = Fetching(claim, here)
            try:
                self._share.ask(fetching.run, fetching.blocks)
            except (TimeoutError, StoppedError):
                fetching.given_up.set()
                raise
            return sort_stack(
                self._bureau,
                SYSTEM,
                Piece(claim.name, here),
                cancelled=self._stopped,
                source=TraySource.FOLDER,
            )

    def _give_back(self, claim: Path) -> None:
        """Put a file back to the top; where that fails it stays under the claim."""
        try:
            self._share.ask(partial(renamed, claim, self._folder / claim.name))
        except OSError as error:
            _log.warning("scan folder: %s", error)

    def _put_away(self, claim: Path) -> None:
        """Move a taken file to the day's folder; where that fails the next look tries again."""
        day = self._folder / DONE / self._bureau.database.now().date().isoformat()

        def move() -> None:
            day.mkdir(parents=True, exist_ok=True)
            claim.rename(free_name(day / claim.name))

        try:
            self._share.ask(move)
        except OSError as error:
            _log.warning("scan folder: %s", error)


def _dead(place: Path, now: float) -> bool:
    try:
        return now - (place / _SIGN).stat().st_mtime > _DEAD_AFTER_S
    except FileNotFoundError:
        return True
    except OSError:
        return False
