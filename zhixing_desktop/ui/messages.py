"""The one door for sentences to the person at the desk: refusals, questions, defects.

Every box opens with ``open()`` and answers by a call, so nothing waits and no test hangs.  A
refusal shows its sentence, all its problems and the words it rests on; anything else is a defect of
the program and shows what a developer needs, ready to be copied.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
    StoreError,
    ZhixingError,
)
from zhixing_desktop.workflow.masking import cover_numbers

SHOWN_PROBLEMS = 8
"""More than this go into the part of the box that folds out."""
_log = logging.getLogger(__name__)

_TITLES: tuple[tuple[type[ZhixingError], str], ...] = (
    (RuleRefusedError, "按规定不能办理"),
    (InputRefusedError, "录入有误，没有保存"),
    (StaleEditError, "案件已被别人更新"),
    (StoreError, "数据没有保存"),
)


def show_error(
    parent: QWidget | None, error: BaseException, *, title: str | None = None
) -> QDialog:
    """Show what went wrong and return the box.

    A refusal is a sentence; whatever is not a refusal is logged and shown as a defect.
    """
    if not isinstance(error, ZhixingError):
        return show_defect(parent, error)
    words = title or next((name for kind, name in _TITLES if isinstance(error, kind)), "没有完成")
    icon = QMessageBox.Icon.Warning
    if isinstance(error, StoreError):
        icon = QMessageBox.Icon.Critical
    # A box may be photographed and passed on: numbers of persons are covered in it.
    box = _box(parent, icon, words, cover_numbers(headline(error)))
    below = cover_numbers(explanation(error))
    if below:
        box.setInformativeText(below)
    problems = getattr(error, "problems", ())
    if len(problems) > SHOWN_PROBLEMS:
        box.setDetailedText(cover_numbers("\n".join(map(problem_words, problems))))
    box.open()
    return box


def headline(error: ZhixingError) -> str:
    """Return a refusal's first sentence; of many problems, only what they have in common."""
    if isinstance(error, InputRefusedError) and error.problems:
        return error.sentence.partition("：")[0].rstrip("。") + "："
    return error.sentence


def explanation(error: ZhixingError) -> str:
    """Return what stands below the sentence: the problems, or the words it rests on."""
    if isinstance(error, InputRefusedError) and error.problems:
        lines = [f"· {problem_words(entry)}" for entry in error.problems[:SHOWN_PROBLEMS]]
        rest = len(error.problems) - SHOWN_PROBLEMS
        if rest > 0:
            lines.append(f"· 另有{rest}处，见详细信息")
        return "\n".join(dict.fromkeys(lines))
    if error.cite is not None:
        return f"依据　{error.cite.words()}"
    return ""


def problem_words(problem: Problem) -> str:
    """Return a problem in one line, with its place where the sentence does not name it."""
    mark = "（提醒）" if problem.severity == "warning" else ""
    if problem.where and problem.where not in problem.sentence:
        return f"{problem.where}：{problem.sentence}{mark}"
    return f"{problem.sentence}{mark}"


def show_both(
    parent: QWidget | None, error: StaleEditError, *, yours: str, before: str, theirs: str
) -> QMessageBox:
    """Show what two people wanted of the same thing at the same time; nothing was saved."""
    box = _box(parent, QMessageBox.Icon.Warning, "别人刚刚改过", error.sentence)
    lines = [f"您看到的　{before}", f"您要改为　{yours}", f"现在已是　{theirs}"]
    box.setInformativeText("\n\n".join(lines))
    box.open()
    return box


def tell(parent: QWidget | None, title: str, text: str, *, below: str = "") -> QMessageBox:
    """Say something that needs no answer."""
    box = _box(parent, QMessageBox.Icon.Information, title, text)
    if below:
        box.setInformativeText(below)
    box.open()
    return box


def ask(
    parent: QWidget | None,
    title: str,
    question: str,
    yes: Callable[[], object],
    *,
    no: Callable[[], object] | None = None,
    yes_words: str = "确定",
    no_words: str = "取消",
    below: str = "",
    default_yes: bool = True,
) -> QMessageBox:
    """Ask a question; ``yes`` or ``no`` is called with the answer (Esc is no)."""
    box = _box(parent, QMessageBox.Icon.Question, title, question)
    if below:
        box.setInformativeText(below)
    box.setStandardButtons(QMessageBox.StandardButton.NoButton)
    agree = box.addButton(yes_words, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no_words, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(agree if default_yes else refuse)
    box.setEscapeButton(refuse)

    def answered() -> None:
        if box.clickedButton() is agree:
            yes()
        elif no is not None:
            no()

    box.finished.connect(answered)
    box.open()
    return box


def choose(
    parent: QWidget | None,
    title: str,
    question: str,
    ways: Sequence[tuple[str, Callable[[], object]]],
    *,
    below: str = "",
) -> QMessageBox:
    """Let somebody choose one of several ways; Esc and 取消 choose none."""
    box = _box(parent, QMessageBox.Icon.Question, title, question)
    if below:
        box.setInformativeText(below)
    box.setStandardButtons(QMessageBox.StandardButton.NoButton)
    buttons = [
        (box.addButton(words, QMessageBox.ButtonRole.AcceptRole), way) for words, way in ways
    ]
    box.setEscapeButton(box.addButton("取消", QMessageBox.ButtonRole.RejectRole))
    box.setDefaultButton(buttons[0][0])

    def answered() -> None:
        for button, way in buttons:
            if box.clickedButton() is button:
                way()

    box.finished.connect(answered)
    box.open()
    return box


def show_defect(parent: QWidget | None, error: BaseException) -> QDialog:
    """Show a defect of the program with everything that helps to mend it; logged as well."""
    _log.error("defect", exc_info=error)
    dialog = DefectDialog(cover_numbers("".join(traceback.format_exception(error))), parent)
    keep_until_finished(dialog)
    dialog.open()
    return dialog


class DefectDialog(QDialog):
    """What a person can hand on to the developers: the trace, the place of the log."""

    help_page = "main"

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序出错")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.details = QPlainTextEdit(details, self)
        self.details.setReadOnly(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName("错误详细信息")
        words = QLabel(
            "程序遇到了没有预料到的错误，这一步没有完成。已经保存的内容不受影响，可以继续办理其他事项。\n"
            "请复制下面的信息交给系统管理员；同样的内容已经写入日志文件。",
            self,
        )
        words.setWordWrap(True)
        buttons = QDialogButtonBox(self)
        copy = buttons.addButton("复制信息", QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton("关闭", QDialogButtonBox.ButtonRole.RejectRole)
        copy.clicked.connect(self.copy_details)
        buttons.rejected.connect(self.reject)
        close.setDefault(True)
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(self.details, 1)
        layout.addWidget(buttons)
        em = self.fontMetrics().horizontalAdvance("案")
        self.resize(em * 46, em * 26)

    @Slot()
    def copy_details(self) -> None:
        """Put the trace on the clipboard."""
        QGuiApplication.clipboard().setText(self.details.toPlainText())


class ErrorSink(QObject):
    """Takes errors that nobody else took and shows them over a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    @Slot(object)
    def show(self, error: object) -> None:
        """Show an error; connected to ``Bridge.failed`` and to the hook of last resort."""
        if isinstance(error, BaseException):
            show_error(self._window, error)


def keep_until_finished(dialog: QDialog) -> None:
    """Keep a dialog without a parent from being thrown away with the last name for it.

    Its own connection holds it; the connection ends with the dialog, which deletes itself.
    """

    def hold(_result: int) -> QDialog:
        return dialog

    dialog.finished.connect(hold)


def _box(parent: QWidget | None, icon: QMessageBox.Icon, title: str, text: str) -> QMessageBox:
    box = QMessageBox(icon, title, text, QMessageBox.StandardButton.Ok, parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    button = box.button(QMessageBox.StandardButton.Ok)
    button.setText("知道了")
    keep_until_finished(box)
    return box
