"""A workstation is killed while it replaces an issued paper by an edited one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.offices import journal
from helpers.paper_forms import RULING
from helpers.paper_office import paper_office
from helpers.racers import TESTS
from helpers.word_files import opened, saved, words_in
from zhixing_desktop.models import health
from zhixing_desktop.services import papers
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_take_back import take
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.services.store_health import file_problems

pytestmark = pytest.mark.e2e
WHY = "按合议庭意见修改"

_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from helpers.offices import open_at
from helpers.paper_forms import lend
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import paper_take_back, people

url, now, paper, word, why, forms, shared, where = sys.argv[1:]
bureau = open_at(url, FixedClock(datetime.fromisoformat(now)))
bureau.files_dir = Path(shared)
lend(bureau, Path(forms))
actor = people.find_person(bureau, "张承办").actor()
step = getattr(paper_take_back, where)

def killed(*given, **named):
    step(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(paper_take_back, where, killed)
paper_take_back.take(bureau, actor, int(paper), Path(word).read_bytes(), why, version=1)
"""


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    (case,) = made.case_ids
    made.event(case, "asset_found", "asset/1", name="轿车", category="车辆", online=False)
    yield made
    made.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("where", ["void_in", "again_in", "put_in"])
def test_a_kill_in_between_leaves_the_issued_paper_as_it_was(
    office: Office, database_url: str, tmp_path: Path, where: str
) -> None:
    """After the old paper became void, after its draft, after the edited words: nothing of it."""
    (case,) = office.case_ids
    actor = office.actor()
    first = issue(office.bureau, actor, PaperWish(case, RULING, about="asset/1")).paper
    document = opened(papers.paper_file(office.bureau, actor, first.id, ".docx").data)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("轿车", "轿车，期限二年")
    word = tmp_path / "改.docx"
    word.write_bytes(saved(document))
    before = (papers.papers_of(office.bureau, actor, case), journal(office.bureau))
    words = (database_url, office.clock.now().isoformat(), str(first.id), word, WHY)
    run = subprocess.run(
        [sys.executable, "-c", _KILLED, *words, tmp_path / "papers", tmp_path / "shared", where],
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert (papers.papers_of(office.bureau, actor, case), journal(office.bureau)) == before
    assert health.check(office.bureau.database) == []
    assert file_problems(office.bureau) == []
    taken = take(office.bureau, actor, first.id, word.read_bytes(), WHY, version=1)
    old, new = papers.papers_of(office.bureau, actor, case)
    assert (old.state, new.state, new.id) == ("void", "draft", taken.paper.id)
    preview = papers.preview_of(office.bureau, actor, new.id)
    assert preview.word is not None
    assert any("期限二年" in line for line in words_in(preview.word))
