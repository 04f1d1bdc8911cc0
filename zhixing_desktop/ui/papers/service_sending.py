"""One service entered for several papers; the file of its proof read."""

from __future__ import annotations

from pathlib import Path

from zhixing_desktop.services import paper_serving
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_types import PaperLine, Served
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, ZhixingError
from zhixing_desktop.workflow.service_of_papers import (
    Service,
)


def serve_all(
    bureau: Bureau,
    actor: Actor,
    lines: tuple[PaperLine, ...],
    service: Service,
    whom: str,
    recipient: str,
    scan: Scan | None,
) -> tuple[Served, ...]:
    """Enter one service for several papers, each in its own step.

    Raises as ``paper_serving.serve`` for the first; where a later one is refused, what stands is
    said with it.
    """
    done: list[Served] = []
    for line in lines:
        try:
            made = paper_serving.serve(bureau, actor, line.id, service, whom, recipient, scan)
        except ZhixingError as error:
            if not done:
                raise
            names = "、".join(f"《{one.paper.name}》" for one in done)
            words = f"{names}的送达已经登记；《{line.name}》没有登记：{error.sentence}"
            raise InputRefusedError(words, [Problem("送达", words)]) from error
        done.append(made)
    return tuple(done)


def read_scan(path: Path | None) -> Scan | None:
    """Read the file that was chosen; one that is gone is none at all."""
    if path is None or not path.is_file():
        return None
    return Scan(path.name, path.read_bytes())
