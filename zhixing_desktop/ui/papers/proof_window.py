"""The scan of a 送达回证 or receipt, page by page, under the words of its service."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.paper_proofs import proof_scan
from zhixing_desktop.services.paper_types import PaperLine, ServiceLine
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.workflow.day_words import day_words
from zhixing_desktop.workflow.errors import ZhixingError

_KEYS = "翻页 Alt+PgUp、Alt+PgDn　缩放 Ctrl+加号、Ctrl+减号、Ctrl+0　旋转 Ctrl+R"


class ProofWindow(QDialog):
    """Stays beside the paper's window, so that both can be held against each other."""

    help_page = "papers"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Actor,
        line: PaperLine,
        service: ServiceLine,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle(f"送达回证　《{line.name}》{line.number}")
        box = QVBoxLayout(self)
        box.addWidget(Words(f"《{line.name}》{line.number}", bold=True, scale=1.2))
        self.about = Words(_about(service))
        box.addWidget(self.about)
        self.page = PageView(bridge, self)
        box.addWidget(self.page, 1)
        foot = QHBoxLayout()
        foot.addWidget(Words(_KEYS, tone="muted", middle=True), 1)
        leave = QPushButton("关闭", self)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.close)
        foot.addWidget(leave)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 56), room.width()), min(em(self, 62), room.height() - em(self, 3)))
        self.page.clear("正在打开扫描件…")
        self.page.setFocus()
        # By the writer: the look is journalled.
        bridge.write(
            self,
            lambda: proof_scan(bureau, actor, service.id),
            self.page.show_file,
            self._not_there,
        )

    def _not_there(self, error: Exception) -> None:
        if isinstance(error, ZhixingError):
            self.page.clear(error.sentence, bad=True)
        else:
            self.page.clear("没有打开。", bad=True)
            messages.show_error(self, error)


def _about(service: ServiceLine) -> str:
    way = service.service
    parts = [service.recipient, way.way.label, way.result.label]
    if service.effective_on is not None:
        parts.append(f"送达日期　{day_words(service.effective_on)}")
    if service.withdrawn_by:
        parts.append("登记已撤回")
    return "　".join(parts)
