"""Service of papers: entered, completed, withdrawn; what it brings at the node."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import CLERK, OTHER_OFFICER, Office
from helpers.offices import contents, journal
from helpers.paper_forms import INQUIRY, NOTICE, ORDER
from helpers.paper_office import notice, paper_office, second_desk
from helpers.racers import PDF
from zhixing_desktop.models import health
from zhixing_desktop.services import papers
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_drafts import keep_draft
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_notices import settle_due
from zhixing_desktop.services.paper_serving import (
    complete_service,
    serve,
    settle_served,
    withdraw_service,
)
from zhixing_desktop.services.paper_types import PaperLine, PaperWish
from zhixing_desktop.services.paper_voiding import void
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StaleEditError,
)
from zhixing_desktop.workflow.service_of_papers import Result, Service, Way
from zhixing_desktop.workflow.views import Key

NODE = Key(7, "case")
POSTED = Service(Way.MAIL, Result.PENDING, sent_on=date(2024, 3, 6))


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def both(office: Office) -> tuple[PaperLine, PaperLine]:
    """The notices of both debtors, issued on 5 March; it is 11 March then."""
    (case,) = office.case_ids
    made = [issue(office.bureau, office.actor(), notice(case, f"debtor/{n}")) for n in (1, 2)]
    office.at("2024-03-11T10:00")
    return made[0].paper, made[1].paper


def signed(day: int) -> Service:
    return Service(Way.DIRECT, arrived_on=date(2024, 3, day), server="周书记")


def value(office: Office, name: str) -> object:
    (case,) = office.case_ids
    return office.detail(case).context.index.value(7, "case", name)


def test_the_node_gets_the_day_when_the_last_recipient_has_his_paper(
    office: Office, both: tuple[PaperLine, PaperLine]
) -> None:
    clerk = office.actor(CLERK)
    first = serve(office.bureau, clerk, both[0].id, signed(7), "debtor/1")
    assert first.paper.unserved == ()
    assert first.paper.served_on == date(2024, 3, 7)
    assert first.notes == ("节点7的送达情况等《执行通知书》送达丙文博以后再登记。",)
    assert value(office, "served_on") is None
    posted = serve(office.bureau, clerk, both[1].id, POSTED, "debtor/2")
    assert posted.paper.unserved == ("丙文博",)
    back = Service(Way.MAIL, Result.SERVED, sent_on=date(2024, 3, 6), arrived_on=date(2024, 3, 9))
    scan = Scan("回执.pdf", PDF)
    last = complete_service(office.bureau, clerk, posted.service.id, back, scan, version=1)
    assert last.service.effective_on == date(2024, 3, 9)
    assert last.service.proof
    assert last.service.derivation[-1] == (
        "回执上注明的收件日期为2024年3月9日，该日为送达日期",
        "《中华人民共和国民事诉讼法》第九十一条",
    )
    assert last.notes == ("已在节点7“执行通知”登记：送达日期、送达方式。",)
    assert value(office, "served_on") == "2024-03-09"
    assert value(office, "service_way") == "邮寄送达"
    assert journal(office.bureau)[-1] == ("paper.serve", CLERK)
    assert health.check(office.bureau.database) == []


def test_the_duty_to_serve_closes_when_all_papers_of_the_item_are_served(
    office: Office, both: tuple[PaperLine, PaperLine]
) -> None:
    (case,) = office.case_ids
    orders = [
        issue(office.bureau, office.actor(), PaperWish(case, ORDER, about=f"debtor/{n}")).paper
        for n in (1, 2)
    ]
    assert "告知被执行人" in office.missing(case, 7)
    for place, paper in enumerate((*both, *orders)):
        assert "告知被执行人" in office.missing(case, 7)
        serve(office.bureau, office.actor(), paper.id, signed(11), f"debtor/{place % 2 + 1}")
    item = office.detail(case).context.index.items[NODE][1]
    assert item.data["notices"] == [{"who": "被执行人", "channel": "送达", "on": "2024-03-11"}]


def test_a_notice_counts_after_thirty_days_and_is_entered_then(
    office: Office, both: tuple[PaperLine, PaperLine]
) -> None:
    serve(office.bureau, office.actor(), both[0].id, signed(7), "debtor/1")
    announced = Service(
        Way.NOTICE, sent_on=date(2024, 3, 11), place="人民法院报", reason="下落不明，邮寄退回"
    )
    made = serve(office.bureau, office.actor(), both[1].id, announced, "debtor/2")
    assert made.service.effective_on == date(2024, 4, 10)
    assert made.paper.unserved == ("丙文博",)
    assert "公告期届满之日为2024年4月10日，届满后由系统登记送达日期。" in made.notes
    before = contents(office.bureau)
    settle_served(office.bureau, office.actor(), both[1].id)
    assert contents(office.bureau) == before
    office.at("2024-04-10T09:00")
    told = settle_served(office.bureau, office.actor(), both[1].id)
    assert told == ("已在节点7“执行通知”登记：送达日期、送达方式。",)
    assert value(office, "served_on") == "2024-04-10"


def announced_on_11_march(office: Office, both: tuple[PaperLine, PaperLine]) -> None:
    serve(office.bureau, office.actor(), both[0].id, signed(7), "debtor/1")
    way = Service(Way.NOTICE, sent_on=date(2024, 3, 11), place="人民法院报", reason="下落不明")
    serve(office.bureau, office.actor(), both[1].id, way, "debtor/2")


def test_the_beat_enters_a_notice_on_its_day_without_anybody_opening_the_paper(
    office: Office, both: tuple[PaperLine, PaperLine]
) -> None:
    announced_on_11_march(office, both)
    office.at("2024-04-09T23:59")
    settle_due(office.bureau)
    assert value(office, "served_on") is None
    office.at("2024-04-10T00:01")
    assert settle_due(office.bureau) == 1
    assert value(office, "served_on") == "2024-04-10"
    assert journal(office.bureau)[-1] == ("paper.settle", "系统")
    before = contents(office.bureau)
    settle_due(office.bureau)
    office.at("2024-04-11T08:00")
    assert settle_due(office.bureau) == 0
    assert {**contents(office.bureau), "meta": ()} == {**before, "meta": ()}
    assert check_all(office.bureau) == []


def test_a_notice_is_entered_once_by_several_workstations_also_after_days_without_a_beat(
    office: Office, both: tuple[PaperLine, PaperLine], database_url: str, tmp_path: Path
) -> None:
    announced_on_11_march(office, both)
    office.at("2024-04-15T08:30")
    second = second_desk(office, database_url, tmp_path)
    with ThreadPoolExecutor(2) as desks:
        list(desks.map(settle_due, (office.bureau, second.bureau)))
    second.close()
    assert value(office, "served_on") == "2024-04-10"
    assert journal(office.bureau).count(("paper.settle", "系统")) == 1


def test_a_notice_that_was_withdrawn_or_whose_paper_is_void_is_not_entered(
    office: Office, both: tuple[PaperLine, PaperLine]
) -> None:
    announced_on_11_march(office, both)
    void(office.bureau, office.actor(), both[1].id, "被执行人姓名有误", version=1)
    office.at("2024-04-10T08:00")
    assert settle_due(office.bureau) == 0
    assert value(office, "served_on") is None


def test_what_was_entered_wrongly_is_withdrawn_with_a_reason_and_counts_no_more(
    office: Office, both: tuple[PaperLine, PaperLine]
) -> None:
    made = serve(office.bureau, office.actor(), both[0].id, signed(7), "debtor/1").service
    with pytest.raises(InputRefusedError, match="具体理由"):
        withdraw_service(office.bureau, office.actor(), made.id, "", version=1)
    left = withdraw_service(office.bureau, office.actor(), made.id, "签收人不是本人", version=1)
    assert left.unserved == ("乙建强",)
    assert left.services[0].withdrawn_reason == "签收人不是本人"
    with pytest.raises(StaleEditError):
        withdraw_service(office.bureau, office.actor(), made.id, "签收人不是本人", version=1)


def test_a_result_is_entered_once(office: Office, both: tuple[PaperLine, PaperLine]) -> None:
    posted = serve(office.bureau, office.actor(), both[0].id, POSTED, "debtor/1").service
    lost = replace(POSTED, result=Result.RETURNED, arrived_on=date(2024, 3, 10), reason="查无此人")
    back = complete_service(office.bureau, office.actor(), posted.id, lost, version=1)
    assert back.service.effective_on is None
    assert back.paper.unserved == ("乙建强",)
    with pytest.raises(RuleRefusedError, match="结果已经登记（退回，未送达）"):
        complete_service(office.bureau, office.actor(), posted.id, lost, version=2)


@pytest.mark.parametrize(
    ("service", "whom", "scan", "words"),
    [
        (signed(4), "debtor/1", None, "早于文书日期"),
        (signed(12), "debtor/1", None, "不能在将来"),
        (Service(Way.LEAVE), "debtor/1", None, "请填写留置日期；留置送达应当在送达回证上记明"),
        (signed(7), "debtor/9", None, "案件中没有当事人"),
        (signed(7), "", None, "受送达人的姓名或者名称"),
        (signed(7), "debtor/1", Scan("a.pdf", b"MZ"), "应当是 PDF、JPEG、PNG 或者 TIFF"),
        (signed(7), "debtor/1", Scan("a.pdf", PDF[:20]), "不完整"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    office: Office,
    both: tuple[PaperLine, PaperLine],
    service: Service,
    whom: str,
    scan: Scan | None,
    words: str,
) -> None:
    before = contents(office.bureau)
    with pytest.raises(InputRefusedError, match=words):
        serve(office.bureau, office.actor(), both[0].id, service, whom, scan=scan)
    assert contents(office.bureau) == before


def test_only_an_issued_paper_is_served_and_only_by_those_of_the_case(
    office: Office, both: tuple[PaperLine, PaperLine]
) -> None:
    (case,) = office.case_ids
    draft = keep_draft(office.bureau, office.actor(), PaperWish(case, NOTICE, about="debtor/1"))
    with pytest.raises(RuleRefusedError, match="草稿，只有已签发的文书可以送达"):
        serve(office.bureau, office.actor(), draft.id, signed(7), "debtor/1")
    with pytest.raises(NotAllowedError, match="M-126"):
        serve(office.bureau, office.actor(OTHER_OFFICER), both[0].id, signed(7), "debtor/1")


def test_somebody_outside_the_case_is_served_under_his_name(office: Office) -> None:
    (case,) = office.case_ids
    office.event(case, "inquiry_order_applied")
    made = issue(office.bureau, office.actor(), PaperWish(case, INQUIRY)).paper
    found = serve(office.bureau, office.actor(), made.id, signed(5), recipient="某银行焦作分行")
    assert found.service.recipient == "某银行焦作分行"
    assert papers.paper(office.bureau, office.actor(), made.id).services[0].whom == ""
