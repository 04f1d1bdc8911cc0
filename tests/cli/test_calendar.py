"""The calendar at the command line: several days at once, taking back, a year's table, trying."""

from __future__ import annotations

from pathlib import Path

from helpers.command_line import CASE, CommandLine

WHY = ("--reason", "本院通知〔2024〕1号")
TABLE = """日期,类别,名称,来源
2027,年度,,国务院办公厅关于2027年部分节假日安排的通知
2027-01-01,休,元旦,
2027-01-09,班,元旦,
2027-05-01,休,劳动节,
2027-10-01,休,国庆节,
2027-10-02,休,国庆节,
2027-10-03,休,国庆节,
"""


def filed(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    cli.ok("fact", "add", CASE, "立案", "--at", "2024-03-01T08:30")


def test_trying_tells_what_saving_moves_and_saves_nothing(cli: CommandLine) -> None:
    filed(cli)
    words = ("calendar", "edit", "2024-03-04", "rest", "--until", "2024-03-05", *WHY)
    before = cli.counts()
    tried = cli.json(*words, "--dry-run")
    assert cli.counts() == before
    assert tried["saved"] is False
    assert {"case_no", "instance", "limit", "before", "after"} <= tried["moved"][0].keys()
    done = cli.json(*words, "--paper", "供电〔2024〕7号")
    assert done["saved"] is True
    assert done["moved"] == tried["moved"]
    shown = cli.ok("calendar", "show", "2024")
    assert shown.count("本院设定") == 2
    back = cli.json("calendar", "edit", "2024-03-04", "table", "--until", "2024-03-05", *WHY)
    assert [(m["before"], m["after"]) for m in back["moved"]] == [
        (m["after"], m["before"]) for m in done["moved"]
    ]


def test_a_year_is_published_by_its_table(cli: CommandLine, tmp_path: Path) -> None:
    filed(cli)
    path = tmp_path / "2027.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert "未公布" in cli.ok("calendar", "show", "2027")
    tried = cli.json("calendar", "import", str(path), *WHY, "--dry-run")
    assert (tried["years"], tried["saved"]) == ([2027], False)
    assert "未公布" in cli.ok("calendar", "show", "2027")
    assert cli.json("calendar", "import", str(path), *WHY)["saved"] is True
    assert "2027年　放假安排已公布" in cli.ok("calendar", "show", "2027")
    path.write_text(TABLE.replace("2027-05-01,休,劳动节,\n", ""), encoding="utf-8")
    assert "缺少5月1日" in cli.refused("calendar", "import", str(path), *WHY)
