"""送达: fields that come with the way, the day it counts from, what goes along, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from helpers.bureau import Office
from helpers.papers import GREEN, RED
from helpers.papers import pdf as pages
from helpers.racers import PDF
from helpers.typing_in import enter_into, pick
from zhixing_desktop.services import papers, work
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperLine, PaperWish
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Link
from zhixing_desktop.ui.papers.dialog import PaperDialog
from zhixing_desktop.ui.papers.proof_window import ProofWindow
from zhixing_desktop.ui.papers.service_dialog import ServiceDialog
from zhixing_desktop.ui.papers.service_frame import OUTSIDE
from zhixing_desktop.workflow.service_of_papers import Result, Way
from zhixing_desktop.workflow.views import Key

Settle = Callable[[], None]
NODE = Key(7, "case")


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def lines(office: Office) -> list[PaperLine]:
    """Notice and order for the same debtor, issued on 5 March; it is 11 March then."""
    case = office.case_ids[0]
    values = {"performance_until": "2024-03-20", "report_until": "2024-03-20"}
    work.record_work(office.bureau, office.actor(), case, NODE, values, {})
    made = [
        issue(office.bureau, office.actor(), PaperWish(case, form, NODE, "debtor/1")).paper
        for form in ("07-enforcement-notice", "07-property-report-order")
    ]
    office.at("2024-03-11T10:00")
    return made


@pytest.fixture
def paper(
    office: Office, bridge: Bridge, host: QWidget, lines: list[PaperLine], settle: Settle
) -> PaperDialog:
    actor = office.actor("周书记")
    made = PaperDialog(office.bureau, bridge, lambda: actor, lines[0].id, host)
    made.show()
    settle()
    return made


@pytest.fixture
def dialog(paper: PaperDialog, settle: Settle) -> ServiceDialog:
    paper.serve.click()
    settle()
    made = paper.step
    assert isinstance(made, ServiceDialog)
    settle()
    return made


def shown(dialog: ServiceDialog) -> list[str]:
    return [row.label.text() for row in dialog._rows.values() if not row.editor.isHidden()]


def choose(dialog: ServiceDialog, way: Way) -> None:
    pick(dialog.way.combo, way.value)


def test_it_begins_with_what_is_known(dialog: ServiceDialog) -> None:
    assert dialog.whom.value() == "debtor/1"
    assert shown(dialog) == [
        *("受送达人", "送达方式", "签收日期", "送达地点", "代收人", "送达人"),
    ]
    assert dialog.day.text() == "送达日期　2024年3月11日（星期一）"
    assert "第八十" in dialog.why.text()
    assert dialog.server.value() == "周书记"


@pytest.mark.parametrize(
    ("way", "fields"),
    [
        (Way.MAIL, ("送达结果", "交邮日期", "收件日期")),
        (Way.LEAVE, ("留置日期", "拒收事由", "见证")),
        (Way.ELECTRONIC, ("送达结果", "发送日期", "到达日期", "电子送达地址")),
        (Way.NOTICE, ("公告日期", "公告载体", "公告原因")),
        (Way.FORWARD, ("送达结果", "送交日期", "签收日期", "转交单位")),
        (Way.ENTRUST, ("送达结果", "委托日期", "签收日期", "受委托法院")),
    ],
)
def test_each_way_asks_for_its_own(
    dialog: ServiceDialog, way: Way, fields: tuple[str, ...]
) -> None:
    choose(dialog, way)
    own = [label for label in shown(dialog) if label not in ("受送达人", "送达方式", "送达人")]
    assert [label for label in own if label != "送达地点"] == list(fields)
    assert dialog.day.text() == "还不能确定送达日期"


def test_the_day_of_a_notice_is_reckoned_while_it_is_typed(dialog: ServiceDialog) -> None:
    choose(dialog, Way.NOTICE)
    enter_into(dialog.sent, "2024-03-08")
    enter_into(dialog.place, "人民法院报")
    enter_into(dialog.reason, "下落不明，邮寄退回")
    assert "2024年4月7日" in dialog.day.text()
    assert "经过30日" in dialog.why.text()


def test_a_substitute_says_what_he_is(dialog: ServiceDialog) -> None:
    enter_into(dialog.received_by, "乙母")
    assert "代收人身份" in shown(dialog)
    assert "与受送达人的关系" in dialog.why.text()
    enter_into(dialog.relation, "同住的成年家属")
    assert "由乙母（同住的成年家属）代收" in dialog.why.text()


def test_what_goes_along_is_entered_with_it_and_the_scan_with_both(
    dialog: ServiceDialog, office: Office, settle: Settle, tmp_path: Path, paper: PaperDialog
) -> None:
    scan = tmp_path / "回证.pdf"
    scan.write_bytes(PDF)
    dialog.scan.take(scan)
    (box,) = dialog.also.values()
    assert "报告财产令" in box.text()
    box.click()
    dialog.submit()
    settle()
    kept = papers.papers_of(office.bureau, office.actor(), office.case_ids[0])
    assert [line.served_on for line in kept] == [date(2024, 3, 11)] * 2
    assert all(line.services[0].proof for line in kept)
    assert "已送达 2024-03-11" in paper.state.text()
    assert "送达日期" in paper.issued.notes_words.text()


def test_what_is_wrong_is_told_and_everything_stays(
    dialog: ServiceDialog, office: Office, settle: Settle
) -> None:
    enter_into(dialog.arrived, "2024-03-01")
    dialog.submit()
    settle()
    assert "早于文书日期" in dialog.problem_words.text()
    assert dialog.isVisible()
    enter_into(dialog.arrived, "三月")
    dialog.submit()
    assert "签收日期：请填写日期" in dialog.problem_words.text()
    kept = papers.papers_of(office.bureau, office.actor(), office.case_ids[0])
    assert kept[0].services == ()


def test_somebody_outside_is_named(dialog: ServiceDialog, settle: Settle, office: Office) -> None:
    pick(dialog.whom.combo, OUTSIDE)
    assert dialog.also == {}
    enter_into(dialog.recipient, "焦作市不动产登记中心")
    dialog.submit()
    settle()
    kept = papers.papers_of(office.bureau, office.actor(), office.case_ids[0])
    assert kept[0].services[0].recipient == "焦作市不动产登记中心"


def test_what_was_posted_gets_its_result_later_and_can_be_withdrawn(
    dialog: ServiceDialog, paper: PaperDialog, office: Office, settle: Settle
) -> None:
    choose(dialog, Way.MAIL)
    pick(dialog.outcome.combo, Result.PENDING.value)
    enter_into(dialog.sent, "2024-03-06")
    assert "尚无结果" in dialog.why.text()
    dialog.submit()
    settle()
    links = {link.text(): link for link in paper.issued.links}
    assert list(links) == ["登记结果…", "撤回…"]
    links["登记结果…"].click()
    settle()
    later = paper.step
    assert isinstance(later, ServiceDialog)
    settle()
    assert not later.whom.isEnabled()
    enter_into(later.arrived, "2024-03-09")
    later.submit()
    settle()
    assert "2024年3月9日" in " ".join(_words(paper))
    next(link for link in paper.issued.links if link.text() == "撤回…").click()
    reason = paper.children()[-1]
    enter_into(reason.reason, "登记错了人")
    reason.submit()
    settle()
    kept = papers.papers_of(office.bureau, office.actor(), office.case_ids[0])
    assert kept[0].services[0].withdrawn_reason == "登记错了人"
    assert "已撤回" in " ".join(_words(paper))


def test_the_signed_proof_is_looked_at_from_its_service_also_when_that_was_withdrawn(
    dialog: ServiceDialog, paper: PaperDialog, settle: Settle, tmp_path: Path
) -> None:
    scan = tmp_path / "回证.pdf"
    scan.write_bytes(pages(RED, GREEN))
    dialog.scan.take(scan)
    dialog.submit()
    settle()
    for _ in range(2):
        link(paper, "查看扫描件…").click()
        settle()
        (window,) = paper.findChildren(ProofWindow)
        assert "乙建强　直接送达" in window.about.text()
        assert window.page.total.text() == "共2页"
        assert window.page.canvas.image.width() > 100
        window.close()
        settle()
        if any(entry.text() == "撤回…" for entry in paper.issued.links):
            link(paper, "撤回…").click()
            reason = paper.children()[-1]
            enter_into(reason.reason, "登记错了人")
            reason.submit()
            settle()
            assert [entry.text() for entry in paper.issued.links] == ["查看扫描件…"]


def test_a_scan_that_is_gone_is_said_where_it_would_be(
    dialog: ServiceDialog, paper: PaperDialog, office: Office, settle: Settle, tmp_path: Path
) -> None:
    scan = tmp_path / "回证.pdf"
    scan.write_bytes(pages(RED))
    dialog.scan.take(scan)
    dialog.submit()
    settle()
    for kept in (tmp_path / "bureau.db.files").rglob("*"):
        if kept.is_file() and kept.read_bytes() == pages(RED):
            kept.unlink()
    link(paper, "查看扫描件…").click()
    settle()
    (window,) = paper.findChildren(ProofWindow)
    assert "找不到保存的文件" in window.page.words.text()


def link(paper: PaperDialog, words: str) -> Link:
    return next(entry for entry in paper.issued.links if entry.text() == words)


def _words(paper: PaperDialog) -> list[str]:
    from PySide6.QtWidgets import QLabel

    content = paper.issued.area.widget()
    return [label.text() for label in content.findChildren(QLabel)]
