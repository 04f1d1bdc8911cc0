"""What can be done with the pages in the intake dialog: brought, turned, moved, made straight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from zhixing_desktop.services import dossier_intake
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.dossier_intake import Looked, Straightening
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.services.file_pages import PagePicture
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.incoming_data import EMPTY, unfolded
from zhixing_desktop.ui.dossier.look_dialog import LookDialog
from zhixing_desktop.ui.dossier.stack import NO_PAGES
from zhixing_desktop.ui.dossier.stack_acts import StackActs
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog


@dataclass(frozen=True, slots=True)
class _Blanks:
    """Which pages of which sources are blank."""

    pages: frozenset[tuple[int, int]]


class PageActs(StackActs):
    """Acts on the desk of one dialog; ``settled`` when what takes long is done."""

    settled = Signal()
    _told = Signal(int, int, str)

    def __init__(self, bureau: Bureau, bridge: Bridge, dialog: IntakeDialog) -> None:
        super().__init__(dialog, dialog)
        self._bureau, self._bridge, self._dialog = bureau, bridge, dialog
        self.busy = 0
        self._stopped = False
        self._told.connect(self._show_progress)

    # ------------------------------------------------------------------------------- bringing

    def bring(self, pieces: Sequence[Piece]) -> None:
        """Look at files in a thread, then lay them on the desk."""
        bureau = self._bureau

        def job() -> tuple[Looked, ...]:
            files = unfolded(pieces)
            return dossier_intake.looked_at(bureau, files, self._told.emit, lambda: self._stopped)

        def show(found: tuple[Looked, ...]) -> None:
            rows = self._dialog.desk.lay(found)
            self._dialog.tell_problems()
            self._dialog.show_stack(rows[:1])
            if rows:
                self._dialog.grid.setFocus()
            if not found and not self._stopped:
                self._dialog.said.setText(EMPTY)
            self._dialog.ready.emit()

        self._long("正在查看文件…", job, show)

    def _long(self, words: str, job: Callable[[], object], show: Callable[..., None]) -> None:
        self.busy += 1
        self._stopped = False
        self._dialog.said.setText(words)
        self._dialog.progress.setRange(0, 0)
        self._dialog.progress.show()
        self._dialog.fit()

        def done(found: object) -> None:
            self._ended()
            show(found)
            self.settled.emit()

        def failed(error: Exception) -> None:
            self._ended()
            if not (isinstance(error, StoreError) and error.data.get("kind") == "cancelled"):
                messages.show_error(self._dialog, error, title="没有完成")
            self.settled.emit()

        self._bridge.read(self, job, done, failed)

    def _ended(self) -> None:
        self.busy -= 1
        if not self.busy:
            self._dialog.progress.hide()
            self._dialog.said.setText("")
        self._dialog.fit()

    def stop(self) -> None:
        """End what takes long as soon as it can be."""
        self._stopped = True

    def _show_progress(self, done: int, total: int, what: str) -> None:
        if self.busy:
            self._dialog.progress.setRange(0, max(total, 1))
            self._dialog.progress.setValue(done)
            self._dialog.progress.setFormat(f"{what}　{done} / {total}")

    def split(self) -> None:
        """Begin another thing, unless one thing is to be replaced."""
        if self._dialog.wish.replaced is None:
            super().split()

    # ------------------------------------------------------------------------------- blanks

    def drop_blanks(self) -> None:
        """Leave out every page on which nothing stands."""
        stack, sources = self._dialog.desk.stack, list(self._dialog.desk.sources)
        wanted = sorted({x.source for x in stack.leaves if x.page != NO_PAGES and not x.out})
        total = sum(sources[one].pages for one in wanted)

        def job() -> _Blanks:
            found: set[tuple[int, int]] = set()
            before = 0
            for one in wanted:
                begun = before

                def step(done: int, begun: int = begun) -> None:
                    if self._stopped:
                        raise StoreError("已经停止。", data={"kind": "cancelled"})
                    self._told.emit(begun + done, total, "查找空白页")

                found |= {(one, page) for page in dossier_intake.blanks(sources[one], step)}
                before += sources[one].pages
            return _Blanks(frozenset(found))

        self._long("正在查找空白页…", job, self._leave_blanks)

    def _leave_blanks(self, found: _Blanks) -> None:
        self._dialog.said.setText(self.drop(found.pages))

    # ------------------------------------------------------------------------------- straight

    def straighten(self) -> None:
        """Make the chosen photographs straight; one alone is shown before and after."""
        rows, desk = self.rows(), self._dialog.desk
        bureau = self._bureau
        leaves = {row: desk.stack.leaves[row] for row in rows}
        wanted = {row: x for row, x in leaves.items() if x.source >= 0 and x.page != NO_PAGES}
        sources = list(desk.sources)

        def job() -> dict[int, Straightening]:
            found = {}
            for done, (row, leaf) in enumerate(wanted.items()):
                if self._stopped:
                    break
                self._told.emit(done, len(wanted), "拉正")
                found[row] = dossier_intake.straightened(bureau, sources[leaf.source], leaf.page)
            return found

        def show(found: dict[int, Straightening]) -> None:
            # The desk may have been changed meanwhile: a page is known by what it is, not by where.
            now = {x: n for n, x in enumerate(desk.stack.leaves)}
            done = []
            for row, one in found.items():
                at = now.get(wanted[row])
                if one.after is not None and at is not None:
                    made = desk.add_made(one.after, wanted[row].source, wanted[row].page)
                    desk.stack.exchange(at, made)
                    done.append(at)
            self._dialog.show_stack(rows)
            self._dialog.said.setText(_told_of(found, len(done)))
            if len(done) == 1:
                self.look(done[0])

        if wanted:
            self._long("正在拉正…", job, show)
        else:
            self._dialog.said.setText("请先选定照片或者扫描的页面。")

    def look(self, row: int) -> LookDialog | None:
        """Show a page large; one that was made straight beside what it was."""
        desk = self._dialog.desk
        leaves = desk.stack.leaves
        if not 0 <= row < len(leaves) or leaves[row].page == NO_PAGES:
            return None
        leaf = leaves[row]
        title = f"{desk.title_of(leaf.thing)}　{desk.sources[leaf.source].piece.name}"
        before = desk.made_of.get(leaf.source)
        now = _drawn(desk.sources[leaf.source], leaf.page)
        pages = [("拉正以后" if before is not None else "本页", now, leaf.turn)]
        undo = None
        if before is not None:
            page = desk.made_page.get(leaf.source, 0)
            pages.insert(0, ("原来的样子", _drawn(desk.sources[before], page), 0))
            undo = lambda: self._put_back(row, before, page)  # noqa: E731 - one line says it best
        dialog = LookDialog(self._bridge, title, pages, undo, self._dialog)
        dialog.open()
        return dialog

    def _put_back(self, row: int, source: int, page: int) -> None:
        self._dialog.desk.stack.exchange(row, source, page)
        self._dialog.show_stack([row])


def _drawn(looked: Looked, page: int) -> Callable[[int], PagePicture]:
    def draw(width: int) -> PagePicture:
        (found,) = looked.pictures([page], width)
        return found

    return draw


def _told_of(found: dict[int, Straightening], done: int) -> str:
    notes = [note for one in found.values() for note in one.notes]
    reasons = [one.reason for one in found.values() if one.after is None]
    parts = [f"已拉正{done}张。"] if done else []
    return "".join(dict.fromkeys([*parts, *notes, *reasons]))
