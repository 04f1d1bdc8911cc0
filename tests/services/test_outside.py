"""Authorities outside the court, through the services: report, hops, reply with scan, reader."""

from __future__ import annotations

import errno
import io
import os
import struct
import threading
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.offices import open_at
from helpers.paper_forms import court_forms
from helpers.papers import pdf as drawn_pdf
from zhixing_desktop.models import file_folder, tables
from zhixing_desktop.services import (
    dossier,
    fact_words,
    file_store,
    health,
    outside,
    outside_report,
    paper_drafts,
    paper_issuing,
    papers,
    store_health,
    waiting,
    work,
)
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
    ZhixingError,
)
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

THREE = Key(3, "case")
READER = "郑审管"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 64 + b"\xff\xd9"
NUMBER = "（2024）豫08执督7号"


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def tiff() -> bytes:
    entries = [(256, 3, 1, 1), (257, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 4)]
    made = io.BytesIO()
    made.write(b"II*\0" + struct.pack("<I", 12) + b"\xff" * 4)
    made.write(struct.pack("<H", len(entries)))
    for entry in entries:
        made.write(struct.pack("<HHII", *entry))
    made.write(struct.pack("<I", 0))
    return made.getvalue()


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Path:
    """Where the bureau keeps its files."""
    if office.bureau.database.path is None:
        office.bureau.files_dir = tmp_path / "共用"
        office.bureau.files_dir.mkdir()
    return file_store.files_folder(office.bureau)


def frozen_three(office: Office, *numbers: int) -> list[tuple[int, int]]:
    """Cases whose node 3 is frozen, each with its application for unfreezing."""
    said = {"cause": "民间借贷纠纷", "basis": "（2023）豫0811民初1号"}
    found = [office.register(number, **said) for number in numbers]
    for case in found:
        office.event(case, "case_filed")
    office.at("2024-03-02T09:00").sweep()
    filer, why = office.actor("吴立案"), "系统故障未能当日提起"
    made = [
        work.request_approval(office.bureau, filer, case, THREE, "unfreeze", why) for case in found
    ]
    return [(case, step.facts[0].seq) for case, step in zip(found, made, strict=True)]


@pytest.fixture
def asked(office: Office, folder: Path) -> tuple[int, int]:
    return frozen_three(office, 1)[0]


def hop(office: Office, case: int, seq: int, **more: Any) -> None:
    given = {"sender": "本院", "receiver": "焦作市中级人民法院", "number": "山执报1号",
             "sent_on": office.clock.now().date(), **more}  # fmt: skip
    outside.forward(office.bureau, office.actor(CHIEF), case, seq, Hop(**given))


GOOD = Scan("批复.pdf", PDF)


def enter(office: Office, case: int, seq: int, scan: Scan | None = GOOD, **more: Any) -> None:
    given = {"number": NUMBER, "decided_on": office.clock.now().date(), "decider": "孙庭长",
             "office": "焦作市中级人民法院", "outcome": "granted", "words": "同意解冻",
             **more}  # fmt: skip
    outside.enter_reply(office.bureau, office.actor(CHIEF), case, seq, Reply(**given), scan)


def confirm(office: Office, case: int, seq: int, number: str = NUMBER, by: str = READER) -> None:
    today = office.clock.now().date()
    outside.read_back(office.bureau, office.actor(by), case, seq, number, today)


def state(office: Office, case: int) -> State:
    return office.detail(case).view.instances[THREE].state


def test_the_whole_way_of_an_outside_decision(
    office: Office, asked: tuple[int, int], folder: Path
) -> None:
    case, seq = asked
    chief, reader = office.actor(CHIEF), office.actor(READER)
    (item,) = waiting.waiting_for(office.bureau, chief)
    assert (item.step, item.stage) == ("forward", "")
    hop(office, case, seq)
    assert waiting.waiting_for(office.bureau, chief) == ()
    (away,) = waiting.pending_at_others(office.bureau, office.actor(CHIEF))
    assert (away.case_id, away.stage) == (case, "forwarded")
    enter(office, case, seq)
    assert state(office, case) is State.FROZEN
    assert waiting.waiting_for(office.bureau, chief) == ()
    (item,) = waiting.waiting_for(office.bureau, reader)
    assert item.step == "read_back"
    with pytest.raises(RuleRefusedError):
        confirm(office, case, seq, by=CHIEF)
    with pytest.raises(RuleRefusedError):
        confirm(office, case, seq, by=OFFICER)
    with pytest.raises(InputRefusedError) as caught:
        confirm(office, case, seq, "（2024）豫08执督8号")
    assert "核对不一致" in caught.value.sentence
    assert state(office, case) is State.FROZEN
    confirm(office, case, seq)
    assert state(office, case) is State.OVERDUE
    (view,) = office.detail(case).view.approvals
    digest = view.steps[-1]["scan"]
    kept, data = file_store.read_file(office.bureau, digest)
    assert (kept.name, kept.media_type, data) == ("批复.pdf", "application/pdf", PDF)
    assert [p.name for p in folder.rglob("*") if p.is_file()] == [f"{digest}.pdf"]
    assert waiting.pending_at_others(office.bureau, office.actor(CHIEF)) == ()
    assert store_health.file_problems(office.bureau) == []
    assert health.check_all(office.bureau) == []


def test_the_paper_of_a_reply_lies_in_the_inner_dossier(
    office: Office, asked: tuple[int, int]
) -> None:
    case, seq = asked
    hop(office, case, seq)
    office.at("2024-03-05T09:00")
    enter(office, case, seq, scan=Scan("批复.pdf", drawn_pdf((255, 255, 240), (240, 255, 255))))
    side = dossier.dossier(office.bureau, office.actor(CHIEF), case).side
    assert side is not None
    (item,) = side.items
    assert (item.place, item.number, item.pages, item.key) == (2, NUMBER, 2, THREE)
    assert health.check_all(office.bureau) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scan": None}, "请附上答复文件的扫描件"),
        ({"scan": Scan("批复.pdf", b"")}, "扫描件是空的"),
        (
            {"scan": Scan("批复.pdf", b"MZ\x90\0 this is a program")},
            "应当是 PDF、JPEG、PNG 或者 TIFF",
        ),
        ({"scan": Scan("批复.pdf", PDF[:-8])}, "扫描件不完整"),
        ({"scan": Scan("批复.jpg", JPEG[:-2])}, "扫描件不完整"),
        ({"scan": Scan("批复.png", png()[:-6])}, "扫描件不完整"),
        ({"scan": Scan("批复.tif", tiff()[:9])}, "扫描件不完整"),
        (
            {"scan": Scan("批复.pdf", PDF[:-8] + b" " * 21 * 1024 * 1024 + PDF[-8:])},
            "超过了本院设置",
        ),
        ({"decided_on": date(2024, 3, 1)}, "不能早于申请之日"),
        ({"decided_on": date(2024, 3, 3)}, "不能晚于今天"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_reply_that_is_refused_leaves_nothing(
    office: Office, asked: tuple[int, int], folder: Path, change: dict[str, Any], words: str
) -> None:
    case, seq = asked
    hop(office, case, seq)
    before = len(office.detail(case).facts)
    with pytest.raises(InputRefusedError, match=words):
        enter(office, case, seq, **change)
    assert len(office.detail(case).facts) == before
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    with office.bureau.database.reading() as conn:
        assert conn.execute(select(tables.files)).all() == []


def test_everything_that_is_wrong_is_said_at_once(office: Office, asked: tuple[int, int]) -> None:
    case, seq = asked
    hop(office, case, seq)
    with pytest.raises(InputRefusedError) as caught:
        enter(office, case, seq, None, number="", decider=" ", decided_on=date(2024, 3, 9))
    assert {p.where for p in caught.value.problems} >= {
        "答复文号",
        "作出决定的人",
        "答复日期",
        "扫描件",
    }


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (png(), "image/png"), (tiff(), "image/tiff")],
    ids=["pdf", "jpeg", "png", "tiff"],
)
def test_a_scan_goes_by_its_content_and_not_by_its_name(data: bytes, media_type: str) -> None:
    assert file_store.scan_problems(data, 20) == (media_type, [])


def test_a_number_is_used_once_in_the_whole_bureau(office: Office, folder: Path) -> None:
    (case, seq), (other, second_seq) = frozen_three(office, 1, 2)
    hop(office, case, seq)
    hop(office, other, second_seq)
    enter(office, case, seq)
    with pytest.raises(InputRefusedError, match="已经在（2024）豫0811执1号中使用过"):
        enter(office, other, second_seq, number="(2024)豫08执督 7号")
    # Mistyped there and entered anew: the number is free again.
    enter(office, case, seq, number="（2024）豫08执督9号")
    enter(office, other, second_seq)
    confirm(office, other, second_seq)
    with pytest.raises(InputRefusedError, match="使用过"):
        enter(office, case, seq)


def test_the_same_court_takes_its_reply_back(office: Office, folder: Path) -> None:
    (case, seq), (other, second_seq) = frozen_three(office, 1, 2)
    for where, request in ((case, seq), (other, second_seq)):
        hop(office, where, request)
    enter(office, case, seq)
    confirm(office, case, seq)
    assert state(office, case) is State.OVERDUE
    office.at("2024-03-05T09:00")
    later = "（2024）豫08执督12号"
    with pytest.raises(InputRefusedError, match="与原答复的文号相同"):
        enter(office, case, seq, outcome="revoked")
    enter(office, case, seq, number=later, outcome="revoked", words="原批复依据的材料不实")
    (item,) = waiting.waiting_for(office.bureau, office.actor(READER))
    assert (item.case_id, item.step) == (case, "read_back")
    confirm(office, case, seq, later)
    assert state(office, case) is State.FROZEN
    assert waiting.waiting_for(office.bureau, office.actor(READER)) == ()
    # Neither number can be used again, the one that was taken back no more than the other.
    for used in (NUMBER, later):
        with pytest.raises(InputRefusedError, match="已经在（2024）豫0811执1号中使用过"):
            enter(office, other, second_seq, number=used)
    (view,) = office.detail(case).view.approvals
    assert view.countermand is not None
    kept, _ = file_store.read_file(office.bureau, view.countermand["scan"])
    assert kept.name == "批复.pdf"
    (entry,) = [e for e in office.detail(case).facts if e.kind == "approval_countermanded"]
    said = fact_words.fact_words(office.bureau.rules.book, str, entry)
    assert "焦作市中级人民法院孙庭长撤销对“" in said
    assert f"的批准（{later}）：原批复依据的材料不实" in said
    assert health.check_all(office.bureau) == []


def test_two_workstations_with_the_same_number_at_once(
    office: Office, second: Office, folder: Path
) -> None:
    second.bureau.files_dir = office.bureau.files_dir
    (case, seq), (other, second_seq) = frozen_three(office, 1, 2)
    hop(office, case, seq)
    hop(office, other, second_seq)
    start = threading.Barrier(2)
    refused: list[ZhixingError] = []

    def run(desk: Office, where: int, request: int) -> None:
        start.wait()
        try:
            enter(desk, where, request)
        except ZhixingError as error:
            refused.append(error)

    threads = [
        threading.Thread(target=run, args=entry)
        for entry in ((office, case, seq), (second, other, second_seq))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1, refused
    assert isinstance(refused[0], InputRefusedError | StaleEditError)
    assert health.check_all(office.bureau) == []


def test_a_full_disk_is_said_and_loses_nothing(
    office: Office, asked: tuple[int, int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, seq = asked
    hop(office, case, seq)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="磁盘满了，文件没有保存"):
            enter(office, case, seq)
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    enter(office, case, seq)
    confirm(office, case, seq)
    assert state(office, case) is State.OVERDUE


def test_a_kept_file_that_was_changed_or_lost_is_told(
    office: Office, asked: tuple[int, int], folder: Path
) -> None:
    case, seq = asked
    hop(office, case, seq)
    enter(office, case, seq)
    (kept,) = [p for p in folder.rglob("*") if p.is_file()]
    kept.write_bytes(PDF + b" ")
    with pytest.raises(StoreError, match="被改动过"):
        file_store.read_file(office.bureau, file_folder.digest_of(PDF))
    kept.unlink()
    assert "文件不见了" in store_health.file_problems(office.bureau)[0]


def test_a_server_needs_a_shared_folder(office: Office, asked: tuple[int, int]) -> None:
    if office.bureau.database.path is not None:
        assert file_store.files_folder(office.bureau).name.endswith(".db.files")
        return
    case, seq = asked
    hop(office, case, seq)
    office.bureau.files_dir = None
    with pytest.raises(StoreError, match="没有设置数据文件夹"):
        enter(office, case, seq)
    office.bureau.files_dir = Path("/no/such/folder")
    with pytest.raises(StoreError, match="找不到数据文件夹"):
        enter(office, case, seq)


def test_the_report_is_the_paper_with_what_was_typed_once(
    office: Office, asked: tuple[int, int], tmp_path: Path
) -> None:
    case, seq = asked
    bureau, chief, filer = office.bureau, office.actor(CHIEF), office.actor("吴立案")
    told = {
        "name": "焦作市山阳区人民法院",
        "phone": "0391-1234567",
        "superior": "焦作市中级人民法院",
    }
    for name, words in told.items():
        change_setting(bureau, office.actor("何管理"), f"court.{name}", words, "首次设置")
    court_forms(bureau)
    change_setting(bureau, office.actor("何管理"), "court.superior", "", "尚未设置")
    gaps = papers.preview(bureau, chief, PaperWish(case, "03-unfreeze-report", THREE)).gaps
    assert "本院设置（上级法院的全称）" in [gap.place for gap in gaps]
    change_setting(bureau, office.actor("何管理"), "court.superior", told["superior"], "补正")
    first = outside_report.report(bureau, chief, case, seq)
    assert first.line is None
    assert "还没有签发，这是草稿。请承办人在节点3的“文书”中签发" in first.words
    assert "补办措施和完成日期" in first.words
    assert first.draft is not None
    places = {gap.label: gap.place for gap in first.draft.gaps}
    assert places["补办措施和完成日期"] == "本文书的填写项"
    wish = PaperWish(case, "03-unfreeze-report", THREE, asked={"remedy": "当日<提起>网络查询"})
    draft = paper_drafts.keep_draft(bureau, filer, wish)
    kept = outside_report.report(bureau, chief, case, seq)
    assert "补办措施" not in kept.words
    target = outside_report.write_report(bureau, chief, kept, tmp_path / "报告.docx")
    said = body_text(target)
    for words in ("系统故障未能当日提起", "当日<提起>网络查询", "焦作市甲商贸有限公司", "吴立案"):
        assert words in said
    made = paper_issuing.issue_draft(bureau, filer, draft.id, version=1).paper
    issued = outside_report.report(bureau, chief, case, seq)
    assert issued.line is not None
    assert issued.line.id == made.id
    assert issued.file.data.startswith(b"%PDF")
    # After a hop it is made again, with the way so far, and nothing is asked twice.
    hop(office, case, seq, note="急件<1>")
    wish = PaperWish(case, "03-unfreeze-report", THREE)
    again = paper_issuing.issue(bureau, filer, wish).paper
    second = outside_report.report(bureau, chief, case, seq)
    assert second.line is not None
    assert second.line.id == again.id
    path = outside_report.write_report(bureau, chief, second, tmp_path / "第二次.docx")
    assert "急件<1>" in body_text(path)
    assert "当日<提起>网络查询" in body_text(path)
    with pytest.raises(StoreError, match="已经存在，为免覆盖没有写入"):
        outside_report.write_report(bureau, chief, second, path)
    with pytest.raises(InputRefusedError, match=r"只能存为 PDF 或者 Word"):
        outside_report.write_report(bureau, chief, second, tmp_path / "报告.html")
    with pytest.raises(RuleRefusedError):
        outside_report.report(bureau, office.actor("何管理"), case, seq)


def body_text(path: Path) -> str:
    """Return the words of a Word file, those of its tables too."""
    from docx import Document

    document = Document(str(path))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_mark_of_an_upgrade_is_worked_off_once(
    office: Office, asked: tuple[int, int], database_url: str
) -> None:
    before = waiting.waiting_for(office.bureau, office.actor(CHIEF))
    with office.bureau.database.writing() as conn:
        conn.exec_driver_sql("DELETE FROM waiting")
        conn.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('rebuild', 'waiting')")
    start = threading.Barrier(3)
    opened: list[Any] = []

    def open_it() -> None:
        start.wait()
        opened.append(open_at(database_url, office.clock))

    threads = [threading.Thread(target=open_it) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3
    for bureau in opened:
        assert bureau.database.meta("rebuild") is None
        bureau.close()
    assert waiting.waiting_for(office.bureau, office.actor(CHIEF)) == before
    with office.bureau.database.reading() as conn:
        rows = conn.execute(select(tables.journal.c.action)).scalars().all()
    assert rows.count("upgrade.waiting") == 1
