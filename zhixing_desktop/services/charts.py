"""The three charts of the annex, read from the program's files."""

from __future__ import annotations

from pathlib import Path

from zhixing_desktop.services.rules import read_text
from zhixing_desktop.workflow.charts import Chart, load_chart

NAMES = ("overview", "nodes", "measures")
_ALL_NODES = range(1, 47)


def load_charts(resources: Path) -> tuple[Chart, ...]:
    """Read the charts in the order of the annex.

    Raises ``StoreError`` for a missing file and ``InputRefusedError`` listing every fault of one.
    """
    return tuple(
        load_chart(
            read_text(resources / "charts" / f"{name}.yaml"),
            where=f"{name}.yaml",
            numbers=_ALL_NODES if name == "nodes" else (),
        )
        for name in NAMES
    )
