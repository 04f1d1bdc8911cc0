"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from zhixing_desktop.workflow.errors import StoreError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write beside the target, then rename: a torn file never carries the target's name.

    Raises ``StoreError`` when the folder or file cannot be written; then nothing is changed.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w+b") as stream:
            yield cast("BinaryIO", stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise StoreError(
            f"写不了文件“{path.name}”：请检查文件夹是否存在、磁盘是否已满、文件是否正被打开。",
            data={"path": str(path), "reason": str(error)},
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
