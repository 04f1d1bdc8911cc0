"""The life of a paper: made, issued, made void; what it enters at its node; what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import CLERK, OTHER_OFFICER, Office
from helpers.offices import contents, journal
from helpers.paper_forms import INQUIRY, NOTICE, ORDER, RECORD, RESTRICTION, RULING, TRANSFER
from helpers.paper_office import notice, paper_office, second_desk
from zhixing_desktop.models import health
from zhixing_desktop.services import approvals, journal_view, paper_files, papers, work
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.paper_drafts import again, change_draft, keep_draft
from zhixing_desktop.services.paper_issuing import issue, issue_draft
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.services.paper_voiding import void
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StaleEditError,
)
from zhixing_desktop.workflow.views import Key

FILED = Key(7, "case")


@pytest.fixture
def court(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def office(court: Office) -> Office:
    """The same while the court has no name yet."""
    change_setting(court.bureau, court.actor("何管理"), "court.name", "", "尚未设置")
    return court


@pytest.fixture
def second(court: Office, database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = second_desk(court, database_url, tmp_path)
    yield made
    made.close()


def value(office: Office, case: int, node: int, name: str) -> object:
    return office.detail(case).context.index.value(node, "case", name)


# ------------------------------------------------------------------------------------- a draft


def test_a_preview_writes_nothing_and_lists_what_is_missing_with_its_place(office: Office) -> None:
    (case,) = office.case_ids
    before = contents(office.bureau)
    found = papers.preview(office.bureau, office.actor(), PaperWish(case, NOTICE, about="debtor/1"))
    assert contents(office.bureau) == before
    assert [(gap.label, gap.place) for gap in found.gaps] == [
        ("应当履行的义务", "本文书的填写项"),
        ("法院名称", "本院设置"),
    ]
    assert found.number == "（2024）豫0811执1号"
    assert found.citations == ("《中华人民共和国民事诉讼法》第二百五十三条",)
    assert found.wish.key == FILED
    assert [ask.label for ask in found.asks] == ["应当履行的义务", "联系地点"]


def test_what_is_not_there_is_refused_at_once_with_every_place(office: Office) -> None:
    (case,) = office.case_ids
    before = contents(office.bureau)
    wish = PaperWish(case, NOTICE, about="debtor/1", day=date(2024, 3, 6))
    with pytest.raises(InputRefusedError, match="有3处需要补正") as refused:
        issue(office.bureau, office.actor(), wish)
    assert [p.where for p in refused.value.problems] == [
        "文书日期",
        "应当履行的义务",
        "法院名称",
    ]
    assert contents(office.bureau) == before


def test_a_paper_for_each_debtor_asks_for_which(office: Office) -> None:
    (case,) = office.case_ids
    with pytest.raises(InputRefusedError, match="被执行人1（乙建强）（debtor/1）、被执行人2"):
        papers.preview(office.bureau, office.actor(), PaperWish(case, NOTICE))
    offered = papers.offers(office.bureau, office.actor(), case, FILED)
    assert [(offer.form, offer.about) for offer in offered] == [
        (NOTICE, "debtor/1"),
        (NOTICE, "debtor/2"),
        (ORDER, "debtor/1"),
        (ORDER, "debtor/2"),
        (RECORD, ""),
    ]
    assert [offer.required for offer in offered] == [True, True, True, True, False]


def test_what_was_typed_once_is_proposed_for_the_next_paper(court: Office) -> None:
    (case,) = court.case_ids
    keep_draft(court.bureau, court.actor(), notice(case, contact="执行局一楼"))
    other = court.register(2, debtor="丁小明")
    for wanted, duty in ((case, ("支付借款50000元", "remembered")), (other, (None, ""))):
        about = "debtor/2" if wanted == case else "debtor/1"
        found = papers.preview(court.bureau, court.actor(), PaperWish(wanted, NOTICE, about=about))
        assert [(ask.value, ask.source) for ask in found.asks] == [
            duty,
            ("执行局一楼", "remembered"),
        ]


def test_two_who_change_one_draft_see_both_versions(court: Office, second: Office) -> None:
    (case,) = court.case_ids
    kept = keep_draft(court.bureau, court.actor(), notice(case))
    change_draft(second.bureau, second.actor(CLERK), kept.id, {"duty": "交付房屋"}, version=1)
    with pytest.raises(StaleEditError, match="您看到的是第1版，现在是第2版") as refused:
        change_draft(court.bureau, court.actor(), kept.id, {"duty": "腾退"}, version=1)
    assert refused.value.data["yours"] == {"version": 1, "asked": {"duty": "腾退"}}
    assert refused.value.data["theirs"]["asked"] == {"duty": "交付房屋"}
    with pytest.raises(StaleEditError):
        issue_draft(court.bureau, court.actor(), kept.id, version=1)


# ------------------------------------------------------------------------------------- issued


def test_an_issued_paper_has_number_day_and_files_that_stay(court: Office) -> None:
    (case,) = court.case_ids
    made = issue(court.bureau, court.actor(), notice(case)).paper
    assert (made.state, made.number, made.day) == (
        "issued",
        "（2024）豫0811执1号",
        date(2024, 3, 5),
    )
    assert made.dossier == "执行卷第8项"
    assert made.unserved == ("乙建强",)
    pdf = papers.paper_file(court.bureau, court.actor(), made.id)
    word = papers.paper_file(court.bureau, court.actor(), made.id, ".docx")
    assert pdf.name == "执行通知书（2024）豫0811执1号（乙建强）.pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert word.data.startswith(b"PK")
    assert health.check(court.bureau.database) == []
    assert journal(court.bureau)[-1] == ("paper.issue", "张承办")


def test_the_node_gets_the_paper_when_the_last_debtor_has_his(court: Office) -> None:
    (case,) = court.case_ids
    first = issue(court.bureau, court.actor(), notice(case))
    assert first.notes == ("节点7等被执行人2（丙文博）的《执行通知书》也签发后再登记。",)
    assert value(court, case, 7, "notice_issued_on") is None
    court.at("2024-03-06T10:00")
    then = issue(court.bureau, court.actor(), notice(case, "debtor/2"))
    assert then.notes == (
        "已在节点7“执行通知”登记：执行通知书发出日期、执行通知书文号。",
        "节点7工作内容1等《报告财产令》签发后一并登记。",
    )
    assert value(court, case, 7, "notice_issued_on") == "2024-03-06"
    assert value(court, case, 7, "notice_number") == "（2024）豫0811执1号"
    assert "《执行通知书》" not in court.missing(case, 7)
    assert "工作内容1" in court.missing(case, 7)
    for about in ("debtor/1", "debtor/2"):
        issue(court.bureau, court.actor(), PaperWish(case, ORDER, about=about))
    index = court.detail(case).context.index
    item = index.items[FILED][1]
    assert item.data["papers"] == {"执行通知书": "2024-03-06", "报告财产令": "2024-03-06"}
    assert item.happened_at.date() == date(2024, 3, 6)
    assert "工作内容1" not in court.missing(case, 7)


def test_what_a_person_has_entered_otherwise_stays_and_is_told(court: Office) -> None:
    (case,) = court.case_ids
    given = {"notice_issued_on": "2024-03-04", "notice_number": "（2024）豫0811执1号"}
    work.record_work(court.bureau, court.actor(), case, FILED, given)
    issue(court.bureau, court.actor(), notice(case))
    made = issue(court.bureau, court.actor(), notice(case, "debtor/2"))
    assert made.notes[0] == (
        "节点7“执行通知书发出日期”已登记为2024年3月4日，没有改为2024年3月5日；"
        "如登记有误，请用“更正”并写明理由。"
    )
    assert value(court, case, 7, "notice_issued_on") == "2024-03-04"


def test_a_draft_takes_the_case_as_it_is_when_it_is_issued(court: Office) -> None:
    (case,) = court.case_ids
    kept = keep_draft(court.bureau, court.actor(), notice(case))
    assert kept.asked == {"duty": "支付借款50000元"}
    made = issue_draft(court.bureau, court.actor(), kept.id, version=1)
    assert (made.paper.id, made.paper.state, made.paper.version) == (kept.id, "issued", 2)
    with pytest.raises(RuleRefusedError, match="已签发，不能修改"):
        change_draft(court.bureau, court.actor(), kept.id, {}, version=2)


def test_rulings_are_counted_in_the_case_and_no_number_is_used_twice(court: Office) -> None:
    (case,) = court.case_ids
    for number in (1, 2):
        name = f"豫H{number}轿车"
        court.event(
            case, "asset_found", f"asset/{number}", name=name, category="车辆", online=False
        )
    wishes = [PaperWish(case, RULING, about=f"asset/{number}") for number in (1, 2)]
    first, other = (issue(court.bureau, court.actor(), wish).paper for wish in wishes)
    assert [first.number, other.number] == ["（2024）豫0811执1号", "（2024）豫0811执1号之一"]
    gone = void(court.bureau, court.actor(), other.id, "财产描述有误，重新制作", version=1)
    assert (gone.state, gone.number, gone.reason) == (
        "void",
        other.number,
        "财产描述有误，重新制作",
    )
    kept = again(court.bureau, court.actor(), other.id)
    made = issue_draft(court.bureau, court.actor(), kept.id, version=1).paper
    assert made.number == "（2024）豫0811执1号之二"
    assert made.replaces == other.id
    assert papers.paper(court.bureau, court.actor(), other.id).replaced_by == made.id
    assert papers.paper_file(court.bureau, court.actor(), other.id).data.startswith(b"%PDF")
    with pytest.raises(RuleRefusedError, match="已经重新制作"):
        again(court.bureau, court.actor(), other.id)
    with pytest.raises(InputRefusedError, match="写明具体理由"):
        void(court.bureau, court.actor(), first.id, " ", version=1)


def test_the_court_may_let_the_first_ruling_be_the_first_of_its_suffixes(court: Office) -> None:
    (case,) = court.case_ids
    admin = court.actor("何管理")
    change_setting(court.bureau, admin, "papers.first_number", "one", "本院一贯写法")
    court.event(case, "asset_found", "asset/1", name="轿车", category="车辆", online=False)
    made = issue(court.bureau, court.actor(), PaperWish(case, RULING))
    assert made.paper.number == "（2024）豫0811执1号之一"


def test_a_series_of_the_bureau_goes_on_over_cases_and_begins_anew_each_year(
    court: Office,
) -> None:
    numbers = []
    for number, moment in (
        (2, "2024-03-05T11:00"),
        (3, "2024-12-31T11:00"),
        (4, "2025-01-02T09:00"),
    ):
        court.at(moment)
        case = court.register(number, debtor="丁", year=2024)
        court.event(case, "inquiry_order_applied")
        numbers.append(issue(court.bureau, court.actor(), PaperWish(case, INQUIRY)).paper.number)
    assert numbers == [
        "（2024）豫0811执调令1号",
        "（2024）豫0811执调令2号",
        "（2025）豫0811执调令1号",
    ]


# ------------------------------------------------------------------------------------- refused


def test_the_case_journal_tells_what_became_of_a_paper_with_its_digests(court: Office) -> None:
    (case,) = court.case_ids
    made = issue(court.bureau, court.actor(), notice(case)).paper
    void(court.bureau, court.actor(), made.id, "被执行人姓名有误", version=1)
    rows = journal_view.case_journal(court.bureau, court.actor(), case)
    told = [change for row in rows for change in row.changes if "文书" in change.what]
    said = {change.after for change in told}
    assert any(f"PDF 校验值 {made.pdf}" in words and made.number in words for words in said)
    assert "已作废，理由：被执行人姓名有误" in said


def test_what_must_be_approved_is_not_issued_before_nor_twice(court: Office) -> None:
    (case,) = court.case_ids
    key = Key(36, "debtor/1")
    work.start_node(court.bureau, court.actor(), case, key)
    wish = PaperWish(case, RESTRICTION, about="debtor/1")
    with pytest.raises(RuleRefusedError, match=r"须经批准才能签发：.*（没有申请）") as refused:
        issue(court.bureau, court.actor(), wish)
    assert refused.value.cite is not None
    assert "院长" in refused.value.cite.quote
    asked = approvals.request_decision(
        court.bureau, court.actor(), case, key, "consumption_restriction", "逾期不履行义务", {}
    )
    seq = asked.facts[-1].seq
    with pytest.raises(RuleRefusedError, match="（待决定）"):
        issue(court.bureau, court.actor(), wish)
    president = court.actor("赵院长")
    approvals.decide_application(court.bureau, president, case, seq, "granted", "同意")
    assert issue(court.bureau, court.actor(), wish).paper.number
    with pytest.raises(RuleRefusedError, match="一项批准只能签发一份"):
        issue(court.bureau, court.actor(), wish)


def test_a_decision_taken_back_a_second_before_keeps_the_paper_back(
    court: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything was in order when the pages were drawn; what counts is what holds at the end."""
    (case,) = court.case_ids
    key = Key(36, "debtor/1")
    work.start_node(court.bureau, court.actor(), case, key)
    asked = approvals.request_decision(
        court.bureau, court.actor(), case, key, "consumption_restriction", "逾期不履行义务", {}
    )
    seq = asked.facts[-1].seq
    president = court.actor("赵院长")
    approvals.decide_application(court.bureau, president, case, seq, "granted", "同意")
    keep = paper_files.keep

    def meanwhile(bureau: Bureau, files: paper_files.Files) -> None:
        keep(bureau, files)
        monkeypatch.setattr(paper_files, "keep", keep)
        approvals.countermand(court.bureau, president, case, seq, "情况有变，撤销原决定")

    monkeypatch.setattr(paper_files, "keep", meanwhile)
    with pytest.raises(RuleRefusedError, match="批准后撤销"):
        issue(court.bureau, court.actor(), PaperWish(case, RESTRICTION, about="debtor/1"))
    assert papers.papers_of(court.bureau, court.actor(), case) == ()
    assert health.check(court.bureau.database) == []


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2024, 2, 29), "早于立案之日"), (date(2024, 3, 6), "不能在将来")],
)
def test_a_day_that_cannot_be_is_refused(court: Office, day: date, words: str) -> None:
    (case,) = court.case_ids
    with pytest.raises(InputRefusedError, match=words):
        issue(court.bureau, court.actor(), replace(notice(case), day=day))


def test_a_frozen_node_refuses_the_papers_of_the_next_one(court: Office) -> None:
    case = court.register(7, cause="民间借贷纠纷")
    clerk = court.actor("吴立案")
    for node in (1, 2):
        court.fill(case, node)
    # The first query was not started on the day of filing: node 3 is frozen from midnight.
    court.at("2024-03-06T09:00").sweep()
    before = contents(court.bureau)
    with pytest.raises(RuleRefusedError, match=r"节点3.*冻结，不得流转到节点4"):
        issue(court.bureau, clerk, PaperWish(case, TRANSFER))
    assert contents(court.bureau) == before


def test_only_the_officer_issues_and_only_who_sees_the_case_whole_sees_its_papers(
    court: Office,
) -> None:
    (case,) = court.case_ids
    kept = keep_draft(court.bureau, court.actor(CLERK), notice(case))
    with pytest.raises(NotAllowedError, match="M-122"):
        issue_draft(court.bureau, court.actor(CLERK), kept.id, version=1)
    stranger = court.actor(OTHER_OFFICER)
    with pytest.raises(NotAllowedError, match="不能遮盖一部分"):
        papers.preview(court.bureau, stranger, notice(case))
    assert papers.papers_of(court.bureau, stranger, case)[0].asked == {}
    chief = court.actor("李局长")
    papers.preview_of(court.bureau, chief, kept.id)
    assert journal(court.bureau)[-1] == ("personal.view", "李局长")


def test_a_name_with_signs_of_the_language_of_forms_is_only_a_name(court: Office) -> None:
    case = court.register(9, debtor="{{ 7*7 }}<b>&“甲”\n丙", cause="买卖合同纠纷")
    for node in (1, 2, 3, 4):
        court.fill(case, node)
    made = issue(court.bureau, court.actor(), notice(case)).paper
    found = papers.papers_of(court.bureau, court.actor(), case)
    assert [line.id for line in found] == [made.id]
