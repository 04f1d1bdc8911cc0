"""The journal in words, and what checking the chain says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from helpers.bureau import AUDITOR, OFFICER, Office
from helpers.every_node import open_node
from zhixing_desktop.services import work
from zhixing_desktop.services.journal_view import case_journal
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.journal_panel import JournalPanel
from zhixing_desktop.workflow.views import Key

NOTICE = Key(7, "case")


@pytest.fixture
def case(office: Office) -> int:
    number = office.register(9500, "乙")
    open_node(office, number, 7)
    return number


@pytest.fixture
def panel(
    office: Office, bridge: Bridge, qtbot: QtBot, case: int, settle: Callable[[], None]
) -> JournalPanel:
    auditor = office.actor(AUDITOR)
    made = JournalPanel(office.bureau, bridge, lambda: auditor)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.show_case(case)
    settle()
    return made


def test_a_step_is_told_in_words_before_and_after(
    panel: JournalPanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    work.record_work(
        office.bureau, office.actor(), case, NOTICE, {"notice_issued_on": "2024-06-14"}
    )
    seq = office.detail(case).facts[-1].seq
    office.at("2024-06-15T09:00")
    from datetime import datetime

    work.correct_fact(
        office.bureau, office.actor(), case, seq, at=datetime(2024, 6, 15), reason="回证为十五日"
    )
    panel.show_case(case)
    settle()
    newest = panel.rows[0]
    assert (newest.actor, newest.action) == (OFFICER, "更正")
    change = newest.changes[0]
    assert change.what == "更正：节点7 执行通知书发出"
    assert (change.before, change.after) == ("2024-06-14", "2024-06-15（理由：回证为十五日）")
    earlier = panel.rows[1]
    assert earlier.action == "录入办理情况"
    assert "执行通知书发出日期：2024-06-14" in earlier.changes[0].after


def test_states_that_changed_are_told(
    office: Office, case: int, panel: JournalPanel, settle: Callable[[], None]
) -> None:
    office.at("2024-06-25T09:00").sweep()
    panel.show_case(case)
    settle()
    newest = panel.rows[0]
    assert newest.actor == "系统"
    changes = {c.what: (c.before, c.after) for c in newest.changes}
    assert changes["节点7“执行通知”"] == ("办理中", "冻结")
    assert changes["案件状态"][1] == "冻结"
    sentences = [c.after for c in newest.changes if c.what == "通知"]
    assert sentences
    assert all("9500" in sentence for sentence in sentences)


def test_the_tree_folds_out_to_the_changes(panel: JournalPanel) -> None:
    assert panel.tree.topLevelItemCount() == len(panel.rows)
    top = panel.tree.topLevelItem(0)
    assert top is not None
    assert top.childCount() == len(panel.rows[0].changes)
    child = top.child(0)
    panel.tree.setCurrentItem(child)
    assert panel.full.text().startswith(panel.rows[0].changes[0].what)


def test_older_rows_come_on_demand(office: Office, case: int) -> None:
    everything = case_journal(office.bureau, office.actor(), case)
    first = case_journal(office.bureau, office.actor(), case, limit=2)
    rest = case_journal(office.bureau, office.actor(), case, before_id=first[-1].id)
    assert (*first, *rest) == everything
    assert len(first) == 2


def test_a_sound_chain_and_a_broken_one(
    panel: JournalPanel, office: Office, settle: Callable[[], None]
) -> None:
    panel.check.click()
    settle()
    assert panel.words.text().startswith("日志完整，共")
    assert panel.check.isEnabled()

    with sqlite3.connect(office.bureau.database.place) as conn:
        conn.execute("DROP TRIGGER IF EXISTS journal_no_update")
        names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            if "journal" in name:
                conn.execute(f"DROP TRIGGER {name}")
        conn.execute("UPDATE journal SET actor = '别人' WHERE id = 5")
    conn.close()
    panel.check.click()
    settle()
    assert "第 5 条" in panel.words.text()
