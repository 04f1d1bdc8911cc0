"""Whole cases driven by commands alone, from node 1 to the archive and beyond."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.command_line import CommandLine, drive, open_case
from helpers.desk import Desk
from helpers.scenarios import scenario
from zhixing_desktop.cli import shapes
from zhixing_desktop.cli.session import plain
from zhixing_desktop.services.cases import CaseDetail


def shape_of(desk: Desk) -> dict[str, Any]:
    """The case of a desk as ``case show --json`` would print it, but for the row's numbers."""
    ctx = desk.context
    detail = CaseDetail(
        id=0,
        case_no=str(ctx.header["case_no"]),
        version=0,
        now=desk.now,
        header=ctx.header,
        parties={subject: fact.data for subject, fact in ctx.index.parties.items()},
        officer=ctx.current_officer(),
        facts=tuple(desk.facts),
        view=desk.view,
        context=ctx,
    )
    found: dict[str, Any] = plain(shapes.case_shape(detail))
    return found


def told_alike(cli: CommandLine, case: str, desk: Desk) -> None:
    """The database says what the desk says: the case, and every fact after the opening ones."""
    shown, wanted = cli.json("case", "show", case), shape_of(desk)
    for numbered in ("id", "version"):
        shown.pop(numbered)
        wanted.pop(numbered)
    assert shown == wanted
    opening = 1 + len(desk.parties)
    facts = [plain(shapes.fact_shape(fact)) for fact in desk.facts]
    # His own officer sees the numbers of accounts whole.
    officer = desk.context.current_officer()
    assert cli.json("case", "facts", case, "--by", officer)[opening:] == facts[opening:]


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("names", "states"),
    [
        (("completed",), ("执行完毕",)),
        (("current_terminated", "resumed"), ("终结本次执行程序", None)),
        (("terminated",), ("终结执行",)),
    ],
    ids=["completed", "current_terminated and resumed", "terminated"],
)
def test_a_case_is_driven_by_commands(
    cli: CommandLine, names: tuple[str, ...], states: tuple[str | None, ...]
) -> None:
    cli.bureau(scenario(names[0]).opened)
    for name, way in zip(names, states, strict=True):
        told = scenario(name)
        case = open_case(cli, told)
        # A story tells one payment to its end before the next begins; a clock only goes forward.
        steps = sorted(told.steps, key=lambda step: str(step["at"]))
        drive(cli, case, steps)
        desk = told.desk().play(steps)
        told_alike(cli, case, desk)
        assert cli.json("case", "show", case)["closing_way"] == way
    assert cli.json("journal", "verify")["ok"] is True
    assert cli.ok("check") == "没有发现问题。\n"
