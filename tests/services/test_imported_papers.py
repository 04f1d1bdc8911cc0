"""What a list from elsewhere tells reaches the papers: guardians, judgments, days of events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpers.bureau import ADMIN, Office, rules
from zhixing_desktop.documents.blocks import words_of
from zhixing_desktop.exchange.case_list import write_case_list
from zhixing_desktop.services import case_list, imports, papers, people, sample, sample_people
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.workflow.views import Key


def words(office: Office, officer: str, wish: PaperWish) -> str:
    actor = people.find_person(office.bureau, officer).actor()
    return "".join(words_of(papers.preview(office.bureau, actor, wish).paper))


def test_papers_say_what_the_list_has_told(office: Office, tmp_path: Path) -> None:
    office.at(sample.SAMPLE_NOW)
    people.add_people(office.bureau, ADMIN, sample_people.sample_people())
    cases, parties, events = sample.sample_list(rules(), cases=20, seed=7)
    issued = "执行通知书发出"
    told = {row.case_no for row in events if row.what == issued}
    row = next(c for c in cases if c.case_no in told and c.kind == "first")
    own = [party for party in parties if party.case_no == row.case_no]
    child = replace(
        next(p for p in own if p.standing == "申请执行人"),
        kind="自然人",
        name="周小满",
        id_type="居民身份证",
        id_number="",
        legal_representative="",
        agent="",
        guardian="周志强",
        guardian_relation="父亲",
    )
    own = [child, *(p for p in own if p.standing != "申请执行人")]
    # Without anything that was entered at the nodes: most courts export the events only.
    bare = [replace(e, data={}) for e in events if e.case_no == row.case_no]
    upto = next(number for number, event in enumerate(bare) if event.what == issued)
    path = tmp_path / "清单.xlsx"
    write_case_list(path, [row], own, bare[: upto + 1])
    imports.run(office.bureau, office.actor("吴立案"), path)
    chief = office.actor("梁宏伟")
    (line,) = case_list.page(office.bureau, chief, CaseQuery(search=row.case_no))
    place = Key(7, "case")
    notice = words(office, row.officer, PaperWish(line.id, "执行通知书", place, "debtor/1"))
    assert f"{row.basis_number}{row.basis_type}已发生法律效力" in notice
    ruling = PaperWish(line.id, "执行裁定书（驳回执行申请用）", Key(6, "case"))
    assert "法定代理人：周志强，系周小满之父亲。" in words(office, row.officer, ruling)
    detail = office.detail(line.id)
    sent = detail.context.index.event("enforcement_notice_issued", "case")
    assert sent is not None
    checklist = PaperWish(line.id, "终结本次执行程序裁定书", Key(43, "case"))
    day = sent.happened_at
    said = f"{day.year}年{day.month}月{day.day}日，本院向被执行人发出执行通知书"
    assert said in words(office, row.officer, checklist)
