"""Where the paper volumes are: each step is recorded with its slip, what is late is on the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import CLERK, OTHER_OFFICER, Office
from helpers.made_papers import ruling
from helpers.offices import journal
from helpers.paper_desk import paper_desk
from helpers.proving import file_paper, print_volume
from zhixing_desktop.dossier.pdf_pages import page_texts
from zhixing_desktop.services.dossier_moves import (
    WhereLine,
    give_back,
    hand_over,
    slip,
    where,
)
from zhixing_desktop.services.dossier_overdue import (
    OverdueKind,
    OverdueLine,
    OverdueQuery,
    overdue_page,
)
from zhixing_desktop.services.dossier_printing import prepare
from zhixing_desktop.services.dossier_spine import spine_labels
from zhixing_desktop.services.dossier_steps import steps_sheet
from zhixing_desktop.services.dossier_types import MAIN
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, StaleEditError


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_desk(tmp_path)
    (case,) = made.case_ids
    file_paper(made, case, "执行申请书", ruling(300), 6)
    print_volume(made, case, tmp_path)
    yield made
    made.close()


def only(office: Office) -> WhereLine:
    (line,) = where(office.bureau, office.actor(), office.case_ids[0])
    return line


def words_of(data: bytes) -> str:
    return "".join(page_texts(data)).replace("\r", "").replace("\n", "").replace(" ", "")


def test_a_volume_goes_out_and_comes_back_each_step_with_its_slip(office: Office) -> None:
    line = only(office)
    assert (line.holder, line.moves) == ("张承办", ())
    out = hand_over(
        office.bureau, office.actor(), line.volume_id, "李局长", "送合议庭评议",
        date(2024, 3, 20), "局长室", version=line.version,
    )  # fmt: skip
    assert journal(office.bureau)[-1] == ("dossier.move", "张承办")
    there = only(office)
    assert (there.holder, there.place, there.due_on) == ("李局长", "局长室", date(2024, 3, 20))
    said = words_of(slip(office.bureau, office.actor(), out.id).data)
    for words in ("卷宗交接单", "李局长", "送合议庭评议", "2024年3月20日", "正卷第1册"):
        assert words in said
    back = give_back(office.bureau, office.actor(CLERK), there.volume_id, version=there.version)
    assert (back.from_holder, back.to_holder) == ("李局长", CLERK)
    assert only(office).due_on is None
    assert [move.kind for move in only(office).moves] == ["back", "handed"]


def late_lines(office: Office) -> tuple[OverdueLine, ...]:
    query = OverdueQuery(kind=OverdueKind.LENT)
    return overdue_page(office.bureau, office.actor(), query).lines


def test_what_was_not_given_back_in_time_is_on_the_list(office: Office) -> None:
    line = only(office)
    hand_over(
        office.bureau, office.actor(), line.volume_id, "李局长", "查阅", date(2024, 3, 8),
        version=line.version,
    )  # fmt: skip
    office.at("2024-03-08T17:00")
    assert late_lines(office) == ()
    office.at("2024-03-09T09:00")
    (late,) = late_lines(office)
    assert (late.holder, late.due_on) == ("李局长", date(2024, 3, 8))
    assert only(office).overdue


def test_all_that_is_wrong_is_said_at_once_and_nobody_moves_what_is_not_his(
    office: Office,
) -> None:
    line = only(office)
    args = (office.bureau, office.actor(), line.volume_id)
    with pytest.raises(InputRefusedError) as refused:
        hand_over(*args, " ", "", date(2024, 3, 1), version=line.version)
    assert [p.where for p in refused.value.problems] == ["接收人", "事由", "归还期限"]
    with pytest.raises(InputRefusedError, match="现在就在张承办处"):
        give_back(*args, version=line.version)
    with pytest.raises(StaleEditError):
        hand_over(*args, "李局长", "查阅", version=line.version + 1)
    with pytest.raises(NotAllowedError):
        hand_over(
            office.bureau, office.actor(OTHER_OFFICER), line.volume_id, "孙法官", "查阅",
            version=line.version,
        )  # fmt: skip
    assert only(office).moves == ()


def test_spine_labels_and_the_clerks_list_name_case_and_volume(
    office: Office, tmp_path: Path
) -> None:
    (case,) = office.case_ids
    label = words_of(spine_labels(office.bureau, office.actor(), case, MAIN).data)
    for words in ("焦作市山阳区人民法院", "0811", "正卷共1册第1册"):
        assert words in label
    file_paper(office, case, "补充证据", ruling(200), 20)
    made = prepare(
        office.bureau, office.actor(), case, MAIN, 1, tmp_path / "补印.pdf", only_added=True
    )
    said = words_of(steps_sheet(office.bureau, office.actor(), made).data)
    assert "卷宗插放清单" in said
    assert "卷内目录换成新印的1张" in said
