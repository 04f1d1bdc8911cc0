"""Who sees which case: each setting, each role, each way of standing to the case, by list and one.

What is expected is written here by hand; a random bureau holds the list's SQL against the rule.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from helpers.bureau import ADMIN, CHIEF, OFFICER, OTHER_OFFICER, Office
from helpers.offices import make_office
from zhixing_desktop.services import (
    alerts,
    approvals,
    bureau_settings,
    case_list,
    cases,
    decision_sheet,
    deputies,
    digest,
    journal_view,
    outside,
    outside_report,
    people,
    permission,
    personal_data,
    popups,
    sight,
    waiting,
    work,
)
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.services.outside import Hop, Reply, Scan
from zhixing_desktop.workflow.errors import NotAllowedError
from zhixing_desktop.workflow.views import Key

MATE, HIS_CLERK, CLERK = "赵同队", "郑书记", "周书记"
FAR = ("own", "team", "bureau")
CREDITOR = "焦作市甲商贸有限公司"


def see(office: Office, value: str) -> None:
    """The court sets how far officers and clerks see."""
    admin = office.actor("邢安全")
    bureau_settings.change_setting(office.bureau, admin, "sight.visibility", value, "试验")


def listed(office: Office, name: str) -> set[int]:
    """The cases in somebody's list; the count must say the same."""
    who = office.actor(name)
    lines = case_list.page(office.bureau, who, CaseQuery(sort="case_no"))
    assert case_list.count(office.bureau, who, CaseQuery()) == len(lines)
    assert case_list.counts(office.bureau, who)["all"] == len(lines)
    return {line.id for line in lines}


def opened(office: Office, name: str, ids: list[int]) -> set[int]:
    """The cases that somebody can open one by one."""
    found = set()
    for case in ids:
        try:
            cases.detail(office.bureau, office.actor(name), case)
        except NotAllowedError:
            continue
        found.add(case)
    return found


@pytest.fixture
def four(office: Office) -> list[int]:
    """One of 张承办 with 周书记, of 孙法官 (his clerk: 郑书记), of a mate, of nobody."""
    people.add_people(
        office.bureau, ADMIN, [(MATE, ("承办人",), "执行一团队"), (HIS_CLERK, ("书记员",), "别队")]
    )
    everybody = {person.name: person for person in people.all_people(office.bureau)}
    judge = everybody[OTHER_OFFICER]
    people.set_clerk(
        office.bureau,
        office.actor("何管理"),
        judge.id,
        everybody[HIS_CLERK].id,
        version=judge.version,
    )
    return [
        office.register(1, officer=OFFICER, clerk=CLERK),
        office.register(2, officer=OTHER_OFFICER, clerk=""),
        office.register(3, officer=MATE, clerk=""),
        office.register(4, officer="", clerk=""),
    ]


ALL = {1, 2, 3, 4}
EXPECTED = {
    "own": {OFFICER: {1}, OTHER_OFFICER: {2}, MATE: {3}, CLERK: {1}, HIS_CLERK: {2}},
    "team": {OFFICER: {1, 3}, OTHER_OFFICER: {2}, MATE: {1, 3}, CLERK: {1, 3}, HIS_CLERK: {2}},
    "bureau": dict.fromkeys((OFFICER, OTHER_OFFICER, MATE, CLERK, HIS_CLERK), ALL),
}
EVERYTHING = (
    "吴立案", "李局长", "王院长", "郑审管", "赵院长", "冯核", "钱财务", "马档案",
)  # fmt: skip
NOTHING = ("何管理", "邢安全", "穆审计")


@pytest.mark.parametrize("value", FAR)
def test_each_role_sees_what_the_setting_lets_it(
    office: Office, four: list[int], value: str
) -> None:
    see(office, value)
    expected = {
        **EXPECTED[value],
        **dict.fromkeys(EVERYTHING, ALL),
        **{name: set[int]() for name in NOTHING},
    }
    assert {person.name for person in people.all_people(office.bureau)} == set(expected)
    for name, numbers in expected.items():
        wanted = {four[number - 1] for number in numbers}
        assert listed(office, name) == wanted, name
        assert opened(office, name, four) == wanted, name


def test_a_case_out_of_sight_is_refused_and_nothing_of_it_is_told(
    office: Office, four: list[int]
) -> None:
    see(office, "own")
    bureau, me, his = office.bureau, office.actor(), four[1]
    ways = [
        lambda: cases.detail(bureau, me, his),
        lambda: cases.detail(bureau, me, his, at=office.clock.now() + timedelta(days=9)),
        lambda: journal_view.case_journal(bureau, me, his),
        lambda: alerts.case_alerts(bureau, me, his),
        lambda: decision_sheet.decision_sheet(bureau, me, his, 1),
        lambda: outside_report.report(bureau, me, his, 1),
        lambda: personal_data.show_personal(bureau, me, his),
    ]
    for way in ways:
        with pytest.raises(NotAllowedError) as caught:
            way()
        said = caught.value.sentence
        assert "权限表M-03" in said
        assert "“案件可见范围”现为“本人”" in said
        assert CREDITOR not in said
        assert OTHER_OFFICER not in said
    assert case_list.page(bureau, me, CaseQuery(search="执2号")) == ()
    assert case_list.node_counts(bureau, me)[1] == {"active": 1}
    assert case_list.node_counts(bureau, office.actor(CHIEF))[1] == {"active": 4}


def test_administrators_see_no_case_and_are_told_why(office: Office, four: list[int]) -> None:
    for name in NOTHING:
        who = office.actor(name)
        said = sight.why_nothing(office.bureau, who)
        assert "不接触案件内容" in said
        assert "GB/T 22239" in said
        with pytest.raises(NotAllowedError) as caught:
            cases.detail(office.bureau, who, four[0])
        assert "不接触案件内容" in caught.value.sentence
        assert case_list.node_counts(office.bureau, who) == {}
        assert approvals.applications(office.bureau, who, status=None) == ()
        assert alerts.alerts_for(office.bureau, who) == ()
    assert sight.why_nothing(office.bureau, office.actor()) == ""


def test_warnings_and_applications_stop_at_what_one_sees(office: Office, four: list[int]) -> None:
    """A case that went to somebody else takes its old warnings along."""
    mine = four[0]
    for node in (1, 2):
        office.fill(mine, node)
    office.at("2024-06-03T09:00").sweep()
    me = office.actor()
    assert alerts.unread_count(office.bureau, me) > 0
    assert digest.digest(office.bureau, me).news != ()
    work.assign_officer(
        office.bureau, office.actor(CHIEF), mine, OTHER_OFFICER, reason="工作调整，更换承办人"
    )
    see(office, "own")
    assert alerts.alerts_for(office.bureau, me) == ()
    assert alerts.unread_count(office.bureau, me) == 0
    assert digest.digest(office.bureau, me).news == ()
    assert popups.take_popups(office.bureau, me, per_day=9).shown == ()
    assert listed(office, OFFICER) == set()


def test_a_deputy_sees_what_his_principal_sees_for_as_long(office: Office, four: list[int]) -> None:
    see(office, "own")
    today = office.clock.now().date()
    until = today + timedelta(days=3)
    paper = "执行局〔2024〕3号"
    chief = office.actor(CHIEF)
    deputies.name_deputy(office.bureau, chief, CHIEF, OFFICER, "执行局长", today, until, paper)
    assert listed(office, OFFICER) == opened(office, OFFICER, four) == set(four)
    office.at("2024-03-06T09:00")
    assert listed(office, OFFICER) == opened(office, OFFICER, four) == {four[0]}


def test_whoever_must_do_something_sees_the_case_while_it_waits_for_him(
    office: Office, tmp_path: Path
) -> None:
    """A clerk reads back a reply in a case that is not his."""
    office.bureau.files_dir = tmp_path / "共用"
    office.bureau.files_dir.mkdir(exist_ok=True)
    see(office, "own")
    case = office.register(1, officer=OTHER_OFFICER, clerk="")
    office.event(case, "case_filed")
    office.at("2024-03-02T09:00").sweep()
    seq = work.request_approval(
        office.bureau, office.actor("吴立案"), case, Key(3, "case"), "unfreeze", "系统故障"
    ).facts[0].seq  # fmt: skip
    chief, clerk, today = office.actor(CHIEF), office.actor(CLERK), office.clock.now().date()
    way = Hop(sender="本院", receiver="焦作市中级人民法院", number="山执报1号", sent_on=today)
    outside.forward(office.bureau, chief, case, seq, way)
    assert listed(office, CLERK) == opened(office, CLERK, [case]) == set()
    reply = Reply(
        number="（2024）豫08执督7号", decided_on=today, decider="孙庭长",
        office="焦作市中级人民法院", outcome="granted", words="同意解冻",
    )  # fmt: skip
    scan = Scan("批复.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    outside.enter_reply(office.bureau, chief, case, seq, reply, scan)
    assert [item.case_id for item in waiting.waiting_for(office.bureau, clerk)] == [case]
    assert listed(office, CLERK) == opened(office, CLERK, [case]) == {case}
    assert [a.request for a in approvals.applications(office.bureau, clerk)] == [seq]
    outside.read_back(office.bureau, clerk, case, seq, "（2024）豫08执督7号", today)
    assert listed(office, CLERK) == opened(office, CLERK, [case]) == set()


@pytest.mark.parametrize("seed", range(4))
def test_the_list_is_the_rule_person_by_person(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    office = make_office(f"sqlite:///{tmp_path / 'random.db'}")
    roles = [("承办人",), ("书记员",), ("承办人", "书记员"), ("财务", "承办人"), ("书记员",)]
    names = [f"{word}某" for word in "甲乙丙丁戊己庚辛壬"]
    teams = ("一队", "二队", "")
    people.add_people(
        office.bureau, ADMIN, [(name, rng.choice(roles), rng.choice(teams)) for name in names]
    )
    admin = office.actor("何管理")
    everybody = {person.name: person for person in people.all_people(office.bureau)}
    officers = [p for p in everybody.values() if "承办人" in p.roles]
    clerks = [p for p in everybody.values() if "书记员" in p.roles]
    for person in rng.sample(officers, 3):
        clerk = rng.choice([c for c in clerks if c.id != person.id])
        people.set_clerk(office.bureau, admin, person.id, clerk.id, version=person.version)
    ids = [
        office.register(
            number,
            officer=rng.choice([*(p.name for p in officers), ""]),
            clerk=rng.choice([*(p.name for p in clerks), ""]),
        )
        for number in range(1, 11)
    ]
    deputy = rng.choice([p for p in officers if len(p.roles) == 1])
    today = office.clock.now().date()
    deputies.name_deputy(
        office.bureau, office.actor(CHIEF), CHIEF, deputy.name, "执行局长", today, today, "文1号"
    )
    seen = set()
    for value in FAR:
        see(office, value)
        for name in everybody:
            who = office.actor(name)
            with office.bureau.database.reading() as conn:
                rule = {
                    case
                    for case in ids
                    if permission.may(conn, office.bureau, who, "case.view", case=case)
                }
            assert listed(office, name) == rule, (value, name)
            seen.add((value, len(rule)))
    # The bureau is random enough that the setting makes a difference.
    assert {number for value, number in seen if value == "own"} - {0, len(ids)}
    office.close()
