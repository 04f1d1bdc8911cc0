"""The steps of a derivation as the officer reads them."""

from __future__ import annotations

from datetime import date, datetime

from helpers.calendars import CALENDAR
from helpers.time_limits import spec_of, words_of
from zhixing_desktop.workflow.timelimits import (
    Extension,
    Interval,
    Rolling,
    Unit,
    derive,
)


def test_the_slip_of_a_rolled_limit() -> None:
    """Spring Festival 2024, as the officer sees it."""
    told = derive(spec_of("4-a"), date(2024, 2, 7), CALENDAR, anchor_words="立案")
    law = "《中华人民共和国民事诉讼法》第八十五条"
    code = "《中华人民共和国民法典》第二百零三条"
    assert [(step.words, step.cite) for step in told.steps] == [
        ("立案：2024年2月7日（星期三）。", ""),
        (
            "开始之日不计入，自2024年2月8日起计算3日，至2024年2月10日（星期六，春节）。",
            f"{law}第二款；《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第一百二十五条",
        ),
        (
            "最后一日遇休息日：2月10日（星期六，春节）、2月11日（星期日，春节）、"
            "2月12日（星期一，春节）、2月13日（星期二，春节）、2月14日（星期三，春节）、"
            "2月15日（星期四，春节）、2月16日（星期五，春节）、2月17日（星期六，春节），"
            "顺延至2024年2月18日（星期日，调休上班）。",
            f"{law}第三款；{code}第一款",
        ),
        ("于2024年2月18日24时届满。", f"{code}第二款"),
    ]


def test_the_slip_of_a_limit_with_deductions() -> None:
    """Each stretch once, the overlap named, the sum told."""
    exclusions = (
        Interval(date(2024, 3, 1), date(2024, 3, 25), "评估", "审限规定第九条第七项"),
        Interval(date(2024, 3, 20), date(2024, 4, 2), "暂缓执行", "审限规定第九条第九项"),
        Interval(date(2024, 4, 10), date(2024, 5, 13), "拍卖", "审限规定第九条第十一项"),
        Interval(date(2025, 3, 1), date(2025, 3, 9), "管辖争议"),
    )
    told = derive(spec_of("43-a"), date(2024, 2, 7), CALENDAR, exclusions=exclusions)
    assert told.due.excluded_days == 65
    steps = {step.words: step.cite for step in told.steps}
    assert (
        steps["2024年3月1日至2024年4月1日不计入，共32日（评估、暂缓执行），重叠的日期只扣除一次。"]
        == "审限规定第九条第七项；审限规定第九条第九项"
    )
    assert "2024年4月10日至2024年5月12日不计入，共33日（拍卖）。" in steps
    assert "合计扣除65日，至2024年10月11日（星期五）。" in steps
    assert "不在期间之内，不扣除：2025年3月1日至2025年3月8日（管辖争议）。" in steps


def test_the_slip_of_a_stretch_that_begins_when_all_days_are_used_up() -> None:
    """It is told why the stretch is not simply added."""
    stop = (Interval(date(2024, 10, 6), date(2024, 10, 21), "拍卖"),)
    words = words_of("43-a", date(2024, 4, 3), exclusions=stop)
    assert words[2:4] == [
        "2024年10月6日至2024年10月20日不计入，共15日（拍卖）；"
        "此时日数已满，仅因休息日尚未届满，故以其后第一日为最后一日。",
        "合计扣除15日，至2024年10月21日（星期一）。",
    ]


def test_the_slip_of_a_period_that_stands_still() -> None:
    """No end is shown, and why."""
    words = words_of(
        "43-a", date(2024, 2, 7), exclusions=(Interval(date(2024, 5, 7), None, "中止执行"),)
    )
    assert words[-1] == "自2024年5月7日起暂停计时（中止执行），恢复以前没有届满日。"


def test_the_slip_of_an_extended_limit() -> None:
    """The approval with its day and provision, and the month's end explained."""
    told = derive(
        spec_of("43-a"),
        date(2024, 5, 31),
        CALENDAR,
        extensions=(Extension(3, Unit.MONTH, "案情复杂", "审限规定第五条", date(2024, 11, 20)),),
    )
    assert ("2024年11月20日批准延长3个月（案情复杂）。", "审限规定第五条") in [
        (step.words, step.cite) for step in told.steps
    ]
    words = "".join(step.words for step in told.steps)
    assert "到期月没有31日，以月末日2024年11月30日（星期六）为最后一日" in words
    assert "到期月没有31日，以月末日2025年2月28日（星期五）为最后一日" in words


def test_the_slip_of_hours() -> None:
    """An exact hour and a bare day are explained."""
    assert "事件恰在整点，属于自16时开始的一小时。" in words_of("3-b", datetime(2024, 2, 7, 16))[1]
    assert "事件恰在整点" not in words_of("3-b", datetime(2024, 2, 7, 15, 30))[1]
    assert "请补录具体时刻" in words_of("3-b", date(2024, 2, 7))[1]
    assert words_of("3-b", datetime(2024, 2, 7, 15, 30))[-1] == "于2024年2月9日16时届满。"


def test_the_slip_of_working_days() -> None:
    """Each counted day and each passed one."""
    words = words_of("38-a", date(2024, 9, 30))[1]
    assert "第1个2024年10月8日（星期二）" in words
    assert "第3个2024年10月10日（星期四）" in words
    assert "10月7日（星期一，国庆节）" in words


def test_the_slip_of_a_strict_limit() -> None:
    """That it does not roll is said where it matters, and only there."""
    strict = words_of("4-a", date(2024, 2, 7), rolling=Rolling.STRICT)
    assert "最后一日是休息日，按本院设置不顺延。" in strict
    assert not any("顺延" in w for w in words_of("4-a", date(2024, 3, 1), rolling=Rolling.STRICT))


def test_the_slip_of_a_before_limit() -> None:
    """Both readings, and that nothing moves towards the event."""
    words = words_of("24-b", date(2024, 2, 20), anchor_words="拍卖公告发布")
    assert words == [
        "拍卖公告发布：2024年2月20日（星期二）。",
        "3日前：与该日之间须隔满3日，最迟为2024年2月16日（星期五，春节）。",
        "2024年2月17日（星期六，春节）办理的，与该日只相差3日，其间不满3整日，予以接受并提示。",
        "最迟日是休息日，不向后顺延，请提前安排。",
        "最迟于2024年2月16日24时以前办理。",
    ]


def test_what_is_provisional_names_the_year_it_waits_for() -> None:
    """Also at the turn of the year, where it is the next one."""
    assert words_of("43-a", date(2026, 6, 30))[-1].startswith("2027年放假安排尚未公布")
    assert words_of("43-a", date(2026, 9, 15))[-1].startswith("2027年放假安排尚未公布")
