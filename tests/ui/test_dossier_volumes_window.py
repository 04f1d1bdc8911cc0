"""The windows of the paper: volumes printed, bound and handed over; a scan proven by finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from helpers.bound_volumes import amounts, count, drawn
from helpers.bureau import Office
from helpers.made_papers import ruling
from helpers.proving import file_only_on_paper, file_paper, print_volume, scan_of, sides_of
from helpers.scanner import scanned_pdf
from zhixing_desktop.services import dossier_moves, dossier_proof_views, dossier_volumes
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import MAIN, SIDE, Filing, Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.proof_window import ProofWindow
from zhixing_desktop.ui.dossier.volumes_window import VolumesWindow

Settle = Callable[[], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    (case,) = paper_office.case_ids
    file_paper(paper_office, case, "执行申请书", ruling(300), 6)
    file_paper(paper_office, case, "案款收付记录", amounts(), 10)
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "printed.pdf"


@pytest.fixture
def volumes(
    office: Office, bridge: Bridge, host: QWidget, settle: Settle, case: int, sheet: Path,
    qtbot: QtBot,
) -> Iterator[VolumesWindow]:  # fmt: skip
    def printer() -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(sheet))
        return made

    actor = office.actor()
    window = VolumesWindow(
        office.bureau, bridge, lambda: actor, case, office.detail(case).case_no, host,
        make_printer=printer,
    )  # fmt: skip
    with qtbot.waitSignal(window.previewed, timeout=30_000):
        window.show()
    yield window
    settle()


def row(window: VolumesWindow) -> list[str]:
    item = window.tree.topLevelItem(0)
    assert item is not None
    return [item.text(column) for column in range(window.tree.columnCount())]


def print_now(window: VolumesWindow, qtbot: QtBot, sheet: Path) -> int:
    dialog = window.ask_print()
    assert dialog is not None
    printer = dialog.printer()
    with qtbot.waitSignal(window.printed, timeout=60_000) as sent:
        dialog.done(0)
        window.send_to(printer)
    with qtbot.waitSignal(window.previewed, timeout=30_000):
        pass
    return int(sent.args[0]) if sent.args else 0


def test_a_volume_is_looked_at_printed_recorded_and_bound(
    volumes: VolumesWindow, office: Office, case: int, qtbot: QtBot, sheet: Path, settle: Settle
) -> None:
    assert row(volumes)[3] == "未打印"
    assert not volumes.bind.isEnabled()
    assert volumes.prepared is not None
    wanted = volumes.prepared.pages
    assert print_now(volumes, qtbot, sheet) == wanted
    assert count(sheet.read_bytes()) == wanted
    assert row(volumes)[2:] == ["—", "未装订", "张承办"]
    asked = volumes.bind
    qtbot.mouseClick(asked, Qt.MouseButton.LeftButton)
    box = volumes.findChild(QMessageBox)
    assert box is not None
    yes = next(b for b in box.findChildren(QPushButton) if b.text() == "登记装订")
    with qtbot.waitSignal(volumes.shown, timeout=30_000):
        yes.click()
    assert row(volumes)[3] == "已装订"
    (line,) = dossier_volumes.volumes(office.bureau, office.actor(), case, MAIN)
    assert line.state == "bound"
    settle()


def test_only_what_is_new_with_the_clerks_list_and_the_ways_of_numbering(
    volumes: VolumesWindow, office: Office, case: int, qtbot: QtBot, sheet: Path, settle: Settle
) -> None:
    print_now(volumes, qtbot, sheet)
    assert volumes.ways.isHidden()
    file_paper(office, case, "补充证据", ruling(200), 8)
    file_only_on_paper(office, case, "图纸", 2, 12)
    with qtbot.waitSignal(volumes.previewed, timeout=30_000):
        volumes.reload()
    assert not volumes.ways.isHidden()
    ways = [b.text() for b in volumes.ways.findChildren(type(_radio(volumes)))]
    assert len(ways) == 3
    assert all("打印" in words for words in ways)
    whole = volumes.prepared
    with qtbot.waitSignal(volumes.previewed, timeout=30_000):
        volumes.only_added.setChecked(True)
    few = volumes.prepared
    assert whole is not None
    assert few is not None
    assert few.pages < whole.pages
    said = [volumes.steps.item(at).text() for at in range(volumes.steps.count())]
    assert any("卷内目录换成新印的" in words for words in said)
    assert any("仅有纸质的“图纸”" in words for words in said)
    with qtbot.waitSignal(volumes.previewed, timeout=30_000):
        volumes.ways.findChildren(type(_radio(volumes)))[2].click()
    assert volumes.prepared is not None
    numbers = {page.number.words for page in volumes.prepared.volume.pages}
    assert any("-" in number for number in numbers)
    opened = volumes.show_list()
    assert opened is not None
    with qtbot.waitSignal(opened.shown, timeout=30_000):
        pass
    settle()


def test_a_cover_that_says_something_else_by_now_is_named_and_printed_again(
    volumes: VolumesWindow, office: Office, case: int, qtbot: QtBot, sheet: Path, settle: Settle
) -> None:
    whole = print_now(volumes, qtbot, sheet)
    settle()
    assert volumes.reprint.isHidden()
    # Cover and closing note of 正卷 say how much 副卷 there is.
    taken = take_in(office.bureau, [Piece("评议.pdf", drawn(ruling(50)))])
    filing = Filing("合议庭评议笔录", side=SIDE, place=1)
    file_item(office.bureau, office.actor(), case, filing, taken)
    with qtbot.waitSignal(volumes.shown, timeout=30_000):
        volumes.reload()
    settle()
    assert row(volumes)[2:4] == ["封面、备考表", "未装订，有变动"]
    assert "这一册的封面、备考表在打印以后内容有变动" in volumes.reprint.text()
    with qtbot.waitSignal(volumes.previewed, timeout=30_000):
        volumes.only_added.setChecked(True)
    assert volumes.prepared is not None
    assert 2 <= volumes.prepared.pages < whole
    print_now(volumes, qtbot, sheet)
    settle()
    assert row(volumes)[2:4] == ["—", "未装订"]
    assert volumes.reprint.isHidden()


def _radio(volumes: VolumesWindow) -> Any:
    return volumes._group.buttons()[0]


def test_a_volume_is_handed_over_with_a_slip_and_given_back(
    volumes: VolumesWindow, office: Office, case: int, qtbot: QtBot, sheet: Path, settle: Settle
) -> None:
    print_now(volumes, qtbot, sheet)
    volumes.ask_hand_over()
    dialog = volumes.acts.dialog
    assert dialog is not None
    dialog.to.setText("李局长")
    assert not dialog.accept_button.isEnabled()
    assert dialog.accept_button.toolTip() == "请填写事由"
    dialog.purpose.setText("送合议庭评议")
    dialog.due.line.setText("2024-03-20")
    with qtbot.waitSignal(volumes.shown, timeout=30_000):
        dialog.send()
    assert row(volumes)[4] == "李局长"
    slip = volumes.show_slip()
    assert slip is not None
    with qtbot.waitSignal(slip.shown, timeout=30_000):
        pass
    volumes.give_back.click()
    box = volumes.findChild(QMessageBox)
    assert box is not None
    yes = next(b for b in box.findChildren(QPushButton) if b.text() == "登记归还")
    with qtbot.waitSignal(volumes.shown, timeout=30_000):
        yes.click()
    (line,) = dossier_moves.where(office.bureau, office.actor(), case)
    assert (line.holder, line.due_on) == ("张承办", None)
    assert [move.kind for move in line.moves] == ["back", "handed"]
    settle()


def test_grey_buttons_say_why(
    volumes: VolumesWindow, office: Office, case: int, qtbot: QtBot, sheet: Path, settle: Settle
) -> None:
    for button in (volumes.bind, volumes.hand_over, volumes.give_back, volumes.prove):
        assert not button.isEnabled()
        assert "还没有打印" in button.toolTip()
    assert "先整册打印" in volumes.only_added.toolTip()
    print_now(volumes, qtbot, sheet)
    assert volumes.hand_over.isEnabled()
    assert volumes.hand_over.toolTip() == "交出（Ctrl+J）"
    assert "就在您（张承办）处" in volumes.give_back.toolTip()
    assert "还没有交接过" in volumes.slip.toolTip()
    (line,) = dossier_volumes.volumes(office.bureau, office.actor(), case, MAIN)
    dossier_volumes.bind(office.bureau, office.actor(), case, MAIN, 1, version=line.version)
    with qtbot.waitSignal(volumes.shown, timeout=30_000):
        volumes.reload()
    assert volumes.bind.toolTip() == "这一册已经装订"
    settle()


def test_whoever_may_only_look_is_told_so_before_any_click(
    office: Office, bridge: Bridge, host: QWidget, case: int, tmp_path: Path, settle: Settle
) -> None:
    print_volume(office, case, tmp_path)
    chief = office.actor("李局长")
    window = VolumesWindow(office.bureau, bridge, lambda: chief, case, "1号", host)
    window.show()
    settle()
    for button, words in (
        (window.print, "打印、装订卷宗"),
        (window.bind, "打印、装订卷宗"),
        (window.spine, "打印、装订卷宗"),
        (window.hand_over, "交接纸质卷宗"),
    ):
        assert not button.isEnabled()
        assert words in button.toolTip()
        assert "李局长（执行局长）不能办理" in button.accessibleDescription()
    assert row(window)[3] == "未装订"
    proof = ProofWindow(office.bureau, bridge, lambda: chief, case, "1号", host)
    proof.show()
    settle()
    assert not proof.choice.choose.isEnabled()
    assert "核对纸质卷宗" in proof.choice.choose.toolTip()


# -------------------------------------------------------------------------------------- the proof


@pytest.fixture
def proof(
    office: Office, bridge: Bridge, host: QWidget, settle: Settle, case: int, tmp_path: Path,
    qtbot: QtBot,
) -> Iterator[ProofWindow]:  # fmt: skip
    print_volume(office, case, tmp_path)
    actor = office.actor()
    window = ProofWindow(
        office.bureau, bridge, lambda: actor, case, office.detail(case).case_no, host
    )
    with qtbot.waitSignal(window.shown, timeout=30_000):
        window.show()
    yield window
    settle()


def test_a_scan_is_proven_looked_through_by_keys_and_recorded(
    proof: ProofWindow, office: Office, case: int, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    pictures = scan_of(sides_of(tmp_path / f"{case}.pdf"))
    at = 4
    pictures[at] = pictures[at][::-1, ::-1].copy()
    del pictures[at + 2]
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(scanned_pdf(pictures))
    assert not proof.record.isEnabled()
    with qtbot.waitSignals([proof.proven, proof.pictured], timeout=60_000):
        proof.prove(scan)
    found = [proof.list.item(row).text() for row in range(proof.list.count())]
    assert [words.split("\n")[0] for words in found] == ["1. 倒置", "2. 缺页"]
    assert "有2处不一致" in proof.verdict.words.text()
    assert isinstance(proof.pair.left.canvas.image, QImage)
    assert isinstance(proof.pair.right.canvas.image, QImage)
    assert "登记" in proof.certificate.toolTip()
    with qtbot.waitSignal(proof.pictured, timeout=30_000):
        qtbot.keyClick(proof, Qt.Key.Key_F3)
    assert proof.findings.finding == 1
    assert proof.next_finding.toolTip() == "已经是最后一处"
    assert proof.pair.right.words.text() == "扫描件中没有这一页"
    assert proof.pair.right.canvas.image is None
    with qtbot.waitSignal(proof.recorded, timeout=30_000):
        qtbot.keyClick(proof, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert proof.certificate.isEnabled()
    (kept,) = dossier_proof_views.proofs(office.bureau, office.actor(), case)
    assert [line.kind for line in kept.findings] == ["upside_down", "missing"]
    paper = proof.show_certificate()
    assert paper is not None
    with qtbot.waitSignal(paper.shown, timeout=30_000):
        pass
    settle()
    assert proof.choice.history.count() == 2


def test_a_proof_can_be_stopped_and_a_file_that_is_no_scan_is_refused(
    proof: ProofWindow, tmp_path: Path, qtbot: QtBot, case: int
) -> None:
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes((tmp_path / f"{case}.pdf").read_bytes())
    with qtbot.waitSignal(proof.proven, timeout=60_000):
        proof.prove(scan)
        assert proof.leave.text() == "停止"
        proof.reject()
    assert proof.isVisible()
    assert proof.verdict.words.text() == "已经停止，没有核对完。"
    words = tmp_path / "说明.txt"
    words.write_text("不是扫描件", encoding="utf-8")
    with qtbot.waitSignal(proof.proven, timeout=30_000):
        proof.prove(words)
    assert proof.note.tone == "error"
    assert "不是扫描件" in proof.note.text()
