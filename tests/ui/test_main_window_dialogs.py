"""Import, messages and help: what opens over the window."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import shiboken6
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import OFFICER, Office
from zhixing_desktop.services import case_list, imports
from zhixing_desktop.services.imports import ImportPreview, ImportResult
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.help_window import HelpWindow
from zhixing_desktop.ui.import_dialog import ImportDialog, save_template
from zhixing_desktop.ui.messages import DefectDialog
from zhixing_desktop.workflow.errors import (
    Cite,
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StoreError,
)

Settle = Callable[[], None]

# ------------------------------------------------------------------------------------- messages


def box_of(host: QWidget) -> QMessageBox:
    (box,) = host.findChildren(QMessageBox)
    return box


def test_a_rules_refusal_shows_its_words(host: QWidget) -> None:
    cite = Cite("节点七 注意事项", "不得流转下一节点。", "A60")
    messages.show_error(host, RuleRefusedError("节点7已经冻结。", cite=cite))
    box = box_of(host)
    assert box.text() == "节点7已经冻结。"
    assert box.informativeText() == "依据　节点七 注意事项：“不得流转下一节点。”（释义 A60）"
    assert box.windowTitle() == "按规定不能办理"


def test_all_problems_are_listed_and_the_rest_folds_out(host: QWidget) -> None:
    problems = [Problem(f"第{n}行", f"第{n}个问题") for n in range(1, 12)]
    messages.show_error(host, InputRefusedError("录入有错误：第1个问题；……", problems))
    box = box_of(host)
    assert box.text() == "录入有错误："
    assert "第8个问题" in box.informativeText()
    assert "另有3处" in box.informativeText()
    assert "第11个问题" in box.detailedText()


def test_a_defect_is_shown_with_its_trace(host: QWidget) -> None:
    messages.ErrorSink(host).show(ZeroDivisionError("a defect"))
    (dialog,) = host.findChildren(DefectDialog)
    assert "ZeroDivisionError: a defect" in dialog.details.toPlainText()
    dialog.reject()


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, "yes"), (Qt.Key.Key_Escape, "no")])
def test_a_question_is_answered_by_a_call(
    host: QWidget, qtbot: QtBot, key: Qt.Key, answer: str
) -> None:
    said: list[str] = []
    box = messages.ask(
        host, "解冻", "现在申请？", lambda: said.append("yes"), no=lambda: said.append("no")
    )
    qtbot.keyClick(box, key)
    assert said == [answer]


# --------------------------------------------------------------------------------------- import


@pytest.fixture
def dialog(host: QWidget, office: Office, bridge: Bridge) -> ImportDialog:
    made = ImportDialog(office.bureau, bridge, office.actor("吴立案"), parent=host)
    made.open()
    return made


def workbook(path: Path, rows: list[dict[str, str]]) -> Path:
    """Fill the program's own template."""
    book = openpyxl.load_workbook(io.BytesIO(imports.template_bytes()))
    sheet = book["案件列表"]
    heads = [cell.value for cell in sheet[1]]
    for offset, row in enumerate(rows):
        for head, value in row.items():
            sheet.cell(2 + offset, heads.index(head) + 1, value)
    book.save(path)
    return path


def row(number: int, **changed: str) -> dict[str, str]:
    given = {
        "案号": f"（2024）豫0811执{number}号",
        "立案时间": "2024-06-03",
        "承办人": OFFICER,
        "申请执行人": "某某商贸有限公司",
        "被执行人": "司马建国",
        "给付内容": "金钱给付",
        "申请标的额": "12000",
    }
    return {**given, **changed}


def test_a_good_list_is_checked_then_imported(
    dialog: ImportDialog, qtbot: QtBot, settle: Settle, office: Office, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "清单.xlsx", [row(701), row(702)])
    dialog.check(str(path))
    assert not dialog.go.isEnabled()
    settle()
    assert "检查通过：案件2件" in dialog.summary.text()
    assert dialog.go.text() == "导入2件"
    with qtbot.waitSignal(dialog.imported) as told:
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert told.args == [2]
    settle()
    assert (
        case_list.count(office.bureau, office.actor(), case_list.CaseQuery(search="执701号")) == 1
    )


def test_a_faulty_list_shows_every_fault_and_imports_nothing(
    dialog: ImportDialog, settle: Settle, office: Office, tmp_path: Path
) -> None:
    rows = [row(3), row(703, 案号="执703"), row(704, 申请标的额="很多")]
    dialog.check(str(workbook(tmp_path / "清单.xlsx", rows)))
    settle()
    assert not dialog.go.isEnabled()
    assert "没有导入任何案件" in dialog.summary.text()
    assert dialog.table.isVisible()
    assert dialog.table.rowCount() >= 1
    assert dialog.table.item(0, 0).text() == "错误"
    assert all(dialog.table.item(i, 2).text() for i in range(dialog.table.rowCount()))


def test_what_is_no_workbook_is_said(dialog: ImportDialog, settle: Settle, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG nothing")
    dialog.check(str(path))
    settle()
    assert not dialog.go.isEnabled()
    assert "没有导入任何案件" in dialog.summary.text()


def test_an_import_shows_how_far_it_is_and_can_be_stopped(
    dialog: ImportDialog, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def look(_bureau: object, _path: Path, _tell: object, _stop: object) -> ImportPreview:
        return ImportPreview(5, 10, 0, ())

    def run(
        _bureau: object,
        _actor: object,
        _path: Path,
        tell: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> ImportResult:
        tell(2, 5)
        go_on.wait(20)
        assert stopped()
        raise imports.ImportCancelledError("已停止")

    monkeypatch.setattr(imports, "preview", look)
    monkeypatch.setattr(imports, "run", run)
    dialog.check("清单.xlsx")
    settle()
    dialog.start()
    qtbot.waitUntil(lambda: dialog.progress.format() == "2 / 5 件", timeout=20_000)
    assert dialog.leave.text() == "停止导入"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    go_on.set()
    settle()
    assert "没有写入任何案件" in dialog.summary.text()
    assert dialog.leave.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not host_has(dialog))


def test_a_check_shows_how_far_it_is_and_can_be_stopped(
    dialog: ImportDialog,
    qtbot: QtBot,
    settle: Settle,
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = workbook(tmp_path / "清单.xlsx", [row(711), row(712), row(713)])
    at_the_second, pressed = threading.Event(), threading.Event()
    looked_at: list[bool] = []
    real = imports.Replay.play

    def slow(replay: imports.Replay, rows: object) -> object:
        looked_at.append(True)
        if len(looked_at) == 2:
            at_the_second.set()
            pressed.wait(20)  # until somebody has pressed 停止检查
        return real(replay, rows)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(imports.Replay, "play", slow)
    dialog.check(str(path))
    # Pressed before the second case is begun, it would not be looked at either.
    qtbot.waitUntil(
        lambda: at_the_second.is_set() and dialog.progress.format() == "1 / 3 件", timeout=20_000
    )
    assert dialog.leave.text() == "停止检查"
    assert not dialog.go.isEnabled()
    qtbot.mouseClick(dialog.leave, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    pressed.set()
    settle()
    assert len(looked_at) == 2, "the third case was looked at"
    assert "已停止检查，没有写入任何案件" in dialog.summary.text()
    assert not dialog.go.isEnabled()
    assert dialog.leave.text() == "关闭"
    assert (
        case_list.count(office.bureau, office.actor(), case_list.CaseQuery(search="执711号")) == 0
    )
    # The same file can be checked again, to the end.
    dialog.check(str(path))
    settle()
    assert dialog.go.text() == "导入3件"


def host_has(dialog: ImportDialog) -> bool:
    return shiboken6.isValid(dialog) and dialog.isVisible()


def test_the_template_is_saved_or_the_reason_is_said(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    save_template(path)
    assert "案件列表" in openpyxl.load_workbook(path).sheetnames
    with pytest.raises(StoreError, match="模板没有保存"):
        save_template(tmp_path / "没有这个文件夹" / "模板.xlsx")


# ----------------------------------------------------------------------------------------- help


def test_help_leads_from_page_to_page_and_back(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("# 目录\n\n[节点](node.md)", "utf-8")
    (tmp_path / "node.md").write_text("# 节点办理", "utf-8")
    window = HelpWindow(tmp_path)
    qtbot.addWidget(window)
    window.show_page("chart")
    assert window.page == "index"
    window.browser.anchorClicked.emit(QUrl("node.md"))
    assert window.page == "node"
    assert "节点办理" in window.browser.toPlainText()
    window._go_back()
    assert window.page == "index"


def test_help_without_its_files_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    window = HelpWindow(tmp_path / "nothing")
    qtbot.addWidget(window)
    window.show_page("main")
    assert "没有随程序一起安装" in window.browser.toPlainText()
