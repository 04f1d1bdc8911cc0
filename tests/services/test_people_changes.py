"""Who has which role, who works with whom: changed by two at once, and never beyond the law."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from helpers.bureau import CLERK, OFFICER, OTHER_OFFICER, Office
from helpers.founding import ADMIN, SECURITY, found, give_account
from helpers.offices import beside, journal
from zhixing_desktop.services import accounts, people
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.people import ADMINISTRATORS, ROLES, Person
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    RuleRefusedError,
    StaleEditError,
)


@pytest.fixture
def pair(office: Office) -> tuple[Actor, Actor]:
    """The administrators."""
    return found(office.bureau)


@pytest.fixture
def other(office: Office, pair: tuple[Actor, Actor], database_url: str) -> Iterator[Office]:
    """Another workstation on the same database."""
    made = beside(office, database_url)
    yield made
    made.close()


def who(office: Office, name: str) -> Person:
    return people.find_anybody(office.bureau, name)


def test_two_administrators_change_the_same_roles(
    office: Office, other: Office, pair: tuple[Actor, Actor]
) -> None:
    _, security = pair
    seen = who(office, CLERK)
    made = people.change_roles(
        other.bureau, security, seen.id, ("书记员", "档案员"), version=seen.version
    )
    with pytest.raises(StaleEditError, match="别人改过") as refused:
        people.change_roles(office.bureau, security, seen.id, ("承办人",), version=seen.version)
    assert (refused.value.data["yours"], refused.value.data["theirs"]) == (1, 2)
    assert who(office, CLERK) == made
    assert made.roles == ("书记员", "档案员")
    assert journal(office.bureau)[-1] == ("staff.roles", SECURITY)


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ROLES)
def test_the_three_administrators_exclude_each_other_and_case_work(first: str, second: str) -> None:
    found_wrong = people.role_problems("某人", (first, second))
    if first == second:
        assert found_wrong == []
    else:
        assert "三员分立" in found_wrong[0].sentence
        assert "GB/T 22239" in found_wrong[0].sentence


def test_roles_that_exclude_each_other_are_refused_wherever_they_come_from(
    office: Office, pair: tuple[Actor, Actor]
) -> None:
    _, security = pair
    seen = who(office, OFFICER)
    with pytest.raises(InputRefusedError) as refused:
        people.change_roles(
            office.bureau, security, seen.id, ("承办人", "审计员", "皇帝"), version=1
        )
    said = [problem.sentence for problem in refused.value.problems]
    assert any("三员分立" in sentence for sentence in said)
    assert any("皇帝" in sentence for sentence in said)
    with pytest.raises(InputRefusedError) as refused:
        people.add_people(office.bureau, security, [("新人", ("承办人", "系统管理员"), "")])
    assert "三员分立" in refused.value.problems[0].sentence
    assert who(office, OFFICER) == seen


def test_who_runs_the_program_grants_no_rights_and_the_other_way_round(
    office: Office, pair: tuple[Actor, Actor]
) -> None:
    admin, security = pair
    officer = who(office, OFFICER)
    with pytest.raises(RuleRefusedError, match="安全管理员"):
        people.change_roles(office.bureau, admin, officer.id, ("院长",), version=1)
    with pytest.raises(RuleRefusedError, match="安全管理员"):
        people.add_people(office.bureau, admin, [("新人", ("院长",), "")])
    with pytest.raises(RuleRefusedError, match="系统管理员"):
        people.set_team(office.bureau, security, officer.id, "执行三团队", version=1)
    for person in (officer, who(office, "李局长")):
        with pytest.raises(RuleRefusedError):
            people.change_roles(office.bureau, person.actor(), officer.id, ("院长",), version=1)
    with pytest.raises(RuleRefusedError, match="自己的角色"):
        people.change_roles(
            office.bureau, security, security.staff_id or 0, ("安全管理员",), version=1
        )
    people.add_people(office.bureau, admin, [("新人", (), "执行一团队")])
    new = who(office, "新人")
    made = people.change_roles(office.bureau, security, new.id, ("承办人",), version=new.version)
    assert (made.roles, made.team) == (("承办人",), "执行一团队")


def test_teams_clerks_and_leaving(office: Office, pair: tuple[Actor, Actor]) -> None:
    admin, _ = pair
    officer, clerk, chief = who(office, OFFICER), who(office, CLERK), who(office, "李局长")
    made = people.set_team(office.bureau, admin, officer.id, " 执行二团队 ", version=1)
    assert (made.team, made.version) == ("执行二团队", 2)
    assert people.set_team(office.bureau, admin, officer.id, "执行二团队", version=2) == made
    made = people.set_clerk(office.bureau, admin, officer.id, clerk.id, version=2)
    assert who(office, OFFICER).clerk_id == clerk.id
    with pytest.raises(InputRefusedError) as refused:
        people.set_clerk(office.bureau, admin, chief.id, officer.id, version=1)
    assert len(refused.value.problems) == 2
    made = people.set_clerk(office.bureau, admin, officer.id, None, version=3)
    assert made.clerk_id is None
    people.set_active(office.bureau, admin, clerk.id, active=False, version=1)
    with pytest.raises(InputRefusedError, match="没有“周书记”"):
        people.find_person(office.bureau, CLERK)
    with pytest.raises(InputRefusedError) as refused:
        people.set_clerk(office.bureau, admin, officer.id, clerk.id, version=4)
    assert "不是在岗的书记员" in refused.value.problems[0].sentence


def second_administrator(office: Office, pair: tuple[Actor, Actor]) -> Person:
    admin, security = pair
    people.add_people(office.bureau, admin, [("后管理", (), "")])
    new = who(office, "后管理")
    return people.change_roles(office.bureau, security, new.id, ("系统管理员",), version=1)


def test_the_last_administrator_cannot_be_taken_away(
    office: Office, pair: tuple[Actor, Actor]
) -> None:
    _, security = pair
    admin = who(office, ADMIN)
    second = second_administrator(office, pair)
    # A second one who cannot sign in is no help.
    for act in (
        lambda: people.change_roles(office.bureau, security, admin.id, (), version=admin.version),
        lambda: people.set_active(
            office.bureau, second.actor(), admin.id, active=False, version=admin.version
        ),
        lambda: accounts.disable(office.bureau, second.actor(), admin.id, "试一试"),
        lambda: people.set_active(
            office.bureau, second.actor(), security.staff_id or 0, active=False, version=1
        ),
        lambda: accounts.disable(office.bureau, second.actor(), security.staff_id or 0, "试试"),
    ):
        with pytest.raises(RuleRefusedError) as refused:
            act()
        assert refused.value.data["kind"] == "last_administrator"
    give_account(office, pair[0], "后管理", "hou", pair[1])
    people.change_roles(office.bureau, security, admin.id, (), version=admin.version)
    assert who(office, ADMIN).roles == ()


def test_two_administrators_dismiss_each_other_at_once(
    office: Office, other: Office, pair: tuple[Actor, Actor]
) -> None:
    first, second = who(office, ADMIN), second_administrator(office, pair)
    give_account(office, pair[0], "后管理", "hou", pair[1])
    refused: list[Exception] = []

    def dismiss(act: Callable[[], object]) -> None:
        try:
            act()
        except (RuleRefusedError, StaleEditError) as error:
            refused.append(error)

    acts = (
        lambda: accounts.disable(office.bureau, first.actor(), second.id, "争执"),
        lambda: accounts.disable(other.bureau, second.actor(), first.id, "争执"),
    )
    workers = [threading.Thread(target=dismiss, args=(act,)) for act in acts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(refused) == 1
    usable = [a for a in accounts.account_list(office.bureau, pair[1]) if not a.disabled]
    assert sum("系统管理员" in a.person.roles for a in usable) == 1


def test_a_change_to_a_name_that_is_not_there(office: Office, pair: tuple[Actor, Actor]) -> None:
    with pytest.raises(InputRefusedError, match="第999号"):
        people.set_team(office.bureau, pair[0], 999, "执行一团队", version=1)
    with pytest.raises(InputRefusedError, match="没有“无此人”"):
        people.find_anybody(office.bureau, "无此人")
    assert people.find_anybody(office.bureau, "SECURITY").name == SECURITY
    assert who(office, OTHER_OFFICER).version == 1
