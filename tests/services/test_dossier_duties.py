"""What a filing enters at its node by the rulebook: the material, the work item, its day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office, make_bureau
from helpers.papers import pdf
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, Piece
from zhixing_desktop.workflow.views import Key

TRANSFER, MATERIAL = Key(4, "case"), "立案材料"


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[tuple[Office, int]]:
    office = make_bureau(tmp_path)
    case = office.register(1, cause="民间借贷纠纷")
    for node in (1, 2):
        office.fill(case, node)
    yield office, case
    office.close()


def file(office: Office, case: int, name: str) -> tuple[str, ...]:
    taken = take_in(office.bureau, [Piece(f"{name}.pdf", pdf((250, 240, 230)))])
    filing = Filing(name, TRANSFER, material=name)
    return file_item(office.bureau, office.actor("吴立案"), case, filing, taken).notes


def test_filing_the_material_reports_the_upload_and_enters_its_day_once(
    filed: tuple[Office, int],
) -> None:
    """节点四 工作内容4: 将立案材料上传至电子卷宗; the rulebook names the field of its day."""
    office, case = filed
    notes = file(office, case, MATERIAL)
    assert any("立案材料上传电子卷宗日期" in note and "工作内容4" in note for note in notes)
    index = office.detail(case).context.index
    assert index.values[4, "case"]["uploaded_on"] == "2024-03-01"
    assert index.items[TRANSFER][4].data["materials"] == [MATERIAL]
    office.at("2024-03-04T09:00")
    file(office, case, MATERIAL)
    assert office.detail(case).context.index.values[4, "case"]["uploaded_on"] == "2024-03-01"


def test_a_material_of_another_work_item_does_not_enter_that_day(
    filed: tuple[Office, int],
) -> None:
    office, case = filed
    file(office, case, "财产查询反馈材料")
    values = office.detail(case).context.index.values.get((4, "case"), {})
    assert "uploaded_on" not in values
