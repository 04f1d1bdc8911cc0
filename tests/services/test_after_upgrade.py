"""A bureau of an older release, opened by the services on both databases: it goes on working."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpers.bureau import rules
from helpers.founding import ADMIN_PASSWORD, SECURITY_PASSWORD
from helpers.offices import open_at
from helpers.old_databases import KEPT, carry_to_server, files_of, schema_of, unpacked
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import (
    accounts,
    approvals,
    first_start,
    health,
    people,
    rulebook_change,
    waiting,
    work,
)
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.bureau_settings import CourtProfile
from zhixing_desktop.services.first_start import FirstPerson
from zhixing_desktop.services.recompute import finish_recompute
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

AFTER = datetime(2026, 11, 25, 9)
"""Later than anything that was done in them."""
COURT = CourtProfile("焦作市山阳区人民法院", "豫0811", "河南省焦作市中级人民法院", "", ())
FIRST = FirstPerson("系统管理员", "admin", ADMIN_PASSWORD)
SECOND = FirstPerson("邓安", "security", SECURITY_PASSWORD)
OWN = "Eigenes-Wort-26"
CASE, REQUEST, FROZEN = 2, 31, Key(7, "case")
"""What waits in the kept databases: the application of 徐长青."""


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def kept(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AFTER)


@pytest.fixture
def bureau(kept: Path, database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Bureau]:
    if database_url.startswith("sqlite"):
        made = open_at(f"sqlite:///{unpacked(kept, tmp_path)}", clock)
    else:
        carry_to_server(kept, database_url, tmp_path)
        made = open_bureau(
            database_url,
            clock=clock,
            resources=paths.resources_dir(),
            workstation="一号机",
            rules=rules(),
            files_dir=files_of(tmp_path / "局.db"),
            upgrade=True,
        )
    yield made
    made.close()


def test_what_waited_before_the_upgrade_waits_after_it(bureau: Bureau) -> None:
    assert bureau.database.meta("rebuild") is None
    with bureau.database.reading() as conn:
        pending = ask(conn, "SELECT case_id, request_seq FROM approvals WHERE status='pending'")
        found = ask(conn, "SELECT case_id, request_seq FROM waiting")
    assert sorted(map(tuple, found)) == sorted(map(tuple, pending))
    assert pending
    assert health.check_all(bureau) == []


def test_what_was_issued_and_served_before_lies_in_the_dossier_once(
    bureau: Bureau, kept: Path
) -> None:
    with bureau.database.reading() as conn:
        issued = ask(conn, "SELECT id FROM papers WHERE state = 'issued'")
        proofs = ask(conn, "SELECT id FROM services_of_papers WHERE proof <> ''")
        filed = ask(conn, "SELECT paper_id, service_id, pages FROM dossier_items ORDER BY id")
    assert bool(issued) is (schema_of(kept) == 3)
    assert [paper for paper, _, _ in filed if paper] == [number for (number,) in issued]
    assert [service for _, service, _ in filed if service] == [number for (number,) in proofs]
    assert all(pages > 0 for paper, _, pages in filed if paper)
    assert bureau.database.meta("unfiled") is None
    assert health.check_all(bureau) == []


def test_the_upgraded_bureau_has_the_programs_rulebook_and_is_held_against_it(
    bureau: Bureau,
) -> None:
    adopted = rulebook_change.adoptions(bureau)[-1]
    book = bureau.rules.book
    assert (adopted.number, adopted.hash) == (book.version, book.hash)
    # The release before may have had another one of the same number: its cases are looked through.
    assert finish_recompute(bureau) is (len(people_with_accounts(bureau)) == 0)
    assert not finish_recompute(bureau)
    assert health.check_all(bureau) == []


def people_with_accounts(bureau: Bureau) -> list[str]:
    with bureau.database.reading() as conn:
        return [name for (name,) in ask(conn, "SELECT login FROM accounts ORDER BY login")]


def come_in(bureau: Bureau, admin: Actor, name: str, login: str) -> Actor:
    """Give somebody an account; he changes the one-time password and signs in."""
    once = accounts.create_account(bureau, admin, people.find_person(bureau, name).id, login)
    accounts.change_password(bureau, login, once, OWN)
    signed = accounts.sign_in(bureau, login, OWN)
    assert signed.must_change == ""
    return signed.actor


def test_the_upgraded_bureau_starts_people_sign_in_and_the_case_goes_on(
    bureau: Bureau, clock: FixedClock
) -> None:
    if people_with_accounts(bureau):
        # Since schema 2 everybody has an account; it and its password outlive the upgrade.
        assert not first_start.needs_first_start(bureau)
        chief = accounts.sign_in(bureau, "liang", OWN).actor
        officer = accounts.sign_in(bureau, "xu", OWN).actor
    else:
        assert first_start.needs_first_start(bureau)
        first_start.first_start(bureau, COURT, FIRST, SECOND)
        admin = accounts.sign_in(bureau, "admin", ADMIN_PASSWORD).actor
        chief = come_in(bureau, admin, "梁宏伟", "liang")
        officer = come_in(bureau, admin, "徐长青", "xu")
    with pytest.raises(RuleRefusedError, match="冻结"):
        work.complete_node(bureau, officer, CASE, Key(17, "asset/1"))
    (item,) = [i for i in waiting.waiting_for(bureau, chief) if i.case_id == CASE]
    assert (item.request, item.node, item.requested_by) == (REQUEST, FROZEN.node, "徐长青")
    clock.set(AFTER + timedelta(hours=1))
    approvals.decide_application(bureau, chief, CASE, REQUEST, "granted", "情况属实，同意解冻")
    assert [i for i in waiting.waiting_for(bureau, chief) if i.case_id == CASE] == []
    made = work.record_work(bureau, officer, CASE, FROZEN, {}, {})
    assert made.view.instances[FROZEN].state is State.OVERDUE
    assert accounts.sign_in(bureau, "liang", OWN).last_at == AFTER
    assert health.check_all(bureau) == []
