"""The scan of a signed 送达回证: who may look at it, and that the look leaves a trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import CLERK, Office
from helpers.offices import journal
from helpers.paper_office import notice, paper_office
from helpers.papers import BLUE, GREEN, RED, pdf
from zhixing_desktop.services import dossier, file_store, journal_view
from zhixing_desktop.services.dossier_filing import withdraw_item
from zhixing_desktop.services.dossier_types import ItemLine
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_proofs import add_proof, proof_scan
from zhixing_desktop.services.paper_serving import serve, withdraw_service
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)
from zhixing_desktop.workflow.service_of_papers import Service, Way

SCAN = pdf(RED, GREEN)
READER = "郑审管"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def served(office: Office) -> int:
    return entered(office, Scan("回证.pdf", SCAN))


def entered(office: Office, scan: Scan | None) -> int:
    (case,) = office.case_ids
    line = issue(office.bureau, office.actor(), notice(case)).paper
    how = Service(Way.DIRECT, arrived_on=date(2024, 3, 5), server="周书记")
    clerk = office.actor(CLERK)
    return serve(office.bureau, clerk, line.id, how, "debtor/1", scan=scan).service.id


def looks(office: Office) -> list[str]:
    return [actor for action, actor in journal(office.bureau) if action == "personal.view"]


def test_on_ones_own_case_it_is_shown_and_is_no_event(office: Office, served: int) -> None:
    seen = proof_scan(office.bureau, office.actor(), served)
    assert (seen.name, seen.count, seen.data) == ("回证.pdf", 2, SCAN)
    assert looks(office) == []


def test_whoever_looks_at_anothers_is_in_the_journal_with_what_he_saw(
    office: Office, served: int
) -> None:
    assert proof_scan(office.bureau, office.actor(READER), served).count == 2
    assert looks(office) == [READER]
    (case,) = office.case_ids
    entry = journal_view.case_journal(office.bureau, office.actor(), case)[0]
    told = " ".join(change.after for change in entry.changes)
    assert "乙建强的送达" in told
    assert "扫描件“回证.pdf”" in told


@pytest.mark.parametrize("name", ["何管理", "穆审计"])
def test_who_may_not_see_the_cases_papers_does_not_see_the_scan(
    office: Office, served: int, name: str
) -> None:
    with pytest.raises(NotAllowedError):
        proof_scan(office.bureau, office.actor(name), served)
    assert looks(office) == []


def test_withdrawn_it_is_still_there_to_look_at(office: Office, served: int) -> None:
    withdraw_service(office.bureau, office.actor(), served, "登记错了人", version=1)
    assert proof_scan(office.bureau, office.actor(), served).data == SCAN


def test_without_a_scan_and_for_an_unknown_service_it_says_so(office: Office) -> None:
    bare = entered(office, None)
    with pytest.raises(InputRefusedError, match="没有附扫描件"):
        proof_scan(office.bureau, office.actor(), bare)
    with pytest.raises(InputRefusedError, match="没有第999号送达登记"):
        proof_scan(office.bureau, office.actor(), 999)


def test_one_that_was_changed_or_is_gone_is_said_and_no_look_is_noted(
    office: Office, served: int
) -> None:
    digest = file_store.file_folder.digest_of(SCAN)
    folder = file_store.files_folder(office.bureau)
    (kept,) = [path for path in folder.rglob("*") if path.is_file() and digest in path.name]
    kept.write_bytes(pdf(BLUE))
    with pytest.raises(StoreError, match="被改动过或者已经损坏"):
        proof_scan(office.bureau, office.actor(READER), served)
    kept.unlink()
    with pytest.raises(StoreError, match="找不到保存的文件"):
        proof_scan(office.bureau, office.actor(READER), served)
    assert looks(office) == []


def proofs_filed(office: Office) -> list[ItemLine]:
    (case,) = office.case_ids
    lines = dossier.dossier(office.bureau, office.actor(), case).main.items
    return [line for line in lines if line.service_id is not None]


def test_a_proof_that_came_back_later_is_added_and_lies_in_the_dossier(office: Office) -> None:
    service = entered(office, None)
    bureau, clerk = office.bureau, office.actor(CLERK)
    assert proofs_filed(office) == []
    with pytest.raises(InputRefusedError, match="请附上送达回证的扫描件"):
        add_proof(bureau, clerk, service, version=1)
    with pytest.raises(InputRefusedError, match="这个文件不是"):
        add_proof(bureau, clerk, service, Scan("回证.exe", b"MZ\x90\0"), version=1)
    with pytest.raises(StaleEditError):
        add_proof(bureau, clerk, service, Scan("回证.pdf", SCAN), version=9)
    add_proof(bureau, clerk, service, Scan("回证.pdf", SCAN), version=1)
    (line,) = proofs_filed(office)
    assert (line.service_id, line.pages) == (service, 2)
    assert proof_scan(bureau, clerk, service).data == SCAN
    with pytest.raises(RuleRefusedError, match="已经在卷宗里"):
        add_proof(bureau, clerk, service, Scan("回证.pdf", SCAN), version=2)


def test_a_proof_taken_out_of_the_dossier_is_filed_again_without_a_new_scan(
    office: Office, served: int
) -> None:
    bureau, clerk = office.bureau, office.actor(CLERK)
    (line,) = proofs_filed(office)
    withdraw_item(bureau, office.actor(), line.id, "误撤，应当保留", version=line.version)
    assert proofs_filed(office) == []
    add_proof(bureau, clerk, served, version=1)
    (again,) = proofs_filed(office)
    assert (again.service_id, again.pages, again.id != line.id) == (served, 2, True)


def test_nothing_is_added_to_a_service_that_was_taken_back(office: Office) -> None:
    service = entered(office, None)
    withdraw_service(office.bureau, office.actor(), service, "登记错了人", version=1)
    with pytest.raises(RuleRefusedError, match="已经撤回"):
        add_proof(office.bureau, office.actor(CLERK), service, Scan("回证.pdf", SCAN), version=2)
    with pytest.raises(NotAllowedError):
        add_proof(office.bureau, office.actor(READER), service, version=2)
