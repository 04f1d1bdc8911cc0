"""Another rulebook by command: compared, adopted by whoever may, refused for everybody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.command_line import PEOPLE, CommandLine
from helpers.desk import PRESIDENT
from helpers.rulebooks import NEW_NUMBER, other_rulebook

CASE = "（2024）豫0811执1号"
WHY = ("--reason", "院长办公会议决定")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return other_rulebook(tmp_path)


@pytest.fixture
def at_node_7(cli: CommandLine) -> CommandLine:
    cli.bureau("2024-03-05T09:00").case()
    cli.ok("fact", "add", CASE, "立案", "--at", "2024-03-05T08:30")
    cli.ok("fact", "add", CASE, "case_received", "--at", "2024-03-05", "--by", "吴立案")
    return cli


def test_what_would_change_is_listed_and_paged(at_node_7: CommandLine, folder: Path) -> None:
    cli = at_node_7
    before = cli.counts()
    told = cli.json("rulebook", "compare", folder)
    assert told["old"]["version"] == "2024.1"
    assert told["new"]["version"] == NEW_NUMBER
    assert {
        "node": 7,
        "part": "时限",
        "name": "7-a",
        "what": "期限",
        "old": "10日内",
        "new": "15日内",
    } in (told["differences"])
    (change,) = [entry for entry in told["changes"] if entry["instance"] == "7@case"]
    assert change["case_no"] == CASE
    assert change["before"]["due"] == "2024-03-15T23:59:59"
    assert change["after"]["due"] == "2024-03-20T23:59:59"
    assert (told["open_cases"], told["cases"], told["total"]) == (1, 1, len(told["changes"]))
    rest = cli.json("rulebook", "compare", folder, "--offset", 1, "--limit", 1)
    assert rest["changes"] == told["changes"][1:2]
    assert rest["total"] == told["total"]
    lines = cli.ok("rulebook", "compare", folder)
    assert "节点7　时限7-a　期限：10日内 → 15日内" in lines
    assert "届满 2024-03-15 → 2024-03-20" in lines
    assert "其中1件有变化" in lines
    assert cli.counts() == before
    assert "规则没有不同" in cli.ok("rulebook", "compare")
    assert "不小于 0" in cli.refused("rulebook", "compare", "--limit", "-1", code=2)


def test_the_president_adopts_and_the_case_goes_on_by_it(
    at_node_7: CommandLine, folder: Path
) -> None:
    cli = at_node_7
    adopting = ("rulebook", "adopt", folder, *WHY, "--paper", "院办〔2024〕3号")
    done = cli.json(*adopting, "--by", PRESIDENT)
    assert (done["number"], done["paper"]) == (NEW_NUMBER, "院办〔2024〕3号")
    assert done["moved"] >= 1
    shown = cli.json("rulebook", "show")
    assert (shown["version"], shown["hash"]) == (NEW_NUMBER, done["hash"])
    first, last = cli.json("rulebook", "adopted")
    assert (first["number"], last["adopted_by"]) == ("2024.1", PRESIDENT)
    assert "院办〔2024〕3号：院长办公会议决定" in cli.ok("rulebook", "adopted")
    (node,) = [e for e in cli.json("case", "show", CASE)["instances"] if e["instance"] == "7@case"]
    assert node["due_at"] == "2024-03-20T23:59:59"
    assert cli.json("check")["problems"] == []
    assert "不需要核准" in cli.refused(*adopting, "--by", PRESIDENT)


@pytest.mark.parametrize("name", [name for name, _ in PEOPLE if name != PRESIDENT])
def test_nobody_else_may(cli: CommandLine, folder: Path, name: str) -> None:
    cli.bureau()
    said = cli.refused("rulebook", "adopt", folder, *WHY, "--by", name)
    assert "M-70" in said
    assert cli.json("rulebook", "show")["version"] == "2024.1"


def test_a_faulty_folder_is_told_with_file_and_line(cli: CommandLine, tmp_path: Path) -> None:
    cli.bureau()
    edit = ("nodes-3-start.yaml", "unit: day", "unit: moon")
    said = cli.refused("rulebook", "compare", other_rulebook(tmp_path, edit))
    assert "nodes-3-start.yaml:" in said
    assert "没有文件夹" in cli.refused("rulebook", "compare", tmp_path / "没有")
