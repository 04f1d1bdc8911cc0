"""报结 from the node panel: refused in words while the three disagree, let through when mended in
the window of 三卷一致."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers import closable_case
from helpers.bound_volumes import drawn
from helpers.bureau import Office
from helpers.closable_case import CLOSING, file_pages, on_paper, taken
from helpers.made_papers import ruling
from helpers.typing_in import enter_into
from zhixing_desktop.services import dossier, work
from zhixing_desktop.services.dossier_filing import replace_item, withdraw_item
from zhixing_desktop.services.dossier_triangle import HoleKind
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.change_dialog import ChangeDialog
from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog
from zhixing_desktop.ui.dossier.triangle_window import TriangleWindow
from zhixing_desktop.ui.forms.reasons import RequestDialog
from zhixing_desktop.ui.node_panel import NodePanel
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.views import Key

NOTICE, QUERY = Key(7, "case"), Key(9, "case")
FEEDBACK = "网络查控反馈材料"
MATTER = "closing_review"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("closable") / "built"
    folder.mkdir()
    closable_case.build(folder)
    return folder


@pytest.fixture
def office(built: Path, tmp_path: Path, paper_rules: PaperRules) -> Iterator[Office]:
    made, _ = closable_case.opened(built, tmp_path / "bureau")
    made.bureau.papers = paper_rules
    yield made
    made.close()


@dataclass(slots=True)
class Desk:
    """The officer at his window: the node panel at 节点43, the triangle beside it."""

    office: Office
    case: int
    folder: Path
    panel: NodePanel
    bridge: Bridge
    calm: Callable[[], None]

    def announce(self) -> None:
        self.bridge.announce(Changes(frozenset({self.case})))
        self.calm()

    def request(self) -> RequestDialog:
        """报结, as the panel's button opens it."""
        panel = self.panel
        assert panel.case is not None
        assert panel.detail is not None
        (row,) = [row for row in panel.detail.approvals if row.spec.matter == MATTER]
        panel.steps._apply(panel.case, panel.detail, row)
        dialog = panel.steps.dialog
        assert isinstance(dialog, RequestDialog)
        enter_into(dialog.reason, "已经全部执行完毕")
        dialog.submit()
        self.calm()
        return dialog

    def refused(self) -> str:
        """Ask for it, and return the words with which it is refused."""
        dialog = self.request()
        boxes = [one for one in dialog.findChildren(QMessageBox) if one.isVisible()]
        words = "\n".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())
        words += "\n".join(f"{one.text()}{one.informativeText()}" for one in boxes)
        assert self.asked() == []
        for one in boxes:
            one.accept()
        dialog.reject()
        self.calm()
        return words

    def asked(self) -> list[str]:
        found = self.office.detail(self.case).view.approvals
        return [one.status for one in found if one.matter == MATTER]

    def triangle(self) -> TriangleWindow:
        window = self.panel.things.windows.triangle(self.case, "（2024）豫0811执1号")
        self.calm()
        return window

    def print(self) -> None:
        on_paper(self.office, self.case, self.folder)
        self.announce()


@pytest.fixture
def desk(office: Office, bridge: Bridge, qtbot: QtBot, tmp_path: Path) -> Desk:
    def calm() -> None:
        qtbot.waitUntil(lambda: bridge.pending == 0, timeout=30_000)

    actor, (case,) = office.actor(), office.case_ids
    panel = NodePanel(office.bureau, bridge, lambda: actor)
    qtbot.addWidget(panel)
    panel.resize(420, 900)
    panel.show()
    panel.things.with_volumes = panel.things.with_proof = True
    panel.show_case(case, CLOSING.node)
    calm()
    return Desk(office, case, tmp_path / "bureau", panel, bridge, calm)


def choose(window: TriangleWindow, kind: HoleKind) -> None:
    assert window.table.choose_hole(kind) is not None
    window.act.click()


def shown(window: QWidget, kind: type[IntakeDialog]) -> IntakeDialog:
    (found,) = [one for one in window.findChildren(kind) if one.isVisible()]
    return found


def let_through(desk: Desk) -> None:
    desk.panel.show_case(desk.case, CLOSING.node)
    desk.calm()
    desk.request()
    assert desk.asked() == ["pending"]


def test_a_thing_without_a_place(desk: Desk) -> None:
    file_pages(desk.office, desk.case, "无名扫描件", place=None)
    desk.print()
    words = desk.refused()
    assert "不能报结" in words
    assert "“无名扫描件”还没有编目" in words
    window = desk.triangle()
    choose(window, HoleKind.UNPLACED)
    desk.calm()
    step = window.mends.step
    assert isinstance(step, ChangeDialog)
    step.place.set_place("main", 31)
    step.submit()
    desk.calm()
    desk.print()
    let_through(desk)


def test_an_issued_paper_that_was_taken_out(desk: Desk) -> None:
    bureau, actor = desk.office.bureau, desk.office.actor()
    made = issue(bureau, actor, PaperWish(desk.case, "07-talk-record", NOTICE)).paper
    items = dossier.dossier(bureau, actor, desk.case).main.items
    line = next(one for one in items if one.paper_id == made.id)
    withdraw_item(bureau, actor, line.id, "属于另一案件，误放", version=line.version)
    desk.print()
    assert "已经签发，电子卷宗中没有" in desk.refused()
    choose(desk.triangle(), HoleKind.PAPER_UNFILED)
    desk.calm()
    desk.print()
    let_through(desk)


def test_a_material_that_is_reported_and_not_there(desk: Desk) -> None:
    bureau, actor = desk.office.bureau, desk.office.actor()
    spec = next(m for m in bureau.rules.book.nodes[9].materials if m.name == FEEDBACK)
    entry = ItemEntry(desk.office.clock.now(), materials=[FEEDBACK])
    work.record_work(bureau, actor, desk.case, QUERY, {}, {spec.item: entry})
    desk.announce()
    assert f"登记了“{FEEDBACK}”，电子卷宗中没有" in desk.refused()
    choose(desk.triangle(), HoleKind.MATERIAL_REPORTED)
    desk.calm()
    dialog = shown(desk.panel.window(), IntakeDialog)
    path = desk.folder / "反馈.pdf"
    path.write_bytes(drawn(ruling(75, paragraphs=1)))
    dialog.bring((Piece(path.name, path),))
    desk.calm()
    dialog.submit()
    desk.calm()
    desk.print()
    let_through(desk)


def test_a_newer_version_that_is_not_on_paper(desk: Desk) -> None:
    bureau, actor = desk.office.bureau, desk.office.actor()
    items = dossier.dossier(bureau, actor, desk.case).main.items
    line = next(one for one in items if one.name == "银行流水")
    replace_item(
        bureau, actor, line.id, taken(desk.office, 4), "换成清晰的扫描件", version=line.version
    )
    desk.announce()
    assert "“银行流水”的纸质页是旧的版本" in desk.refused()
    wanted: list[tuple[int, str]] = []
    desk.panel.things.windows.volumes_wanted.connect(lambda *args: wanted.append(args))
    choose(desk.triangle(), HoleKind.OLD_PRINT)
    assert [case for case, _ in wanted] == [desk.case]
    desk.print()
    let_through(desk)
