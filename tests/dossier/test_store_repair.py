"""Mending the kept files: only from a copy that verifies, nothing is deleted, a kill harms not."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zhixing_desktop.dossier.store_check import (
    Fault,
    FaultKind,
    KnownFile,
    Repaired,
    full_check,
    repair,
    set_aside,
)
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import ENDINGS, PDF
from zhixing_desktop.workflow.errors import StoreError

DATA = b"%PDF-1.7 the ruling\n%%EOF\n" * 200
DIGEST = hashlib.sha256(DATA).hexdigest()
ROW = KnownFile(DIGEST, "执行裁定书.pdf", PDF, len(DATA))
HOME = f"{DIGEST[:2]}/{DIGEST}.pdf"
BAD = b"#" * len(DATA)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    file_folder.keep(folder, DATA, PDF)
    # A neighbour, so that a lost file does not leave the folder empty.
    file_folder.keep(folder, b"%PDF neighbour", PDF)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "backup.pdf"
    path.write_bytes(DATA)
    return path


def neighbour() -> KnownFile:
    data = b"%PDF neighbour"
    return KnownFile(hashlib.sha256(data).hexdigest(), "邻卷.pdf", PDF, len(data))


def faults(folder: Path) -> tuple[Fault, ...]:
    return full_check(folder, [ROW, neighbour()], ENDINGS).faults


def the_fault(folder: Path, kind: FaultKind) -> Fault:
    (fault,) = faults(folder)
    assert fault.kind == kind
    return fault


@pytest.mark.parametrize(
    ("bad", "kind"),
    [(BAD, FaultKind.CHANGED), (DATA[:100], FaultKind.TRUNCATED), (b"", FaultKind.EMPTY)],
)
def test_a_damaged_file_is_put_back_and_kept_aside(
    folder: Path, copy: Path, tmp_path: Path, bad: bytes, kind: FaultKind
) -> None:
    (folder / HOME).write_bytes(bad)
    wrong = tmp_path / "wrong.pdf"
    wrong.write_bytes(BAD)
    done = repair(folder, the_fault(folder, kind), [tmp_path / "nowhere", wrong, copy])
    assert done == Repaired(HOME, copy, f".damaged/{DIGEST}.pdf")
    assert (folder / HOME).read_bytes() == DATA
    assert (folder / done.aside).read_bytes() == bad
    assert copy.read_bytes() == DATA
    assert faults(folder) == ()


def test_a_lost_file_comes_back_also_with_its_folder(folder: Path, copy: Path) -> None:
    (folder / HOME).unlink()
    (folder / HOME).parent.rmdir()
    assert repair(folder, the_fault(folder, FaultKind.LOST), [copy]) == Repaired(HOME, copy)
    assert faults(folder) == ()


def test_without_a_copy_that_verifies_nothing_is_touched(folder: Path, tmp_path: Path) -> None:
    (folder / HOME).write_bytes(BAD)
    other = tmp_path / "other.pdf"
    other.write_bytes(DATA[:-1] + b"x")
    assert repair(folder, the_fault(folder, FaultKind.CHANGED), [other]) is None
    assert (folder / HOME).read_bytes() == BAD
    assert not (folder / ".damaged").exists()


def test_a_misplaced_file_goes_home(folder: Path) -> None:
    lying = folder / HOME.replace(".pdf", ".tif")
    (folder / HOME).rename(lying)
    assert repair(folder, the_fault(folder, FaultKind.MISPLACED), []) == Repaired(HOME, lying)
    assert faults(folder) == ()


def test_a_doubled_file_goes_aside_only_if_the_right_one_verifies(folder: Path) -> None:
    extra = folder / HOME.replace(".pdf", ".tif")
    extra.write_bytes(DATA)
    doubled = the_fault(folder, FaultKind.DOUBLED)
    (folder / HOME).write_bytes(BAD)
    assert repair(folder, doubled, []) is None
    # The right one comes back from its double, and then the double may go.
    changed = next(fault for fault in faults(folder) if fault.kind is FaultKind.CHANGED)
    assert repair(folder, changed, []) == Repaired(HOME, extra, f".damaged/{DIGEST}.pdf")
    done = repair(folder, the_fault(folder, FaultKind.DOUBLED), [])
    assert done == Repaired(HOME, folder / HOME, f".damaged/{DIGEST}.tif")
    assert faults(folder) == ()
    assert (folder / done.aside).read_bytes() == DATA


def test_what_was_mended_meanwhile_is_left_alone(folder: Path, copy: Path) -> None:
    (folder / HOME).write_bytes(BAD)
    fault = the_fault(folder, FaultKind.CHANGED)
    (folder / HOME).write_bytes(DATA)
    assert repair(folder, fault, [copy]) == Repaired(HOME, folder / HOME)
    assert not (folder / ".damaged").exists()


def test_two_damages_of_one_file_are_both_kept(folder: Path, copy: Path) -> None:
    for bad in (BAD, BAD[:-1] + b"?"):
        (folder / HOME).write_bytes(bad)
        repair(folder, the_fault(folder, FaultKind.CHANGED), [copy])
    kept = {path.name: path.read_bytes() for path in (folder / ".damaged").iterdir()}
    assert kept == {f"{DIGEST}.pdf": BAD, f"{DIGEST}.pdf.2": BAD[:-1] + b"?"}


def test_two_workstations_mend_the_same_file_at_a_time(folder: Path, copy: Path) -> None:
    for _ in range(10):
        (folder / HOME).write_bytes(BAD)
        fault = the_fault(folder, FaultKind.CHANGED)
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda _n, f=fault: repair(folder, f, [copy]), range(2)))
        assert all(done)
        assert faults(folder) == ()
        assert BAD in {path.read_bytes() for path in (folder / ".damaged").iterdir()}


def test_where_no_second_name_can_be_given_the_damaged_file_is_moved(
    folder: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a share of Windows or on a stick."""

    def refuse(*_names: object, **_how: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (folder / HOME).write_bytes(BAD)
    done = repair(folder, the_fault(folder, FaultKind.CHANGED), [copy])
    assert done is not None
    assert (folder / done.aside).read_bytes() == BAD
    assert faults(folder) == ()


def test_what_no_copy_mends_is_not_touched(folder: Path, copy: Path) -> None:
    (folder / "会议.docx").write_bytes(b"")
    foreign = the_fault(folder, FaultKind.FOREIGN)
    assert repair(folder, foreign, [copy]) is None
    with pytest.raises(StoreError, match="不能自动移走"):
        set_aside(folder, foreign)
    assert (folder / "会议.docx").exists()


def test_a_left_over_goes_aside(folder: Path) -> None:
    (folder / HOME).with_name(".new-abc").write_bytes(b"half")
    assert set_aside(folder, the_fault(folder, FaultKind.LEFT_OVER)) == ".damaged/.new-abc"
    assert (folder / ".damaged" / ".new-abc").read_bytes() == b"half"
    assert faults(folder) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are set otherwise there")
def test_a_full_disk_leaves_the_damaged_file_where_it_is(folder: Path, copy: Path) -> None:
    (folder / HOME).write_bytes(BAD)
    done = in_a_process(folder, copy, "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))")
    assert done.returncode == 0, done.stderr
    assert "磁盘满了" in done.stdout
    assert the_fault(folder, FaultKind.CHANGED)
    assert (folder / HOME).read_bytes() == BAD
    assert [path.name for path in (folder / HOME).parent.iterdir()] == [f"{DIGEST}.pdf"]


_PROCESS = """
import os, resource, signal, sys
from pathlib import Path
from zhixing_desktop.dossier import store_repair, whole_files
from zhixing_desktop.dossier.store_check import Fault, FaultKind, repair
from zhixing_desktop.workflow.errors import StoreError

folder, copy, home, digest, size, steps = sys.argv[1:7]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
fault = Fault(FaultKind.CHANGED, home, "", home, digest, int(size), "")
left = int(steps)

def step(event, details):
    # Each of these changes the disk: die before the one whose turn it is.
    global left
    opened_to_write = event == "open" and str(details[1] or "r")[0] in "wxa"
    if opened_to_write or event in ("os.link", "os.rename", "os.remove", "os.mkdir"):
        if str(folder) in str(details):
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

sys.addaudithook(step)
{prepare}
try:
    repair(Path(folder), fault, [Path(copy)])
except StoreError as error:
    print(error.sentence)
"""


def in_a_process(
    folder: Path, copy: Path, prepare: str = "", steps: int = -1
) -> subprocess.CompletedProcess[str]:
    words = [folder, copy, HOME, DIGEST, len(DATA), steps]
    return subprocess.run(
        [sys.executable, "-c", _PROCESS.replace("{prepare}", prepare), *map(str, words)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_at_any_step_leaves_the_old_or_the_new_file_and_both_kept(
    tmp_path: Path, copy: Path
) -> None:
    killed = 0
    for steps in range(20):
        folder = tmp_path / f"store{steps}"
        file_folder.keep(folder, DATA, PDF)
        file_folder.keep(folder, b"%PDF neighbour", PDF)
        (folder / HOME).write_bytes(BAD)
        run = in_a_process(folder, copy, steps=steps)
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL, run.stderr
        killed += 1
        # Never empty, never half; and the next repair goes through.
        assert (folder / HOME).read_bytes() in (BAD, DATA)
        for fault in faults(folder):
            done = set_aside(folder, fault) if fault.kind is FaultKind.LEFT_OVER else repair(
                folder, fault, [copy])  # fmt: skip
            assert done
        assert faults(folder) == ()
        aside = {path.read_bytes() for path in (folder / ".damaged").glob(f"{DIGEST}*")}
        assert BAD in aside
    assert killed >= 4
