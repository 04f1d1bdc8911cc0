"""The officer's handbook in a window: Markdown pages of ``docs/handbook``, one for each panel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QTextBrowser, QToolBar, QWidget

INDEX = "index"
PAGES = (
    INDEX,
    "main",
    "case-list",
    "new-case",
    "parties",
    "import",
    "chart",
    "node",
    "papers",
    "dossier",
    "scanning",
    "volumes",
    "archive",
    "dossier-overdue",
    "store",
    "alerts",
    "approvals",
    "journal",
    "simulator",
    "calendar",
    "sign-in",
    "first-start",
    "people",
    "accounts",
    "settings",
    "paper-layout",
    "paper-templates",
    "paper-take-back",
    "paper-laws",
    "deputies",
    "matrix",
    "rulebook",
    "digest",
    "daily-sheet",
    "templates",
)
_MISSING = "# 使用手册\n\n这一页手册没有随程序一起安装。请联系系统管理员，或者重新安装程序。"


def page_for(widget: QWidget | None) -> str:
    """Return the page of what holds ``widget``.

    A window's class says its page (``help_page``), a panel has the property ``helpPage``; the
    nearest counts.
    """
    while widget is not None:
        for page in (widget.property("helpPage"), getattr(type(widget), "help_page", None)):
            if isinstance(page, str) and page in PAGES:
                return page
        widget = widget.parentWidget()
    return "main"


def open_help(folder: Path) -> tuple[HelpWindow, str]:
    """Open the handbook at the page of what has the cursor; return its window and the page.

    Over a dialog that closes off everything else the handbook belongs to that dialog, or it could
    be read and neither scrolled nor closed.
    """
    active = QApplication.activeWindow() or QApplication.activeModalWidget()
    page = page_for(QApplication.focusWidget() or active)
    if isinstance(active, HelpWindow):
        return active, active.page
    owner = active
    while owner is not None and not owner.isModal() and owner.parentWidget() is not None:
        owner = owner.parentWidget()
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    found = owner.findChild(HelpWindow, options=direct) if owner is not None else None
    window = found if isinstance(found, HelpWindow) else HelpWindow(folder, owner)
    if owner is None:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.show_page(page)
    if window.isVisible():
        window.raise_()
    window.show()
    window.activateWindow()
    return window, page


class HelpWindow(QMainWindow):
    """Shows handbook pages; links lead from page to page, other links to the browser."""

    help_page = INDEX

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._folder = folder
        self.setWindowTitle("使用手册")
        self.browser = QTextBrowser(self)
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._follow)
        self.browser.document().setDocumentMargin(self.fontMetrics().height())
        self.setCentralWidget(self.browser)
        bar = QToolBar("手册", self)
        bar.setMovable(False)
        self._history: list[str] = []
        self._add(bar, "目录", "Alt+Home", self._go_index)
        self._back = self._add(bar, "后退", "Alt+Left", self._go_back)
        self._add(bar, "关闭", "Esc", self.close)
        self.addToolBar(bar)
        em = self.fontMetrics().horizontalAdvance("案")
        self.resize(em * 54, em * 42)

    def _add(self, bar: QToolBar, words: str, keys: str, act: object) -> QAction:
        action = QAction(words, self)
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(f"{words}（{keys}）")
        action.triggered.connect(act)
        bar.addAction(action)
        return action

    def show_page(self, name: str) -> None:
        """Show a page by its name; an unknown one is the index."""
        page = name if self._file(name).is_file() else INDEX
        self._history.append(page)
        self._draw(page)

    @property
    def page(self) -> str:
        """The page that is shown."""
        return self._history[-1] if self._history else INDEX

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.md"

    def _draw(self, page: str) -> None:
        try:
            text = self._file(page).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = _MISSING
        self.browser.document().setBaseUrl(QUrl.fromLocalFile(f"{self._folder}/"))
        self.browser.setMarkdown(text)
        self._back.setEnabled(len(self._history) > 1)

    def _follow(self, link: QUrl) -> None:
        name = Path(link.path()).stem
        if link.isRelative() and name in PAGES:
            self.show_page(name)
        elif link.isRelative() and link.hasFragment():
            self.browser.scrollToAnchor(link.fragment())
        elif link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)

    def _go_index(self) -> None:
        self.show_page(INDEX)

    def _go_back(self) -> None:
        if len(self._history) > 1:
            self._history.pop()
            self._draw(self._history[-1])
