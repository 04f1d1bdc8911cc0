"""A kept file as pages, and who may look at the scan of a superior court's reply."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.bureau import ADMIN, CHIEF, OFFICER, Office
from helpers.offices import journal
from helpers.papers import BLUE, GREEN, RED, pdf, png, tiff
from zhixing_desktop.models import file_folder
from zhixing_desktop.services import (
    file_store,
    journal_view,
    outside,
    people,
    personal_data,
    work,
)
from zhixing_desktop.services.file_pages import file_pages
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, StoreError
from zhixing_desktop.workflow.views import Key

READER = "郑审管"
PAPER = pdf(RED, GREEN, BLUE)


def test_every_kind_of_scan_has_its_pages() -> None:
    paper = file_pages("批复.pdf", file_folder.PDF, PAPER)
    assert paper.count == 3
    drawn = paper.picture(1, 90)
    assert (drawn.width, drawn.data[:3]) == (90, b"\0\xff\0")
    picture = png(RED, 4, 3)
    single = file_pages("批复.png", file_folder.PNG, picture)
    assert (single.count, single.picture(0, 500).data) == (1, picture)
    several = file_pages("批复.tif", file_folder.TIFF, tiff(0, 128, 255))
    assert (several.count, several.picture(2, 500).place) == (3, 2)
    with pytest.raises(StoreError, match="已经损坏，不能显示"):
        file_pages("批复.pdf", file_folder.PDF, b"%PDF-1.7 %%EOF")


@pytest.fixture
def replied(office: Office, tmp_path: Path) -> tuple[int, int]:
    """A frozen node 3 whose reply was entered by the chief, to be read back."""
    if office.bureau.database.path is None:
        office.bureau.files_dir = tmp_path / "共用"
        office.bureau.files_dir.mkdir()
    case = office.register(1)
    office.event(case, "case_filed")
    office.at(office.clock.now() + timedelta(days=1)).sweep()
    filer, bureau = office.actor("吴立案"), office.bureau
    made = work.request_approval(bureau, filer, case, Key(3, "case"), "unfreeze", "系统故障")
    seq, today = made.facts[0].seq, office.clock.now().date()
    chief = office.actor(CHIEF)
    outside.forward(bureau, chief, case, seq, Hop("本院", "焦作中院", today, "山执报1号"))
    reply: dict[str, Any] = {
        "number": "（2024）豫08执督7号", "decided_on": today, "decider": "孙庭长",
        "office": "焦作市中级人民法院", "outcome": "granted", "words": "同意解冻",
    }  # fmt: skip
    outside.enter_reply(bureau, chief, case, seq, Reply(**reply), Scan("批复.pdf", PAPER))
    return case, seq


def looks(office: Office) -> list[str]:
    return [actor for action, actor in journal(office.bureau) if action == "personal.view"]


def test_the_second_reader_sees_the_scan_and_his_look_is_journalled(
    office: Office, replied: tuple[int, int]
) -> None:
    case, seq = replied
    seen = outside.scan_of(office.bureau, office.actor(READER), case, seq)
    assert (seen.name, seen.count, seen.data) == ("批复.pdf", 3, PAPER)
    assert looks(office) == [READER]
    entries = journal_view.case_journal(office.bureau, office.actor(CHIEF), case)
    told = " ".join(change.after for change in entries[0].changes)
    assert "节点3 上级法院的答复" in told
    assert "扫描件“批复.pdf”" in told
    # Read back, it is still there to look at; who entered it may do so, too.
    outside.read_back(
        office.bureau, office.actor(READER), case, seq, "（2024）豫08执督7号",
        office.clock.now().date(),
    )  # fmt: skip
    assert outside.scan_of(office.bureau, office.actor(CHIEF), case, seq).data == PAPER


def test_a_clerk_of_another_team_may_read_it_back_and_so_sees_it(
    office: Office, replied: tuple[int, int]
) -> None:
    """书记员 see personal data of their own cases only; whoever reads back must see the paper."""
    people.add_people(office.bureau, ADMIN, [("韩书记", ("书记员",), "执行二团队")])
    clerk = office.actor("韩书记")
    with pytest.raises(NotAllowedError):
        personal_data.show_personal(office.bureau, clerk, replied[0])
    assert outside.scan_of(office.bureau, clerk, *replied).count == 3
    assert looks(office) == ["韩书记"]


def test_on_ones_own_case_the_look_is_no_event(office: Office, replied: tuple[int, int]) -> None:
    case, seq = replied
    assert outside.scan_of(office.bureau, office.actor(OFFICER), case, seq).count == 3
    assert looks(office) == []


@pytest.mark.parametrize("name", ["何管理", "穆审计", "马档案"])
def test_who_may_neither_read_back_nor_see_numbers_does_not_see_the_paper(
    office: Office, replied: tuple[int, int], name: str
) -> None:
    with pytest.raises(NotAllowedError, match="权限表M-"):
        outside.scan_of(office.bureau, office.actor(name), *replied)
    assert looks(office) == []


def test_a_scan_that_is_gone_or_changed_is_said_and_nothing_is_shown(
    office: Office, replied: tuple[int, int]
) -> None:
    reader = office.actor(READER)
    folder = file_store.files_folder(office.bureau)
    (kept,) = [path for path in folder.rglob("*") if path.is_file()]
    kept.write_bytes(pdf(BLUE, BLUE, BLUE))
    with pytest.raises(StoreError, match="被改动过或者已经损坏"):
        outside.scan_of(office.bureau, reader, *replied)
    kept.unlink()
    with pytest.raises(StoreError, match="找不到保存的文件"):
        outside.scan_of(office.bureau, reader, *replied)
    assert looks(office) == []


def test_an_application_without_a_reply_has_no_scan(
    office: Office, replied: tuple[int, int]
) -> None:
    case, seq = replied
    with pytest.raises(InputRefusedError, match="没有登记附扫描件的答复"):
        outside.scan_of(office.bureau, office.actor(CHIEF), case, seq + 1000)
