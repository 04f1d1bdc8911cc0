"""Making what lasts as long as the program without searching it for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """Let nobody look for garbage inside, nor ever again among what is made inside.

    For imports: they make a hundred thousand objects that stay, and the collector would look at all
    of them again and again, which is a tenth of the start (bench/bench_start.py).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
