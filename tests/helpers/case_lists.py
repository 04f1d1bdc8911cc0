"""Reading case lists in tests: what came back, what was refused, what was mentioned."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhixing_desktop.exchange.case_list import CaseList, read_case_list
from zhixing_desktop.workflow.errors import InputRefusedError

TODAY = date(2024, 6, 1)
NUMBER = "（2024）豫0811执1号"


def problems(path: Path, **options: Any) -> dict[str, str]:
    """Read a list that is to be refused; return the sentences by place."""
    with pytest.raises(InputRefusedError) as caught:
        read_case_list(path, **{"today": TODAY, **options})
    found = caught.value.problems
    assert all(p.severity == "error" for p in found)
    assert all(p.sentence.endswith("。") for p in found)
    assert f"有{len(found)}处" in caught.value.sentence
    return {p.where: p.sentence for p in found}


def read(path: Path, **options: Any) -> CaseList:
    return read_case_list(path, **{"today": TODAY, **options})


def warnings(found: CaseList) -> str:
    assert all(w.severity == "warning" for w in found.warnings)
    return "\n".join(f"{w.where}{w.sentence}" for w in found.warnings)
