"""What somebody may not see is not on his screen, and numbers of persons are in no log."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from helpers.bureau import CHIEF, OFFICER, Office
from zhixing_desktop.app import start_logging
from zhixing_desktop.models.tables import journal
from zhixing_desktop.services import work
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.case_list.panel import CaseListPanel
from zhixing_desktop.ui.node_panel.panel import NodePanel
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.views import Key

ID, CARD, MOBILE = "410811199003070013", "6228480402564890018", "13800001111"
PAYOUT = Key(33, "payment/1")
Settle = Callable[[], None]


@pytest.fixture
def case(office: Office) -> int:
    """A case with a payment whose payee has an account."""
    case = office.register(9200, "乙")
    paid = {"name": "一笔", "amount": "10.00", "payer": "被执行人本人"}
    office.event(case, "payment_arrived", "payment/1", **paid)
    work.record_work(office.bureau, office.actor(), case, PAYOUT, {"payee_account": CARD})
    return case


def texts(panel: NodePanel) -> str:
    """What the panel shows of the entered fields and of the history."""
    assert panel.detail is not None
    fields = [row.words for row in panel.detail.fields]
    return "；".join([*fields, *(row.words for row in panel.detail.history)])


@pytest.fixture
def panel_of(
    office: Office, bridge: Bridge, qtbot: QtBot, case: int, settle: Settle
) -> Callable[[str], NodePanel]:
    def made(name: str) -> NodePanel:
        who = office.actor(name)
        panel = NodePanel(office.bureau, bridge, lambda: who)
        qtbot.addWidget(panel)
        panel.resize(500, 800)
        panel.show()
        panel.show_case(case, PAYOUT.node, PAYOUT.subject)
        settle()
        return panel

    return made


def looks(office: Office) -> list[str]:
    with office.bureau.database.reading() as conn:
        rows = conn.execute(select(journal).where(journal.c.action == "personal.view")).all()
    return [row.actor for row in rows]


def test_the_officer_sees_whole_numbers_in_his_own_case(
    panel_of: Callable[[str], NodePanel], office: Office
) -> None:
    panel = panel_of(OFFICER)
    assert CARD in texts(panel).replace(" ", "")
    assert panel.content is not None
    assert panel.content.personal is None
    assert looks(office) == []


def test_a_number_is_shown_for_one_look_and_the_look_is_journalled(
    panel_of: Callable[[str], NodePanel], office: Office, settle: Settle, case: int
) -> None:
    panel = panel_of(CHIEF)
    assert CARD not in texts(panel)
    assert "6228***********0018" in texts(panel)
    assert panel.content is not None
    line = panel.content.personal
    assert line is not None
    assert line.show_link is not None
    line.show_link.click()
    settle()
    assert CARD in texts(panel)
    assert panel.content.personal is None
    assert looks(office) == [CHIEF]
    # The next reading covers it again.
    panel.show_case(case, PAYOUT.node, PAYOUT.subject)
    settle()
    assert CARD not in texts(panel)


def test_whoever_may_not_see_numbers_has_no_link(
    panel_of: Callable[[str], NodePanel], office: Office
) -> None:
    panel = panel_of("马档案")
    assert "6228***********0018" in texts(panel)
    assert panel.content is not None
    assert panel.content.personal is not None
    assert panel.content.personal.show_link is None
    assert "按权限遮盖" in panel.content.personal.words.text()


def test_an_empty_list_says_why(
    office: Office, bridge: Bridge, qtbot: QtBot, settle: Settle, case: int
) -> None:
    panel = CaseListPanel(office.bureau, bridge, office.actor("何管理"))
    qtbot.addWidget(panel)
    panel.start()
    settle()
    assert panel.model.total == 0
    assert "不接触案件内容" in panel.model.why
    panel.set_actor(office.actor(CHIEF))
    settle()
    assert panel.model.total > 0
    assert panel.model.why == ""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The program's own log file, as the window opens it."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    quiet = logging.getLogger("apscheduler").level
    file = tmp_path / "log" / "zhixing.log"
    start_logging(file)
    yield file
    for handler in [h for h in root.handlers if h not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.getLogger("apscheduler").setLevel(quiet)


def test_no_number_reaches_the_log_or_a_box(log: Path, qtbot: QtBot) -> None:
    logger = logging.getLogger("zhixing_desktop.probe")
    logger.warning("当事人%s，电话%s", ID, MOBILE)
    logger.info("卡号 6228 4804 0256 4890 018")
    try:
        int(f"row (1, '乙', '{ID}', '{CARD}')")
    except ValueError:
        logger.exception("statement with %s", [CARD])
        error = sys.exc_info()[1]
    assert error is not None
    box = messages.show_defect(None, error)
    qtbot.addWidget(box)
    assert isinstance(box, messages.DefectDialog)
    shown = box.details.toPlainText()
    refused = InputRefusedError("录入有误：", [Problem("证件号码", f"“{ID}”的校验码不对")])
    told = messages.show_error(None, refused)
    qtbot.addWidget(told)
    written = log.read_text(encoding="utf-8")
    assert "410811********0013" in written
    assert "Traceback" in written
    said = written + shown + told.informativeText()  # type: ignore[attr-defined]
    for number in (ID, CARD, MOBILE, "6228 4804 0256 4890 018"):
        assert number not in said
