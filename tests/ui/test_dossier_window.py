"""The dossier's window: what is filed where, its pages and versions, put in order by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import OTHER_OFFICER, Office
from helpers.dossier_files import pages, write
from helpers.offices import journal
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_filing import file_item, replace_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Medium, Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.change_dialog import ChangeDialog
from zhixing_desktop.ui.dossier.window import DossierWindow
from zhixing_desktop.ui.dossier.windows import DossierWindows
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog

CASE_NO = "（2024）豫0811执1号"
On = QAbstractItemView.DropIndicatorPosition


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


def filed(office: Office, name: str, count: int = 2, **said: object) -> ItemLine:
    taken = take_in(office.bureau, [Piece(f"{name}.pdf", pages(count))])
    filing = Filing(name, **{"place": 10, **said})  # type: ignore[arg-type]  # a test's shorthand
    return file_item(office.bureau, office.actor(), office.case_ids[0], filing, taken).item


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Callable[[DossierWindow], None]:
    def wait(window: DossierWindow) -> None:
        qtbot.waitUntil(
            lambda: (
                bridge.pending == 0
                and not window._choice.isActive()
                and window.thing.pages.model.settled
            ),
            timeout=20_000,
        )

    return wait


@pytest.fixture
def open_window(
    office: Office, bridge: Bridge, host: QWidget, calm: Callable[[DossierWindow], None]
) -> Callable[..., DossierWindow]:
    def made(who: str = "") -> DossierWindow:
        actor = office.actor(who) if who else office.actor()
        windows = DossierWindows(office.bureau, bridge, lambda: actor, host)
        window = windows.dossier(office.case_ids[0], CASE_NO)
        window.resize(1300, 680)
        calm(window)
        return window

    return made


def names(office: Office) -> list[tuple[int, str]]:
    found = dossier.dossier(office.bureau, office.actor(), office.case_ids[0])
    return [(item.place, item.name) for item in found.main.items]


def test_things_stand_under_their_items_and_empty_ones_are_grey(
    office: Office, open_window: Callable[..., DossierWindow]
) -> None:
    filed(office, "营业执照", 3)
    filed(office, "无名扫描件", 1, place=None)
    filed(office, "合议庭评议笔录", 4, side="side", place=1)
    window = open_window()
    assert window.tabs.tabText(0) == "正卷　2件4页"
    assert window.tabs.tabText(1) == "副卷　1件4页"
    tree = window.trees["main"]
    tenth, first = tree.topLevelItem(9), tree.topLevelItem(0)
    assert tenth is not None
    assert first is not None
    assert tenth.text(0).startswith("10. ")
    assert tenth.text(0).endswith("3页")
    assert first.foreground(0) != tenth.foreground(0)
    last = tree.topLevelItem(tree.topLevelItemCount() - 1)
    assert last is not None
    assert last.text(0).startswith("尚未编目")
    window.search.setText("营业 执照")
    assert [line.name for line in tree.shown()] == ["营业执照"]


def test_whoever_may_not_see_the_inner_dossier_is_not_shown_that_it_is_there(
    office: Office, open_window: Callable[..., DossierWindow]
) -> None:
    filed(office, "合议庭评议笔录", 4, side="side", place=1)
    assert not open_window(OTHER_OFFICER).tabs.isTabVisible(1)


def test_the_pages_of_a_long_thing_are_drawn_only_where_they_are_seen(
    office: Office,
    qtbot: QtBot,
    open_window: Callable[..., DossierWindow],
    calm: Callable[[DossierWindow], None],
) -> None:
    item = filed(office, "流水", 300)
    window = open_window()
    window.choose(item.id)
    calm(window)
    side = window.thing
    assert side.pages.view.total.text() == "共300页"
    drawn = side.pages.model._images
    qtbot.waitUntil(lambda: len(drawn) >= 3, timeout=20_000)
    assert len(drawn) < 40
    side.pages.strip.setCurrentIndex(side.pages.model.index(250))
    calm(window)
    assert side.pages.view.page == 250
    qtbot.waitUntil(lambda: side.pages.model.name_of(250) in drawn, timeout=20_000)


def test_an_older_version_and_its_reason_can_be_looked_at(
    office: Office,
    open_window: Callable[..., DossierWindow],
    calm: Callable[[DossierWindow], None],
    tmp_path: Path,
) -> None:
    item = filed(office, "笔录", 2)
    scan = take_in(office.bureau, [Piece("签名.pdf", pages(3))])
    replace_item(
        office.bureau, office.actor(), item.id, scan, "换成签名盖章后的扫描件",
        version=item.version,
    )  # fmt: skip
    window = open_window()
    window.choose(item.id)
    calm(window)
    side = window.thing
    assert side.version.currentText().endswith("换成签名盖章后的扫描件")
    assert side.pages.view.total.text() == "共3页"
    side.version.setCurrentIndex(1)
    side.version.activated.emit(1)
    calm(window)
    assert side.pages.view.total.text() == "共2页"
    assert [one.name for one in side.originals] == ["笔录.pdf"]
    side.save(0, tmp_path / "旧.pdf")
    calm(window)
    assert (tmp_path / "旧.pdf").read_bytes() == pages(2)
    assert journal(office.bureau)[-1] == ("export", "张承办")
    opened: list[Path] = []
    side.opener = opened.append
    side.open_original(0)
    calm(window)
    assert [path.name for path in opened] == ["笔录.pdf"]


def test_the_order_is_changed_by_keys_and_by_dragging(
    office: Office,
    open_window: Callable[..., DossierWindow],
    calm: Callable[[DossierWindow], None],
) -> None:
    first, _, last = filed(office, "甲"), filed(office, "乙"), filed(office, "丙")
    window = open_window()
    window.choose(last.id)
    QTest.keyClick(window.tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    calm(window)
    assert [name for _, name in names(office)] == ["甲", "丙", "乙"]
    assert window.tree.line is not None
    assert window.tree.line.id == last.id, "the cursor stays on what was moved"
    QTest.keyClick(window.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calm(window)
    assert [name for _, name in names(office)] == ["甲", "乙", "丙"]
    window.choose(first.id)
    window.tree.drop(QMimeData(), window.tree.topLevelItem(5), On.OnItem, own=True)
    calm(window)
    assert names(office)[0] == (6, "甲")


def test_what_is_said_is_corrected_and_a_thing_is_taken_out_with_a_reason(
    office: Office,
    open_window: Callable[..., DossierWindow],
    calm: Callable[[DossierWindow], None],
) -> None:
    item = filed(office, "无名", 1, place=None)
    window = open_window()
    window.choose(item.id)
    window.change.click()
    calm(window)
    dialog = window.step
    assert isinstance(dialog, ChangeDialog)
    dialog.name.line.setText("被执行人身份证")
    dialog.place.set_place("main", 10)
    dialog.day.line.setText("三月")
    dialog.submit()
    assert "不是日期" in dialog.problem_words.text()
    dialog.day.line.setText("2024-3-1")
    dialog.submit()
    calm(window)
    assert names(office) == [(10, "被执行人身份证")]
    window.choose(item.id)
    QTest.keyClick(window.tree, Qt.Key.Key_Delete)
    reason = window.step
    assert isinstance(reason, ReasonStepDialog)
    reason.reason.set_value("属于另一案件，误放")
    reason.reason.edited.emit()
    reason.act.click()
    calm(window)
    assert names(office) == []
    tree = window.trees["main"]
    gone = tree.topLevelItem(tree.topLevelItemCount() - 1)
    assert gone is not None
    assert gone.text(0) == "已撤出（1件）"


def test_files_dropped_on_an_item_of_the_catalogue_are_taken_in_there(
    office: Office, open_window: Callable[..., DossierWindow], tmp_path: Path
) -> None:
    window = open_window()
    path = write(tmp_path, "证据.pdf", pages(1))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    wishes: list[Wish] = []
    window.take_wanted.connect(wishes.append)
    window.tree.drop(data, window.tree.topLevelItem(11), On.OnItem, own=False)
    assert [(w.side, w.place, [p.name for p in w.pieces]) for w in wishes] == [
        ("main", 12, ["证据.pdf"])
    ]


def test_what_is_on_paper_only_says_where_its_pages_are(
    office: Office,
    case: int,
    open_window: Callable[..., DossierWindow],
    calm: Callable[[DossierWindow], None],
) -> None:
    said = Filing("护照原件", place=10, medium=Medium.PAPER, paper_pages=4)
    item = file_item(office.bureau, office.actor(), case, said).item
    window = open_window()
    window.choose(item.id)
    calm(window)
    assert "4页在纸质卷宗中" in window.thing.pages.view.words.text()
