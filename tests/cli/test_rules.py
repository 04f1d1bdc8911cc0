"""``rulebook``, ``limit`` and ``calendar``: the shapes that other programs rely on."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpers.command_line import CommandLine
from helpers.desk import rules

TABLE = Path(__file__).parents[1] / "workflow" / "time_limit_cases.csv"
KINDS = {"start", "complete", "notify", "publish", "periodic", "party_right", "deemed"}
UNITS = {"same_day", "hour", "day", "workday", "month", "immediate"}


def table() -> list[dict[str, str]]:
    """The limits that were counted by hand."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


ROWS = table()


def has(found: Mapping[str, Any], **wanted: type | tuple[type, ...]) -> None:
    """Check the names and types of an object; more names are allowed."""
    for name, kinds in wanted.items():
        assert name in found, name
        assert isinstance(found[name], kinds), (name, found[name])


NONE = type(None)


def test_the_shape_of_the_rulebook(cli: CommandLine) -> None:
    book = cli.json("rulebook", "show")
    has(book, version=str, effective=str, hash=str, nodes=list)
    date.fromisoformat(book["effective"])
    assert [node["number"] for node in book["nodes"]] == list(range(1, 47))
    for node in book["nodes"]:
        check_node(node)
    assert sum(len(node["time_limits"]) for node in book["nodes"]) == len(
        {row["limit_id"] for row in ROWS}
    )


def check_node(node: Mapping[str, Any]) -> None:
    has(node, number=int, name=str, part=str, subject=str, work_items=list, time_limits=list)
    has(node, warns=bool, freezes=bool, unfreeze=(dict, NONE), fields=list, approvals=list)
    has(node, next=list)
    for item in node["work_items"]:
        has(item, item=int, text=str, papers=list, notify=list, dossier=bool)
        for duty in item["notify"]:
            has(duty, who=str, channels=list)
    for limit in node["time_limits"]:
        check_limit(limit)
    if node["unfreeze"] is not None:
        has(node["unfreeze"], level=str, words=str)
        assert node["freezes"] or node["number"] in (2, 46)
    for field in node["fields"]:
        has(field, name=str, label=str, type=str, required=bool, cite=(dict, NONE))
    for edge in node["next"]:
        has(edge, to=(int, str), when=(str, NONE), chart=list)


def check_limit(limit: Mapping[str, Any]) -> None:
    has(limit, id=str, items=list, amount=int, unit=str, direction=str, anchor=str, kind=str)
    has(limit, variant=(str, NONE), cite=dict, reading=(str, NONE))
    has(limit["cite"], paragraph=str, quote=str)
    assert limit["unit"] in UNITS
    assert limit["direction"] in {"within", "before"}
    assert limit["kind"] in KINDS


def test_one_node_has_the_same_shape(cli: CommandLine) -> None:
    whole = cli.json("rulebook", "show")
    for number in (1, 7, 25, 43, 46):
        assert cli.json("rulebook", "show", number) == whole["nodes"][number - 1]
    assert "1 至 46" in cli.refused("rulebook", "show", 47, code=2)


def test_the_output_is_the_same_each_time(cli: CommandLine) -> None:
    for words in (("rulebook", "show"), ("limit", "7-a", "--from", "2024-02-07")):
        assert cli.ok(*words) == cli.ok(*words)
        assert cli.ok(*words, "--json") == cli.ok(*words, "--json")


# ------------------------------------------------------------------------------------------ limit


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['limit_id']} {row['from']}")
def test_every_limit_that_was_counted_by_hand(cli: CommandLine, row: dict[str, str]) -> None:
    words = ["limit", row["limit_id"], "--from", row["from"]]
    if row["rolling"]:
        words += ["--rolling", row["rolling"]]
    if row["extensions"]:
        words += ["--extend", row["extensions"]]
    if row["exclusions"]:
        words += ["--exclude", row["exclusions"]]
    found = cli.json(*words)
    has(found, provisional=bool, steps=list)
    for step in found["steps"]:
        has(step, words=str, cite=str)
    assert found["provisional"] is (row["provisional"] == "yes")
    if row["limit_id"] == "45-a":
        assert found["runs"] == row["nominal"].split()
        assert found["nominal"] == found["effective"] == local(row["nominal"].split()[0])
        return
    assert found["nominal"] == local(row["nominal"])
    assert found["effective"] == local(row["effective"])


def local(word: str) -> str | None:
    """A cell of the table as the command line writes it: local, a day ending 23:59:59."""
    if word == "-":
        return None
    return word if "T" in word else f"{word}T23:59:59"


def test_the_person_reads_the_same_dates(cli: CommandLine) -> None:
    text = cli.ok("limit", "4-a", "--from", "2024-02-07T10:00")
    assert "名义届满：2024-02-10T23:59:59\n实际届满：2024-02-18T23:59:59\n" in text
    assert "暂停计时" in cli.ok("limit", "43-a", "--from", "2024-02-07", "--exclude", "2024-05-07/")
    assert "（暂定）" in cli.ok("limit", "43-a", "--from", "2026-09-15")


def before_rows() -> list[dict[str, str]]:
    """The rows of limits that end before an event."""
    book = rules().book
    return [row for row in ROWS if book.limit(row["limit_id"]).direction == "before"]


@pytest.mark.parametrize("row", before_rows(), ids=lambda row: f"{row['limit_id']} {row['from']}")
def test_a_limit_before_an_event_both_ways(cli: CommandLine, row: dict[str, str]) -> None:
    act, event = row["effective"], row["from"]
    back = cli.json("limit", row["limit_id"], "--act", act)
    assert back == {"id": row["limit_id"], "act": act, "earliest_event": event}
    assert event in cli.ok("limit", row["limit_id"], "--act", act)
    both = cli.json("limit", row["limit_id"], "--act", act, "--from", event)
    assert (both["effective"], both["judgement"]) == (local(act), "ok")


@pytest.mark.parametrize(
    ("act", "judged", "words"),
    [
        ("2024-05-17", "ok", "合要求"),
        ("2024-05-18", "caution", "请核对"),
        ("2024-05-19", "late", "逾期"),
    ],
)
def test_an_act_is_held_against_its_event(
    cli: CommandLine, act: str, judged: str, words: str
) -> None:
    told = ("limit", "25-b", "--from", "2024-06-17", "--act", act)
    assert cli.json(*told)["judgement"] == judged
    assert f"{words}：" in cli.ok(*told)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("7-b", "--from", "2024-02-07"), "节点7的时限有：7-a"),
        (("12-a", "--from", "2024-02-07"), "节点12没有时限"),
        (("99-a", "--from", "2024-02-07"), "形如 7-a"),
        (("٣-a", "--from", "2024-02-07"), "没有编号为"),
        (("7-a", "--from", "2024-02-30"), "2024年2月没有30日"),
        (("7-a", "--from", "2024-13-01"), "没有13月"),
        (("7-a", "--from", "昨天"), "形如 2024-02-05"),
        (("7-a", "--from", "2024-02-05T09:30+08:00"), "不要写时区"),
        (("7-a",), "--from"),
        (("7-a", "--act", "2024-02-07"), "不是“……日前”的时限"),
        (("43-a", "--from", "2024-02-07", "--extend", "3"), "3month"),
        (("43-a", "--from", "2024-02-07", "--exclude", "2024-03-01"), "2024-03-01/2024-03-25"),
        (("43-a", "--from", "2024-02-07", "--exclude", "2024-03-09/2024-03-01"), "止日早于起日"),
    ],
)
def test_what_is_no_question_about_a_limit(
    cli: CommandLine, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in cli.refused("limit", *words, code=2)


# --------------------------------------------------------------------------------------- calendar


def test_a_year_of_the_calendar(cli: CommandLine) -> None:
    found = cli.json("calendar", "show", 2024)
    has(found, year=int, published=bool, workdays=int, days=list, version=str)
    assert (found["published"], found["workdays"]) == (True, 251)
    days = {entry["day"]: entry for entry in found["days"]}
    assert days["2024-02-18"]["kind"] == "workday"
    assert days["2024-02-10"]["kind"] == "holiday"
    assert "2024年2月18日（星期日，调休上班）　上班" in cli.ok("calendar", "show", 2024)
    assert "未公布" in cli.ok("calendar", "show", 2027)
    assert "没有0年" in cli.refused("calendar", "show", 0, code=2)


def test_an_edit_of_the_court_moves_its_limits(cli: CommandLine) -> None:
    cli.bureau()
    case = cli.case()
    cli.ok("fact", "add", case, "立案", "--at", "2024-03-01T08:30")
    assert cli.json("limit", "4-a", "--from", "2024-03-01")["effective"] == "2024-03-04T23:59:59"
    edit = ("calendar", "edit", "2024-03-04", "rest", "--name", "本院停电")
    assert "依据" in cli.refused(*edit, "--reason", "停")
    moved = cli.json(*edit, "--reason", "供电局通知全日停电检修")["moved"]
    assert {
        "case_no": case,
        "instance": "4@case",
        "limit": "4-a",
        "before": "2024-03-04T23:59:59",
        "after": "2024-03-05T23:59:59",
    } in moved
    assert cli.json("limit", "4-a", "--from", "2024-03-01")["effective"] == "2024-03-05T23:59:59"
    assert "本院停电" in cli.ok("calendar", "show", 2024)
    again = cli.ok("calendar", "edit", "2024-03-04", "work", "--reason", "检修改期，照常上班")
    assert "4-a　2024-03-05 23:59 → 2024-03-04 23:59" in again
    assert cli.ok("check") == "没有发现问题。\n"
