"""Numbers of persons: whole for whoever works the case, covered for the rest, shown on request."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from helpers.bureau import CHIEF, OFFICER, OTHER_OFFICER, Office
from zhixing_desktop.models.tables import journal
from zhixing_desktop.services import cases, exports, field_rights, journal_view, work
from zhixing_desktop.services.cases import NewCase, NewParty
from zhixing_desktop.services.personal_data import show_personal
from zhixing_desktop.services.sight import Sight
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, RuleRefusedError
from zhixing_desktop.workflow.views import Key

ID, CARD, MOBILE = "410811199003070013", "6228480402564890018", "13800001111"
NUMBERS = (ID, CARD, MOBILE)
PAYOUT = Key(33, "payment/1")
SHOWN, COVERED = Sight.ON_REQUEST, Sight.COVERED
HOW = {
    OFFICER: Sight.OPEN, "周书记": Sight.OPEN, OTHER_OFFICER: COVERED, "吴立案": COVERED,
    "李局长": SHOWN, "王院长": SHOWN, "赵院长": SHOWN, "郑审管": SHOWN, "冯核": SHOWN,
    "钱财务": SHOWN, "马档案": COVERED,
}  # fmt: skip
"""Once the case is received; before that 立案人员 types the numbers himself."""


@pytest.fixture
def case(office: Office) -> int:
    """A debtor with an ID, a telephone and an account; a payment with the payee's account."""
    parties = [
        NewParty("creditor", "法人", "焦作市甲商贸有限公司"),
        NewParty("debtor", "自然人", "乙", ID, MOBILE, details={"account_number": CARD}),
    ]
    new = NewCase(
        "（2024）豫0811执1号", parties, amount=Decimal("128000.00"), officer=OFFICER, clerk="周书记"
    )
    case = cases.register(office.bureau, office.actor("吴立案"), new).case_id
    office.event(
        case, "payment_arrived", "payment/1", name="一笔", amount="10.00", payer="被执行人本人"
    )
    work.record_work(office.bureau, office.actor(), case, PAYOUT, {"payee_account": CARD})
    return case


def said(detail: cases.CaseDetail) -> str:
    """Everything a screen could show of a case."""
    return str((detail.header, detail.parties, detail.facts, detail.view.approvals,
                detail.context.index.values))  # fmt: skip


def looks(office: Office) -> list[tuple[str, int | None, str]]:
    with office.bureau.database.reading() as conn:
        rows = conn.execute(select(journal).where(journal.c.action == "personal.view")).all()
    return [(row.actor, row.case_id, json.dumps(row.payload, ensure_ascii=False)) for row in rows]


def test_each_role_sees_numbers_as_the_matrix_says(office: Office, case: int) -> None:
    before = cases.detail(office.bureau, office.actor("吴立案"), case)
    assert before.sight is Sight.OPEN
    office.event(case, "case_received")
    view = office.detail(case).view
    for name, sight in HOW.items():
        found = cases.detail(office.bureau, office.actor(name), case)
        assert found.sight is sight, name
        for number in NUMBERS:
            assert (number in said(found)) is (sight is Sight.OPEN), (name, number)
        # Covering moves no state and no day.
        assert found.view.instances == view.instances
        assert found.view.agenda == view.agenda
    assert looks(office) == []


def test_a_look_shows_one_instance_and_is_journalled_without_the_number(
    office: Office, case: int
) -> None:
    found = show_personal(office.bureau, office.actor(CHIEF), case, PAYOUT)
    assert found.context.index.value(33, "payment/1", "payee_account") == CARD
    assert found.parties["debtor/1"]["id_number"] == "410811********0013"
    ((who, where, told),) = looks(office)
    assert (who, where) == (CHIEF, case)
    assert "收款账户" in told
    assert "节点33 款项1" in told
    assert not any(number in told for number in NUMBERS)
    whole = show_personal(office.bureau, office.actor("钱财务"), case)
    assert all(number in said(whole) for number in NUMBERS)
    assert all(name in looks(office)[1][2] for name in ("证件号码", "电话", "账号", "收款账户"))
    # His own work is no look; who may not look leaves none.
    show_personal(office.bureau, office.actor(), case)
    with pytest.raises(NotAllowedError) as caught:
        show_personal(office.bureau, office.actor("马档案"), case)
    assert "权限表M-09" in caught.value.sentence
    assert len(looks(office)) == 2


def test_the_journal_of_a_case_covers_numbers_for_everybody(office: Office, case: int) -> None:
    for name in (OFFICER, CHIEF, "穆审计"):
        rows = journal_view.case_journal(office.bureau, office.actor(name), case)
        text = str(rows)
        assert "410811********0013" in text
        assert not any(number in text for number in NUMBERS)


def cells(path: Path) -> str:
    book = load_workbook(path)
    return str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


@pytest.mark.parametrize(
    ("name", "personal", "whole"),
    [
        (OFFICER, False, True),
        (OTHER_OFFICER, False, False),
        (OTHER_OFFICER, True, False),
        (CHIEF, False, False),
        (CHIEF, True, True),
    ],
)
def test_an_exported_list_is_covered_like_the_screen(
    office: Office, case: int, tmp_path: Path, name: str, personal: bool, whole: bool
) -> None:
    office.event(case, "case_received")
    path = tmp_path / "清单.xlsx"
    made = exports.export_cases(office.bureau, office.actor(name), path, personal=personal)
    assert made.cases == 1
    text = cells(path)
    for number, covered in ((ID, "410811********0013"), (MOBILE, "138****1111")):
        assert (number in text) is whole
        assert (covered in text) is not whole
    with office.bureau.database.reading() as conn:
        row = conn.execute(select(journal).order_by(journal.c.id.desc())).first()
    assert row is not None
    told = json.dumps(row.payload, ensure_ascii=False)
    assert ("显示完整号码的案件" in told) is (name == CHIEF and personal)
    assert ("遮盖号码的案件" in told) is not whole


def test_a_covered_number_is_not_taken_for_a_number(office: Office, case: int) -> None:
    version = office.detail(case).version
    with pytest.raises(InputRefusedError) as caught:
        work.record_work(
            office.bureau, office.actor(), case, PAYOUT, {"payee_account": "6228***********0018"}
        )
    assert caught.value.problems
    assert office.detail(case).version == version
    party = NewParty("debtor", "自然人", "丙", phone="138****1111")
    problems = cases.check_party(party, "第1名当事人")
    assert any("遮盖" in problem.sentence for problem in problems)


def test_who_fills_which_field_of_the_payment(office: Office, case: int) -> None:
    """The form says beforehand what saving would refuse."""
    rights = {
        name: field_rights.closed_fields(
            office.bureau,
            office.actor(name),
            cases.detail(office.bureau, office.actor(name), case),
            PAYOUT,
        )
        for name in (OFFICER, "钱财务", CHIEF)
    }
    assert set(rights[OFFICER]) == {"paid_out_on", "payment_voucher"}
    assert "权限表M-24" in rights[OFFICER]["payment_voucher"]
    fields = {spec.name for spec in office.bureau.rules.book.nodes[33].fields}
    assert set(rights["钱财务"]) == fields - {"paid_out_on", "payment_voucher"}
    assert set(rights[CHIEF]) == fields
    for value in ({"payment_voucher": "凭1号"}, {"paid_out_on": "2024-03-01"}):
        with pytest.raises(RuleRefusedError):
            work.record_work(office.bureau, office.actor(), case, PAYOUT, value)
    with pytest.raises(NotAllowedError) as caught:
        work.record_work(office.bureau, office.actor(), case, PAYOUT, {"payment_voucher": "凭1号"})
    assert "由财务填写（权限表M-24" in caught.value.sentence
    work.record_work(
        office.bureau, office.actor("钱财务"), case, PAYOUT, {"payment_voucher": "凭1号"}
    )
