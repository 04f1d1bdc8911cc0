"""What is known of a party: seen as its right allows, corrected with a reason, checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import Office, make_bureau
from zhixing_desktop.documents.blocks import plain
from zhixing_desktop.documents.case_data import Around, paper_data
from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.laws import read_laws
from zhixing_desktop.documents.party_lines import party_paragraphs
from zhixing_desktop.documents.rendering import Rendering
from zhixing_desktop.services import case_list, parties
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    StaleEditError,
)
from zhixing_desktop.workflow.views import Key

WHY = "补录当事人信息"
ID = "410811198005065432"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = make_bureau(tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    return office.register(1, "李四")


def save(office: Office, case: int, subject: str = "debtor/1", **values: str) -> None:
    parties.save_party(office.bureau, office.actor(), case, subject, values, reason=WHY)


def values(office: Office, case: int, place: int = 2) -> dict[str, str]:
    return dict(parties.parties_of(office.bureau, office.actor(), case).parties[place].values)


def test_what_papers_need_is_named_until_it_is_there(office: Office, case: int) -> None:
    _case, creditor, debtor = parties.parties_of(office.bureau, office.actor(), case).parties
    assert list(parties.missing_for_papers(debtor)) == ["证件号码", "住址（住所地）"]
    assert "法定代表人（负责人）" in parties.missing_for_papers(creditor)
    save(office, case, id_number=ID, address="河南省修武县某村1号")
    debtor = parties.parties_of(office.bureau, office.actor(), case).parties[2]
    assert list(parties.missing_for_papers(debtor)) == []


def test_a_correction_keeps_the_former_words_in_history(office: Office, case: int) -> None:
    save(office, case, address="甲地")
    save(office, case, address="乙地")
    assert values(office, case)["address"] == "乙地"
    said = [f.data.get("address") for f in office.detail(case).facts if f.subject == "debtor/1"]
    assert said == ["", "甲地", "乙地"]
    assert office.detail(case).facts[-1].reason == WHY


def test_the_number_tells_birth_and_gender_and_must_agree(office: Office, case: int) -> None:
    assert parties.known_from_number({"id_number": ID}) == ("男", "1980-05-06")
    with pytest.raises(InputRefusedError) as caught:
        save(office, case, id_number=ID, gender="女", birth="1981-05-06")
    assert {p.where for p in caught.value.problems} == {"性别", "出生日期"}
    assert values(office, case)["gender"] == ""


def test_a_wrong_number_and_an_empty_name_are_refused_together(office: Office, case: int) -> None:
    with pytest.raises(InputRefusedError) as caught:
        save(office, case, id_number="410811198005065431", name=" ")
    assert len(caught.value.problems) >= 2


def test_the_list_shows_the_corrected_name(office: Office, case: int) -> None:
    save(office, case, name="李四光")
    query = case_list.CaseQuery(filter="all", search="李四光")
    assert [row.id for row in case_list.page(office.bureau, office.actor(), query)] == [case]


def test_nothing_changed_is_nothing_saved(office: Office, case: int) -> None:
    with pytest.raises(InputRefusedError, match="没有改动"):
        save(office, case, name="李四")


def test_another_officers_case_is_not_his_to_correct(office: Office, case: int) -> None:
    with pytest.raises(NotAllowedError):
        parties.save_party(
            office.bureau, office.actor("孙法官"), case, "debtor/1", {"address": "丙地"}, reason=WHY
        )


def test_two_people_at_once_do_not_overwrite_each_other(office: Office, case: int) -> None:
    version = parties.parties_of(office.bureau, office.actor(), case).version
    save(office, case, address="甲地")
    with pytest.raises(StaleEditError):
        parties.save_party(
            office.bureau,
            office.actor(),
            case,
            "debtor/1",
            {"phone": "13903910001"},
            reason=WHY,
            expected_version=version,
        )


def test_a_covered_number_is_not_saved_as_a_number(office: Office, case: int) -> None:
    with pytest.raises(InputRefusedError):
        save(office, case, account_number="6222****0001")


def test_papers_take_all_of_it(office: Office, case: int) -> None:
    save(office, case, id_number=ID, address="河南省修武县某村1号", ethnicity="汉")
    save(office, case, guardian="李父", guardian_relation="父")
    save(office, case, agent="赵律师", agent_office="河南某所律师")
    save(office, case, "creditor/1", address="焦作市某路2号")
    save(office, case, "creditor/1", legal_representative="钱总", representative_title="执行董事")
    found = office.detail(case)
    book = office.bureau.rules.book
    data = paper_data(found.context, found.view, Dictionary(book), Key(7, "case"), Around({}))
    rendering = Rendering(read_laws("laws: []"), date(2024, 3, 1))
    lines = [
        plain(p.text)
        for p in party_paragraphs((*data["creditors"], *data["debtors"]), rendering.run_of)
    ]
    assert lines == [
        "申请执行人：焦作市甲商贸有限公司，住所地焦作市某路2号。",
        "统一社会信用代码：［焦作市甲商贸有限公司的公民身份号码或者统一社会信用代码］。",
        "法定代表人：钱总，执行董事。",
        "被执行人：李四，男，1980年5月6日出生，汉族，住河南省修武县某村1号，"
        "公民身份号码410811198005065432。",
        "法定代理人：李父，系李四之父。",
        "委托诉讼代理人：赵律师，河南某所律师。",
    ]


def test_cause_and_basis_are_entered_after_registration(office: Office, case: int) -> None:
    entry = parties.parties_of(office.bureau, office.actor(), case).parties[0]
    assert list(parties.missing_for_papers(entry)) == ["案由", "执行依据"]
    save(office, case, "case", cause="民间借贷纠纷", basis="（2023）豫0811民初1号民事判决书")
    found = office.detail(case)
    assert (found.header["cause"], found.header["basis"]) == (
        "民间借贷纠纷",
        "（2023）豫0811民初1号民事判决书",
    )
    assert found.header["amount"] == "128000.00"
    with office.bureau.database.reading() as conn:
        stored = conn.exec_driver_sql(f"SELECT cause FROM cases WHERE id = {case}").scalar()  # noqa: S608 - a number
    assert stored == "民间借贷纠纷"
    with pytest.raises(InputRefusedError):
        save(office, case, "case", address="某地")
