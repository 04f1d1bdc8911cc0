"""One thing of the dossier: its pages, its versions with their reasons, its originals."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import dossier, dossier_originals
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_originals import OriginalLine
from zhixing_desktop.services.dossier_types import ItemLine, ItemVersion
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.page_strip import Pages
from zhixing_desktop.ui.dossier.words import about_item, size_words, state_words
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.parts import Link, Mark, Words, show_if
from zhixing_desktop.workflow.errors import ZhixingError

ActorOf = Callable[[], Actor]
Opener = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a thing besides its pages."""

    versions: tuple[ItemVersion, ...]
    originals: tuple[OriginalLine, ...]


def _open_by_system(path: Path) -> object:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class ThingSide(QWidget):
    """``shown`` when pages (or why there are none) stand there; ``said`` carries a short word.

    ``opener`` opens a file with the system's own program.
    """

    shown = Signal()
    said = Signal(str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        parent: QWidget | None = None,
        *,
        opener: Opener = _open_by_system,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._asked = 0
        self.opener = opener
        self.line: ItemLine | None = None
        self.versions: tuple[ItemVersion, ...] = ()
        self.originals: tuple[OriginalLine, ...] = ()
        self._room: Path | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 0, 0, 0)
        self.title = Words(bold=True, scale=1.15)
        self.about = Words(tone="muted")
        self.gone = Words(tone="bad")
        for one in (self.title, self.about, self.gone):
            box.addWidget(one)
        line = QHBoxLayout()
        self.version_mark = Mark("版本", tone="muted")
        self.version = CalmCombo(self)
        self.version.setAccessibleName("版本")
        self.version.setMinimumContentsLength(24)
        self.version.activated.connect(self._version_chosen)
        line.addWidget(self.version_mark)
        line.addWidget(self.version, 1)
        box.addLayout(line)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.pages = Pages(bridge, self)
        self.more = QWidget(self)
        self._more = QVBoxLayout(self.more)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.more)
        self.tabs.addTab(self.pages, "页面")
        self.tabs.addTab(area, "原件、版本、说明")
        box.addWidget(self.tabs, 1)
        self.links: list[Link] = []
        self.show_thing(None)

    # ------------------------------------------------------------------------------- showing

    def show_thing(self, line: ItemLine | None, words: str = "在左边选定一件材料") -> None:
        """Show a thing as it stands now; ``None`` shows some words."""
        self._asked += 1
        same = line is not None and self.line is not None and line == self.line
        self.line = line
        for widget in (self.version_mark, self.version, self.tabs):
            show_if(widget, line is not None)
        self.title.setText(line.name if line is not None else "")
        self.about.setText(about_item(line) if line is not None else words)
        self.gone.setText(state_words(line) if line is not None else "")
        show_if(self.gone, bool(self.gone.text()))
        if line is None:
            self.pages.clear()
            self.shown.emit()
            return
        if not same:
            self.pages.clear("正在打开…")
        self._read(line.current)

    def _version_chosen(self, _index: int) -> None:
        number = self.version.currentData()
        if self.line is not None and number is not None:
            self._asked += 1
            self.pages.clear("正在打开…")
            self._read(number)

    @property
    def number(self) -> int:
        """The version that is looked at."""
        found = self.version.currentData()
        return int(found) if found is not None else 0

    def _read(self, number: int) -> None:
        line = self.line
        assert line is not None
        ticket, bureau, actor = self._asked, self._bureau, self._actor_of()
        item_id = line.id

        def known() -> _Known:
            return _Known(
                dossier.versions(bureau, actor, item_id),
                dossier_originals.originals(bureau, actor, item_id, number),
            )

        def show_known(found: _Known) -> None:
            if ticket == self._asked:
                self._show_known(found, number)

        def show_pages(found: FilePages) -> None:
            if ticket == self._asked:
                self.pages.show_file(found)
                self.shown.emit()

        def failed(error: Exception) -> None:
            if ticket == self._asked:
                self._no_pages(error)

        self._bridge.read(self, known, show_known, failed)
        if line.current == number and not line.pdf:
            self.pages.clear(_why_no_pages(line))
            self.shown.emit()
            return
        # By the writer: the look at somebody else's case is journalled.
        self._bridge.write(
            self, lambda: dossier.pages(bureau, actor, item_id, number), show_pages, failed
        )

    def _no_pages(self, error: Exception) -> None:
        if isinstance(error, ZhixingError):
            self.pages.clear(error.sentence, bad=True)
        else:
            self.pages.clear("没有打开。", bad=True)
            self._bridge.failed.emit(error)
        self.shown.emit()

    def _show_known(self, found: _Known, number: int) -> None:
        self.versions, self.originals = found.versions, found.originals
        self.version.blockSignals(True)
        self.version.clear()
        for one in reversed(found.versions):
            why = f"　{one.reason}" if one.reason else ""
            words = f"第{one.number}版　{one.made_at:%Y-%m-%d %H:%M} {one.made_by}{why}"
            self.version.addItem(words, one.number)
        self.version.setCurrentIndex(max(self.version.findData(number), 0))
        self.version.blockSignals(False)
        several = len(found.versions) > 1
        show_if(self.version, several)
        show_if(self.version_mark, several)
        self._fill_more(number)

    def _fill_more(self, number: int) -> None:
        while (entry := self._more.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.links = []
        self._more.addWidget(Words("原件（照原样保存）", bold=True))
        for place, kept in enumerate(self.originals):
            self._more.addWidget(self._original(place, kept))
        if not self.originals:
            self._more.addWidget(Words("没有电子原件", tone="muted"))
        shown = next((one for one in self.versions if one.number == number), None)
        if shown is not None and shown.notes:
            self._more.addWidget(Words("收取时的说明", bold=True))
            for note in shown.notes:
                self._more.addWidget(Words(note))
        self._more.addWidget(Words("版本", bold=True))
        for one in reversed(self.versions):
            head = f"第{one.number}版　{one.pages}页　{one.made_at:%Y-%m-%d %H:%M} {one.made_by}"
            self._more.addWidget(Words(f"{head}\n理由：{one.reason}" if one.reason else head))
        self._more.addStretch(1)

    def _original(self, place: int, kept: OriginalLine) -> QWidget:
        row = QWidget(self.more)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        words = f"{kept.name}　{size_words(kept.bytes)}"
        line.addWidget(Words(words, middle=True), 1)
        for told, act in (("打开", self.open_original), ("另存…", self.ask_save)):
            link = Link(told)
            link.setAccessibleName(f"{told.rstrip('…')}原件 {kept.name}")
            link.clicked.connect(lambda _on=False, a=act: a(place))
            line.addWidget(link)
            self.links.append(link)
        row.setToolTip(f"SHA-256 {kept.digest}")
        return row

    # ------------------------------------------------------------------------------ originals

    def open_original(self, place: int) -> None:
        """Open a copy of an original with the system's program; journalled."""
        line, number = self.line, self.number or None
        if line is None:
            return
        if self._room is None:
            self._room = Path(tempfile.mkdtemp(prefix="zhixing-"))
            # With this window, at the latest with the program: copies of a dossier do not stay.
            weakref.finalize(self, shutil.rmtree, self._room, ignore_errors=True)
        bureau, actor, folder = self._bureau, self._actor_of(), self._room
        self._bridge.write(
            self,
            lambda: dossier_originals.copy_to_open(bureau, actor, line.id, place, folder, number),
            self._opened,
            lambda error: self._failed(error, "没有打开"),
        )

    def _opened(self, path: Path) -> None:
        if self.opener(path) is False:
            messages.tell(
                self,
                "原件",
                "本机没有能打开这种文件的程序。",
                below="请用“另存…”保存后在别处打开。",
            )

    def _failed(self, error: Exception, title: str) -> None:
        messages.show_error(self, error, title=title)

    def ask_save(self, place: int) -> QFileDialog | None:
        """Ask where to save a copy of an original."""
        if self.line is None or place >= len(self.originals):
            return None
        dialog = QFileDialog(self, "原件另存为", self.originals[place].name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda name: self.save(place, Path(name)))
        dialog.open()
        return dialog

    def save(self, place: int, target: Path) -> None:
        """Save a copy of an original; journalled."""
        line, number = self.line, self.number or None
        if line is None:
            return
        bureau, actor = self._bureau, self._actor_of()
        self._bridge.write(
            self,
            lambda: dossier_originals.save_original(bureau, actor, line.id, place, target, number),
            lambda path: self.said.emit(f"原件已保存：{path}"),
            lambda error: self._failed(error, "没有保存"),
        )


def _why_no_pages(line: ItemLine) -> str:
    words = {
        "paper": f"仅有纸质：{line.pages}页在纸质卷宗中，没有电子页面。",
        "electronic": "没有卷宗页。请在“原件、版本、说明”中打开原件。",
    }
    return words.get(line.medium.value, "还没有卷宗页，请更换为 PDF 或者扫描件。")
