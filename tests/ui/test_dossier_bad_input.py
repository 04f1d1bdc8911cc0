"""Bad files and lost races at the desk: said beside the others, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import TORN, pages, write
from helpers.foreign_files import locked, ole_file, zip_file
from helpers.word_files import docx_of
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_filing import file_item, replace_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Piece
from zhixing_desktop.services.stack_types import Fate, Sorted, SortedPart
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.incoming_data import pieces_of
from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog
from zhixing_desktop.ui.dossier.scan_windows import ScanWindows
from zhixing_desktop.ui.dossier.windows import DossierWindows
from zhixing_desktop.ui.dossier.wishes import Wish

Open = Callable[[Wish], IntakeDialog]
Calm = Callable[[IntakeDialog], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def open_dialog(office: Office, case: int, bridge: Bridge, host: QWidget, qtbot: QtBot) -> Open:
    actor = office.actor()

    def made(wish: Wish) -> IntakeDialog:
        windows = DossierWindows(office.bureau, bridge, lambda: actor, host)
        dialog = windows.take_in(case, wish)
        dialog.resize(1300, 680)
        qtbot.waitUntil(lambda: bridge.pending == 0 and dialog.model.settled, timeout=30_000)
        return dialog

    return made


@pytest.fixture
def filed(bridge: Bridge, qtbot: QtBot) -> Calm:
    def run(dialog: IntakeDialog) -> None:
        run_of = dialog.run
        dialog.submit()
        qtbot.waitUntil(lambda: not run_of.running and bridge.pending == 0, timeout=30_000)

    return run


def items(office: Office) -> list[ItemLine]:
    found = dossier.dossier(office.bureau, office.actor(), office.case_ids[0])
    return list(found.main.items)


BAD = {
    "加密.pdf": (locked(pages(1), owner="o", user="u"), "设有打开密码"),
    "坏.pdf": (TORN, "已经损坏"),
    "空.pdf": (b"", "空的"),
    "假名.pdf": (zip_file("a.txt"), "压缩包"),
    "半个.docx": (docx_of("正文" * 900)[:9000], "Word 文件已经损坏"),
    "加锁.xlsx": (ole_file("EncryptedPackage"), "打开密码"),
    "~$决书.docx": (b"\x06Zhang1" + bytes(155), "临时文件"),
    "不认识.dat": (bytes(range(256)) * 9, "不认识"),
}


def test_all_bad_files_of_a_batch_are_said_at_once_and_the_good_ones_are_filed(
    office: Office, open_dialog: Open, filed: Calm, tmp_path: Path
) -> None:
    dropped = QMimeData()
    places = [write(tmp_path, name, data) for name, (data, _) in BAD.items()]
    places.insert(3, write(tmp_path, "好.pdf", pages(2)))
    gone = tmp_path / "走了.pdf"
    dropped.setUrls([QUrl.fromLocalFile(str(place)) for place in (*places, gone)])
    dialog = open_dialog(Wish(pieces=pieces_of(dropped)))
    said = dialog.problem_words.text()
    for name, (_, words) in BAD.items():
        (line,) = [one for one in said.splitlines() if one.lstrip("·• ").startswith(name)]
        assert words in line
        assert "请" in line
    assert "找不到这个文件（走了.pdf）" in said
    assert [dialog.desk.filing(thing).name for thing in dialog.desk.stack.things] == ["好"]
    filed(dialog)
    assert [(item.name, item.pages) for item in items(office)] == [("好", 2)]


def test_whoever_comes_second_keeps_pages_and_reason_and_replaces_what_is_there_now(
    office: Office, case: int, open_dialog: Open, filed: Calm, tmp_path: Path
) -> None:
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    before = file_item(office.bureau, office.actor(), case, Filing("笔录", place=11), taken).item
    mine = Piece("新.pdf", write(tmp_path, "新.pdf", pages(3)))
    dialog = open_dialog(Wish(replaced=before, pieces=(mine,)))
    dialog.reason.set_value("重新扫描的更清楚")
    theirs = take_in(office.bureau, [Piece("b.pdf", pages(2))])
    replace_item(
        office.bureau, office.actor(), before.id, theirs, "补了一页", version=before.version
    )
    filed(dialog)
    said = dialog.problem_words.text()
    assert "张承办" in said, "who was first"
    assert "页面和理由都还在" in said
    assert "现为第2版" in dialog.head.text()
    assert (items(office)[0].current, items(office)[0].pages) == (2, 2)
    assert dialog.reason.value() == "重新扫描的更清楚"
    filed(dialog)
    assert (items(office)[0].current, items(office)[0].pages) == (3, 3)


def test_the_scan_of_a_bound_volume_leads_to_the_proof(
    office: Office, case: int, bridge: Bridge, host: QWidget
) -> None:
    actor = office.actor()
    windows = ScanWindows(office.bureau, bridge, lambda: actor, host)
    wanted: list[tuple[int, str]] = []
    windows.proof_wanted.connect(lambda number, words: wanted.append((number, words)))
    dialog = windows.stack()
    plain = Sorted("扫描.pdf", 1, (SortedPart(Fate.TRAY, (1,), "", tray_id=1),))
    dialog._done(plain)
    assert dialog.proof.isHidden()
    part = SortedPart(Fate.SAME, (1, 2), "没有更换", case, tray_id=1)
    dialog._done(Sorted("扫描.pdf", 2, (part,), unchanged=((case, "（2024）豫0811执1号"),)))
    assert not dialog.proof.isHidden()
    assert "扫描核对" in dialog.sentence.text()
    dialog.proof.click()
    assert wanted == [(case, "（2024）豫0811执1号")]
