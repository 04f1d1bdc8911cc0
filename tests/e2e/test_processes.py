"""Several real processes that work on the same case, and processes that are killed meanwhile."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from helpers import workers
from helpers.bureau import Office
from helpers.offices import journal, make_office
from helpers.rulebooks import other_rulebook
from zhixing_desktop.services import health, rulebook_change
from zhixing_desktop.services.recompute import recompute

pytestmark = pytest.mark.e2e

TESTS = Path(__file__).parents[1]
WRITERS = 3
STEPS = 12
KILLS = 5
LIMIT_S = 240


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    made = make_office(database_url)
    case = made.register(1)
    for node in (1, 2):
        made.fill(case, node)
    made.at(workers.NOW)
    yield made
    made.close()


@contextmanager
def started(url: str, case: int, writer: int, count: int) -> Iterator[subprocess.Popen[str]]:
    """Start a workstation of its own; it ends with the block at the latest."""
    command = [sys.executable, "-m", "helpers.workers", url, str(case), str(writer), str(count)]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def clues(office: Office, case: int) -> list[int]:
    facts = office.detail(case).facts
    assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1))
    found = [fact.subject for fact in facts if fact.kind == "clue_received"]
    return [int(subject.removeprefix("clue/")) for subject in found]


def test_no_step_of_several_workstations_is_lost(office: Office, database_url: str) -> None:
    (case,) = office.case_ids
    version = office.detail(case).version
    with ExitStack() as stack:
        processes = [
            stack.enter_context(started(database_url, case, writer, STEPS))
            for writer in range(1, WRITERS + 1)
        ]
        # This process is a workstation as well, with a cache that the others make stale.
        for number in range(1, STEPS + 1):
            workers.note(office.bureau, case, number)
        for process in processes:
            process.communicate(timeout=LIMIT_S)
        assert [process.returncode for process in processes] == [0] * WRITERS
    expected = {writer * 1000 + n for writer in range(WRITERS + 1) for n in range(1, STEPS + 1)}
    found = clues(office, case)
    assert len(found) == len(expected)
    assert set(found) == expected
    assert office.detail(case).version == version + len(expected)
    assert [a for a, _ in journal(office.bureau)].count("fact.add") == len(expected)
    assert health.check_all(office.bureau) == []


def test_who_is_killed_leaves_whole_steps_only(office: Office, database_url: str) -> None:
    (case,) = office.case_ids
    chance = random.Random(9)
    said: set[int] = set()
    for writer in range(1, KILLS + 1):
        with started(database_url, case, writer, 999) as process:
            assert process.stdout is not None
            last = 0
            for _ in range(chance.randint(1, 8)):
                last = int(process.stdout.readline())
            process.kill()
            rest = process.stdout.read().splitlines(keepends=True)
        whole = [int(line) for line in rest if line.endswith("\n")]
        said |= {writer * 1000 + n for n in range(1, max([last, *whole]) + 1)}
        # The next one goes on at once: nothing is left locked.
        workers.note(office.bureau, case, writer)
        said.add(writer)
    found = clues(office, case)
    assert len(found) == len(set(found))
    assert said <= set(found)
    # At most one step of each was committed and not yet said.
    assert len(set(found) - said) <= KILLS
    assert health.check_all(office.bureau) == []


def test_a_process_that_still_has_the_old_rulebook_does_nothing_by_it(
    office: Office, database_url: str, tmp_path: Path
) -> None:
    (case,) = office.case_ids
    bureau, president = office.bureau, office.actor("赵院长")
    candidate = rulebook_change.read_candidate(bureau, other_rulebook(tmp_path))
    with started(database_url, case, 1, 999) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        rulebook_change.adopt(bureau, president, candidate, "院长办公会议决定")
        recompute(bureau, president, act=rulebook_change.ACT)
        process.stdout.read()  # until it ends by itself, long before its last step
        assert process.wait(LIMIT_S) == 1
    done = [action for action, _ in journal(bureau)]
    # On PostgreSQL a step that had begun before may be committed after; it is computed anew.
    assert done[done.index(rulebook_change.ACT) :].count("fact.add") <= 1
    assert health.check_all(bureau) == []
    # Opened again it goes on.
    with started(database_url, case, 2, 2) as process:
        assert process.wait(LIMIT_S) == 0
    assert {2001, 2002} <= set(clues(office, case))
    assert health.check_all(bureau) == []
