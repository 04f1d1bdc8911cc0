"""What a window of the dossier may tell before a click is what the services would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.closed_case import ARCHIVIST, clerk, closed_case, file_pages, printed
from zhixing_desktop.services import (
    archive_packing,
    archive_waiting,
    at_desk,
    dossier_archive,
    dossier_moves,
    dossier_volumes,
)
from zhixing_desktop.services.archive_types import PACK, RECEIVE
from zhixing_desktop.services.dossier_types import MAIN
from zhixing_desktop.workflow.errors import NotAllowedError, RuleRefusedError

CHIEF = "李局长"
PRINT, MOVE, INNER = "dossier.print", "dossier.move", "dossier.side"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made, case = closed_case(tmp_path)
    printed(made, case, tmp_path)
    yield made
    made.close()


def test_what_is_told_is_what_the_services_say(office: Office) -> None:
    (case,) = office.case_ids
    bureau, chief = office.bureau, office.actor(CHIEF)
    told = at_desk.refusals(bureau, chief, (PRINT, MOVE, INNER), case=case)
    assert set(told) == {PRINT, MOVE}
    with pytest.raises(NotAllowedError) as bound:
        dossier_volumes.bind(bureau, chief, case, MAIN, 1, version=1)
    assert told[PRINT] == bound.value.sentence
    line = dossier_moves.where(bureau, chief, case)[0]
    with pytest.raises(NotAllowedError) as moved:
        dossier_moves.hand_over(
            bureau, chief, line.volume_id, "马档案", "归档", version=line.version
        )  # fmt: skip
    assert told[MOVE] == moved.value.sentence


def test_what_may_be_done_with_a_case_depends_on_whose_it_is(office: Office) -> None:
    (case,) = office.case_ids
    assert at_desk.refusals(office.bureau, clerk(office), (PRINT, MOVE, PACK), case=case) == {}
    # Without a case nobody can tell that it is his.
    assert PRINT in at_desk.refusals(office.bureau, clerk(office), (PRINT,))


def test_the_archive_is_told_by_act_and_person(office: Office) -> None:
    (case,) = office.case_ids
    state = archive_waiting.archive_state(office.bureau, clerk(office), case)
    assert set(state.refused) == {RECEIVE}
    assert state.today == office.clock.now().date()
    archivist = archive_waiting.archive_state(office.bureau, office.actor(ARCHIVIST), case)
    assert not archivist.refused
    chief = archive_waiting.archive_state(office.bureau, office.actor(CHIEF), case)
    assert set(chief.refused) == {PACK, RECEIVE}


def test_a_package_is_outdated_where_its_hand_over_would_be_refused(
    office: Office, tmp_path: Path
) -> None:
    (case,) = office.case_ids
    out = tmp_path / "移交"
    out.mkdir()
    assert not archive_waiting.archive_state(office.bureau, clerk(office), case).outdated
    made = archive_packing.make_package(office.bureau, clerk(office), case, out)
    assert not archive_waiting.archive_state(office.bureau, clerk(office), case).outdated
    file_pages(office, case, "补充的银行流水", 1, place=10)
    assert archive_waiting.archive_state(office.bureau, clerk(office), case).outdated
    with pytest.raises(RuleRefusedError) as refused:
        dossier_archive.hand_to_archive(
            office.bureau, clerk(office), made.line.id, version=made.line.version
        )
    assert refused.value.data["kind"] == "content_changed"
