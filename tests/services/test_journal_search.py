"""Finding in the journal: by person, action, case, day, workstation and words, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from helpers.bureau import AUDITOR, CHIEF, OFFICER, Office
from helpers.rows import tamper
from zhixing_desktop.services import (
    journal_chain,
    journal_search,
    journal_view,
    people,
    traces,
)
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.journal_search import Found, JournalQuery
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError

Look = Callable[..., Found]


@pytest.fixture
def look(office: Office) -> Look:
    """Search as the auditor."""

    def search(before: int | None = None, limit: int = 100, **wanted: object) -> Found:
        query = JournalQuery(**wanted)  # type: ignore[arg-type] # the test names its fields
        return journal_search.search(
            office.bureau, office.actor(AUDITOR), query, before_id=before, limit=limit
        )

    return search


@pytest.fixture
def worked(office: Office, second: Office) -> Office:
    """Three cases, notes of two persons at two workstations, on three days."""
    for number in (1, 2, 3):
        office.register(number, debtor="喆法人" if number == 2 else "乙")
    office.at("2024-03-04T10:00")
    traces.note(second.bureau, office.actor(CHIEF), "export", {"文件": "清单_甲.xlsx", "行数": 3})
    office.at("2024-03-05T10:00")
    chief = Actor("代理人", (), None)
    traces.note(office.bureau, chief, "print", {"内容": "100%的图"}, on_behalf_of=OFFICER)
    return office


def test_filters_find_what_they_say(worked: Office, look: Look) -> None:
    assert [line.action for line in look(actor=CHIEF).lines] == ["导出"]
    assert [line.actor for line in look(actor=OFFICER).lines] == ["代理人"]
    assert [line.on_behalf_of for line in look(action="print").lines] == [OFFICER]
    assert {line.case_no for line in look(case_id=worked.case_ids[0]).lines} == {
        "（2024）豫0811执1号"
    }
    assert [line.workstation for line in look(workstation="二号机").lines] == ["二号机"]
    one_day = look(first=date(2024, 3, 4), last=date(2024, 3, 4)).lines
    assert [line.action for line in one_day] == ["导出"]
    assert look(first=date(2025, 1, 1)) == Found((), None)
    assert len(look(last=date(2024, 3, 1)).lines) == len(look().lines) - 2
    both = look(actor=CHIEF, workstation="一号机")
    assert both.lines == ()


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("清单_甲", 1),
        ("清单%甲", 0),
        ("100%", 1),
        ("喆法人", 1),
        ("执2号", 1),
        ("登记案件", 3),
        ("登记案件 喆", 1),
        ("没有这样的话", 0),
        ("二号机", 1),
    ],
)
def test_words_are_found_where_a_person_expects_them(
    worked: Office, look: Look, words: str, count: int
) -> None:
    assert len(look(words=words).lines) == count


def test_pages_hang_together(worked: Office, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [line.id for line in look().lines]
    assert whole == sorted(whole, reverse=True)
    monkeypatch.setattr(journal_search, "SLICE", 2)
    for wanted in ({}, {"words": "登记"}):
        expected = [line.id for line in look(**wanted).lines]
        found: list[int] = []
        before: int | None = None
        while True:
            page = look(before=before, limit=1, **wanted)
            found += [line.id for line in page.lines]
            if page.next_before is None:
                break
            before = page.next_before
        assert found == expected


def test_a_search_can_be_given_up(worked: Office) -> None:
    found = journal_search.search(
        worked.bureau, worked.actor(AUDITOR), JournalQuery(words="x"), cancelled=lambda: True
    )
    assert found.lines == ()
    assert found.next_before is not None


def test_days_in_the_wrong_order_are_refused(look: Look) -> None:
    with pytest.raises(InputRefusedError, match="止日早于起日"):
        look(first=date(2024, 3, 2), last=date(2024, 3, 1))


def test_a_case_number_is_found_or_the_lack_is_told(worked: Office) -> None:
    bureau = worked.bureau
    assert journal_search.find_case_id(bureau, "(2024)豫0811执2号") == worked.case_ids[1]
    for words, why in (("执9号", "没有"), ("豫0811", "写全")):
        with pytest.raises(InputRefusedError, match=why):
            journal_search.find_case_id(bureau, words)


def test_one_row_is_told_with_everything_it_changed(worked: Office, look: Look) -> None:
    auditor = worked.actor(AUDITOR)
    (line,) = look(words="喆法人").lines
    row = journal_view.entry(worked.bureau, auditor, line.id)
    assert row.case_no == line.case_no
    assert any("喆法人" in change.after for change in row.changes)
    (note,) = look(action="export").lines
    (change,) = journal_view.entry(worked.bureau, auditor, note.id).changes
    assert change.after == "文件：清单_甲.xlsx；行数：3"
    with pytest.raises(NotAllowedError):
        journal_view.entry(worked.bureau, worked.actor(OFFICER), line.id)
    with pytest.raises(InputRefusedError):
        journal_view.entry(worked.bureau, auditor, 9999)


def test_staff_changes_are_told_before_and_after(office: Office, look: Look) -> None:
    person = people.find_person(office.bureau, "孙法官")
    admin = office.actor("何管理")
    people.set_team(office.bureau, admin, person.id, "执行三团队", version=person.version)
    newest = look(limit=1).lines[0]
    row = journal_view.entry(office.bureau, office.actor(AUDITOR), newest.id)
    told = {change.what: (change.before, change.after) for change in row.changes}
    assert told["人员“孙法官”：团队"] == ("执行二团队", "执行三团队")


def test_numbers_of_persons_are_covered(office: Office, look: Look) -> None:
    data = {"内容": "证件410811199001010013，电话13803911234，账号6228480402564890018"}
    traces.note(office.bureau, office.actor(), "print", data)
    row = journal_view.entry(office.bureau, office.actor(AUDITOR), look(limit=1).lines[0].id)
    said = row.changes[0].after
    for number in ("410811199001010013", "13803911234", "6228480402564890018"):
        assert number not in said
        assert number[-4:] in said


def test_the_heads_of_the_days(worked: Office) -> None:
    heads = journal_search.daily_heads(worked.bureau, date(2024, 3, 1), date(2024, 3, 31))
    assert [head.day for head in heads] == [date(2024, 3, day) for day in (1, 4, 5)]
    lines = [f"{head.id}:{head.hash}" for head in heads]
    found = journal_chain.verify(worked.bureau, worked.actor(AUDITOR), heads=lines)
    assert found.ok
    assert "3 个每日校验值" in found.sentence
    only = journal_search.daily_heads(worked.bureau, date(2024, 3, 4), date(2024, 3, 4))
    assert only == heads[1:2]
    tamper(
        worked.bureau.database,
        f"DELETE FROM journal WHERE id > {heads[0].id}",  # noqa: S608 - a number
        f"UPDATE journal_head SET last_id = {heads[0].id}, last_hash = '{heads[0].hash}'",  # noqa: S608
    )
    found = journal_chain.verify(worked.bureau, worked.actor(AUDITOR), heads=lines)
    assert (found.ok, found.first_bad_id) == (False, heads[0].id + 1)


def test_each_verification_is_journalled(worked: Office, look: Look) -> None:
    journal_chain.verify(worked.bureau, worked.actor(AUDITOR))
    newest = look(limit=1).lines[0]
    assert (newest.action, newest.actor) == ("校验日志", AUDITOR)


@pytest.mark.parametrize("line", ["", "5", "5:abc", "x:" + "a" * 64, "5:" + "g" * 64])
def test_a_head_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        journal_chain.read_heads([line, "7:" + "a" * 16])
    assert len(refused.value.problems) == 1


def test_a_head_is_read_as_it_is_printed() -> None:
    (head,) = journal_chain.read_heads(["12：ABCDEF01 23456789 abcdef01"])
    assert (head.id, head.hash) == (12, "abcdef0123456789abcdef01")


def test_a_look_at_personal_data_is_journalled(worked: Office, look: Look) -> None:
    case = worked.case_ids[0]
    traces.looked_at_personal_data(worked.bureau, worked.actor(), case, "乙", ("证件号码",))
    (line,) = look(action="personal.view").lines
    assert (line.actor, line.case_no) == (OFFICER, "（2024）豫0811执1号")
