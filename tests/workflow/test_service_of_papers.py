"""On which day a paper counts as served, and what must be said of its service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from zhixing_desktop import paths
from zhixing_desktop.documents.laws import read_laws
from zhixing_desktop.workflow.service_of_papers import (
    BY_NOTICE,
    RESULTS,
    Result,
    Served,
    Service,
    Way,
    closing_day,
    service_problems,
)
from zhixing_desktop.workflow.service_of_papers import served as served_by_table

LAWS = read_laws((paths.resources_dir() / "law" / "articles.yaml").read_text(encoding="utf-8"))
MADE = date(2024, 3, 1)
TODAY = date(2024, 5, 31)
WHOLE = {
    Way.DIRECT: Service(Way.DIRECT, arrived_on=date(2024, 3, 4), server="周书记"),
    Way.LEAVE: Service(
        Way.LEAVE,
        arrived_on=date(2024, 3, 5),
        reason="本人拒绝签收",
        witness="东方红街道某社区居民委员会李某到场见证",
    ),
    Way.MAIL: Service(Way.MAIL, sent_on=date(2024, 3, 4), arrived_on=date(2024, 3, 7)),
    Way.ELECTRONIC: Service(
        Way.ELECTRONIC, sent_on=date(2024, 3, 4), arrived_on=date(2024, 3, 4), place="微信 a123"
    ),
    Way.FORWARD: Service(
        Way.FORWARD, arrived_on=date(2024, 3, 11), received_by="焦作监狱", sent_on=date(2024, 3, 4)
    ),
    Way.ENTRUST: Service(
        Way.ENTRUST,
        sent_on=date(2024, 3, 4),
        arrived_on=date(2024, 3, 20),
        place="郑州市中原区人民法院",
    ),
    Way.NOTICE: Service(
        Way.NOTICE, sent_on=date(2024, 3, 4), place="人民法院报", reason="下落不明，邮寄退回"
    ),
}


def served(service: Service) -> Served:
    """As the program reckons: by the dated table."""
    return served_by_table(service, lambda day: LAWS.days(BY_NOTICE, day))


@pytest.mark.parametrize(
    ("way", "day"),
    [
        (Way.DIRECT, date(2024, 3, 4)),
        (Way.LEAVE, date(2024, 3, 5)),
        (Way.MAIL, date(2024, 3, 7)),
        (Way.ELECTRONIC, date(2024, 3, 4)),
        (Way.FORWARD, date(2024, 3, 11)),
        (Way.ENTRUST, date(2024, 3, 20)),
        (Way.NOTICE, date(2024, 4, 3)),
    ],
)
def test_each_way_counts_on_its_day_and_says_why(way: Way, day: date) -> None:
    found = served(WHOLE[way])
    assert found.day == day
    assert f"{day.year}年{day.month}月{day.day}日" in found.steps[-1].words
    assert service_problems(WHOLE[way], paper_day=MADE, today=TODAY) == []


@pytest.mark.parametrize(
    ("made_on", "counts_on", "days", "article"),
    [
        (date(2021, 12, 1), date(2022, 1, 30), 60, "第九十二条"),
        (date(2021, 12, 31), date(2022, 3, 1), 60, "第九十二条"),
        (date(2022, 1, 1), date(2022, 1, 31), 30, "第九十五条"),
        (date(2024, 3, 4), date(2024, 4, 3), 30, "第九十五条"),
    ],
)
def test_a_notice_takes_the_days_of_the_law_of_its_own_day(
    made_on: date, counts_on: date, days: int, article: str
) -> None:
    """Sixty days before the amendment of 2021, thirty after; also where the end lies beyond it."""
    found = served(replace(WHOLE[Way.NOTICE], sent_on=made_on))
    assert found.day == counts_on
    assert f"经过{days}日" in found.steps[-1].words
    for step in found.steps:
        assert step.day is not None
        assert LAWS.cite(step.laws, step.day)[0].endswith(article)


def test_each_act_is_judged_by_the_law_of_its_day() -> None:
    """Posted before the renumbering and received after it."""
    posted = replace(WHOLE[Way.MAIL], sent_on=date(2021, 12, 30), arrived_on=date(2022, 1, 4))
    cited = [LAWS.cite(s.laws, s.day or MADE)[0] for s in served(posted).steps]
    assert [words[-5:] for words in cited] == ["第八十八条", "第九十一条"]


def test_what_came_back_from_the_confirmed_address_counts_on_the_day_it_came_back() -> None:
    back = Service(
        Way.MAIL,
        Result.DEEMED,
        sent_on=date(2024, 3, 4),
        arrived_on=date(2024, 3, 12),
        reason="收件人拒收",
    )
    assert served(back).day == date(2024, 3, 12)
    assert served(replace(back, result=Result.RETURNED)).day is None
    assert served(replace(back, result=Result.PENDING, arrived_on=None)).day is None


def test_for_the_day_of_closing_the_post_counts_from_posting_and_a_notice_from_its_day() -> None:
    assert closing_day(WHOLE[Way.MAIL]) == date(2024, 3, 4)
    assert closing_day(WHOLE[Way.NOTICE]) == date(2024, 3, 4)
    assert closing_day(WHOLE[Way.LEAVE]) == date(2024, 3, 5)
    assert closing_day(replace(WHOLE[Way.MAIL], result=Result.RETURNED)) is None


@pytest.mark.parametrize("way", list(Way))
def test_every_article_named_is_in_the_dated_table(way: Way) -> None:
    for result in RESULTS[way]:
        given = replace(WHOLE[way], result=result, arrived_on=date(2024, 3, 20), reason="原因")
        for step in served(given).steps:
            for reference in step.laws:
                assert LAWS.article(reference, MADE).article > 0


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (replace(WHOLE[Way.LEAVE], reason=""), "拒收事由"),
        (replace(WHOLE[Way.LEAVE], witness=""), "见证"),
        (replace(WHOLE[Way.DIRECT], arrived_on=None), "签收日期"),
        (replace(WHOLE[Way.DIRECT], received_by="乙之妻"), "代收人"),
        (replace(WHOLE[Way.MAIL], sent_on=None), "交邮日期"),
        (replace(WHOLE[Way.MAIL], arrived_on=None), "收件日期"),
        (replace(WHOLE[Way.MAIL], result=Result.DEEMED), "退回原因"),
        (replace(WHOLE[Way.ELECTRONIC], place=" "), "电子送达地址"),
        (replace(WHOLE[Way.NOTICE], reason=""), "公告原因"),
        (replace(WHOLE[Way.NOTICE], place=""), "公告载体"),
        (replace(WHOLE[Way.FORWARD], received_by=""), "转交单位"),
        (replace(WHOLE[Way.ENTRUST], place=""), "受委托法院"),
        (replace(WHOLE[Way.DIRECT], result=Result.RETURNED), "送达结果"),
        (replace(WHOLE[Way.DIRECT], arrived_on=date(2024, 2, 29)), "签收日期"),
        (replace(WHOLE[Way.DIRECT], arrived_on=date(2024, 6, 1)), "签收日期"),
        (replace(WHOLE[Way.MAIL], arrived_on=date(2024, 3, 3)), "收件日期"),
    ],
)
def test_what_is_missing_or_impossible_is_named(given: Service, where: str) -> None:
    found = service_problems(given, paper_day=MADE, today=TODAY)
    assert [problem.where for problem in found] == [where]


def test_all_that_is_missing_is_said_at_once() -> None:
    found = service_problems(Service(Way.LEAVE), paper_day=MADE, today=TODAY)
    assert [problem.where for problem in found] == ["留置日期", "拒收事由", "见证"]


def test_a_ruling_was_not_served_electronically_before_2022() -> None:
    given = replace(
        WHOLE[Way.ELECTRONIC], sent_on=date(2021, 12, 30), arrived_on=date(2021, 12, 30)
    )
    made = date(2021, 12, 1)
    assert service_problems(given, paper_day=made, today=TODAY) == []
    found = service_problems(given, paper_day=made, today=TODAY, ruling=True)
    assert [problem.where for problem in found] == ["送达方式"]
