"""A minor is not put on the credit list: by no way in, and the law is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from helpers.bureau import ADMIN, Office, rules
from zhixing_desktop import paths
from zhixing_desktop.documents.laws import read_laws
from zhixing_desktop.exchange.case_list import write_case_list
from zhixing_desktop.services import (
    imports,
    node_detail,
    parties,
    people,
    sample,
    sample_people,
    work,
)
from zhixing_desktop.workflow.ages import LISTING_NODE, NO_MINORS, is_minor
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

KEY = Key(LISTING_NODE, "debtor/1")
WORDS = "是未成年人，不得纳入失信被执行人名单"
ADULT_ON = "2006-03-15"
"""Eighteen on 15 March 2024."""


def begun(office: Office, born: str, number: str = "") -> int:
    """A case whose node 1 to 7 are done, on 11 March 2024; the debtor was born on a day."""
    case = office.register(1, debtor="乙小明")
    (entry,) = [
        one
        for one in parties.parties_of(office.bureau, office.actor(), case).parties
        if one.subject == "debtor/1"
    ]
    values = {**entry.values, "kind": "自然人", "birth": born, "id_number": number}
    parties.save_party(
        office.bureau, office.actor(), case, "debtor/1", values, reason="核对户口簿后补正"
    )
    for node in (1, 2, 3, 4, 5):
        office.fill(case, node)
    office.at("2024-03-11T10:00").fill(case, 7)
    return case


def refused(office: Office, case: int, act: str) -> RuleRefusedError:
    acts = {
        "start": lambda: work.start_node(office.bureau, office.actor(), case, KEY),
        "event": lambda: office.event(case, "credit_listed", "debtor/1"),
        "apply": lambda: work.request_approval(
            office.bureau, office.actor(), case, KEY, "credit_listing", "有能力而拒不履行"
        ),
        "work": lambda: work.record_work(
            office.bureau, office.actor(), case, KEY, {"performance_state": "全部未履行"}
        ),
    }
    with pytest.raises(RuleRefusedError, match=WORDS) as caught:
        acts[act]()
    return caught.value


@pytest.mark.parametrize("act", ["start", "event", "apply", "work"])
def test_the_node_refuses_whatever_is_done_for_a_minor_and_names_the_law(
    office: Office, act: str
) -> None:
    case = begun(office, "2010-05-06")
    found = refused(office, case, act)
    assert "乙小明" in found.sentence
    told = {entry["code"]: entry["cite"] for entry in found.data["blockers"]}
    assert told["G5"].startswith(f"{NO_MINORS.paragraph}：“被执行人为未成年人的")


def test_a_birthday_is_read_from_the_number_of_identity(office: Office) -> None:
    case = begun(office, "", "410811201005060011")
    assert refused(office, case, "start").cite == NO_MINORS


def test_the_panel_says_so_before_anything_is_tried(office: Office) -> None:
    case = begun(office, "2010-05-06")
    shown = node_detail.overview(office.detail(case), LISTING_NODE).find("debtor/1")
    assert WORDS in "".join(blocker.sentence for blocker in shown.start)


def test_whoever_has_come_of_age_may_be_listed_but_not_from_an_earlier_day(office: Office) -> None:
    case = begun(office, ADULT_ON)
    refused(office, case, "start")
    office.at("2024-03-18T10:00")
    work.start_node(office.bureau, office.actor(), case, KEY)
    made = work.request_approval(
        office.bureau, office.actor(), case, KEY, "credit_listing", "有能力而拒不履行"
    )
    work.decide_approval(
        office.bureau, office.actor("赵院长"), case, made.facts[0].seq, "granted", "同意签发"
    )
    for early in ("2024-03-12", "2024-03-14"):
        with pytest.raises(RuleRefusedError, match=WORDS):
            work.record_work(office.bureau, office.actor(), case, KEY, {"credit_listed_on": early})
    done = work.record_work(
        office.bureau, office.actor(), case, KEY, {"credit_listed_on": "2024-03-15"}
    )
    (listed,) = [fact for fact in done.facts if fact.kind == "credit_listed"]
    with pytest.raises(RuleRefusedError, match=WORDS):
        work.correct_fact(
            office.bureau,
            office.actor(),
            case,
            listed.seq,
            at=datetime(2024, 3, 14),
            reason="日期录入错误",
        )


def test_what_is_not_a_listing_goes_on_for_a_minor(office: Office) -> None:
    case = begun(office, "2010-05-06")
    work.start_node(office.bureau, office.actor(), case, Key(36, "debtor/1"))
    state = office.detail(case).view.instances[Key(36, "debtor/1")].state
    assert state is State.ACTIVE


def test_a_list_with_a_listed_minor_is_refused(office: Office, tmp_path: Path) -> None:
    office.at(sample.SAMPLE_NOW)
    people.add_people(office.bureau, ADMIN, sample_people.sample_people())
    rows, listed, events = sample.sample_list(rules(), cases=12, seed=1)
    case_no, debtor = next((e.case_no, e.subject) for e in events if e.node == LISTING_NODE)
    assert debtor == "debtor/1"
    own = [p for p in listed if p.case_no == case_no and p.standing == "被执行人"]
    young = replace(own[0], kind="自然人", id_number="", birth=date(2012, 1, 31))
    path = tmp_path / "清单.xlsx"
    write_case_list(path, rows, [young if p is own[0] else p for p in listed], events)
    told = [problem.sentence for problem in imports.preview(office.bureau, path).problems]
    assert any(own[0].name + WORDS in sentence for sentence in told)
    write_case_list(path, rows, listed, events)
    assert not [p for p in imports.preview(office.bureau, path).problems if p.severity == "error"]


def test_the_article_is_that_of_the_dated_table() -> None:
    text = (paths.resources_dir() / "law" / "articles.yaml").read_text(encoding="utf-8")
    laws = read_laws(text)
    for article in laws.by_key["失信规定"].subjects["未成年人"]:
        assert laws.cite(["失信规定.未成年人"], article.since)[0] == NO_MINORS.paragraph


@pytest.mark.parametrize(
    ("party", "on", "minor"),
    [
        ({"kind": "自然人", "birth": "2006-03-15"}, "2024-03-14", True),
        ({"kind": "自然人", "birth": "2006-03-15"}, "2024-03-15", False),
        ({"kind": "自然人", "birth": "2008-02-29"}, "2026-02-28", True),
        ({"kind": "自然人", "birth": "2008-02-29"}, "2026-03-01", False),
        ({"kind": "自然人"}, "2024-03-14", False),
        ({"kind": "自然人", "birth": "不详"}, "2024-03-14", False),
        ({"kind": "法人", "birth": "2020-01-01"}, "2024-03-14", False),
    ],
)
def test_who_is_a_minor(party: dict[str, str], on: str, minor: bool) -> None:
    assert is_minor(party, datetime.fromisoformat(on)) is minor
