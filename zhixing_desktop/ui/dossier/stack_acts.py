"""What can be done with pages on a desk, wherever that is: turned, moved, split, joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from zhixing_desktop.ui.dossier.intake_grid import IntakeGrid
from zhixing_desktop.ui.dossier.stack import Stack


class StackHost(Protocol):
    """The window whose pages they are."""

    grid: IntakeGrid

    @property
    def stack(self) -> Stack:
        """The pages as they lie now."""

    @property
    def changeable(self) -> bool:
        """Whether they may be changed now: nothing is being filed."""

    def show_stack(self, chosen: list[int] | None = None) -> None:
        """Show them as they lie now, with these rows chosen."""

    def split_off(self, thing: int, old: int) -> None:
        """Take note that a thing was split from another one."""


class StackActs(QObject):
    """Acts on the chosen pages of a host."""

    def __init__(self, host: StackHost, parent: QWidget) -> None:
        super().__init__(parent)
        self.host = host

    def turn(self, by: int) -> None:
        """Turn the chosen pages."""
        self._on_rows(lambda rows: self.host.stack.turn(rows, by))

    def leave_out(self, out: bool) -> None:
        """Leave the chosen pages out of the record, or take them in again."""
        self._on_rows(lambda rows: self.host.stack.leave_out(rows, out=out))

    def _on_rows(self, act: Callable[[list[int]], object]) -> None:
        rows = self.rows()
        if rows:
            act(rows)
            self.host.show_stack(rows)

    def rows(self) -> list[int]:
        """Return the chosen rows; none while nothing may be changed."""
        return self.host.grid.rows() if self.host.changeable else []

    def move_to(self, before: int) -> None:
        """Move the chosen pages in front of a row."""
        rows = self.rows()
        if rows:
            self.host.show_stack(self.host.stack.move(rows, before))

    def step(self, by: int) -> None:
        """Move the chosen pages by one."""
        rows = self.rows()
        if not rows:
            return
        before = rows[0] - 1 if by < 0 else rows[-1] + 2
        if 0 <= before <= len(self.host.stack.leaves):
            self.host.show_stack(self.host.stack.move(rows, before))

    def thing_at(self, row: int) -> int:
        """Return the thing of a row; 0 where there is none."""
        leaves = self.host.stack.leaves
        return leaves[row].thing if 0 <= row < len(leaves) else 0

    def split(self) -> None:
        """Begin another thing with the page under the cursor."""
        row = self.host.grid.currentIndex().row()
        if not self.host.changeable:
            return
        old = self.thing_at(row)
        thing = self.host.stack.split(row)
        if thing is not None:
            self.host.split_off(thing, old)
            self.host.show_stack([row])

    def join(self) -> None:
        """Join the thing under the cursor to the one before it."""
        row = self.host.grid.currentIndex().row()
        thing = self.thing_at(row)
        if thing and self.host.changeable and self.host.stack.join(thing):
            self.host.show_stack([row])

    def join_all(self) -> None:
        """Make one thing of all pages."""
        if self.host.changeable and self.host.stack.join_all():
            self.host.show_stack([0])

    def undo(self) -> None:
        """Take the last act back."""
        if self.host.changeable and self.host.stack.undo():
            self.host.show_stack()

    def drop(self, found: frozenset[tuple[int, int]]) -> str:
        """Leave out pages (source and number there) on which nothing stands; return the words."""
        stack = self.host.stack
        rows = [n for n, x in enumerate(stack.leaves) if (x.source, x.page) in found and not x.out]
        if not rows:
            return "没有空白页。"
        stack.leave_out(rows, out=True)
        self.host.show_stack(rows)
        return f"有{len(rows)}页空白，已标为不入卷；可以用“恢复”改回。"
