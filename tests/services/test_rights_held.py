"""A right holds from the question to the commit: whoever takes it away waits, or was first.

Two transactions of two workstations, one within the other, so that nothing depends on who is
faster: the inner one waits for less than a second and then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpers.bureau import ADMIN as FOUNDER
from helpers.bureau import CHIEF, CLERK, OFFICER, SECURITY, Office
from helpers.offices import beside
from zhixing_desktop.models.database import Database
from zhixing_desktop.services import accounts, approvals, deputies, health, people, steps, work
from zhixing_desktop.services.permission import About, permit
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import NotAllowedError, StoreError
from zhixing_desktop.workflow.new_facts import NewFact
from zhixing_desktop.workflow.views import CaseView, Key

ADMIN, DEPUTY = "何管理", "孙法官"
SEVEN = Key(7, "case")
PATIENCE_MS = 300


@pytest.fixture
def impatient(office: Office, database_url: str) -> Iterator[Office]:
    """A second workstation that hardly waits."""
    other = beside(office, database_url)
    other.bureau.database.close()
    database = Database.open(database_url, clock=office.clock, busy_ms=PATIENCE_MS)
    yield Office(replace(other.bureau, database=database), office.clock)
    database.close()


@pytest.fixture
def waits(office: Office) -> tuple[int, int]:
    """A case and its application for unfreezing, on 2024-03-18; everybody has an account."""
    give_accounts(office.bureau)
    case = office.register(1)
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    office.at("2024-03-18T09:00").sweep()
    asked = work.request_approval(
        office.bureau, office.actor(), case, SEVEN, "unfreeze", "送达地址核实耗时较长"
    )
    return case, asked.facts[0].seq


def number(office: Office, name: str) -> int:
    return people.find_anybody(office.bureau, name).id


def take_roles(desk: Office, name: str = CHIEF) -> None:
    person = people.find_anybody(desk.bureau, name)
    security = desk.actor(SECURITY)
    people.change_roles(desk.bureau, security, person.id, ("材料审核人",), version=person.version)


def send_away(desk: Office, name: str = CHIEF) -> None:
    person = people.find_anybody(desk.bureau, name)
    admin = desk.actor(ADMIN)
    people.set_active(desk.bureau, admin, person.id, active=False, version=person.version)


def disable(desk: Office, name: str = CHIEF) -> None:
    accounts.disable(desk.bureau, desk.actor(ADMIN), number(desk, name), "离岗核查")


def revoke(desk: Office) -> None:
    (given,) = deputies.list_deputies(desk.bureau)
    deputies.revoke_deputy(desk.bureau, desk.actor(CHIEF), given.id, "提前返岗")


def deputise(office: Office) -> None:
    days = date(2024, 3, 18), date(2024, 3, 22)
    chief = office.actor(CHIEF)
    deputies.name_deputy(office.bureau, chief, CHIEF, DEPUTY, "执行局长", *days, "山法任3号")


def grant(office: Office, waits: tuple[int, int], by: str, meanwhile: Callable[[], object]) -> None:
    """Decide as the service does; ``meanwhile`` happens after the question, before the commit."""
    case, seq = waits

    def decided(ctx: Context, view: CaseView, given: Any) -> list[NewFact]:
        made = decide.decide(
            ctx, view, seq, "granted", by=by, roles=approvals.own_roles(given),
            reason="情况属实", stands_for=approvals.stands_for(given),
        )  # fmt: skip
        meanwhile()
        return made

    steps.take_under(
        office.bureau, office.actor(by), case, "approval.decide", decided,
        about=About(request=seq),
    )  # fmt: skip


def must_wait(act: Callable[[], object]) -> None:
    with pytest.raises(StoreError) as refused:
        act()
    assert refused.value.data["kind"] == "locked"
    assert "没有保存" in refused.value.sentence


TAKEN: list[Callable[[Office], None]] = [take_roles, send_away, disable]


@pytest.mark.parametrize("taken", TAKEN, ids=lambda act: act.__name__)
def test_a_right_cannot_go_between_the_question_and_the_commit(
    office: Office,
    impatient: Office,
    waits: tuple[int, int],
    taken: Callable[[Office], None],
) -> None:
    grant(office, waits, CHIEF, lambda: must_wait(lambda: taken(impatient)))
    # What was decided while he was allowed to stands; afterwards he is asked again.
    assert office.detail(waits[0]).view.approvals[0].status == "granted"
    chief = office.actor(CHIEF)
    taken(impatient)
    with pytest.raises(NotAllowedError, match="权限表"):
        approvals.countermand(office.bureau, chief, *waits, "情况有变")
    assert health.check_all(office.bureau) == []


def test_who_decides_while_his_right_is_being_taken_waits_and_then_may_not(
    office: Office, impatient: Office, waits: tuple[int, int]
) -> None:
    chief = impatient.actor(CHIEF)

    def decided() -> None:
        approvals.decide_application(impatient.bureau, chief, *waits, "granted", "情况属实")

    with office.bureau.database.writing() as conn:
        people.locked_staff(conn, number(impatient, CHIEF))
        must_wait(decided)
    take_roles(office)
    with pytest.raises(NotAllowedError, match="权限表"):
        decided()
    assert office.detail(waits[0]).view.approvals[0].status == "pending"


@pytest.mark.parametrize("taken", [revoke, take_roles, send_away], ids=lambda act: act.__name__)
def test_a_deputy_stands_in_until_the_commit(
    office: Office,
    impatient: Office,
    waits: tuple[int, int],
    taken: Callable[[Office], None],
) -> None:
    """Also where it is not he who changes, but the one he stands in for."""
    deputise(office)
    stand_in = office.actor(DEPUTY)
    grant(office, waits, DEPUTY, lambda: must_wait(lambda: taken(impatient)))
    (view,) = office.detail(waits[0]).view.approvals
    assert (view.status, view.steps[-1]["on_behalf_of"]) == ("granted", CHIEF)
    taken(impatient)
    with pytest.raises(NotAllowedError, match="权限表"):
        approvals.countermand(office.bureau, stand_in, *waits, "情况有变")


def test_an_officers_clerk_works_for_him_until_the_commit(
    office: Office, impatient: Office, waits: tuple[int, int]
) -> None:
    officer = people.find_anybody(office.bureau, OFFICER)
    clerk = number(office, CLERK)
    people.set_clerk(office.bureau, office.actor(ADMIN), officer.id, clerk, version=officer.version)

    def dismiss() -> None:
        row = people.find_anybody(impatient.bureau, OFFICER)
        people.set_clerk(
            impatient.bureau, impatient.actor(ADMIN), officer.id, None, version=row.version
        )

    with office.bureau.database.writing() as conn:
        permit(conn, office.bureau, office.actor(CLERK), "node.work", case=waits[0], key=SEVEN)
        must_wait(dismiss)
    dismiss()


def test_several_steps_of_one_person_do_not_wait_for_each_other(
    office: Office, impatient: Office
) -> None:
    """The lock is weak: one person at two workstations, and whoever else refers to him."""
    if office.bureau.database.backend == "sqlite":
        return  # one writer at a time anyway
    chief = office.actor(CHIEF)
    with office.bureau.database.writing() as first:
        permit(first, office.bureau, chief, "panel.view")
        with impatient.bureau.database.writing() as conn:
            permit(conn, impatient.bureau, chief, "panel.view")
        people.add_people(impatient.bureau, FOUNDER, [("新书记", ("书记员",), "")])
        impatient.register(7)
