"""Who sees what on the command line: the same answers as everywhere else."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from helpers.command_line import ADMIN, CHIEF, OFFICER, SECURITY, CommandLine

OTHER = "孙法官"
ID, MOBILE = "410811199003070013", "13800001111"


@pytest.fixture
def kept(cli: CommandLine) -> CommandLine:
    """A bureau in which officers see their own cases only; a case with an ID."""
    cli.bureau()
    cli.case(1, "--debtor", f"丙,{ID}")
    cli.ok("fact", "add", "1", "收案")
    cli.ok("settings", "set", "sight.visibility", "own", "--reason", "按本人查看", "--by", SECURITY)
    return cli


def test_a_case_out_of_sight_is_neither_listed_nor_shown(kept: CommandLine) -> None:
    mine = kept.json("case", "list")
    assert [row["id"] for row in mine] == [1]
    kept.by(OTHER)
    assert kept.json("case", "list") == []
    assert kept.json("case", "list", "--search", "丙") == []
    for words in (
        ("case", "show", "1"),
        ("case", "facts", "1"),
        ("case", "alerts", "1"),
        ("node", "show", "1", "2"),
        ("case", "simulate", "1", "--until", "2024-05-01"),
    ):
        said = kept.refused(*words)
        assert "权限表M-03" in said
        assert "“案件可见范围”现为“本人”" in said
        assert "丙" not in said
    # A wrong number does not list what others have either.
    assert "丙" not in kept.refused("case", "show", "（2024）豫0811执9号")
    assert "执1号" not in kept.refused("case", "show", "（2024）豫0811执9号")


def test_numbers_are_covered_until_they_are_asked_for(kept: CommandLine) -> None:
    assert ID in kept.ok("case", "facts", "1")
    kept.by(CHIEF)
    covered = kept.ok("case", "facts", "1")
    assert ID not in covered
    assert "410811********0013" in covered
    assert ID in kept.ok("case", "facts", "1", "--personal")
    path = kept.folder / "清单.xlsx"
    kept.ok("export", path)
    values = [c.value for sheet in load_workbook(path) for row in sheet.iter_rows() for c in row]
    assert "410811********0013" in values
    assert ID not in values


def test_an_administrator_is_told_why_his_list_is_empty(kept: CommandLine) -> None:
    kept.by(ADMIN)
    assert "不接触案件内容" in kept.ok("case", "list")
    assert kept.json("case", "list") == []
    assert "不接触案件内容" in kept.refused("case", "show", "1")
    assert kept.ok("check") == "没有发现问题。\n"
    said = kept.refused("check", "--by", OFFICER)
    assert "权限表M-90" in said
