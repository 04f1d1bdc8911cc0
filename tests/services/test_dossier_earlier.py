"""What existed before there was a dossier, or was taken out of it by mistake, is filed: once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import CHIEF, OTHER_OFFICER, Office
from helpers.paper_desk import paper_desk
from helpers.papers import pdf
from zhixing_desktop.models import upgrades
from zhixing_desktop.models.file_folder import digest_of
from zhixing_desktop.services import dossier, outside, work
from zhixing_desktop.services.after_upgrade import UNFILED, finish_upgrade
from zhixing_desktop.services.dossier_earlier import file_paper_again
from zhixing_desktop.services.dossier_filing import withdraw_item
from zhixing_desktop.services.dossier_types import SideView
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.services.paper_voiding import void
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.errors import NotAllowedError, RuleRefusedError
from zhixing_desktop.workflow.views import Key

THREE, NOTICE = Key(3, "case"), Key(7, "case")
SCAN = Scan("批复.pdf", pdf((230, 240, 250), (250, 240, 230)))
NUMBER = "（2024）豫08执督7号"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Office, int]]:
    office = paper_desk(tmp_path)
    (case,) = office.case_ids
    yield office, case
    office.close()


def answered(office: Office) -> int:
    """A case whose unfreezing the superior court has answered, with a scan of two pages."""
    case = office.register(9)
    office.event(case, "case_filed")
    office.at("2024-03-07T09:00").sweep()
    why = "系统故障未能当日提起"
    filer, chief = office.actor("吴立案"), office.actor(CHIEF)
    asked = work.request_approval(office.bureau, filer, case, THREE, "unfreeze", why)
    seq, today = asked.facts[0].seq, office.clock.now().date()
    hop = Hop("本院", "焦作市中级人民法院", today, "山执报1号")
    outside.forward(office.bureau, chief, case, seq, hop)
    reply = Reply(NUMBER, today, "孙庭长", "焦作市中级人民法院", "granted", "同意解冻")
    outside.enter_reply(office.bureau, chief, case, seq, reply, SCAN)
    return case


def before_there_were_dossiers(office: Office) -> None:
    """Leave the database as an upgrade from a release without dossiers leaves it."""
    with office.bureau.database.writing() as conn:
        kept = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'dossier%'"
        for (name,) in conn.exec_driver_sql(kept).fetchall():
            conn.exec_driver_sql(f"DROP TRIGGER {name}")
        conn.exec_driver_sql("DELETE FROM dossier_versions")
        conn.exec_driver_sql("DELETE FROM dossier_items")
        upgrades.put_meta(conn, UNFILED, "papers")


def inner(office: Office, case: int) -> SideView:
    found = dossier.dossier(office.bureau, office.actor(), case).side
    assert found is not None
    return found


def test_a_reply_entered_before_the_upgrade_lies_in_the_inner_dossier_once(
    desk: tuple[Office, int],
) -> None:
    office, _ = desk
    case = answered(office)
    (usual,) = inner(office, case).items
    before_there_were_dossiers(office)
    assert inner(office, case).items == ()
    assert finish_upgrade(office.bureau)
    (made,) = inner(office, case).items
    assert (made.name, made.number, made.pages) == (usual.name, NUMBER, 2)
    assert (made.side, made.place, made.key) == (usual.side, usual.place, THREE)
    assert (made.medium, made.origin, made.thing_on) == (
        usual.medium, usual.origin, usual.thing_on,
    )  # fmt: skip
    assert office.bureau.database.meta(UNFILED) is None
    for _ in range(2):
        with office.bureau.database.writing() as conn:
            upgrades.put_meta(conn, UNFILED, "papers")
        assert finish_upgrade(office.bureau)
    assert [item.id for item in inner(office, case).items] == [made.id]


def test_what_was_taken_out_since_does_not_come_back_with_an_upgrade(
    desk: tuple[Office, int],
) -> None:
    office, _ = desk
    case = answered(office)
    (item,) = inner(office, case).items
    withdraw_item(
        office.bureau, office.actor(), item.id, "属于另一案件，误放", version=item.version
    )
    with office.bureau.database.writing() as conn:
        upgrades.put_meta(conn, UNFILED, "papers")
    finish_upgrade(office.bureau)
    assert inner(office, case).items == ()


def test_a_reply_whose_scan_cannot_be_read_waits_for_the_next_start(
    desk: tuple[Office, int],
) -> None:
    office, _ = desk
    case = answered(office)
    before_there_were_dossiers(office)
    (kept,) = files_folder(office.bureau).rglob(f"{digest_of(SCAN.data)}*")
    kept.rename(kept.with_suffix(".away"))
    finish_upgrade(office.bureau)
    assert inner(office, case).items == ()
    assert office.bureau.database.meta(UNFILED) is not None
    kept.with_suffix(".away").rename(kept)
    finish_upgrade(office.bureau)
    assert [item.number for item in inner(office, case).items] == [NUMBER]
    assert office.bureau.database.meta(UNFILED) is None


def test_an_issued_paper_taken_out_by_mistake_is_filed_again_from_its_own_file(
    desk: tuple[Office, int],
) -> None:
    office, case = desk
    bureau, officer = office.bureau, office.actor()
    made = issue(bureau, officer, PaperWish(case, "07-talk-record", NOTICE)).paper
    (item,) = dossier.dossier(bureau, officer, case).main.items
    with pytest.raises(RuleRefusedError, match="已经在卷宗里"):
        file_paper_again(bureau, officer, made.id)
    withdraw_item(bureau, officer, item.id, "装订时误撤，应当保留", version=item.version)
    with pytest.raises(NotAllowedError):
        file_paper_again(bureau, office.actor(OTHER_OFFICER), made.id)
    again = file_paper_again(bureau, officer, made.id).item
    view = dossier.dossier(bureau, officer, case).main
    assert [line.id for line in view.items] == [again.id]
    assert [line.id for line in view.withdrawn] == [item.id]
    assert (again.name, again.pages, again.pdf, again.place) == (
        item.name, item.pages, item.pdf, item.place,
    )  # fmt: skip
    assert again.paper_id == made.id
    void(bureau, officer, made.id, "文书内容有误，重新制作", version=made.version)
    with pytest.raises(RuleRefusedError, match="只有已签发"):
        file_paper_again(bureau, officer, made.id)
