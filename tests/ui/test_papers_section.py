"""文书 in the node panel: what can be made, how it stands, what is missing, the way to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from zhixing_desktop.services import work
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.node_panel import NodePanel
from zhixing_desktop.ui.node_panel.papers import PapersSection
from zhixing_desktop.ui.papers.dialog import PaperDialog
from zhixing_desktop.ui.papers.pack_window import PackWindow
from zhixing_desktop.workflow.views import Key

Settle = Callable[[], None]
NODE = Key(7, "case")


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def panel(office: Office, bridge: Bridge, qtbot: QtBot, settle: Settle) -> NodePanel:
    actor = office.actor()
    made = NodePanel(office.bureau, bridge, lambda: actor)
    qtbot.addWidget(made)
    made.resize(420, 900)
    made.show()
    made.show_case(office.case_ids[0], 7)
    settle()
    return made


def section(panel: NodePanel) -> PapersSection:
    assert panel.content is not None
    assert panel.content.papers is not None
    return panel.content.papers


def test_the_required_ones_come_first_with_what_they_lack(panel: NodePanel) -> None:
    found = section(panel)
    assert [row.offer.name for row in found.rows[:2]] == ["执行通知书", "报告财产令"]
    first = found.rows[0]
    assert first.state.text() == "必需　未制作"
    assert first.lacking.text() == "缺　执行通知书指定履行期间届满日"
    assert found.head.text() == "文书（0/2）"
    assert found.more is not None
    assert not found.row("约谈笔录").isVisible()
    found.more.click()
    assert found.row("约谈笔录").isVisible()


@pytest.mark.qt_log_ignore("support raise", "propagateSizeHints")
def test_it_follows_what_happens_and_opens_what_was_made(
    panel: NodePanel, office: Office, bridge: Bridge, settle: Settle
) -> None:
    case = office.case_ids[0]
    values = {"performance_until": "2024-03-20"}
    work.record_work(office.bureau, office.actor(), case, NODE, values, {})
    wish = PaperWish(case, "07-enforcement-notice", NODE, "debtor/1")
    issue(office.bureau, office.actor(), wish)
    bridge.announce(Changes(frozenset({case})))
    settle()
    row = section(panel).row("执行通知书")
    assert row.state.text() == "必需　已签发 2024-03-05"
    assert row.lacking.text() == ""
    assert section(panel).head.text() == "文书（1/2）"
    row.links[0].click()
    settle()
    (dialog,) = panel.window().findChildren(PaperDialog)
    assert "已签发" in dialog.state.text()
    # Clicked once more it comes to the front; there is one of it.
    section(panel).row("执行通知书").links[0].click()
    assert panel.window().findChildren(PaperDialog) == [dialog]
    dialog.close()


def test_with_the_keyboard_alone(panel: NodePanel, settle: Settle, qtbot: QtBot) -> None:
    link = section(panel).row("报告财产令").make
    assert link.focusPolicy() & Qt.FocusPolicy.TabFocus
    link.setFocus()
    qtbot.keyClick(link, Qt.Key.Key_Space)
    settle()
    (dialog,) = panel.window().findChildren(PaperDialog)
    assert "报告财产令" in dialog.title.text()
    dialog.close()


def test_all_of_the_node_open_as_one_pack(panel: NodePanel, settle: Settle) -> None:
    pack = section(panel).pack
    assert pack is not None
    pack.click()
    settle()
    (window,) = panel.window().findChildren(PackWindow)
    assert [entry.name for _, entry in window.table.chosen()] == ["执行通知书", "报告财产令"]
    window.close()


def test_the_panel_goes_without_what_makes_papers_until_a_case_is_shown() -> None:
    told = (
        "import sys, zhixing_desktop.ui.side_panels, zhixing_desktop.ui.main_window as w;"
        "w.load_furniture();"
        "print([m for m in ('jinja2', 'reportlab', 'docx', 'pypdfium2') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, encoding="utf-8", check=True
    )
    assert run.stdout.strip() == "[]"
