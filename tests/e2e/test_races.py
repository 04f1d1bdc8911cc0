"""Two workstations, each a process of its own, want what only one can have.

Who is faster differs from run to run; what may come of it does not.  On SQLite the second process
is the command line beside the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from helpers.bureau import ADMIN, AUDITOR, CHIEF, OFFICER, SECURITY, Office
from helpers.offices import journal, make_office
from helpers.racers import WON, Race, race
from zhixing_desktop.services import health, journal_chain, outside, people, work
from zhixing_desktop.workflow.decide import Hop
from zhixing_desktop.workflow.views import Key

pytestmark = pytest.mark.e2e

NOW = datetime(2024, 3, 18, 9)
LEADER, SECOND_SECURITY = "王院长", "后安全"
ROUNDS = 6
LIMIT_S = 120
SEVEN, THREE = Key(7, "case"), Key(3, "case")
Told = list[dict[str, str]]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    made = make_office(database_url)
    yield made
    made.close()


@pytest.fixture
def waiting(office: Office) -> list[tuple[int, int]]:
    """Cases whose node 7 is frozen, each with its application."""
    ids = [office.register(number) for number in range(1, ROUNDS + 1)]
    for case in ids:
        for node in (1, 2, 3, 4):
            office.fill(case, node)
    office.at(NOW).sweep()
    why = "送达地址核实耗时较长"
    made = [
        work.request_approval(office.bureau, office.actor(), c, SEVEN, "unfreeze", why) for c in ids
    ]
    return [(case, step.facts[0].seq) for case, step in zip(ids, made, strict=True)]


@pytest.fixture
def desks(office: Office, database_url: str, tmp_path: Path) -> Iterator[Race]:
    with race(database_url, NOW, tmp_path / "共用") as ready:
        yield ready
        ready.end(LIMIT_S)


def one_wins(told: Told) -> dict[str, str]:
    """Return what the other was told: a sentence that says what to do."""
    assert told.count(WON) == 1, told
    (refused,) = [entry for entry in told if entry != WON]
    assert refused["sentence"].endswith("。")
    assert any("一" <= sign <= "鿿" for sign in refused["sentence"])
    return refused


def whole(office: Office) -> None:
    assert health.check_all(office.bureau) == []
    assert journal_chain.verify(office.bureau, office.actor(AUDITOR)).ok


def test_two_decide_the_same_application(
    office: Office, waiting: list[tuple[int, int]], desks: Race
) -> None:
    """One grants, one refuses: the second is not lost in the first, and says who was first."""
    for place, (case, request) in enumerate(waiting):
        about = {"act": "decide", "case": case, "request": request}
        pair = [
            {**about, "by": CHIEF, "outcome": "granted"},
            {**about, "by": LEADER, "outcome": "refused"},
        ]
        told = desks.run(*(pair if place % 2 else pair[::-1]))
        refused = one_wins(told)
        assert "已经决定" in refused["sentence"]
        (view,) = office.detail(case).view.approvals
        assert len(view.steps) == 1
        assert view.status in ("granted", "refused")
        assert view.steps[0]["by"] in refused["sentence"]
    assert [act for act, _ in journal(office.bureau)].count("approval.decide") == ROUNDS
    whole(office)


def test_one_withdraws_while_the_other_decides(
    office: Office, waiting: list[tuple[int, int]], desks: Race
) -> None:
    for place, (case, request) in enumerate(waiting):
        about = {"case": case, "request": request}
        pair = [
            {**about, "act": "withdraw", "by": OFFICER},
            {**about, "act": "decide", "by": CHIEF, "outcome": "granted"},
        ]
        told = desks.run(*(pair if place % 2 else pair[::-1]))
        refused = one_wins(told)
        (view,) = office.detail(case).view.approvals
        withdrawn = view.status == "withdrawn"
        assert view.status in ("withdrawn", "granted")
        assert ("撤回" if withdrawn else "决定") in refused["sentence"]
        assert len(view.steps) == (0 if withdrawn else 1)
    whole(office)


def test_two_administrators_change_the_same_role(office: Office, desks: Race) -> None:
    office.at(NOW)
    people.add_people(office.bureau, ADMIN, [(SECOND_SECURITY, ("安全管理员",), "")])
    wanted = (("承办人", "材料审核人"), ("书记员",))
    for _ in range(ROUNDS):
        person = people.find_person(office.bureau, "孙法官")
        about = {"act": "roles", "staff_id": person.id, "version": person.version}
        # The one that would change nothing is no change.
        pairs = [roles for roles in wanted if set(roles) != set(person.roles)]
        pairs = [pairs[0], ("承办人",) if len(pairs) == 1 else pairs[1]]
        told = desks.run(
            {**about, "by": SECURITY, "roles": pairs[0]},
            {**about, "by": SECOND_SECURITY, "roles": pairs[1]},
        )
        refused = one_wins(told)
        assert "刚刚被别人改过" in refused["sentence"]
        after = people.find_person(office.bureau, "孙法官")
        assert after.version == person.version + 1
        assert set(after.roles) == set(pairs[told.index(WON)])
    whole(office)


def test_two_register_replies_with_the_same_number(
    office: Office, desks: Race, tmp_path: Path
) -> None:
    folder = tmp_path / "共用"
    folder.mkdir()
    office.bureau.files_dir = folder
    ids = [office.register(number) for number in range(1, 2 * ROUNDS + 1)]
    for case in ids:
        office.event(case, "case_filed")
    office.at("2024-03-02T09:00").sweep()
    filer, chief, today = office.actor("吴立案"), office.actor(CHIEF), office.clock.now().date()
    asked = []
    for case in ids:
        made = work.request_approval(office.bureau, filer, case, THREE, "unfreeze", "系统故障")
        asked.append((case, made.facts[0].seq))
        hop = Hop("本院", "焦作市中级人民法院", today, "山执报1号")
        outside.forward(office.bureau, chief, case, asked[-1][1], hop)
    office.at(NOW)
    for place in range(ROUNDS):
        number = f"（2024）豫08执督{place + 1}号"
        told = desks.run(
            *(
                {"act": "reply", "by": CHIEF, "case": case, "request": request,
                 "number": number, "on": today.isoformat()}
                for case, request in asked[2 * place : 2 * place + 2]
            )
        )  # fmt: skip
        refused = one_wins(told)
        assert "使用过" in refused["sentence"] or "已有人登记" in refused["sentence"]
    replies = [office.detail(case).view.approvals[0].reply for case in ids]
    assert sum(reply is not None for reply in replies) == ROUNDS
    assert len({reply["number"] for reply in replies if reply is not None}) == ROUNDS
    whole(office)
