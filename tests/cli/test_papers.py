"""Papers on the command line: what the forms need, a paper from its draft to its service."""

from __future__ import annotations

import json

import pytest

from helpers.command_line import ADMIN, CLERK, CommandLine

ORDER, KEY = "报告财产令", "07-property-report-order"
NUMBER = "（2024）豫0811执1号"


@pytest.fixture
def kept(cli: CommandLine) -> CommandLine:
    """A case that was received; the court has a name and a telephone."""
    cli.bureau()
    cli.case(1, "--cause", "民间借贷纠纷")
    cli.ok("fact", "add", "1", "立案")
    cli.ok("fact", "add", "1", "收案")
    for key, value in (
        ("court.name", "焦作市山阳区人民法院"),
        ("court.phone", "0391-1234567"),
    ):
        cli.ok("settings", "set", key, value, "--reason", "首次设置", "--by", ADMIN)
    return cli


def test_every_form_is_listed_with_its_nodes_what_it_needs_and_what_it_cites(
    cli: CommandLine,
) -> None:
    forms = {form["key"]: form for form in cli.json("paper", "list")["forms"]}
    assert len(forms) > 100
    order = forms[KEY]
    assert (order["nodes"], order["subject"], order["number"]) == ([7], "debtor", "case")
    assert "n7.report_until" in order["needs"]
    assert "民诉法.报告财产" in order["laws"]
    assert order["carries"][0]["paper"] == ORDER
    at_node = cli.json("paper", "list", "--node", "7")["forms"]
    assert {form["key"] for form in at_node} == {k for k, f in forms.items() if 7 in f["nodes"]}
    shown = cli.json("paper", "show", ORDER)
    assert shown["needs_words"]["n7.report_until"] == "节点7 报告财产期限届满日"


def test_a_change_of_an_article_names_the_forms_it_touches(cli: CommandLine) -> None:
    touched = cli.json("paper", "laws", "--touches", "民诉法.报告财产")["forms"]
    assert KEY in {form["key"] for form in touched}
    rows = cli.json("paper", "laws", "--on", "2023-12-31")["articles"]
    (row,) = (r for r in rows if (r["law"], r["subject"]) == ("民诉法", "划拨"))
    assert row["article"] == "第二百四十九条"
    assert "法条表中没有“民诉法.没有”" in cli.refused("paper", "laws", "--touches", "民诉法.没有")


def test_the_check_reads_all_forms_and_says_which_fonts_stand_in(cli: CommandLine) -> None:
    found = cli.json("paper", "check")
    assert found["forms"] > 100
    assert found["problems"] == []
    assert all("代替" in sentence for sentence in found["substitutions"])


def test_a_paper_from_its_draft_to_its_service_and_its_file(kept: CommandLine) -> None:
    found = kept.json("paper", "draft", "1", ORDER)
    assert [(gap["label"], gap["place"]) for gap in found["gaps"]] == [
        ("报告财产期限届满日", "节点7“执行通知”")
    ]
    assert ORDER in found["words"]
    assert "有1处需要补正" in kept.refused("paper", "issue", "1", ORDER)
    kept.ok("node", "work", "1", "7", "report_until=2024-03-20")
    draft = kept.json("paper", "draft", "1", ORDER, "--keep", "--out", kept.folder / "草稿.docx")
    assert (kept.folder / "草稿.docx").read_bytes().startswith(b"PK")
    number = str(draft["draft"]["id"])
    assert "M-122" in kept.refused("paper", "issue-draft", number, "--by", CLERK)
    made = kept.json("paper", "issue-draft", number, "--seen", "1")
    assert (made["state"], made["number"], made["unserved"]) == ("issued", NUMBER, ["乙"])
    assert "已签发，不能签发" in kept.refused("paper", "issue-draft", number)
    served = kept.json(
        "paper", "serve", number, "direct", "--on", made["day"], "--whom", "debtor/1"
    )
    assert served["service"]["effective_on"] == made["day"]
    assert "第八十七条" in served["service"]["steps"][0]["cite"]
    assert served["paper"]["unserved"] == []
    sent = kept.json("paper", "export", number, "--folder", kept.folder)
    assert (kept.folder / sent["files"][0]).read_bytes().startswith(b"%PDF")
    again = kept.run("paper", "export", number, "--folder", kept.folder, "--json")
    assert again.code == 1
    assert "已经存在" in again.data["failed"][0]["sentence"]
    kept.ok("paper", "void", number, "--reason", "报告期限有误")
    (line,) = kept.json("paper", "made", "1")["papers"]
    assert (line["state"], line["reason"]) == ("void", "报告期限有误")
    assert kept.json("paper", "again", number)["replaces"] == int(number)


def test_wrong_use_is_told_what_there_is(kept: CommandLine) -> None:
    assert "没有名为“执行令”的文书" in kept.refused("paper", "draft", "1", "执行令")
    assert "不是节点9的文书" in kept.refused("paper", "draft", "1", ORDER, "--node", "9")
    said = kept.refused("paper", "draft", "1", ORDER, "没有=1")
    assert "不填写“没有”" in said
    said = kept.refused("paper", "draft", "1", ORDER, "--out", kept.folder / "a.odt")
    assert "只能存为 PDF 或者 Word 文件" in said
    assert json.dumps(kept.json("paper", "made", "1")["papers"]) == "[]"
