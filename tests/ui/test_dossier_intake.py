"""Taking in: seen, put in order, said, filed; nothing is lost when one of several fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import img2pdf
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import RECORDING, TORN, pages, photograph, write
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Medium, Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.incoming_data import pieces_of
from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog
from zhixing_desktop.ui.dossier.look_dialog import LookDialog
from zhixing_desktop.ui.dossier.windows import DossierWindows
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.workflow.views import Key

QUERY = Key(9, "case")
Open = Callable[[Wish], IntakeDialog]
Calm = Callable[[IntakeDialog], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    def wait(dialog: IntakeDialog) -> None:
        qtbot.waitUntil(lambda: bridge.pending == 0 and dialog.model.settled, timeout=30_000)

    return wait


@pytest.fixture
def filed(calm: Calm, bridge: Bridge, qtbot: QtBot) -> Calm:
    def run(dialog: IntakeDialog) -> None:
        run_of = dialog.run
        dialog.submit()
        qtbot.waitUntil(lambda: not run_of.running and bridge.pending == 0, timeout=30_000)

    return run


@pytest.fixture
def open_dialog(office: Office, case: int, bridge: Bridge, host: QWidget, calm: Calm) -> Open:
    actor = office.actor()

    def made(wish: Wish) -> IntakeDialog:
        windows = DossierWindows(office.bureau, bridge, lambda: actor, host)
        dialog = windows.take_in(case, wish)
        dialog.resize(1300, 680)
        calm(dialog)
        return dialog

    return made


def items(office: Office) -> list[ItemLine]:
    found = dossier.dossier(office.bureau, office.actor(), office.case_ids[0])
    return list(found.main.items)


def pieces(folder: Path, **files: bytes) -> tuple[Piece, ...]:
    found = []
    for name, data in files.items():
        path = write(folder, name.replace("_", "."), data)
        found.append(Piece(path.name, path))
    return tuple(found)


def test_several_files_are_seen_with_all_that_is_wrong_and_filed_in_one_go(
    office: Office, open_dialog: Open, filed: Calm, tmp_path: Path, qtbot: QtBot
) -> None:
    brought = pieces(
        tmp_path, 营业执照_pdf=pages(3), 坏_pdf=TORN, 通话_mp3=RECORDING, 照片_jpg=photograph()
    )
    dialog = open_dialog(Wish(pieces=brought))
    assert "坏.pdf" in dialog.problem_words.text()
    assert "通话.mp3" in dialog.notes.text()
    assert dialog.model.rowCount() == 3 + 1 + 1
    drawn, name_of = dialog.model._images, dialog.model.name_of
    qtbot.waitUntil(lambda: all(name_of(row) in drawn for row in range(3)), timeout=20_000)
    filed(dialog)
    assert [(i.name, i.pages, i.medium) for i in items(office)] == [
        ("营业执照", 3, Medium.BOTH),
        ("通话", 0, Medium.ELECTRONIC),
        ("照片", 1, Medium.ORIGINAL),
    ]


def test_a_dropped_folder_brings_its_files_by_name_and_an_empty_one_is_said(
    open_dialog: Open, calm: Calm, tmp_path: Path
) -> None:
    folder, empty = tmp_path / "证据", tmp_path / "空的"
    folder.mkdir()
    for name in ("2.pdf", "1.pdf", ".隐藏.pdf", "~$1.docx"):
        write(folder, name, pages(1))
    empty.mkdir()
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(folder))])
    # The disk is asked in a thread, so here the folder is still one piece.
    assert [piece.name for piece in pieces_of(dropped)] == ["证据"]
    dialog = open_dialog(Wish(pieces=pieces_of(dropped)))
    assert [dialog.desk.filing(thing).name for thing in dialog.desk.stack.things] == ["1", "2"]
    dropped.setUrls([QUrl.fromLocalFile(str(empty))])
    dialog.bring(pieces_of(dropped))
    calm(dialog)
    assert dialog.said.text() == "文件夹中没有可以收取的文件"


def test_blank_pages_go_by_one_click_and_the_rest_is_split_and_named(
    office: Office, open_dialog: Open, filed: Calm, calm: Calm, tmp_path: Path
) -> None:
    dialog = open_dialog(Wish(pieces=pieces(tmp_path, 一叠_pdf=pages(6, blank=(1, 5)))))
    dialog.buttons["blank"].click()
    calm(dialog)
    assert [x.out for x in dialog.desk.stack.leaves] == [False, True, False, False, False, True]
    dialog.grid.choose([3])
    dialog.buttons["split"].click()
    assert dialog.list.count() == 2
    dialog.form.name.line.setText("第二份笔录")
    dialog.form.name.edited.emit()
    dialog.form.place.set_place("main", 11)
    dialog.form.place.edited.emit()
    dialog.grid.choose([4])
    QTest.keyClick(dialog.grid, Qt.Key.Key_BracketRight)
    filed(dialog)
    assert [(i.name, i.pages, i.place) for i in items(office)] == [
        ("第二份笔录", 2, 11),
        ("一叠", 2, 0),
    ]
    second = items(office)[0]
    (version,) = dossier.versions(office.bureau, office.actor(), second.id)
    assert [(cut.page, cut.turn) for cut in version.cuts] == [(3, 0), (4, 90)]


def test_pages_are_moved_by_keys_and_taken_back(open_dialog: Open, tmp_path: Path) -> None:
    dialog = open_dialog(Wish(pieces=pieces(tmp_path, 一_pdf=pages(3))))
    dialog.grid.choose([2])
    QTest.keyClick(dialog.grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert [x.page for x in dialog.desk.stack.leaves] == [0, 2, 1]
    assert dialog.grid.rows() == [1]
    dialog.buttons["undo"].click()
    assert [x.page for x in dialog.desk.stack.leaves] == [0, 1, 2]


def test_files_are_dropped_among_the_pages_and_pages_dragged_into_another_thing(
    office: Office, open_dialog: Open, filed: Calm, calm: Calm, tmp_path: Path
) -> None:
    dialog = open_dialog(Wish(pieces=pieces(tmp_path, 一_pdf=pages(2))))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(write(tmp_path, "二.pdf", pages(3))))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    where = QPointF(5, 5)
    dialog.grid.dropEvent(QDropEvent(where, copy, data, Qt.MouseButton.LeftButton, none))
    calm(dialog)
    assert dialog.model.rowCount() == 5
    dialog.grid.choose([1])
    dialog.grid.moved.emit(5)
    filed(dialog)
    assert [(i.name, i.pages) for i in items(office)] == [("一", 1), ("二", 4)]


def test_a_photograph_is_made_straight_and_what_came_is_kept_beside_it(
    office: Office, open_dialog: Open, filed: Calm, calm: Calm, tmp_path: Path
) -> None:
    dialog = open_dialog(Wish(pieces=pieces(tmp_path, 证据_jpg=photograph())))
    dialog.grid.choose([0])
    dialog.buttons["straight"].click()
    calm(dialog)
    (look,) = [one for one in dialog.findChildren(LookDialog) if one.isVisible()]
    assert len(look.pictures) == 2
    look.accept()
    filed(dialog)
    (item,) = items(office)
    made, came = (
        dossier.original(office.bureau, office.actor(), item.id, place)[0].name for place in (0, 1)
    )
    assert (made, came) == ("证据（拉正）.jpg", "证据.jpg")
    assert item.pages == 1


def test_a_photograph_within_a_pdf_is_made_straight_and_put_back_by_one_click(
    office: Office, open_dialog: Open, filed: Calm, calm: Calm, tmp_path: Path
) -> None:
    photos = img2pdf.convert([photograph(), photograph()])
    dialog = open_dialog(Wish(pieces=pieces(tmp_path, 证据_pdf=photos)))
    dialog.grid.choose([1])
    dialog.buttons["straight"].click()
    calm(dialog)
    (look,) = [one for one in dialog.findChildren(LookDialog) if one.isVisible()]
    assert len(look.pictures) == 2
    assert look.undo is not None
    look.undo.click()
    assert [(x.source, x.page) for x in dialog.desk.stack.leaves] == [(0, 0), (0, 1)]
    dialog.grid.choose([1])
    dialog.buttons["straight"].click()
    calm(dialog)
    for one in dialog.findChildren(LookDialog):
        one.accept()
    filed(dialog)
    (item,) = items(office)
    came = [dossier.original(office.bureau, office.actor(), item.id, at)[0].name for at in (0, 1)]
    assert (item.pages, came) == (2, ["证据.pdf", "证据（第2页拉正）.jpg"])


def test_a_page_of_letters_is_not_taken_for_a_photograph(
    open_dialog: Open, calm: Calm, tmp_path: Path
) -> None:
    dialog = open_dialog(Wish(pieces=pieces(tmp_path, 裁定_pdf=pages(2))))
    dialog.grid.choose([0])
    dialog.buttons["straight"].click()
    calm(dialog)
    assert "文字页不需要拉正" in dialog.said.text()
    assert [x.source for x in dialog.desk.stack.leaves] == [0, 0]


def test_a_picture_from_the_clipboard_is_taken_in(
    office: Office, open_dialog: Open, filed: Calm, calm: Calm
) -> None:
    dialog = open_dialog(Wish())
    image = QImage(300, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    QGuiApplication.clipboard().setImage(image)
    dialog.paste.click()
    calm(dialog)
    filed(dialog)
    assert [(i.name, i.pages) for i in items(office)] == [("粘贴的图片", 1)]


def test_what_is_brought_for_a_duty_closes_it(
    office: Office, case: int, open_dialog: Open, filed: Calm, tmp_path: Path
) -> None:
    name = next(m.name for m in office.bureau.rules.book.nodes[9].materials if m.item is not None)
    brought = pieces(tmp_path, IMG1_pdf=pages(1))
    dialog = open_dialog(Wish(pieces=brought, key=QUERY, material=name))
    filing = dialog.form.filing()
    assert (filing.name, filing.key, filing.material, filing.place) == (name, QUERY, name, 12)
    filed(dialog)
    (item,) = items(office)
    assert (item.key, item.material, item.place) == (QUERY, name, 12)


def test_when_one_fails_the_others_are_filed_and_it_stays_with_its_reason(
    office: Office, open_dialog: Open, filed: Calm, tmp_path: Path
) -> None:
    brought = pieces(tmp_path, 甲_pdf=pages(1), 乙_pdf=pages(2), 丙_pdf=pages(1))
    dialog = open_dialog(Wish(pieces=brought))
    (tmp_path / "乙.pdf").unlink()
    filed(dialog)
    assert [item.name for item in items(office)] == ["甲", "丙"]
    assert dialog.isVisible()
    assert "“乙”没有办成：找不到这个文件" in dialog.problem_words.text()
    assert len(dialog.desk.stack.things) == 1
    write(tmp_path, "乙.pdf", pages(2))
    filed(dialog)
    assert [item.name for item in items(office)] == ["甲", "丙", "乙"]


def test_what_lay_there_when_the_power_went_is_offered_again(
    office: Office, open_dialog: Open, calm: Calm, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_dialog(Wish(pieces=pieces(tmp_path, 一_pdf=pages(3), 二_pdf=pages(1))))
    dialog.grid.choose([1])
    dialog.buttons["split"].click()
    dialog.form.name.line.setText("身份证")
    dialog.form.name.edited.emit()
    dialog.keeper._keeper.flush()
    calm(dialog)
    dialog.hide()
    dialog.setParent(None)
    again = open_dialog(Wish())
    (box,) = [b for b in again.findChildren(QMessageBox) if b.isVisible()]
    assert "3件材料没有入卷完" in box.text()
    next(button for button in box.buttons() if button.text() == "恢复").click()
    calm(again)
    assert [again.desk.filing(n).name for n in again.desk.stack.things] == ["一", "身份证", "二"]
    assert again.model.rowCount() == 4


def test_the_signed_scan_takes_the_place_of_the_unsigned_page(
    office: Office, case: int, open_dialog: Open, filed: Calm, tmp_path: Path
) -> None:
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    before = file_item(office.bureau, office.actor(), case, Filing("笔录", place=11), taken).item
    dialog = open_dialog(Wish(replaced=before, pieces=pieces(tmp_path, 扫描_jpg=photograph())))
    filed(dialog)
    assert "理由" in dialog.problem_words.text()
    dialog.reason.set_value("换成签名盖章后的扫描件")
    filed(dialog)
    (after,) = items(office)
    assert (after.id, after.current, after.medium) == (before.id, 2, Medium.ORIGINAL)


def test_a_thing_on_paper_only_asks_for_its_pages(
    office: Office, open_dialog: Open, filed: Calm
) -> None:
    dialog = open_dialog(Wish(on_paper=True, side="main", place=10))
    dialog.form.name.line.setText("护照原件")
    dialog.form.count.line.setText("")
    dialog.form.count.edited.emit()
    filed(dialog)
    assert "请填写有几页" in dialog.problem_words.text()
    dialog.form.count.line.setText("4")
    dialog.form.count.edited.emit()
    filed(dialog)
    (item,) = items(office)
    assert (item.name, item.pages, item.medium, item.place) == ("护照原件", 4, Medium.PAPER, 10)


def test_looking_at_many_files_can_be_stopped_and_what_was_seen_stays(
    open_dialog: Open, calm: Calm, tmp_path: Path
) -> None:
    dialog = open_dialog(Wish())
    dialog.bring(pieces(tmp_path, **{f"件{n}_pdf": pages(1) for n in range(40)}))
    assert dialog.leave.text() == "停止"
    dialog.leave.click()
    calm(dialog)
    assert dialog.isVisible()
    assert dialog.leave.text() == "关闭"
    assert len(dialog.desk.stack.things) < 40
