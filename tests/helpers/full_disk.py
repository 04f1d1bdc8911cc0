"""A disk that is full for a moment: no file may grow beyond a size, as the system itself says."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full_beyond(size: int) -> Iterator[None]:
    """Let the system refuse every byte that any file would have beyond ``size``.

    Writers get ``EFBIG``, of which SQLite makes a full disk.  Python ignores the signal.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
