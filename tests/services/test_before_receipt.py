"""节点四: what the filing still has to issue is named before 收案 is entered, not after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office, make_bureau
from zhixing_desktop.services import work
from zhixing_desktop.services.node_detail import overview
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.views import Blocker, Key

TRANSFER = Key(4, "case")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = make_bureau(tmp_path)
    yield made
    made.close()


def cautions(office: Office, case: int) -> list[Blocker]:
    found = overview(office.detail(case), TRANSFER.node).find("case").work
    return [entry for entry in found if entry.code == "收案"]


def test_an_open_paper_of_the_filing_is_named_before_the_case_is_received(office: Office) -> None:
    case = office.register(1, cause="民间借贷纠纷")
    for node in (1, 2):
        office.fill(case, node)
    (told,) = cautions(office, case)
    assert told.severity == "caution"
    assert "收案登记后" in told.sentence
    assert "《案件移送单》" in told.sentence
    assert told.cite.paragraph == "节点四 工作内容1"
    day = office.detail(case).context.now
    items = {1: ItemEntry(day, papers={"案件移送单": f"{day:%Y-%m-%d}"})}
    officer = office.by(case, {"do": "work", "node": 4})
    work.record_work(office.bureau, officer, case, TRANSFER, {}, items)
    assert cautions(office, case) == []


def test_after_the_receipt_nothing_is_said_any_more(office: Office) -> None:
    case = office.register(1, cause="民间借贷纠纷")
    for node in (1, 2):
        office.fill(case, node)
    office.event(case, "case_received")
    assert cautions(office, case) == []
