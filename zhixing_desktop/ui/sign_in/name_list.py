"""Names to sign in with: completed while typing, by name, login or pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from zhixing_desktop.services.at_desk import SignInName
from zhixing_desktop.services.people import ROLES

_LOGIN = Qt.ItemDataRole.UserRole
_SHOWN = 10
Index = QModelIndex | QPersistentModelIndex


class NameModel(QAbstractListModel):
    """The names that fit what was typed; empty while nothing was typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._all: Sequence[SignInName] = ()
        self.found: list[SignInName] = []

    def offer(self, names: Sequence[SignInName]) -> None:
        """Take everybody who may sign in."""
        self._all = names

    def look(self, typed: str) -> None:
        """Find the names that begin with what was typed, in one of the three ways."""
        word = typed.strip().casefold()
        self.beginResetModel()
        self.found = [name for name in self._all if word and _fits(name, word)][:_SHOWN]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many names fit."""
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name to show, the login to write."""
        if not index.isValid():
            return None
        entry = self.found[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return entry.name
        if role == Qt.ItemDataRole.DisplayRole:
            other = "" if entry.login == entry.name.casefold() else f"　{entry.login}"
            return f"{entry.name}{other}"
        return None


def _fits(name: SignInName, word: str) -> bool:
    starts = (name.name.casefold(), name.login, *name.initials.split())
    return any(start.startswith(word) for start in starts)


class NameCompleter(QCompleter):
    """Offers names below a field; what fits is found by :class:`NameModel`, not by Qt."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        self.names = NameModel(field)
        self.setModel(self.names)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setCompletionRole(Qt.ItemDataRole.EditRole)
        self.setMaxVisibleItems(_SHOWN)
        field.textEdited.connect(self.names.look)
        field.setCompleter(self)


class RoleTree(QTreeWidget):
    """Everybody of the sample bureau below his roles."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holders: list[QTreeWidgetItem] = []
        self.setHeaderHidden(True)
        self.setAccessibleName("示例局的人员，按角色")

    def offer(self, names: Sequence[SignInName]) -> None:
        """Show the people, roles in their order."""
        self.clear()
        self._holders = []
        for role in ROLES:
            holders = [name for name in names if role in name.roles]
            if not holders:
                continue
            group = QTreeWidgetItem(self, [f"{role}（{len(holders)}人）"])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for holder in holders:
                item = QTreeWidgetItem(group, [holder.name])
                item.setData(0, _LOGIN, holder.login)
                self._holders.append(item)
        self.expandAll()

    def pick(self, login: str) -> bool:
        """Choose somebody; tell whether there is such a person."""
        for item in self._holders:
            if login in (item.text(0), item.data(0, _LOGIN)):
                self.setCurrentItem(item)
                return True
        return False

    def picked(self) -> str:
        """Return the name that is chosen, empty for none."""
        item = self.currentItem()
        return item.text(0) if item is not None and item.data(0, _LOGIN) else ""
