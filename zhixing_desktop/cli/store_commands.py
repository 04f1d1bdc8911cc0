"""``zhixing check --files``: every kept file read whole, mended from a backup if one is named."""

from __future__ import annotations

import sys
from pathlib import Path

from zhixing_desktop.cli.session import Session
from zhixing_desktop.services import store_health, store_repair


def check_files(session: Session) -> int:
    """Check the store, then mend what a backup has; 1 where something is left."""
    bureau, actor = session.bureau(), session.actor()
    found = store_health.full(bureau, actor, progress=_tell)
    faults = found.faults
    mended: tuple[str, ...] = ()
    if session.options.repair:
        done = store_repair.mend(bureau, actor, faults, Path(session.options.repair))
        faults, mended = done.left, done.mended
    rows = store_health.row_problems(bureau)
    data = {
        "files": found.files,
        "bytes": found.bytes,
        "complete": found.complete,
        "faults": [
            {
                "kind": fault.kind.value,
                "place": fault.place,
                "sentence": fault.sentence,
                "digest": fault.digest,
            }
            for fault in faults
        ],
        "rows": rows,
        "mended": list(mended),
    }
    lines = [*mended, *(fault.sentence for fault in faults), *rows]
    left = len(faults) + len(rows)
    verdict = f"还有{left}处问题。" if left else "没有发现问题。"
    lines.append(f"检查了{found.files}个文件。{verdict}")
    session.show(data, lines)
    return 1 if left or not found.complete else 0


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        sys.stderr.write(f"\r检查文件 {done * 100 // total}%　")
        sys.stderr.flush()
