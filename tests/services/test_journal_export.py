"""The journal leaves the house: a list to read, a bundle that proves itself on another Python."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from helpers.bureau import AUDITOR, CHIEF, OFFICER, SECURITY, Office
from helpers.offices import journal
from helpers.rows import tamper
from zhixing_desktop import paths
from zhixing_desktop.models import hashing
from zhixing_desktop.services import (
    journal_chain,
    journal_export,
    journal_keys,
    journal_search,
    traces,
)
from zhixing_desktop.services.daily_sheet import daily_sheet
from zhixing_desktop.services.daily_sheet_page import sheet_html
from zhixing_desktop.services.journal_search import JournalQuery
from zhixing_desktop.workflow.errors import NotAllowedError, StoreError

SCRIPT = paths.resources_dir() / "verify" / "verify_journal.py"


def outsider(*words: object) -> tuple[int, str]:
    """Run the script as a process of its own, without the program and without site packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, words)],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode()


@pytest.fixture
def worked(office: Office) -> Office:
    """A bureau with three cases and days of work."""
    for number in (1, 2, 3):
        office.register(number)
    office.at("2024-03-04T10:00").sweep()
    return office


@pytest.fixture
def bundle(worked: Office, tmp_path: Path) -> Path:
    """The whole journal as a bundle."""
    return export(worked, tmp_path / "验证包.zip")


def export(office: Office, path: Path, case_id: int | None = None) -> Path:
    journal_export.export_bundle(office.bureau, office.actor(AUDITOR), path, case_id=case_id)
    return path


def test_the_bundle_proves_itself_to_an_outsider(worked: Office, bundle: Path) -> None:
    code, said = outsider(bundle)
    assert code == 0, said
    assert "全部相符" in said
    fingerprint = journal_keys.fingerprint(worked.bureau)
    assert fingerprint in said
    # What is printed each day proves whose it is, and that nothing was rewritten before.
    heads = journal_search.daily_heads(
        worked.bureau, worked.clock.now().date().replace(day=1), worked.clock.now().date()
    )
    assert len(heads) == 2
    printed = [word for head in heads for word in ("--head", f"{head.id}:{head.hash[:20]}")]
    code, said = outsider(
        bundle, *printed[:2], "--fingerprint", journal_keys.grouped(fingerprint).upper()
    )
    assert code == 0, said
    assert outsider(bundle, "--fingerprint", "ab" * 32)[0] == 1
    code, said = outsider(bundle, "--head", f"{heads[0].id}:{'ab' * 32}")
    assert code == 1
    assert f"第 {heads[0].id} 条" in said


def test_the_rows_are_the_bytes_that_were_hashed(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as book:
        lines = book.read("journal.jsonl").splitlines()
        hashes = [line.split() for line in book.read("hashes.txt").decode().splitlines()]
    assert len(lines) == len(hashes) >= 5
    for line, (number, digest) in zip(lines, hashes, strict=True):
        row = json.loads(line)
        assert row["id"] == int(number)
        assert hashing.hasher(row["algorithm"])(line).hexdigest() == digest


def test_the_unpacked_bundle_checks_itself(bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "解压"
    with zipfile.ZipFile(bundle) as book:
        book.extractall(folder)
    own = folder / "verify_journal.py"
    command = [sys.executable, "-I", "-S", str(own)]
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0
    text = (folder / "README.txt").read_bytes()
    (folder / "README.txt").write_bytes(text.replace(b"\r\n", b"\n", 1))
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 1


def test_a_flipped_byte_anywhere_is_found(bundle: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    broken = tmp_path / "坏.zip"
    # All of what is not one of the long files, and places all over those.
    places = {*range(0, len(whole), len(whole) // 25), *range(len(whole) - 72, len(whole), 9)}
    places |= {0, 10, len(whole) - 1, len(whole) - 73, len(whole) - 90, len(whole) - 300}
    for place in sorted(places):
        changed = bytearray(whole)
        changed[place] ^= 1
        broken.write_bytes(changed)
        code, said = outsider(broken)
        assert code == 1, f"byte {place} of {len(whole)}\n{said}"
        assert "不符" in said


Change = Callable[[bytes], bytes]
FORGERIES: dict[str, tuple[str, Change, str]] = {
    "altered": ("journal.jsonl", lambda b: b.replace(OFFICER.encode(), "赵六某".encode(), 1), "第"),
    "line removed": (
        "journal.jsonl",
        lambda b: b"".join(b.splitlines(keepends=True)[:2] + b.splitlines(keepends=True)[3:]),
        "第 3 条",
    ),
    "lines swapped": (
        "journal.jsonl",
        lambda b: b"".join(b.splitlines(keepends=True)[i] for i in (0, 2, 1)),
        "第",
    ),
    "line twice": (
        "journal.jsonl",
        lambda b: b"".join(b.splitlines(keepends=True)[i] for i in (0, 0, 1, 2)),
        "第",
    ),
    "tail cut": (
        "hashes.txt",
        lambda b: b"".join(b.splitlines(keepends=True)[:-1]),
        "条",
    ),
    "other heads": ("heads.txt", lambda b: b.replace(b"2024-03-01", b"2024-03-02", 1), "heads.txt"),
    "manifest": ("manifest.json", lambda b: b.replace(b'"case": null', b'"case": "x"'), "签名"),
    "signature": ("manifest.sig", lambda b: bytes([b[0] ^ 1]) + b[1:], "签名"),
    "key": ("public_key.pem", lambda b: b.replace(b"A", b"B", 3), "key"),
    "script": ("verify_journal.py", lambda b: b + b"\n", "verify_journal.py"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_file_in_a_bundle_packed_anew_is_found(
    bundle: Path, tmp_path: Path, forgery: str
) -> None:
    name, change, word = FORGERIES[forgery]
    folder = tmp_path / "解压"
    with zipfile.ZipFile(bundle) as book:
        book.extractall(folder)
    file = folder / name
    before = file.read_bytes()
    file.write_bytes(change(before))
    assert file.read_bytes() != before
    code, said = outsider(folder)
    assert code == 1, said
    assert word in said


def test_a_file_added_or_taken_away_is_found(bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "解压"
    with zipfile.ZipFile(bundle) as book:
        book.extractall(folder)
    (folder / "补充.txt").write_text("x", encoding="utf-8")
    assert "补充.txt" in outsider(folder)[1]
    (folder / "补充.txt").unlink()
    assert outsider(folder)[0] == 0
    (folder / "heads.txt").unlink()
    code, said = outsider(folder)
    assert (code, "heads.txt" in said) == (1, True)


def test_what_is_no_bundle_is_said_so(tmp_path: Path) -> None:
    for name, content in (("空.zip", b""), ("文.zip", b"hello" * 100)):
        (tmp_path / name).write_bytes(content)
        assert outsider(tmp_path / name)[0] == 1
    assert outsider(tmp_path / "没有.zip")[0] == 1
    assert outsider(tmp_path)[0] == 1


def test_a_bundle_of_one_case_leaves_the_others_out(worked: Office, tmp_path: Path) -> None:
    case = worked.case_ids[1]
    path = export(worked, tmp_path / "一案.zip", case)
    with zipfile.ZipFile(path) as book:
        rows = [json.loads(line) for line in book.read("journal.jsonl").splitlines()]
        manifest = json.loads(book.read("manifest.json"))
    assert rows
    assert {row["case_id"] for row in rows} == {case}
    assert manifest["case"] == "（2024）豫0811执2号"
    assert manifest["left_out"] > 0
    code, said = outsider(path)
    assert code == 0, said
    assert "（2024）豫0811执2号" in said
    folder = tmp_path / "解压"
    with zipfile.ZipFile(path) as book:
        book.extractall(folder)
    file = folder / "journal.jsonl"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[1:]))
    assert outsider(folder)[0] == 1


def test_mixed_algorithms_verify_inside_and_outside(worked: Office, tmp_path: Path) -> None:
    journal_chain.choose_algorithm(worked.bureau, worked.actor(SECURITY), "sm3")
    assert journal_chain.algorithm(worked.bureau) == "sm3"
    worked.register(4)
    found = journal_chain.verify(worked.bureau, worked.actor(AUDITOR))
    assert found.ok
    path = export(worked, tmp_path / "混.zip")
    with zipfile.ZipFile(path) as book:
        assert json.loads(book.read("manifest.json"))["algorithms"] == ["sha256", "sm3"]
    assert outsider(path)[0] == 0
    assert journal(worked.bureau).count(("journal.algorithm", SECURITY)) == 1
    journal_chain.choose_algorithm(worked.bureau, worked.actor(SECURITY), "sm3")
    assert journal(worked.bureau).count(("journal.algorithm", SECURITY)) == 1


def test_the_scripts_own_sm3_is_the_standard_one() -> None:
    code = (
        f"import runpy; m = runpy.run_path({str(SCRIPT)!r}); "
        "print(m['sm3'](b'abc'), m['sm3'](b'abcd' * 16), m['sm3'](b'x' * 119))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, check=True, timeout=60
    )
    # GB/T 32905-2016, A.1 and A.2
    assert done.stdout.decode().split() == [
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        hashing.hasher("sm3")(b"x" * 119).hexdigest(),
    ]


def test_a_broken_chain_is_not_bundled(worked: Office, tmp_path: Path) -> None:
    tamper(worked.bureau.database, "UPDATE journal SET actor = '别人' WHERE id = 3")
    with pytest.raises(StoreError, match="第 3 条") as refused:
        export(worked, tmp_path / "x.zip")
    assert refused.value.data["kind"] == "chain"
    assert list(tmp_path.glob("*x.zip*")) == []


# --- who takes what is journalled


def test_each_export_is_journalled_before_the_file_is_there(worked: Office, tmp_path: Path) -> None:
    query = JournalQuery(actor=OFFICER, words="案件")
    path = tmp_path / "日志.xlsx"
    made = journal_export.export_sheet(worked.bureau, worked.actor(AUDITOR), path, query)
    auditor = worked.actor(AUDITOR)
    (newest,) = journal_search.search(worked.bureau, auditor, JournalQuery(), limit=1).lines
    assert (newest.action, newest.actor) == ("导出日志", AUDITOR)
    with worked.bureau.database.reading() as conn:
        payload = conn.exec_driver_sql(
            f"SELECT payload FROM journal WHERE id = {newest.id}"  # noqa: S608 - a number
        ).scalar()
    told = json.loads(payload)[0]["data"]
    assert told["条件"] == f"人员：{OFFICER}；查找：案件"
    assert told["条数"] == made.rows
    assert told["校验值"] == made.digest
    assert told["文件"] == "日志.xlsx"


def test_what_cannot_be_journalled_does_not_leave(
    worked: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise StoreError("磁盘满了")

    monkeypatch.setattr(traces, "note", full)
    with pytest.raises(StoreError, match="磁盘满了"):
        journal_export.export_sheet(
            worked.bureau, worked.actor(AUDITOR), tmp_path / "日志.xlsx", JournalQuery()
        )
    assert list(tmp_path.glob("*.xlsx*")) == []


def test_only_the_auditor_exports_verifies_and_searches(worked: Office, tmp_path: Path) -> None:
    officer, bureau = worked.actor(OFFICER), worked.bureau
    asked: tuple[Callable[[], object], ...] = (
        lambda: journal_export.export_sheet(bureau, officer, tmp_path / "a", JournalQuery()),
        lambda: journal_export.export_bundle(bureau, officer, tmp_path / "b"),
        lambda: journal_chain.verify(bureau, officer),
        lambda: journal_search.search(bureau, officer, JournalQuery()),
        lambda: journal_chain.choose_algorithm(bureau, officer, "sm3"),
        lambda: journal_keys.renew(bureau, officer, "丢失"),
    )
    before = journal(bureau)
    for ask in asked:
        with pytest.raises(NotAllowedError):
            ask()
    assert journal(bureau) == before
    assert list(tmp_path.glob("[ab]")) == []


def test_giving_up_leaves_no_file(worked: Office, tmp_path: Path) -> None:
    bureau, auditor, path = worked.bureau, worked.actor(AUDITOR), tmp_path / "弃.bin"
    gives: tuple[Callable[[], object], ...] = (
        lambda: journal_export.export_sheet(
            bureau, auditor, path, JournalQuery(), cancelled=lambda: True
        ),
        lambda: journal_export.export_bundle(bureau, auditor, path, cancelled=lambda: True),
    )
    for give in gives:
        with pytest.raises(journal_export.JournalExportCancelledError):
            give()
        assert list(tmp_path.glob("*弃*")) == []


def test_the_sheet_holds_what_was_asked_for_in_words(worked: Office, tmp_path: Path) -> None:
    path = tmp_path / "日志.xlsx"
    case = worked.case_ids[0]
    seen: list[tuple[int, int]] = []
    journal_export.export_sheet(
        worked.bureau,
        worked.actor(AUDITOR),
        path,
        JournalQuery(case_id=case),
        progress=lambda done, total: seen.append((done, total)),
    )
    book = load_workbook(path, read_only=True)
    rows = list(book["日志"].iter_rows(values_only=True))
    assert rows[0][:7] == ("编号", "时间", "人员", "代何人", "工作站", "事项", "案号")
    assert {row[6] for row in rows[1:]} == {"（2024）豫0811执1号"}
    assert "登记案件" in {row[5] for row in rows[1:]}
    assert any("当事人" in str(row[7]) for row in rows[1:])
    assert "案号：（2024）豫0811执1号" in str(list(book["说明"].iter_rows(values_only=True)))
    book.close()
    assert seen


# --- the key


@pytest.mark.skipif(sys.platform == "win32", reason="files have no mode there")
def test_the_key_is_the_owners_alone(worked: Office, bundle: Path) -> None:
    path = journal_keys.key_file(worked.bureau)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    if worked.bureau.database.path is not None:
        assert path.parent == worked.bureau.database.path.parent
    made = [row for row in journal(worked.bureau) if row[0] == "journal.key"]
    assert made == [("journal.key", AUDITOR)]
    path.chmod(0o644)
    with pytest.raises(StoreError, match="别人也能读"):
        export(worked, bundle.with_name("二.zip"))


def test_the_key_is_made_once_and_its_loss_is_told(
    worked: Office, bundle: Path, tmp_path: Path
) -> None:
    first = journal_keys.fingerprint(worked.bureau)
    export(worked, tmp_path / "二.zip")
    assert journal_keys.fingerprint(worked.bureau) == first
    path = journal_keys.key_file(worked.bureau)
    path.rename(tmp_path / "别处")
    with pytest.raises(StoreError, match="不在这台电脑上"):
        export(worked, tmp_path / "三.zip")
    found = journal_keys.renew(worked.bureau, worked.actor(SECURITY), "原密钥丢失")
    assert found.fingerprint != first
    code, said = outsider(export(worked, tmp_path / "三.zip"))
    assert (code, found.fingerprint in said) == (0, True)
    assert outsider(bundle)[0] == 0
    path.write_bytes((tmp_path / "别处").read_bytes())
    with pytest.raises(StoreError, match="不是本局登记"):
        export(worked, tmp_path / "四.zip")
    path.write_bytes(b"-----BEGIN")
    with pytest.raises(StoreError, match="读不出来"):
        export(worked, tmp_path / "四.zip")


def test_the_fingerprint_stands_on_the_daily_sheet(worked: Office, bundle: Path) -> None:
    today, chief = worked.clock.now().date(), worked.actor(CHIEF)
    page = sheet_html(daily_sheet(worked.bureau, chief, today))
    assert journal_keys.grouped(journal_keys.fingerprint(worked.bureau)) in page
    assert bundle.exists()


def test_other_programs_accept_the_signature(bundle: Path) -> None:
    """As ``openssl dgst -sha256 -verify`` would."""
    with zipfile.ZipFile(bundle) as book:
        manifest, signature = book.read("manifest.json"), book.read("manifest.sig")
        pem = book.read("public_key.pem")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem)
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072
    key.verify(signature, manifest, padding.PKCS1v15(), hashes.SHA256())


def test_the_script_needs_nothing_but_the_standard_library() -> None:
    text = SCRIPT.read_text("utf-8")
    imported = re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)
    assert set(imported) <= set(sys.stdlib_module_names)
    assert "zhixing" not in "".join(imported)
