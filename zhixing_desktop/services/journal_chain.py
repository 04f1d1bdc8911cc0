"""The chain of the journal: is it whole, and by which algorithm does it go on?"""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from zhixing_desktop.models import chain, journal
from zhixing_desktop.models.chain import Head, VerifyResult
from zhixing_desktop.models.hashing import ALGORITHMS
from zhixing_desktop.services import journal_rights, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

SHORTEST = 16
"""Digits of a hash that are enough; nobody types 64 of them from paper."""
Progress = Callable[[int], object]
Checker = Callable[[Path, dict[int, str], str], tuple[bool, list[str]]]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found; ``head_hash`` is to be held against the printed sheet."""

    ok: bool
    rows: int
    first_bad_id: int | None
    sentence: str
    head_hash: str


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """What the check of a bundle found, in lines."""

    ok: bool
    lines: tuple[str, ...]


def verify(
    bureau: Bureau,
    actor: Actor,
    *,
    heads: Sequence[str] = (),
    progress: Progress | None = None,
) -> Verification:
    """Walk along the whole chain; the sentence names the first row that does not fit.

    ``heads`` are lines of printed daily sheets, ``number:hash``.  What was found is journalled.
    ``progress`` is told how many rows have been walked; what it raises ends the walk.  Raises
    ``NotAllowedError`` and ``InputRefusedError``, which names every line that is none.
    """
    printed = read_heads(heads)
    with bureau.database.reading() as conn:
        journal_rights.ask(conn, bureau, actor, "journal.verify")
        found = chain.verify(conn, heads=printed, progress=progress)
    words = {"结论": found.sentence, "条数": found.rows, "末条校验值": found.head_hash}
    if printed:
        words["对照的每日校验值"] = "、".join(f"{head.id}:{head.hash}" for head in printed)
    traces.note(bureau, actor, "journal.verify", words)
    return _told(found)


def verify_bundle(
    bureau_resources: Path, path: Path, *, heads: Sequence[str] = (), fingerprint: str = ""
) -> BundleVerdict:
    """Check a bundle with the program's own copy of the script that goes along with each.

    Needs no database.  Raises ``InputRefusedError`` for heads that are none.
    """
    known = {head.id: head.hash for head in read_heads(heads)}
    script = bureau_resources / "verify" / "verify_journal.py"
    check = cast("Checker", runpy.run_path(str(script))["check"])
    ok, lines = check(path, known, re.sub("[^0-9a-f]", "", fingerprint.lower()))
    return BundleVerdict(ok, tuple(lines))


def read_heads(lines: Sequence[str]) -> tuple[Head, ...]:
    """Read ``number:hash`` as it is printed: blanks do not matter, 16 digits are enough.

    Raises ``InputRefusedError`` naming each line that is none.
    """
    found, problems = [], []
    for line in lines:
        number, _, digest = re.sub(r"\s", "", line).lower().replace("：", ":").partition(":")
        if number.isascii() and number.isdigit() and _is_beginning(digest):
            found.append(Head(int(number), digest))
        else:
            problems.append(Problem(line, f"“{line}”应当写成 编号:校验值，校验值至少写前16位"))
    if problems:
        raise InputRefusedError("每日校验值看不懂", problems)
    return tuple(found)


def _is_beginning(digest: str) -> bool:
    return re.fullmatch(f"[0-9a-f]{{{SHORTEST},64}}", digest) is not None


def algorithm(bureau: Bureau) -> str:
    """Return by which algorithm the next row is computed: ``sha256`` or ``sm3``."""
    with bureau.database.reading() as conn:
        return journal.algorithm(conn)


def choose_algorithm(bureau: Bureau, actor: Actor, wanted: str) -> None:
    """Compute the rows from here on by ``wanted``; journalled.  Rows before stay as they are.

    Raises ``NotAllowedError``, ``InputRefusedError`` for an unknown name and ``StoreError`` where
    this workstation cannot compute it.
    """
    if wanted not in ALGORITHMS:
        words = f"没有算法“{wanted}”，只能是 {'、'.join(ALGORITHMS)}"
        raise InputRefusedError(f"日志的算法没有改：{words}", [Problem("算法", words)])
    with bureau.database.writing() as conn:
        journal_rights.ask(conn, bureau, actor, "journal.algorithm")
        if journal.algorithm(conn) == wanted:
            return
        journal.choose_algorithm(
            conn,
            at=bureau.database.now(conn),
            actor=actor.name,
            workstation=bureau.workstation,
            algorithm=wanted,
        )


def _told(found: VerifyResult) -> Verification:
    return Verification(found.ok, found.rows, found.first_bad_id, found.sentence, found.head_hash)
