"""The dossier as the case runs: things are filed, their duties close, papers file themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import CLERK, OTHER_OFFICER, Office
from helpers.offices import journal
from helpers.paper_office import notice, paper_office
from helpers.papers import pdf
from zhixing_desktop.services import dossier, dossier_filing
from zhixing_desktop.services.dossier_filing import Change, change_item, file_item, replace_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Cut, Filing, ItemLine, Medium, Origin, Piece
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_serving import serve, withdraw_service
from zhixing_desktop.services.paper_voiding import void
from zhixing_desktop.services.work import record_work
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, StaleEditError
from zhixing_desktop.workflow.service_of_papers import Service, Way
from zhixing_desktop.workflow.views import Key

NODE_7 = Key(7, "case")


def pdf_of_pages(count: int) -> bytes:
    return pdf(*((0.9, 0.1 * number, 0.5) for number in range(count)))


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    (found,) = office.case_ids
    return found


def main_items(office: Office, case: int) -> list[ItemLine]:
    return list(dossier.dossier(office.bureau, office.actor(), case).main.items)


def test_an_issued_paper_lies_under_its_item_with_its_pages(office: Office, case: int) -> None:
    made = issue(office.bureau, office.actor(), notice(case, "debtor/1")).paper
    (item,) = main_items(office, case)
    assert (item.place, item.number, item.paper_id) == (8, made.number, made.id)
    assert item.name.startswith("执行通知书（")
    assert (item.origin, item.thing_on, item.key) == (Origin.MADE, made.day, NODE_7)
    assert item.pdf == made.pdf
    assert item.pages == dossier.pages(office.bureau, office.actor(), item.id).count > 0
    assert check_all(office.bureau) == []


def test_a_void_papers_sheets_leave_the_volume_and_can_be_seen(office: Office, case: int) -> None:
    made = issue(office.bureau, office.actor(), notice(case, "debtor/1")).paper
    void(office.bureau, office.actor(), made.id, "当事人姓名写错，重新制作", version=made.version)
    main = dossier.dossier(office.bureau, office.actor(), case).main
    assert main.items == ()
    (gone,) = main.withdrawn
    assert gone.reason == "文书作废：当事人姓名写错，重新制作"
    assert dossier.pages(office.bureau, office.actor(), gone.id).count > 0


def test_a_proof_of_service_is_filed_and_leaves_with_its_entry(office: Office, case: int) -> None:
    made = issue(office.bureau, office.actor(), notice(case, "debtor/1")).paper
    office.at("2024-03-11T10:00")
    direct = Service(Way.DIRECT, arrived_on=date(2024, 3, 7), server="周书记")
    scan = Scan("回证.pdf", pdf_of_pages(2))
    done = serve(office.bureau, office.actor(CLERK), made.id, direct, "debtor/1", scan=scan)
    proof = main_items(office, case)[-1]
    assert (proof.place, proof.pages, proof.service_id) == (30, 2, done.service.id)
    assert proof.origin is Origin.SERVED
    withdraw_service(office.bureau, office.actor(CLERK), done.service.id, "登记错了人", version=1)
    main = dossier.dossier(office.bureau, office.actor(), case).main
    assert [item.id for item in main.withdrawn] == [proof.id]


def test_a_filed_material_goes_into_the_report_of_its_work_item(office: Office, case: int) -> None:
    spec = office.bureau.rules.book.nodes[9]
    material = next(m for m in spec.materials if m.item is not None)
    key = Key(9, "case")
    taken = take_in(office.bureau, [Piece("反馈.pdf", pdf_of_pages(3))])
    filing = Filing(material.name, key, material=material.name, origin=Origin.OBTAINED)
    filed = file_item(office.bureau, office.actor(), case, filing, taken)
    assert (filed.item.place, filed.item.pages) == (12, 3)
    entry = ItemEntry(office.clock.now())
    record_work(office.bureau, office.actor(), case, key, {}, {material.item: entry})
    fact = office.detail(case).context.index.items[key][material.item]
    assert material.name in fact.data["materials"]


def test_what_a_report_lacked_is_added_when_it_is_filed(office: Office, case: int) -> None:
    spec = office.bureau.rules.book.nodes[9]
    material = next(m for m in spec.materials if m.item is not None)
    key = Key(9, "case")
    entry = ItemEntry(office.clock.now())
    record_work(office.bureau, office.actor(), case, key, {}, {material.item: entry})
    taken = take_in(office.bureau, [Piece("反馈.pdf", pdf_of_pages(1))])
    filing = Filing("查询反馈", key, material=material.name)
    filed = file_item(office.bureau, office.actor(), case, filing, taken)
    assert any("工作内容" in note for note in filed.notes)
    fact = office.detail(case).context.index.items[key][material.item]
    assert fact.data["materials"] == [material.name]
    assert journal(office.bureau)[-1] == ("dossier.file", "张承办")


def test_originals_stay_as_they_came_and_pages_are_those_that_were_chosen(
    office: Office, case: int
) -> None:
    first, second = pdf_of_pages(3), pdf_of_pages(2)
    pieces = [Piece("一.pdf", first), Piece("二.pdf", second)]
    taken = take_in(office.bureau, pieces, [Cut(1, 1), Cut(0, 0, 90), Cut(0, 2)])
    item = file_item(office.bureau, office.actor(), case, Filing("证据", place=10), taken).item
    assert item.pages == dossier.pages(office.bureau, office.actor(), item.id).count == 3
    assert dossier.original(office.bureau, office.actor(), item.id, 0)[1] == first
    assert dossier.original(office.bureau, office.actor(), item.id, 1)[1] == second


def test_a_new_version_keeps_the_old_one(office: Office, case: int) -> None:
    made = issue(office.bureau, office.actor(), notice(case, "debtor/1")).paper
    (item,) = main_items(office, case)
    scan = take_in(office.bureau, [Piece("盖章件.pdf", pdf_of_pages(2))])
    args = (office.bureau, office.actor(CLERK), item.id, scan)
    with pytest.raises(InputRefusedError, match="理由"):
        replace_item(*args, "", version=item.version)
    after = replace_item(*args, "换成签名盖章后的扫描件", version=item.version).item
    assert (after.current, after.pages, after.paper_id) == (2, 2, made.id)
    with pytest.raises(StaleEditError):
        replace_item(*args, "换成签名盖章后的扫描件", version=item.version)
    told = dossier.versions(office.bureau, office.actor(), item.id)
    assert [(v.number, v.reason) for v in told] == [(1, ""), (2, "换成签名盖章后的扫描件")]
    assert dossier.pages(office.bureau, office.actor(), item.id, 1).data != b""
    assert check_all(office.bureau) == []


def test_the_order_under_an_item_is_the_officers(office: Office, case: int) -> None:
    taken = take_in(office.bureau, [Piece("甲.pdf", pdf_of_pages(1))])
    for name in ("甲", "乙", "丙"):
        file_item(office.bureau, office.actor(), case, Filing(name, place=10), taken)
    first, _, last = main_items(office, case)
    change_item(
        office.bureau, office.actor(), last.id, Change(before=first.id), version=last.version
    )
    assert [item.name for item in main_items(office, case)] == ["丙", "甲", "乙"]
    moved = main_items(office, case)[0]
    change_item(office.bureau, office.actor(), moved.id, Change(place=6), version=moved.version)
    assert [(i.place, i.name) for i in main_items(office, case)] == [
        (6, "丙"), (10, "甲"), (10, "乙"),
    ]  # fmt: skip


def test_all_that_is_wrong_with_a_filing_is_said_at_once(office: Office, case: int) -> None:
    filing = Filing(
        " ", NODE_7, material="没有的材料", place=77, medium=Medium.PAPER, thing_on=date(2030, 1, 1)
    )
    with pytest.raises(InputRefusedError) as refused:
        file_item(office.bureau, office.actor(), case, filing)
    assert [p.where for p in refused.value.problems] == [
        "材料名称", "目录项", "页数", "材料日期", "材料",
    ]  # fmt: skip


def test_the_inner_dossier_is_for_those_whom_the_matrix_names(office: Office, case: int) -> None:
    taken = take_in(office.bureau, [Piece("合议.pdf", pdf_of_pages(1))])
    filing = Filing("合议庭评议笔录", side="side", place=1)
    item = file_item(office.bureau, office.actor(), case, filing, taken).item
    seen = dossier.dossier(office.bureau, office.actor(), case).side
    assert seen is not None
    assert [line.id for line in seen.items] == [item.id]
    stranger = office.actor(OTHER_OFFICER)
    other = dossier.dossier(office.bureau, stranger, case).side
    assert other is None
    with pytest.raises(NotAllowedError):
        dossier.pages(office.bureau, stranger, item.id)
    with pytest.raises(NotAllowedError):
        dossier_filing.withdraw_item(
            office.bureau, stranger, item.id, "误放入副卷，重新归入", version=1
        )
