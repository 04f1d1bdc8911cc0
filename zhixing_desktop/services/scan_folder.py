"""The watched scan folder: what a scanner puts there is sorted like a stack and put away.

A file goes three ways by rename within the folder: from the top to ``正在收取/<workstation>`` (the
claim: whoever renames it first has it), and, once everything of it is kept and committed, to
``已收取/<day>``.  A kill in between leaves it under its claim; the next look takes it up again, and
as the same pages of the same file are known to the dossier and the tray, nothing comes twice.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.services.bureau import SYSTEM, Bureau
from zhixing_desktop.services.dossier_stack import sort_stack
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.services.stack_types import Sorted
from zhixing_desktop.workflow.errors import StoreError, ZhixingError

CLAIMED, DONE = "正在收取", "已收取"
_SIGN = ".在线"
_DEAD_AFTER_S = 900.0
"""A workstation that has not looked for so long has stopped; its claims are taken over."""
_PATIENCE = 3
"""So many looks a file may be held by the program that writes it."""
_LEFT_ALONE = re.compile(r"^[.~]|\.(tmp|part|crdownload|lock)$|^(thumbs\.db|desktop\.ini)$", re.I)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the folder brought: stacks that were taken, and what a person is told.

    ``told`` are sentences, each said once while it stays true.
    """

    taken: tuple[Sorted, ...] = ()
    told: tuple[str, ...] = ()


class ScanFolder:
    """One watched folder of one workstation; used from one thread at a time.

    ``stopped`` is asked between pages, so that the program can end.
    """

    def __init__(
        self, bureau: Bureau, folder: Path, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        self._bureau, self._folder, self._stopped = bureau, folder, stopped
        self._sizes: dict[str, tuple[int, int]] = {}
        self._said: dict[str, str] = {}
        self._held: dict[str, int] = {}
        self._gone = False
        name = re.sub(r"[^\w-]", "_", bureau.workstation) or "工作站"
        self._own = folder / CLAIMED / name

    def look(self) -> Look:
        """Take every file that has not grown since the last look.

        Never raises for what is wrong with the folder or a file: these are told.
        """
        try:
            return self._look()
        except OSError as error:
            _log.warning("scan folder: %s", error)
            if self._gone:
                return Look()
            self._gone = True
            self._sizes.clear()
            return Look(
                told=(
                    f"找不到扫描文件夹（{self._folder}），暂时不能自动收取扫描件。"
                    "请检查网络或者扫描仪的共享文件夹，恢复以后自动继续收取。",
                )
            )

    def _look(self) -> Look:
        sizes = dict(self._files())
        told = []
        if self._gone:
            self._gone = False
            told.append(f"扫描文件夹（{self._folder}）已经恢复，继续自动收取。")
        self._own.mkdir(parents=True, exist_ok=True)
        # By the clock of the disk that all share, not by this workstation's.
        (self._own / _SIGN).touch()
        still = [name for name, size in sizes.items() if self._sizes.get(name) == size]
        self._sizes = sizes
        self._said = {name: words for name, words in self._said.items() if name in sizes}
        self._held = {name: looks for name, looks in self._held.items() if name in sizes}
        taken = []
        for claim in (*self._left_over(), *filter(None, map(self._claim, sorted(still)))):
            if self._stopped():
                self._give_back(claim)
                continue
            done = self._take(claim)
            if isinstance(done, Sorted):
                taken.append(done)
            elif done:
                told += self._once(claim.name, done)
        for name, looks in self._held.items():
            if looks >= _PATIENCE:
                told += self._once(
                    name,
                    f"扫描文件夹中的“{name}”不能读取，没有收取，文件还在原处。"
                    "可能正在别的程序中打开，或者没有权限；请关闭它，或者请系统管理员检查。",
                )
        return Look(tuple(taken), tuple(told))

    def _once(self, name: str, words: str) -> list[str]:
        if self._said.get(name) == words:
            return []
        self._said[name] = words
        return [words]

    def _files(self) -> Iterator[tuple[str, tuple[int, int]]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if _LEFT_ALONE.search(entry.name) or not entry.is_file(follow_symlinks=False):
                    continue
                try:
                    seen = entry.stat()
                except FileNotFoundError:
                    continue  # another workstation has just taken it
                if seen.st_size:
                    yield entry.name, (seen.st_size, seen.st_mtime_ns)

    def _claim(self, name: str) -> Path | None:
        """Rename a file under this workstation's claim; ``None`` where somebody else has it."""
        target = self._own / name
        if target.exists():
            return None  # an earlier one of this name could not be put away
        try:
            (self._folder / name).rename(target)
        except FileNotFoundError:
            return None
        except OSError:
            # The scanner's program may still hold it: told only if it stays so.
            self._held[name] = self._held.get(name, 0) + 1
            return None
        self._held.pop(name, None)
        return target

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
            done = sort_stack(
                self._bureau,
                SYSTEM,
                Piece(claim.name, claim),
                cancelled=self._stopped,
                source=TraySource.FOLDER,
            )
        except ZhixingError as refusal:
            self._give_back(claim)
            if isinstance(refusal, StoreError) and refusal.data.get("kind") == "cancelled":
                return ""
            return f"扫描文件夹中的“{claim.name}”没有收取，文件还在原处：{refusal.sentence}"
        self._put_away(claim)
        return done

    def _give_back(self, claim: Path) -> None:
        """Put a file back to the top; where that fails it stays under the claim."""
        target = self._folder / claim.name
        try:
            if not target.exists():
                claim.rename(target)
        except OSError as error:
            _log.warning("scan folder: %s", error)

    def _put_away(self, claim: Path) -> None:
        """Move a taken file to the day's folder; where that fails the next look tries again."""
        day = self._folder / DONE / self._bureau.database.now().date().isoformat()
        try:
            day.mkdir(parents=True, exist_ok=True)
            claim.rename(_free(day / claim.name))
        except OSError as error:
            _log.warning("scan folder: %s", error)


def _dead(place: Path, now: float) -> bool:
    try:
        return now - (place / _SIGN).stat().st_mtime > _DEAD_AFTER_S
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _free(target: Path) -> Path:
    """Return a name that is not taken yet: scanners begin with 0001 each day, some each time."""
    number, made = 2, target
    while made.exists():
        made = target.with_name(f"{target.stem}（{number}）{target.suffix}")
        number += 1
    return made
