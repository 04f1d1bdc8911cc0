"""The sample bureau: made by the import like any other, sound, and with something of everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from helpers.bureau import rules
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.tables import cases, instances
from zhixing_desktop.services import health
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.sample import SAMPLE_NOW, make_sample, sample_list
from zhixing_desktop.workflow.facts import State


def opened(path: Path) -> Bureau:
    return open_bureau(
        f"sqlite:///{path}",
        clock=FixedClock(SAMPLE_NOW),
        resources=paths.resources_dir(),
        workstation="试验",
        rules=rules(),
    )


@pytest.mark.parametrize("count", [40, 300])
def test_the_sample_is_imported_and_sound(tmp_path: Path, count: int) -> None:
    said: list[str] = []
    bureau = opened(make_sample(tmp_path, cases=count, progress=said.append))
    with bureau.database.reading() as conn:
        made = conn.execute(select(cases.c.kind, cases.c.closing_way)).all()
        states = set(conn.scalars(select(instances.c.state).distinct()))
    assert len(made) == count
    assert health.check_all(bureau) == []
    assert said
    if count == 300:
        # 未启动 has no row: a node that has not started is not kept.
        assert states >= {state.value for state in State} - {State.NOT_STARTED.value}
        assert {row.kind for row in made} == {"first", "resumed", "preservation"}
        ways = {row.closing_way for row in made}
        assert ways >= {None, "执行完毕", "终结本次执行程序", "终结执行"}
    bureau.close()


def test_the_same_seed_gives_the_same_sample() -> None:
    assert sample_list(rules(), cases=6, seed=3) == sample_list(rules(), cases=6, seed=3)
    assert sample_list(rules(), cases=6, seed=3) != sample_list(rules(), cases=6, seed=4)
