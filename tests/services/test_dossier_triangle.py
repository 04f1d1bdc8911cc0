"""节点 – 电子卷宗 – 纸质卷宗: each kind of disagreement is named, stops 报结 and is mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import OFFICER, Office
from helpers.paper_desk import paper_desk
from helpers.papers import pdf
from zhixing_desktop.services import dossier, dossier_printing, work
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.dossier_filing import (
    Change,
    change_item,
    file_item,
    replace_item,
    withdraw_item,
)
from zhixing_desktop.services.dossier_store import Taken, take_in
from zhixing_desktop.services.dossier_triangle import HoleKind, Triangle, triangle
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Piece
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_serving import serve
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.service_of_papers import Service, Way
from zhixing_desktop.workflow.views import Key

NOTICE, QUERY, CLOSING = Key(7, "case"), Key(9, "case"), Key(43, "case")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    (found,) = office.case_ids
    return found


def scan(office: Office, pages: int = 1) -> Taken:
    data = pdf(*((255, 255, 10 * number) for number in range(pages)))
    return take_in(office.bureau, [Piece("扫描.pdf", data)])


def looked(office: Office, case: int) -> Triangle:
    return triangle(office.bureau, office.actor(), case)


def kinds(office: Office, case: int) -> list[HoleKind]:
    """What is wrong but what the filing clerks' fields have reported without files."""
    return [h.kind for h in looked(office, case).holes if h.key is None or h.key.node > 4]


def put_on_paper(office: Office, case: int, folder: Path) -> None:
    made = dossier_printing.prepare(
        office.bureau, office.actor(), case, "main", 1, folder / "册.pdf"
    )
    dossier_printing.record_print(office.bureau, office.actor(), made, printer="PDF")


def only(office: Office, case: int) -> ItemLine:
    (item,) = dossier.dossier(office.bureau, office.actor(), case).main.items
    return item


def test_a_material_that_is_only_reported_is_a_hole_until_it_is_filed(
    office: Office, case: int
) -> None:
    material = next(m for m in office.bureau.rules.book.nodes[9].materials if m.item is not None)
    entry = ItemEntry(office.clock.now(), materials=[material.name])
    work.record_work(office.bureau, office.actor(), case, QUERY, {}, {material.item: entry})
    (hole,) = [h for h in looked(office, case).holes if h.key == QUERY]
    assert (hole.kind, hole.material, hole.blocks) == (
        HoleKind.MATERIAL_REPORTED, material.name, True,
    )  # fmt: skip
    filing = Filing(hole.material, hole.key, material=hole.material)
    file_item(office.bureau, office.actor(), case, filing, scan(office))
    assert [h.kind for h in looked(office, case).holes if h.key == QUERY] == []


def test_paper_is_behind_until_it_is_printed_and_again_after_a_new_version(
    office: Office, case: int, tmp_path: Path
) -> None:
    file_item(office.bureau, office.actor(), case, Filing("证据", place=10), scan(office))
    assert kinds(office, case) == [HoleKind.NOT_PRINTED]
    put_on_paper(office, case, tmp_path)
    assert kinds(office, case) == [HoleKind.NOT_PROVEN]
    item = only(office, case)
    replace_item(
        office.bureau, office.actor(), item.id, scan(office, 2), "换成清晰的扫描件",
        version=item.version,
    )  # fmt: skip
    assert kinds(office, case) == [HoleKind.OLD_PRINT, HoleKind.NOT_PROVEN]
    put_on_paper(office, case, tmp_path)
    assert kinds(office, case) == [HoleKind.NOT_PROVEN]


def test_what_was_taken_out_is_still_on_paper(office: Office, case: int, tmp_path: Path) -> None:
    file_item(office.bureau, office.actor(), case, Filing("证据", place=10), scan(office))
    file_item(office.bureau, office.actor(), case, Filing("误放", place=10), scan(office, 2))
    put_on_paper(office, case, tmp_path)
    wrong = dossier.dossier(office.bureau, office.actor(), case).main.items[1]
    withdraw_item(
        office.bureau, office.actor(), wrong.id, "属于另一案件，误放", version=wrong.version
    )
    assert HoleKind.GONE_ON_PAPER in kinds(office, case)
    put_on_paper(office, case, tmp_path)
    assert HoleKind.GONE_ON_PAPER not in kinds(office, case)


def test_a_thing_without_a_place_and_a_proof_that_is_missing_are_named(
    office: Office, case: int
) -> None:
    made = issue(office.bureau, office.actor(), PaperWish(case, "07-talk-record", NOTICE)).paper
    office.at("2024-03-11T10:00")
    direct = Service(Way.DIRECT, arrived_on=date(2024, 3, 7), server="周书记")
    serve(office.bureau, office.actor(), made.id, direct, recipient="乙建强")
    file_item(office.bureau, office.actor(), case, Filing("无名扫描件"), scan(office))
    found = {hole.kind: hole for hole in looked(office, case).holes}
    assert not found[HoleKind.PROOF_MISSING].blocks
    loose = found[HoleKind.UNPLACED]
    assert loose.blocks
    assert loose.item is not None
    change_item(office.bureau, office.actor(), loose.item, Change(place=31), version=1)
    assert HoleKind.UNPLACED not in kinds(office, case)


def test_the_closing_is_refused_with_every_hole_in_a_case_of_the_new_time(
    office: Office, case: int
) -> None:
    file_item(office.bureau, office.actor(), case, Filing("无名扫描件"), scan(office))
    key, matter, why = CLOSING, "closing_review", "已经全部执行完毕"
    assert not looked(office, case).enforced
    change_setting(
        office.bureau, office.actor("何管理"), "dossier.since", "2024-03-01", "启用逐件核对"
    )
    assert looked(office, case).enforced
    with pytest.raises(RuleRefusedError, match="不能报结") as refused:
        work.request_approval(office.bureau, office.actor(OFFICER), case, key, matter, why)
    assert "“无名扫描件”还没有编目" in refused.value.sentence
    assert refused.value.cite is not None
    assert refused.value.cite.paragraph == "节点四十三 工作内容2"
    with pytest.raises(RuleRefusedError, match="不能报结"):
        work.add_fact(
            office.bureau, office.actor(OFFICER), case, "closing_requested", "case",
            office.clock.now(),
        )  # fmt: skip


def test_the_inner_dossiers_things_are_not_named_to_others(office: Office, case: int) -> None:
    filing = Filing("合议庭评议笔录", side="side", place=1)
    file_item(office.bureau, office.actor(), case, filing, scan(office))
    assert any("合议庭评议笔录" in hole.sentence for hole in looked(office, case).holes)
    found = triangle(office.bureau, office.actor("吴立案"), case).holes
    assert [hole.item for hole in found if hole.side == "side"] == [None]
    assert not any("合议庭评议笔录" in hole.sentence for hole in found)
