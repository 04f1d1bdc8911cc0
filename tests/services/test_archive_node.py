"""Node 44 with the archive's receipt and return: completed, open again, watched for 15 days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers import closable_case
from helpers.bureau import CLERK, Office
from helpers.closable_case import closed, file_pages, looked, proven
from helpers.closed_case import ARCHIVIST
from zhixing_desktop.services import dossier_archive, work
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.archive_types import RECEIVED, RETURNED, Packed
from zhixing_desktop.services.archive_waiting import waiting_for_archive
from zhixing_desktop.services.dossier_triangle import HoleKind
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import InstanceView, Key

ARCHIVING = Key(44, "case")
POINT = "正卷第3页不清楚"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed case whose volumes were proven equal."""
    folder = tmp_path_factory.mktemp("closed") / "built"
    folder.mkdir()
    closable_case.build(folder)
    office, case = closable_case.opened(folder, folder.with_name("closed"))
    closed(office, case)
    proven(office, case, folder.with_name("closed"))
    office.close()
    return folder.with_name("closed")


@pytest.fixture
def court(built: Path, tmp_path: Path) -> Iterator[tuple[Office, int]]:
    office, case = closable_case.opened(built, tmp_path / "bureau")
    yield office, case
    office.close()


def node(office: Office, case: int) -> InstanceView:
    return office.detail(case).view.instances[ARCHIVING]


def handed(office: Office, case: int, folder: Path, uploaded: date | None) -> Packed:
    made = make_package(office.bureau, office.actor(CLERK), case, folder)
    clerk = office.actor(CLERK)
    dossier_archive.hand_to_archive(
        office.bureau, clerk, made.line.id, version=1, uploaded_on=uploaded
    )
    return made


def test_with_the_receipt_node_44_is_done(court: tuple[Office, int], tmp_path: Path) -> None:
    office, case = court
    made = handed(office, case, tmp_path, date(2024, 3, 5))
    assert node(office, case).state is State.ACTIVE
    office.at("2024-03-08T10:00")
    done = dossier_archive.receive(
        office.bureau, office.actor(ARCHIVIST), made.line.id, "执2024-1", version=2
    )
    assert done.line.state == RECEIVED
    assert "节点44“归档”已经办结。" in done.notes
    assert node(office, case).state is State.DONE
    index = office.detail(case).context.index
    assert index.items[ARCHIVING][2].data["materials"] == ["影像卷宗"]
    assert index.values[44, "case"]["dossier_generated"] is True
    assert waiting_for_archive(office.bureau, office.actor(CLERK)) == ()
    assert looked(office, case).holes == ()


def test_without_the_day_of_upload_it_stays_open_and_says_so(
    court: tuple[Office, int], tmp_path: Path
) -> None:
    """影像卷宗应上传至河南法院档案系统提交归档: without it nothing is archived."""
    office, case = court
    made = handed(office, case, tmp_path, None)
    archivist = office.actor(ARCHIVIST)
    with pytest.raises(InputRefusedError, match="没有接收：上传日期不能在将来"):
        dossier_archive.receive(
            office.bureau, archivist, made.line.id, "1", version=2, uploaded_on=date(2024, 3, 9)
        )
    done = dossier_archive.receive(office.bureau, archivist, made.line.id, "1", version=2)
    (said,) = [note for note in done.notes if "还没有办结" in note]
    assert "影像卷宗上传河南法院档案系统日期" in said
    assert node(office, case).state is State.ACTIVE
    values = {"images_uploaded_on": "2024-03-05"}
    work.record_work(office.bureau, archivist, case, ARCHIVING, values, {})
    work.complete_node(office.bureau, archivist, case, ARCHIVING)
    assert node(office, case).state is State.DONE


def test_given_back_after_the_receipt_the_node_is_open_and_its_fifteen_days_run_on(
    court: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = court
    bureau, clerk, archivist = office.bureau, office.actor(CLERK), office.actor(ARCHIVIST)
    first = handed(office, case, tmp_path, date(2024, 3, 5))
    office.at("2024-03-08T10:00")
    dossier_archive.receive(bureau, archivist, first.line.id, "执2024-1", version=2)
    office.at("2024-03-12T10:00")
    back = dossier_archive.return_with_points(bureau, archivist, first.line.id, [POINT], version=3)
    assert back.line.state == RETURNED
    assert any("节点44“归档”重新打开" in note for note in back.notes)
    view = node(office, case)
    assert view.state is State.ACTIVE
    assert view.due_at is not None
    assert view.due_at.date() == date(2024, 3, 20)
    values = office.detail(case).context.index.values[44, "case"]
    assert (values["archived_on"], values["archive_number"]) == (None, None)
    assert [h.kind for h in looked(office, case).holes] == [HoleKind.NOT_ARCHIVED]
    (line,) = waiting_for_archive(bureau, clerk)
    assert (line.step, line.late) == ("按退回的问题整改，重新制作归档包", False)

    office.at("2024-03-15T09:00")
    assert office.sweep().fired == 1
    assert node(office, case).state is State.WARNED
    office.at("2024-03-20T09:00")
    assert office.sweep().fired == 1
    office.at("2024-03-21T09:00")
    assert office.sweep().fired == 1
    assert node(office, case).state is State.OVERDUE
    assert waiting_for_archive(bureau, clerk)[0].late

    (tmp_path / "again").mkdir()
    again = handed(office, case, tmp_path / "again", date(2024, 3, 21))
    done = dossier_archive.receive(bureau, archivist, again.line.id, "执2024-1", version=2)
    assert "节点44“归档”已经办结。" in done.notes
    assert node(office, case).state is State.DONE_LATE
    values = office.detail(case).context.index.values[44, "case"]
    assert values["images_uploaded_on"] == "2024-03-21"
    with pytest.raises(RuleRefusedError, match="已退回，待整改"):
        dossier_archive.return_with_points(bureau, archivist, first.line.id, [POINT], version=4)


def test_given_back_before_the_receipt_nothing_is_taken_back(
    court: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = court
    made = handed(office, case, tmp_path, date(2024, 3, 5))
    before = len(office.detail(case).facts)
    back = dossier_archive.return_with_points(
        office.bureau, office.actor(ARCHIVIST), made.line.id, [POINT], version=2
    )
    assert back.notes == ()
    assert len(office.detail(case).facts) == before


def test_the_image_dossier_said_by_hand_is_a_hole_that_stops_no_package(
    court: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = court
    entry = ItemEntry(office.clock.now(), materials=("影像卷宗",))
    work.record_work(office.bureau, office.actor(CLERK), case, ARCHIVING, {}, {2: entry})
    assert [h.kind for h in looked(office, case).holes] == [HoleKind.NOT_ARCHIVED]
    handed(office, case, tmp_path, None)
    assert looked(office, case).holes == ()


def test_what_began_after_the_closing_was_not_made_along_with_the_case(tmp_path: Path) -> None:
    """执行案件电子卷宗应当随案生成: only a dossier that began before 报结 was."""
    from helpers.closed_case import close_case
    from helpers.paper_desk import paper_desk

    office = paper_desk(tmp_path)
    (case,) = office.case_ids
    close_case(office, case)
    office.at("2024-03-05T15:00")
    file_pages(office, case, "银行流水")
    made = make_package(office.bureau, office.actor(CLERK), case, tmp_path)
    values = office.detail(case).context.index.values[44, "case"]
    assert "dossier_generated" not in values
    assert not any("随案生成" in note for note in made.notes)
    office.close()
