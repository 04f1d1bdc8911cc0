"""The court's own forms go all the way: from what the case says to issued, served, node closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.paper_forms import court_forms
from helpers.paper_office import paper_office
from zhixing_desktop.services import papers, parties, people, work
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.paper_batch import issue_many
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_serving import PROOF, proof_file, serve
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.service_of_papers import Service, Way
from zhixing_desktop.workflow.views import Key

NODE = Key(7, "case")
NOTICE, ORDER = "执行通知书", "报告财产令"
COURT = {
    "court.address": "焦作市山阳区建设路1号",
    "court.phone": "0391-1234567",
    "court.account_name": "焦作市山阳区人民法院执行款专户",
    "court.account_bank": "某银行焦作分行",
    "court.account_number": "6222020000000000",
}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    court_forms(made.bureau)
    admin = made.actor("何管理")
    for key, value in COURT.items():
        change_setting(made.bureau, admin, key, value, "首次设置")
    officer = people.find_person(made.bureau, "张承办")
    people.set_contact(made.bureau, admin, officer.id, "审判员", "0391-7654321", version=1)
    yield made
    made.close()


def answered(office: Office, case: int, form: str, about: str) -> PaperWish:
    """Return a wish with every answer that the form asks for and nobody has given."""
    found = papers.preview(office.bureau, office.actor(), PaperWish(case, form, NODE, about))
    library = office.bureau.papers.library(office.bureau.rules)
    examples = {ask.name: ask.example for ask in library.form(form).asks}
    asked = {ask.name: examples[ask.name] for ask in found.asks if not ask.source}
    return PaperWish(case, form, NODE, about, asked=asked)


def test_node_7_from_nothing_to_served_without_typing_anything_twice(office: Office) -> None:
    case = office.register(5, debtor="乙建强", cause="民间借贷纠纷", basis="（2023）豫0811民初1号")
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    office.at("2024-03-06T09:00")
    days = {"performance_until": "2024-03-20", "report_until": "2024-03-20"}
    work.record_work(office.bureau, office.actor(), case, NODE, days)
    offered = papers.offers(office.bureau, office.actor(), case, NODE)
    assert {offer.name for offer in offered if offer.required} == {NOTICE, ORDER}
    made = [
        issue(office.bureau, office.actor(), answered(office, case, form, "debtor/1"))
        for form in (NOTICE, ORDER)
    ]
    index = office.detail(case).context.index
    day = "2024-03-06"
    assert index.items[NODE][1].data["papers"] == {NOTICE: day, ORDER: day}
    assert index.value(7, "case", "notice_issued_on") == day
    assert index.value(7, "case", "report_ordered_on") == day
    signed = Service(Way.DIRECT, arrived_on=date(2024, 3, 6))
    for issued in made:
        serve(office.bureau, office.actor(), issued.paper.id, signed, "debtor/1")
    assert office.detail(case).context.index.value(7, "case", "served_on") == day
    told = office.detail(case).context.index.items[NODE][1].data["notices"]
    assert told == [{"who": "被执行人", "channel": "送达", "on": day}]
    assert not {"工作内容1", f"《{NOTICE}》", f"《{ORDER}》"} & set(office.missing(case, 7))
    assert check_all(office.bureau) == []


def test_a_proof_of_service_lists_what_has_not_reached_the_recipient(office: Office) -> None:
    (case,) = office.case_ids
    days = {"performance_until": "2024-03-20", "report_until": "2024-03-20"}
    work.record_work(office.bureau, office.actor(), case, NODE, days)
    wishes = [answered(office, case, ORDER, f"debtor/{n}") for n in (1, 2)]
    made = issue_many(office.bureau, office.actor(), wishes).done
    wish = PaperWish(case, PROOF, NODE, recipient="debtor/1")
    found = papers.preview(office.bureau, office.actor(), wish)
    assert found.wish.enclosed == (made[0].id,)
    proof = proof_file(office.bureau, office.actor(), [made[1].id], "debtor/2")
    assert proof.data.startswith(b"%PDF")


def test_every_form_of_a_case_can_be_previewed_at_every_node_it_has(office: Office) -> None:
    """Whatever is missing is a gap, never a fault."""
    (case,) = office.case_ids
    office.event(case, "asset_found", "asset/1", name="轿车", category="车辆", online=False)
    actor = office.actor()
    seen = 0
    for key in office.detail(case).view.instances:
        for offer in papers.offers(office.bureau, actor, case, key):
            wish = PaperWish(case, offer.form, key=key, about=offer.about)
            assert papers.preview(office.bureau, actor, wish).name == offer.name
            seen += 1
    assert seen > 100


def test_a_minor_is_never_listed_which_is_said_beforehand(office: Office) -> None:
    (case,) = office.case_ids
    entries = parties.parties_of(office.bureau, office.actor(), case).parties
    for subject, born in (("debtor/1", "2010-05-06"), ("debtor/2", "1980-05-06")):
        (entry,) = [one for one in entries if one.subject == subject]
        values = {**entry.values, "birth": born}
        parties.save_party(
            office.bureau, office.actor(), case, subject, values, reason="核对户口簿后补正"
        )
    said = {}
    for subject in ("debtor/1", "debtor/2"):
        key = Key(37, subject)
        if subject == "debtor/2":  # of a minor the node itself cannot be started
            work.start_node(office.bureau, office.actor(), case, key)
        offers = papers.offers(office.bureau, office.actor(), case, key)
        said |= {o.about: o.why_not for o in offers if o.name == "失信决定书"}
    assert said["debtor/1"].startswith("乙建强是未成年人，不能签发《失信决定书》")
    assert "未成年人" not in said["debtor/2"]
    wish = PaperWish(case, "失信决定书", Key(37, "debtor/1"), "debtor/1")
    with pytest.raises(RuleRefusedError, match="乙建强是未成年人") as refused:
        issue(office.bureau, office.actor(), wish)
    assert refused.value.cite is not None
    assert refused.value.cite.paragraph.endswith("若干规定》第四条")
    with pytest.raises(RuleRefusedError, match="须经批准"):
        issue(office.bureau, office.actor(), PaperWish(case, "失信决定书", Key(37, "debtor/2")))
