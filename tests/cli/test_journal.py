"""The journal on the command line: verify, find, export, algorithm, key."""

from __future__ import annotations

import zipfile

import pytest

from helpers.command_line import OFFICER, PEOPLE, SECURITY, CommandLine

AUDITOR = "穆审计"


@pytest.fixture
def kept(cli: CommandLine) -> CommandLine:
    """A bureau with a case, and an auditor at the desk."""
    cli.bureau(people=(*PEOPLE, (AUDITOR, "审计员")))
    cli.case()
    return cli.by(AUDITOR)


def test_the_journal_is_found_shown_and_verified(kept: CommandLine) -> None:
    found = kept.json("journal", "list", "--action", "登记案件", "--case", "执1号")
    (row,) = found["rows"]
    assert found["next"] is None
    assert row["case_no"] == "（2024）豫0811执1号"
    shown = kept.json("journal", "show", row["id"])
    assert shown["hash"] == row["hash"]
    assert any("甲公司" in change["after"] for change in shown["changes"])
    assert "甲公司" in kept.ok("journal", "show", row["id"])
    (day,) = kept.json("journal", "heads", "--from", "2024-03-01", "--to", "2024-03-01")
    verified = kept.json("journal", "verify", "--head", f"{day['id']}:{day['hash']}")
    assert verified["ok"]
    assert verified["rows"] > day["id"]
    assert "没有日志" in kept.ok("journal", "heads", "--from", "2023-03-01", "--to", "2023-03-02")


def test_a_printed_head_that_does_not_fit_is_named(kept: CommandLine) -> None:
    said = kept.run("journal", "verify", "--head", f"2:{'0' * 16}")
    assert said.code == 1
    assert "第 2 条" in said.out
    assert "编号:校验值" in kept.refused("journal", "verify", "--head", "2:xyz")


def test_a_bundle_goes_out_and_is_checked_without_a_database(
    kept: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept.folder / "包.zip"
    made = kept.json("journal", "export", "--bundle", path)
    assert made["left_out"] == 0
    monkeypatch.delenv("ZHIXING_DATABASE")
    checked = kept.json("journal", "verify", "--bundle", path, "--fingerprint", made["fingerprint"])
    assert checked["ok"]
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"sha256:", b"sha257:"))
    assert kept.run("journal", "verify", "--bundle", path).code == 1


def test_the_bundle_of_one_case(kept: CommandLine) -> None:
    path = kept.folder / "一案.zip"
    made = kept.json("journal", "export", "--bundle", path, "--case", "执1号")
    assert made["rows"] == 1
    assert made["left_out"] > 0
    assert zipfile.is_zipfile(path)
    assert "整条链" in kept.refused(
        "journal", "export", "--bundle", path, "--person", OFFICER, code=2
    )


def test_what_to_export_must_be_said_and_who_may_is_asked(kept: CommandLine) -> None:
    kept.refused("journal", "export", code=2)
    path = kept.folder / "日志.xlsx"
    assert "没有这个案号" in kept.refused("journal", "export", "--excel", path, "--case", "执9号")
    assert "没有事项" in kept.refused("journal", "list", "--action", "胡说")
    assert "审计员" in kept.refused("journal", "export", "--excel", path, "--by", OFFICER)
    assert not path.exists()
    assert kept.json("journal", "export", "--excel", path, "--person", OFFICER)["rows"] >= 0
    assert path.exists()


def test_the_algorithm_is_the_security_administrators(kept: CommandLine) -> None:
    assert kept.json("journal", "algorithm")["algorithm"] == "sha256"
    assert "安全管理员" in kept.refused("journal", "algorithm", "sm3")
    assert kept.json("journal", "algorithm", "sm3", "--by", SECURITY)["algorithm"] == "sm3"
    assert kept.json("journal", "verify")["ok"]


def test_the_key_is_shown_and_renewed(kept: CommandLine) -> None:
    assert "还没有" in kept.ok("journal", "key")
    kept.ok("journal", "export", "--bundle", kept.folder / "包.zip")
    before = kept.json("journal", "key")["fingerprint"]
    kept.refused("journal", "key", "--renew", "--by", SECURITY, code=2)
    kept.refused("journal", "key", "--renew", "--reason", "泄露")
    words = ("journal", "key", "--renew", "--reason", "私钥泄露", "--by", SECURITY)
    assert kept.json(*words)["fingerprint"] != before
