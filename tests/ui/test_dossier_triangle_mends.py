"""Each kind of disagreement has its click that mends it, in the window itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import pages, write
from zhixing_desktop.services import dossier, dossier_triangle
from zhixing_desktop.services.dossier_filing import file_item, withdraw_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_triangle import HoleKind, Triangle
from zhixing_desktop.services.dossier_triangle_rows import TriangleRow, TriangleSheet
from zhixing_desktop.services.dossier_triangle_types import hole
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Piece
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_serving import serve
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.change_dialog import ChangeDialog
from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog
from zhixing_desktop.ui.dossier.triangle_window import TriangleWindow
from zhixing_desktop.ui.dossier.windows import DossierWindows
from zhixing_desktop.workflow.service_of_papers import Service, Way
from zhixing_desktop.workflow.views import Key

NOTICE, QUERY = Key(7, "case"), Key(9, "case")
CASE_NO = "（2024）豫0811执1号"
Calm = Callable[[], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    return lambda: qtbot.waitUntil(lambda: bridge.pending == 0, timeout=30_000)


@dataclass(frozen=True, slots=True)
class Things:
    """What a hole may be about, in one case: a thing, a served paper that left the dossier."""

    item: int
    paper: int
    service: int


@pytest.fixture
def things(office: Office) -> Things:
    (case,) = office.case_ids
    actor = office.actor()
    made = issue(office.bureau, actor, PaperWish(case, "07-talk-record", NOTICE)).paper
    office.at("2024-03-11T10:00")
    direct = Service(Way.DIRECT, arrived_on=date(2024, 3, 7), server="周书记")
    serve(office.bureau, actor, made.id, direct, recipient="乙建强")
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    item = file_item(office.bureau, actor, case, Filing("无名扫描件"), taken).item
    paper = next(one for one in filed(office) if one.paper_id == made.id)
    withdraw_item(office.bureau, actor, paper.id, "放错了案件，撤出来", version=paper.version)
    found = dossier_triangle.triangle(office.bureau, actor, case)
    service = next(h.service for h in found.holes if h.kind is HoleKind.PROOF_MISSING)
    assert service is not None
    return Things(item.id, made.id, service)


def filed(office: Office) -> list[ItemLine]:
    (case,) = office.case_ids
    return list(dossier.dossier(office.bureau, office.actor(), case).main.items)


@dataclass(slots=True)
class Seen:
    """What the window asked for."""

    told: list[tuple[str, tuple[Any, ...]]]

    def names(self) -> list[str]:
        return [name for name, _ in self.told]


@pytest.fixture
def windows(office: Office, bridge: Bridge, host: QWidget) -> DossierWindows:
    actor = office.actor()
    made = DossierWindows(office.bureau, bridge, lambda: actor, host)
    made.with_volumes = made.with_proof = True
    return made


@pytest.fixture
def seen(windows: DossierWindows) -> Seen:
    found = Seen([])
    for name in ("node_wanted", "volumes_wanted", "proof_wanted", "archive_wanted"):
        signal = getattr(windows, name)
        signal.connect(lambda *args, name=name: found.told.append((name, args)))
    return found


def one_hole(window: TriangleWindow, kind: HoleKind, things: Things) -> None:
    """Let the window show one disagreement of a kind, and put the cursor on it."""
    assert window.sheet is not None
    wrong = hole(
        kind, "有一处不一致。", key=QUERY, material="网络查控反馈材料", item=things.item,
        paper=things.paper, service=things.service, side="main", volume=1,
    )  # fmt: skip
    row = TriangleRow("某材料", "节点9", "已登记", "没有", "—", (wrong,))
    found = Triangle(window.case_id, CASE_NO, (wrong,), enforced=True)
    window._show(TriangleSheet(found, (row,)), {})
    assert window.table.choose_hole(kind) is not None


def shown(host: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [one for one in host.findChildren(kind) if one.isVisible()]


@pytest.mark.parametrize("kind", list(HoleKind), ids=lambda kind: kind.value)
def test_every_kind_has_a_click_that_leads_to_what_mends_it(
    kind: HoleKind,
    office: Office,
    things: Things,
    windows: DossierWindows,
    seen: Seen,
    host: QWidget,
    calm: Calm,
) -> None:
    window = windows.triangle(office.case_ids[0], CASE_NO)
    calm()
    before = {one.id for one in filed(office)}
    one_hole(window, kind, things)
    assert window.act.isEnabled()
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    calm()
    opened = [
        *seen.names(),
        *(type(one).__name__ for one in shown(host, IntakeDialog)),
        *(type(one).__name__ for one in shown(host, ChangeDialog)),
        *(type(one).__name__ for one in shown(host, QFileDialog)),
        *("filed" for one in filed(office) if one.id not in before),
    ]
    assert len(opened) == 1, "没有对应的处理"
    where = {
        "node_wanted": (window.case_id, 9, "case"),
        "volumes_wanted": (window.case_id, CASE_NO),
        "proof_wanted": (window.case_id, CASE_NO),
        "archive_wanted": (window.case_id, CASE_NO),
    }
    assert all(args == where[name] for name, args in seen.told)


def test_an_issued_paper_goes_back_into_the_dossier_by_one_click(
    office: Office, things: Things, windows: DossierWindows, calm: Calm
) -> None:
    window = windows.triangle(office.case_ids[0], CASE_NO)
    calm()
    assert window.table.choose_hole(HoleKind.PAPER_UNFILED) is not None
    window.act.click()
    calm()
    assert [one.paper_id for one in filed(office) if one.paper_id] == [things.paper]
    assert window.table.choose_hole(HoleKind.PAPER_UNFILED) is None


def test_the_scan_of_a_service_is_chosen_and_lies_in_the_dossier(
    office: Office, things: Things, windows: DossierWindows, calm: Calm, tmp_path: Path
) -> None:
    window = windows.triangle(office.case_ids[0], CASE_NO)
    calm()
    assert window.table.choose_hole(HoleKind.PROOF_MISSING) is not None
    window.act.click()
    calm()
    dialog = window.mends.step
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(write(tmp_path, "回证.pdf", pages(1))))
    calm()
    assert [one.service_id for one in filed(office) if one.service_id] == [things.service]
    assert window.table.choose_hole(HoleKind.PROOF_MISSING) is None


def test_who_may_not_file_sees_the_hole_and_why_he_cannot_mend_it(
    office: Office, things: Things, bridge: Bridge, host: QWidget, calm: Calm
) -> None:
    chief = office.actor("李局长")
    windows = DossierWindows(office.bureau, bridge, lambda: chief, host)
    window = windows.triangle(office.case_ids[0], CASE_NO)
    calm()
    assert window.table.choose_hole(HoleKind.PAPER_UNFILED) is not None
    assert not window.act.isEnabled()
    assert "M-140" in window.act.toolTip() or "承办人" in window.act.toolTip()
