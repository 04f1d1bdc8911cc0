"""The slip of a time limit: why the day is the day, to copy and to print."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.node_detail import LimitRow, NodeDetail


def slip_text(case: CaseDetail, detail: NodeDetail, row: LimitRow) -> str:
    """Return the slip as plain text."""
    view, spec = row.view, detail.spec
    lines = [
        "期限推算说明",
        f"案号：{case.case_no}",
        f"节点：节点{spec.number} {spec.name}（{detail.label}）",
        f"完成时限：{row.words}",
    ]
    if view.nominal_at is not None:
        lines.append(f"名义届满：{view.nominal_at:%Y-%m-%d %H:%M:%S}")
    if view.due_at is not None:
        provisional = "（暂定，有关年度的放假安排公布后重新计算）" if view.provisional else ""
        lines.append(f"有效届满：{view.due_at:%Y-%m-%d %H:%M:%S}{provisional}")
    lines.append("推算过程：")
    for number, step in enumerate(row.steps, start=1):
        lines.append(f"{number}. {step.words}")
        if step.cite:
            lines.append(f"   依据：{step.cite}")
    lines.append(f"出具时间：{case.now:%Y-%m-%d %H:%M}")
    return "\n".join(lines)


def print_slip(parent: QWidget, text: str, printed: Callable[[], object]) -> QObject:
    """Ask for a printer, print the slip and call ``printed``; the dialog is returned."""
    from PySide6.QtPrintSupport import (
        QPrintDialog,
        QPrinter,
    )

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("打印期限推算说明")

    def go() -> None:
        document = QTextDocument()
        title, _, rest = text.partition("\n")
        body = "".join(f"<p>{escape(line)}</p>" for line in rest.split("\n"))
        document.setHtml(f"<h2 align='center'>{escape(title)}</h2>{body}")
        document.print_(printer)
        printed()

    dialog.accepted.connect(go)
    dialog.setModal(True)
    dialog.show()
    return dialog
