"""Every role at every act in every relation, through the services' one question.

What is expected is written here from the guideline and its readings, not taken from the data file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from helpers.bureau import Office
from helpers.desk import calendar, rulebook
from helpers.offices import open_at
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import deputies, settings_edits, staff
from zhixing_desktop.services import drafts, people, permission, work
from zhixing_desktop.services.bureau import SYSTEM, Actor, Bureau
from zhixing_desktop.services.permission import About
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import moment_of
from zhixing_desktop.workflow.errors import NotAllowedError
from zhixing_desktop.workflow.facts import DECIDED, HEADER, REQUESTED, Fact, FactIndex
from zhixing_desktop.workflow.views import Key

NOW = "2024-03-20T09:00"
FILING, OFFICER, CLERK, CHIEF = "立案人员", "承办人", "书记员", "执行局长"
LEADER, PRESIDENT, REVIEW, MATERIAL = "主管院领导", "院长", "审判管理办公室", "材料审核人"
CASHIER, ARCHIVE = "财务", "档案员"
ADMIN, SECURITY, AUDIT = "系统管理员", "安全管理员", "审计员"
CASE_ROLES = (FILING, OFFICER, CLERK, CHIEF, LEADER, PRESIDENT, REVIEW, MATERIAL, CASHIER, ARCHIVE)
ROLES = (*CASE_ROLES, ADMIN, SECURITY, AUDIT)
OWN_OFFICER, OWN_CLERK, STAND_IN = "承办人乙", "书记员乙", "代理人丙"
OWN = {OWN_OFFICER, OWN_CLERK}


def stranger(role: str) -> str:
    """Somebody who holds one role and has nothing to do with the case."""
    return f"{role}甲"


def strangers(*roles: str) -> set[str]:
    return {stranger(role) for role in roles}


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A bureau with one stranger for each role, the case's own officer and clerk, and a stand-in.

    The stand-in is a material reviewer, so that he is on the staff and has no other right.
    """
    clock = FixedClock(datetime.fromisoformat(NOW))
    made = open_at(f"sqlite:///{tmp_path / 'rights.db'}", clock, create=True)
    listed = [(stranger(role), (role,), "甲队") for role in ROLES]
    listed += [(OWN_OFFICER, (OFFICER,), "乙队"), (OWN_CLERK, (CLERK,), "乙队")]
    listed += [(STAND_IN, (MATERIAL,), "丙队")]
    people.add_people(made, SYSTEM, listed)
    yield made
    made.close()


@dataclass
class Told:
    """The facts of one case in memory."""

    facts: list[Fact]

    @classmethod
    def case(cls, officer: str = OWN_OFFICER, clerk: str = OWN_CLERK) -> Told:
        told = cls([])
        header = {"officer": officer, "clerk": clerk, "kind": "first", "content": ["money"]}
        told.say(HEADER, {**header, "case_no": "（2024）豫0811执1号"}, by=stranger(FILING))
        return told

    def say(self, kind: str, data: Mapping[str, Any], *, by: str, node: int | None = None) -> int:
        at = moment_of("2024-03-10T09:00")
        seq = len(self.facts) + 1
        self.facts.append(
            Fact(
                seq=seq, kind=kind, subject="case", happened_at=at, recorded_at=at, entered_at=at,
                entered_by=by, node=node, data=data, corrects=None, reason="",
            )
        )  # fmt: skip
        return seq

    def asked(self, node: int, matter: str, by: str = OWN_OFFICER, **data: Any) -> int:
        return self.say(REQUESTED, {"matter": matter, "reason": "申请", **data}, by=by, node=node)

    def granted(self, request: int, by: str, node: int) -> None:
        body = {"request": request, "outcome": "granted", "by": by, "final": False}
        self.say(DECIDED, body, by=by, node=node)

    def context(self) -> Context:
        return Context(rulebook(), calendar(), FactIndex(self.facts), moment_of(NOW))


def actor_of(bureau: Bureau, name: str) -> Actor:
    return people.find_person(bureau, name).actor()


def everybody(bureau: Bureau) -> list[str]:
    return [person.name for person in people.all_people(bureau)]


def allowed(bureau: Bureau, told: Told | None, act: str, about: About) -> set[str]:
    """Ask for everybody; return who may.  Each refusal must say who may, and the row."""
    found = set()
    ctx = told.context() if told is not None else None
    for name in everybody(bureau):
        with bureau.database.writing() as conn:
            who = actor_of(bureau, name)
            may = permission.may(conn, bureau, who, act, case=ctx, about=about)
            if may:
                assert permission.permit(conn, bureau, who, act, case=ctx, about=about).row_id
                found.add(name)
                continue
            with pytest.raises(NotAllowedError) as caught:
                permission.permit(conn, bureau, who, act, case=ctx, about=about)
        error = caught.value
        assert f"权限表{error.data['row']}" in error.sentence
        assert error.cite is not None or bureau.rules.matrix.row(error.data["row"]).basis
    return found


# --- acts on a case: what it is about, and who may

ON_A_CASE: list[tuple[str, About, set[str]]] = [
    # nodes 1 to 4 are those of 立案 (第二部分), the others of 执行人员
    ("node.start", About(Key(3, "case")), strangers(FILING)),
    ("node.start", About(Key(36, "debtor/1")), OWN),
    ("node.work", About(Key(1, "case")), strangers(FILING)),
    ("node.work", About(Key(4, "case")), strangers(FILING)),
    ("node.work", About(Key(5, "case")), OWN),
    ("node.work", About(Key(7, "case")), OWN),
    ("node.work", About(Key(45, "followup/1")), OWN),
    # 由财务部门办理在线支付 (node 33), 到账 (node 32), 提交归档 (node 44)
    ("node.work", About(Key(32, "payment/1")), OWN | strangers(CASHIER)),
    ("node.work", About(Key(33, "payment/1")), OWN | strangers(CASHIER)),
    ("node.work", About(Key(34, "payment/1")), OWN),
    ("node.work", About(Key(44, "case")), OWN | strangers(ARCHIVE)),
    ("node.complete", About(Key(2, "case")), strangers(FILING)),
    ("node.complete", About(Key(17, "asset/1")), OWN),
    ("node.complete", About(Key(33, "payment/1")), OWN),
    ("node.complete", About(Key(44, "case")), OWN | strangers(ARCHIVE)),
    ("fact.add", About(event="case_filed"), strangers(FILING)),
    ("fact.add", About(event="case_received"), OWN | strangers(FILING)),
    ("fact.add", About(event="asset_found"), OWN),
    ("fact.add", About(event="payment_arrived"), OWN | strangers(CASHIER)),
    ("fact.add", About(event="payment_paid_out"), strangers(CASHIER)),
    ("fact.add", About(event="archived"), OWN | strangers(ARCHIVE)),
    ("payout.pay", About(event="payment_paid_out"), strangers(CASHIER)),
    # 承办人 answers for what he lets stand (总体要求7)
    ("wording.override", About(Key(7, "case")), {OWN_OFFICER}),
    ("wording.override", About(Key(2, "case")), {OWN_OFFICER} | strangers(FILING)),
    # 第八条: 主管院长和局长 manage; a case without officer is assigned at the filing (A13)
    ("case.assign", About(), strangers(CHIEF, LEADER)),
    # 执行人员 apply; 报结 is the 承办法官's; a frozen node of 立案 also by 立案
    ("approval.request", About(Key(33, "payment/1"), matter="payout"), OWN),
    ("approval.request", About(Key(42, "case"), matter="deadline_change"), OWN),
    ("approval.request", About(Key(43, "case"), matter="closing_review"), {OWN_OFFICER}),
    ("approval.request", About(Key(3, "case"), matter="unfreeze"), OWN | strangers(FILING)),
    # A10, and the second person
    ("approval.forward", About(), strangers(CHIEF)),
    ("reply.enter", About(), strangers(CHIEF)),
    ("reply.confirm", About(), strangers(CLERK, LEADER, PRESIDENT, REVIEW) | {OWN_CLERK}),
    ("file.add", About(), OWN | strangers(FILING, CHIEF, CASHIER, ARCHIVE)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "about", "expected"),
    ON_A_CASE,
    ids=[f"{a} {b.key or b.event}" for a, b, _ in ON_A_CASE],
)
def test_on_a_case_exactly_these_may(
    bureau: Bureau, act: str, about: About, expected: set[str]
) -> None:
    assert allowed(bureau, Told.case(), act, about) == expected


def test_a_case_without_officer_is_assigned_at_the_filing(bureau: Bureau) -> None:
    told = Told.case(officer="")
    assert allowed(bureau, told, "case.assign", About()) == strangers(FILING, CHIEF, LEADER)


WITHOUT_A_CASE: list[tuple[str, set[str]]] = [
    ("case.register", strangers(FILING)),
    ("case.import", strangers(FILING)),
    ("panel.view", strangers(CHIEF, LEADER, PRESIDENT, REVIEW, MATERIAL, CASHIER) | {STAND_IN}),
    ("sheet.daily", strangers(CHIEF, LEADER)),
    ("calendar.edit", strangers(REVIEW, ADMIN)),
    ("recompute", strangers(REVIEW, ADMIN)),
    ("rulebook.change", strangers(PRESIDENT)),
    ("deputy.name", strangers(PRESIDENT, LEADER)),
    ("account.create", strangers(ADMIN)),
    ("account.reset", strangers(ADMIN)),
    ("account.administrator", strangers(ADMIN, SECURITY)),
    ("account.witness", strangers(ADMIN, SECURITY, AUDIT, LEADER, PRESIDENT)),
    ("account.unlock", strangers(ADMIN)),
    ("account.list", strangers(ADMIN, SECURITY, AUDIT)),
    ("account.disable", strangers(ADMIN)),
    ("staff.edit", strangers(ADMIN)),
    ("staff.roles", strangers(SECURITY)),
    ("settings.court", strangers(ADMIN)),
    ("paper.layout", strangers(ADMIN, REVIEW)),
    ("paper.template", strangers(ADMIN, REVIEW)),
    ("settings.security", strangers(SECURITY)),
    ("backup.make", strangers(ADMIN)),
    ("backup.restore", strangers(ADMIN)),
    ("check.run", strangers(ADMIN)),
    ("case.rebuild", strangers(ADMIN)),
    ("journal.view_all", strangers(AUDIT)),
    ("journal.verify", strangers(AUDIT)),
    ("journal.export", strangers(AUDIT)),
    ("journal.algorithm", strangers(SECURITY)),
    ("journal.key", strangers(SECURITY)),
]


@pytest.mark.parametrize(("act", "expected"), WITHOUT_A_CASE, ids=[a for a, _ in WITHOUT_A_CASE])
def test_in_the_bureau_exactly_these_may(bureau: Bureau, act: str, expected: set[str]) -> None:
    assert allowed(bureau, None, act, About()) == expected


def test_administrators_see_and_do_nothing_in_cases(bureau: Bureau) -> None:
    """三员分立: whatever a case knows, they may not."""
    told = Told.case()
    for act in ("case.view", "personal.view", "print", "journal.view_case", "export.list"):
        may = allowed(bureau, told, act, About())
        assert not may & strangers(ADMIN, SECURITY, AUDIT), act
        assert may >= OWN


@pytest.mark.parametrize(
    ("value", "team", "other"),
    [("own", False, False), ("team", True, False), ("bureau", True, True)],
)
def test_how_far_an_officer_sees_is_a_setting(
    bureau: Bureau,
    value: str,
    team: bool,
    other: bool,
) -> None:
    with bureau.database.writing() as conn:
        conn.execute(update(staff).where(staff.c.name == stranger(CLERK)).values(team="乙队"))
        with recording(bureau, conn) as record:
            row = {"key": "sight.visibility", "value": value, "who": "甲", "reason": "试"}
            record.insert(settings_edits, {**row, "at": bureau.database.now(conn)})
    may = allowed(bureau, Told.case(), "case.view", About())
    assert (stranger(CLERK) in may, stranger(OFFICER) in may) == (team, other)
    assert OWN | strangers(CHIEF, LEADER, PRESIDENT) <= may


def test_filing_sees_personal_data_only_until_the_case_is_received(bureau: Bureau) -> None:
    told = Told.case()
    assert stranger(FILING) in allowed(bureau, told, "personal.view", About())
    told.say("case_received", {}, by=OWN_OFFICER)
    assert stranger(FILING) not in allowed(bureau, told, "personal.view", About())


# --- decisions

DECISIONS: list[tuple[int, str, tuple[str, ...]]] = [
    (7, "unfreeze", (CHIEF, LEADER)),
    (17, "unfreeze", (CHIEF, LEADER)),
    (31, "unfreeze", (CHIEF, LEADER)),
    (32, "unfreeze", (CHIEF, LEADER)),
    (2, "unfreeze", (CHIEF, LEADER)),  # node 46 freezes the filing
    (3, "unfreeze", ()),  # 中院
    (20, "unfreeze", ()),  # 中院执行局长
    (23, "unfreeze", ()),
    (26, "unfreeze", ()),
    (33, "unfreeze", ()),
    (43, "unfreeze", ()),  # 省法院
    (33, "payout", (CHIEF,)),  # then 分管副院长: below
    (34, "escrow", (CHIEF, LEADER)),
    (36, "consumption_restriction", (PRESIDENT,)),
    (37, "credit_listing", (PRESIDENT,)),
    (39, "bring_in", (PRESIDENT,)),
    (40, "fine_or_detention", (PRESIDENT,)),
    (42, "deadline_change", (PRESIDENT,)),
    (43, "closing_review", (REVIEW,)),
    (43, "special_review", (MATERIAL,)),
]
DECIDED_HERE = [entry for entry in DECISIONS if entry[2]]
IDS = [f"{node}-{matter}" for node, matter, _ in DECISIONS]
IDS_HERE = [f"{node}-{matter}" for node, matter, _ in DECIDED_HERE]


def deciders(bureau: Bureau, told: Told, request: int) -> set[str]:
    return allowed(bureau, told, "approval.decide", About(request=request))


@pytest.mark.parametrize(("node", "matter", "roles"), DECISIONS, ids=IDS)
def test_who_decides_is_whom_the_guideline_names(
    bureau: Bureau, node: int, matter: str, roles: tuple[str, ...]
) -> None:
    told = Told.case()
    request = told.asked(node, matter)
    expected = strangers(*roles) | ({STAND_IN} if MATERIAL in roles else set())
    assert deciders(bureau, told, request) == expected


def test_a_payout_is_signed_by_two_people_in_their_order(bureau: Bureau) -> None:
    told = Told.case()
    request = told.asked(33, "payout")
    assert deciders(bureau, told, request) == strangers(CHIEF)
    told.granted(request, stranger(CHIEF), 33)
    assert deciders(bureau, told, request) == strangers(LEADER)
    give_roles(bureau, stranger(CHIEF), CHIEF, LEADER)
    assert deciders(bureau, told, request) == strangers(LEADER)


def test_who_signed_or_handles_a_payout_does_not_pay_it(bureau: Bureau) -> None:
    told = Told.case()
    request = told.asked(33, "payout")
    about = About(event="payment_paid_out", request=request)
    assert allowed(bureau, told, "payout.pay", about) == strangers(CASHIER)
    told.granted(request, stranger(CHIEF), 33)
    for name in (stranger(CHIEF), OWN_OFFICER, OWN_CLERK):
        give_roles(bureau, name, CASHIER)
    assert allowed(bureau, told, "payout.pay", about) == strangers(CASHIER)


def test_the_court_may_have_chosen_another_approver_for_the_period(bureau: Bureau) -> None:
    told = Told.case()
    request = told.asked(42, "deadline_change", roles=[LEADER])
    assert deciders(bureau, told, request) == strangers(LEADER)


@pytest.mark.parametrize(("node", "matter", "roles"), DECIDED_HERE, ids=IDS_HERE)
def test_nobody_decides_his_own(
    bureau: Bureau, node: int, matter: str, roles: tuple[str, ...]
) -> None:
    """Neither his application nor his case, as officer or as clerk; others still may."""
    for role in roles:
        him = stranger(role)
        for told, request in (
            asked_by(Told.case(), node, matter, him),
            asked_by(Told.case(officer=him), node, matter, OWN_CLERK),
            asked_by(Told.case(clerk=him), node, matter, OWN_OFFICER),
        ):
            assert him not in deciders(bureau, told, request)
            others = strangers(*roles) - {him}
            assert others <= deciders(bureau, told, request)


def asked_by(told: Told, node: int, matter: str, by: str) -> tuple[Told, int]:
    return told, told.asked(node, matter, by)


# --- deputies


def recording(bureau: Bureau, conn: Any) -> Recorder:
    return Recorder(conn, at=bureau.database.now(conn), actor="试", action="test", workstation="试")


def stand_in(
    bureau: Bureau,
    principal: str,
    role: str,
    *,
    by: str = STAND_IN,
    days: tuple[str, str] = ("2024-03-15", "2024-03-25"),
    revoked: bool = False,
) -> None:
    """Write a deputy's row as it might stand in the table, also one that could not be named."""
    ids = {person.name: person.id for person in people.all_people(bureau)}
    with bureau.database.writing() as conn, recording(bureau, conn) as record:
        now = bureau.database.now(conn)
        row = {"principal_id": ids[principal], "deputy_id": ids[by], "role": role}
        row |= {"from_on": date.fromisoformat(days[0]), "until_on": date.fromisoformat(days[1])}
        row |= {"paper": "院字1号", "named_by": "试", "named_at": now, "reason": ""}
        gone = {"revoked_by": "试", "revoked_at": now} if revoked else {}
        record.insert(deputies, {**row, **gone})


def give_roles(bureau: Bureau, name: str, *roles: str, active: bool = True) -> None:
    """Change a person's row as another workstation would."""
    with bureau.database.writing() as conn:
        values = {"roles": list(roles), "active": active}
        conn.execute(update(staff).where(staff.c.name == name).values(**values))


@pytest.mark.parametrize(("node", "matter", "roles"), DECIDED_HERE, ids=IDS_HERE)
def test_a_deputy_decides_in_his_principals_place_and_it_says_so(
    bureau: Bureau, node: int, matter: str, roles: tuple[str, ...]
) -> None:
    role = roles[0]
    give_roles(bureau, STAND_IN, ARCHIVE)
    stand_in(bureau, stranger(role), role)
    told = Told.case()
    request = told.asked(node, matter)
    with bureau.database.writing() as conn:
        given = permission.permit(
            conn, bureau, actor_of(bureau, STAND_IN), "approval.decide", case=told.context(),
            about=About(request=request),
        )  # fmt: skip
    assert (given.on_behalf_of, given.role) == (stranger(role), role)
    assert given.stands_for == ((role, stranger(role)),)


NOT_GIVEN: dict[str, dict[str, Any]] = {
    "expired": {"days": ("2024-03-01", "2024-03-19")},
    "not yet": {"days": ("2024-03-21", "2024-03-25")},
    "revoked": {"revoked": True},
}


@pytest.mark.parametrize("why", NOT_GIVEN)
@pytest.mark.parametrize(("node", "matter", "roles"), DECIDED_HERE, ids=IDS_HERE)
def test_a_deputy_out_of_his_days_has_nothing(
    bureau: Bureau, node: int, matter: str, roles: tuple[str, ...], why: str
) -> None:
    give_roles(bureau, STAND_IN, ARCHIVE)
    stand_in(bureau, stranger(roles[0]), roles[0], **NOT_GIVEN[why])
    told = Told.case()
    assert STAND_IN not in deciders(bureau, told, told.asked(node, matter))


@pytest.mark.parametrize("days", [("2024-03-20", "2024-03-20"), ("2024-03-20", "2024-03-21")])
def test_the_first_and_the_last_day_count(bureau: Bureau, days: tuple[str, str]) -> None:
    stand_in(bureau, stranger(CHIEF), CHIEF, days=days)
    told = Told.case()
    assert STAND_IN in deciders(bureau, told, told.asked(7, "unfreeze"))


def test_a_deputys_deputy_has_nothing(bureau: Bureau) -> None:
    """What the chief gave to the archivist, the archivist cannot hand on."""
    stand_in(bureau, stranger(CHIEF), CHIEF, by=stranger(ARCHIVE))
    stand_in(bureau, stranger(ARCHIVE), CHIEF)
    told = Told.case()
    request = told.asked(7, "unfreeze")
    assert deciders(bureau, told, request) == strangers(CHIEF, LEADER, ARCHIVE)


@pytest.mark.parametrize("lost", ["role", "active"])
def test_a_deputy_loses_what_his_principal_loses(bureau: Bureau, lost: str) -> None:
    stand_in(bureau, stranger(CHIEF), CHIEF)
    told = Told.case()
    request = told.asked(7, "unfreeze")
    assert STAND_IN in deciders(bureau, told, request)
    give_roles(bureau, stranger(CHIEF), *([] if lost == "role" else [CHIEF]), active=lost == "role")
    assert deciders_of_active(bureau, told, request) == strangers(LEADER)


def deciders_of_active(bureau: Bureau, told: Told, request: int) -> set[str]:
    ctx, found = told.context(), set()
    for person in people.all_people(bureau):
        with bureau.database.writing() as conn:
            about = About(request=request)
            act = "approval.decide"
            if permission.may(conn, bureau, person.actor(), act, case=ctx, about=about):
                found.add(person.name)
    return found


@pytest.mark.parametrize("role", [ADMIN, SECURITY, AUDIT])
def test_nobody_stands_in_for_an_administrator_and_none_of_them_for_others(
    bureau: Bureau, role: str
) -> None:
    stand_in(bureau, stranger(role), role)
    stand_in(bureau, stranger(CHIEF), CHIEF, by=stranger(role))
    told = Told.case()
    assert deciders(bureau, told, told.asked(7, "unfreeze")) == strangers(CHIEF, LEADER)
    for act, expected in WITHOUT_A_CASE:
        if expected == strangers(role):
            assert allowed(bureau, None, act, About()) == expected


def test_the_bar_holds_for_both_who_acts_and_for_whom(bureau: Bureau) -> None:
    """The chief's own application and case are not decided by his deputy, nor the deputy's own."""
    stand_in(bureau, stranger(CHIEF), CHIEF)
    cases = [
        (Told.case(), stranger(CHIEF)),
        (Told.case(officer=stranger(CHIEF)), OWN_CLERK),
        (Told.case(), STAND_IN),
        (Told.case(officer=STAND_IN), OWN_CLERK),
    ]
    for told, applicant in cases:
        request = told.asked(7, "unfreeze", applicant)
        assert STAND_IN not in deciders(bureau, told, request)
        assert stranger(LEADER) in deciders(bureau, told, request)


def test_a_deputy_of_the_officer_works_on_that_officers_cases_only(bureau: Bureau) -> None:
    stand_in(bureau, OWN_OFFICER, OFFICER)
    about = About(Key(7, "case"))
    assert allowed(bureau, Told.case(), "node.work", about) == OWN | {STAND_IN}
    other = Told.case(officer=stranger(OFFICER), clerk="")
    assert allowed(bureau, other, "node.work", about) == strangers(OFFICER)


def test_the_officers_own_clerk_works_on_his_cases(bureau: Bureau) -> None:
    ids = {person.name: person.id for person in people.all_people(bureau)}
    with bureau.database.writing() as conn:
        mine = update(staff).where(staff.c.name == OWN_OFFICER)
        conn.execute(mine.values(clerk_id=ids[stranger(CLERK)]))
    told = Told.case(clerk="")
    may = allowed(bureau, told, "node.work", About(Key(7, "case")))
    assert may == {OWN_OFFICER} | strangers(CLERK)


# --- who is not, no longer, or too much


def test_a_role_that_was_taken_away_meanwhile_does_not_count(bureau: Bureau) -> None:
    told = Told.case()
    request = told.asked(7, "unfreeze")
    chief = actor_of(bureau, stranger(CHIEF))
    give_roles(bureau, stranger(CHIEF))
    with bureau.database.writing() as conn, pytest.raises(NotAllowedError) as caught:
        permission.permit(
            conn, bureau, chief, "approval.decide", case=told.context(),
            about=About(request=request),
        )  # fmt: skip
    assert "M-unfreeze-7" in caught.value.sentence
    assert caught.value.cite is not None
    assert "主管院领导或者执行局长批准" in caught.value.cite.quote


def test_who_left_may_nothing(bureau: Bureau) -> None:
    filer = actor_of(bureau, stranger(FILING))
    give_roles(bureau, stranger(FILING), FILING, active=False)
    with bureau.database.writing() as conn, pytest.raises(NotAllowedError, match="不在岗"):
        permission.permit(conn, bureau, filer, "case.register")


@pytest.mark.parametrize("roles", [(ADMIN, CHIEF), (ADMIN, SECURITY), (FILING, AUDIT)])
def test_roles_that_exclude_each_other_give_nothing_at_all(
    bureau: Bureau, roles: tuple[str, ...]
) -> None:
    give_roles(bureau, STAND_IN, *roles)
    who = actor_of(bureau, STAND_IN)
    with bureau.database.writing() as conn:
        for act in ("staff.edit", "staff.roles", "case.register", "sheet.daily", "journal.verify"):
            with pytest.raises(NotAllowedError, match="不得由一人兼任"):
                permission.permit(conn, bureau, who, act)


@pytest.mark.parametrize("nobody", [Actor("命令行"), Actor("李局长", (CHIEF,)), Actor("系统")])
def test_who_is_not_on_the_staff_may_nothing_whatever_he_says_of_himself(
    bureau: Bureau, nobody: Actor
) -> None:
    with bureau.database.writing() as conn:
        for act in bureau.rules.matrix.by_act:
            with pytest.raises(NotAllowedError, match="不在人员名册中"):
                permission.permit(conn, bureau, nobody, act)


def test_the_system_does_what_time_alone_brings(bureau: Bureau) -> None:
    may = set()
    with bureau.database.writing() as conn:
        for act in bureau.rules.matrix.by_act:
            if permission.may(conn, bureau, SYSTEM, act):
                may.add(act)
    # What was issued before an upgrade files itself; what lies in the scan folder is taken in.
    filing = {"dossier.file", "dossier.tray"}
    assert may == {"sweep.run", "case.rebuild", "recompute", "paper.settle"} | filing


def test_a_claimed_role_does_not_count_but_that_of_the_row(bureau: Bureau) -> None:
    clerk = actor_of(bureau, stranger(CLERK))
    with bureau.database.writing() as conn, pytest.raises(NotAllowedError):
        permission.permit(conn, bureau, replace(clerk, roles=(FILING,)), "case.register")


# --- through the use cases, on both databases


def test_each_step_asks_who_takes_it(office: Office) -> None:
    case = office.register(1)
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    other = office.actor("孙法官")
    with pytest.raises(NotAllowedError, match="M-23") as caught:
        work.record_work(office.bureau, other, case, Key(5, "case"), {})
    assert caught.value.data["act"] == "node.work"
    facts = len(office.detail(case).facts)
    with pytest.raises(NotAllowedError):
        work.complete_node(office.bureau, office.actor("李局长"), case, Key(5, "case"))
    with pytest.raises(NotAllowedError):
        work.assign_officer(office.bureau, other, case, "孙法官", reason="想要这件案件")
    assert len(office.detail(case).facts) == facts
    work.assign_officer(office.bureau, office.actor("李局长"), case, "孙法官", reason="调整分工")
    with pytest.raises(NotAllowedError):
        work.complete_node(office.bureau, office.actor("张承办"), case, Key(5, "case"))
    seq = office.detail(case).facts[-1].seq
    with pytest.raises(NotAllowedError, match="M-47"):
        work.correct_fact(
            office.bureau, other, case, seq, data={"officer": "张承办"}, reason="想退回去"
        )


def test_money_goes_out_by_the_cashier_alone(office: Office) -> None:
    """Also where the payment is typed into the node instead of recorded as an event."""
    case = office.register(1)
    for node in (1, 2, 3, 4, 5, 6, 7):
        office.fill(case, node)
    office.event(
        case,
        "payment_arrived",
        "payment/1",
        name="案款",
        amount="1000.00",
        payer="焦作市甲商贸有限公司",
    )
    officer, key = office.actor(), Key(33, "payment/1")
    moment = office.clock.now().replace(hour=0)
    with pytest.raises(NotAllowedError, match="M-34"):
        work.add_fact(office.bureau, officer, case, "payment_paid_out", "payment/1", moment, {})
    cashier = office.actor("钱财务")
    with pytest.raises(NotAllowedError, match="只填写") as caught:
        work.record_work(office.bureau, cashier, case, key, {"settled_amount": "1000.00"})
    assert "案款发放（在线支付）日期" in caught.value.sentence
    work.record_work(office.bureau, officer, case, key, {"settled_amount": "1000.00"})
    work.record_work(office.bureau, cashier, case, key, {"payment_voucher": "凭20240301号"})


def test_a_draft_is_read_by_its_own_person_only(office: Office) -> None:
    case = office.register(1)
    key = Key(5, "case")
    drafts.save_draft(office.bureau, office.actor(), case, key, {"values": {"a": "甲"}})
    mine = drafts.load_draft(office.bureau, office.actor(), case, key)
    assert mine is not None
    assert mine.body == {"values": {"a": "甲"}}
    assert drafts.load_draft(office.bureau, office.actor("孙法官"), case, key) is None
    assert drafts.load_draft(office.bureau, Actor("张承办"), case, key) is None
    with pytest.raises(NotAllowedError):
        drafts.save_draft(office.bureau, office.actor("何管理"), case, key, {})
