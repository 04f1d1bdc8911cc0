"""Sheets and reports that put an application before those who decide: made before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.paper_forms import lend
from helpers.paper_office import paper_office
from zhixing_desktop.models import health
from zhixing_desktop.services import approvals, papers, work
from zhixing_desktop.services.paper_drafts import again
from zhixing_desktop.services.paper_issuing import issue, issue_draft
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.services.paper_voiding import void
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.views import Key

SHEET = "36-sheet"
KEY = Key(36, "debtor/1")
_SHEET = """---
name: 限制消费审批表
kind: approval
nodes: [36]
subject: debtor
number: none
signs: 承办人、院长
approval: consumption_restriction
dossier: {first: 15, resumed: 15, preservation: 12}
basis: 试验用
---
@name 限制消费审批表
承办人意见：{{ application.reason|optional }}
{% for s in application.steps %}
{{ s.role }}{{ s.by }}：{{ s.outcome }}，{{ s.on }}
{% endfor %}
"""


@pytest.fixture
def court(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    lend(made.bureau, tmp_path / "papers", **{SHEET: _SHEET})
    yield made
    made.close()


def applied(court: Office) -> tuple[PaperWish, int]:
    (case,) = court.case_ids
    work.start_node(court.bureau, court.actor(), case, KEY)
    asked = approvals.request_decision(
        court.bureau, court.actor(), case, KEY, "consumption_restriction", "逾期不履行义务", {}
    )
    return PaperWish(case, SHEET, KEY, "debtor/1"), asked.facts[-1].seq


def words(court: Office, paper: int) -> str:
    """Return what a kept paper says, as somebody would copy it."""
    import io

    from docx import Document

    made = papers.paper_file(court.bureau, court.actor(), paper, ".docx")
    return "\n".join(p.text for p in Document(io.BytesIO(made.data)).paragraphs)


def test_a_sheet_is_issued_while_its_application_waits_and_again_once_it_is_decided(
    court: Office,
) -> None:
    wish, seq = applied(court)
    (offer,) = [o for o in papers.offers(court.bureau, court.actor(), wish.case, KEY)
                if o.form == SHEET]  # fmt: skip
    assert offer.why_not == ""
    first = issue(court.bureau, court.actor(), wish).paper
    assert words(court, first.id).endswith("承办人意见：逾期不履行义务")
    court.at("2024-03-06T10:00")
    president = court.actor("赵院长")
    approvals.decide_application(court.bureau, president, wish.case, seq, "granted", "同意")
    second = issue(court.bureau, court.actor(), wish).paper
    assert words(court, second.id).endswith("院长赵院长：同意，2024年3月6日")
    # The one that was signed on paper stands beside it.
    states = [p.state for p in papers.papers_of(court.bureau, court.actor(), wish.case, KEY)]
    assert states == ["issued", "issued"]
    assert health.check(court.bureau.database) == []


def test_a_sheet_that_would_say_the_same_is_printed_and_not_made_twice(court: Office) -> None:
    wish, _ = applied(court)
    first = issue(court.bureau, court.actor(), wish).paper
    with pytest.raises(RuleRefusedError, match="请打开已签发的那份打印") as refused:
        issue(court.bureau, court.actor(), wish)
    assert refused.value.data == {"kind": "same", "paper": first.id}
    void(court.bureau, court.actor(), first.id, "打印时卡纸，签批页污损", version=1)
    draft = again(court.bureau, court.actor(), first.id)
    made = issue_draft(court.bureau, court.actor(), draft.id, version=1).paper
    assert (made.replaces, made.day) == (first.id, date(2024, 3, 5))
