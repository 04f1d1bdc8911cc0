"""Another rulebook: compared, adopted, recomputed, on both databases; and what is in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from helpers.bureau import PEOPLE, Office
from helpers.offices import contents, journal, open_at
from helpers.rulebooks import (
    NEW_NUMBER,
    NEW_WORDS,
    OLD_WORDS,
    other_program,
    other_rulebook,
    tamper,
)
from zhixing_desktop.models import health as stored
from zhixing_desktop.models import tables
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import health, journal_view, rulebook_change, steps, work
from zhixing_desktop.services.bureau import open_bureau
from zhixing_desktop.services.permission import About
from zhixing_desktop.services.recompute import finish_recompute, recompute
from zhixing_desktop.services.rulebook_change import (
    ACT,
    Candidate,
    ComparisonCancelledError,
    adopt,
    compare,
    read_candidate,
)
from zhixing_desktop.services.rulebook_store import offered
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)
from zhixing_desktop.workflow.rulebook_reader import texts_hash
from zhixing_desktop.workflow.views import Key

WHY = "院长办公会议决定"
_ADOPTIONS = "SELECT payload, actor FROM journal WHERE action = ?"
PRESIDENT, ADMIN = "赵院长", "何管理"
NOTICE = Key(7, "case")
RESTRICTION = "M-consumption_restriction-36"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return other_rulebook(tmp_path)


def received(office: Office, number: int = 1) -> int:
    """A case that stands at node 7: received on 5 March."""
    case = office.register(number)
    for node in (1, 2):
        office.fill(case, node)
    office.event(case, "case_received", at="2024-03-05")
    return case


@pytest.fixture
def case(office: Office) -> int:
    office.at("2024-03-05T10:00")
    return received(office)


@pytest.fixture
def candidate(office: Office, folder: Path) -> Candidate:
    return read_candidate(office.bureau, folder)


def due(office: Office, case: int) -> datetime | None:
    return office.detail(case).view.instances[NOTICE].due_at


def version(office: Office, case: int) -> str:
    with office.bureau.database.reading() as conn:
        ((found,),) = ask(conn, "SELECT rulebook_version FROM cases WHERE id = ?", (case,))
    return str(found)


def test_a_bureau_works_by_the_rulebook_it_began_with(office: Office, second: Office) -> None:
    (first,) = rulebook_change.adoptions(office.bureau)
    book = office.bureau.rules.book
    assert (first.number, first.hash) == (book.version, book.hash)
    assert journal(office.bureau)[0] == ("rulebook.found", "系统")
    assert rulebook_change.adoptions(second.bureau) == (first,)
    assert not offered(office.bureau)
    assert stored.check(office.bureau.database) == []


def test_what_is_different_is_told_and_nothing_is_written(
    office: Office, case: int, candidate: Candidate
) -> None:
    before = contents(office.bureau)
    steps: list[tuple[int, int]] = []
    found = compare(
        office.bureau,
        office.actor(PRESIDENT),
        candidate,
        lambda done, total: steps.append((done, total)),
    )
    assert contents(office.bureau) == before
    assert steps == [(0, 1), (1, 1)]
    told = {(d.node, d.part, d.what): (d.old, d.new) for d in found.differences}
    assert told[7, "时限", "期限"] == ("10日内", "15日内")
    assert told[0, "预警", "第一次预警：时限剩余"] == ("1/3", "1/2")
    assert told[36, "审批权限", "批准角色"] == ("院长", "主管院领导")
    assert told[0, "规则库", "编号"] == ("2024.1", NEW_NUMBER)
    assert (found.open_cases, found.cases, found.hidden) == (1, 1, 0)
    changed = {entry.change.key: entry.change for entry in found.changes}
    notice = changed[NOTICE]
    assert (notice.before.due_at, notice.after.due_at) == (
        datetime(2024, 3, 15, 23, 59, 59),
        datetime(2024, 3, 20, 23, 59, 59),
    )
    assert found.counts["due"] >= 1
    assert found.counts["warning"] >= 1


def test_a_comparison_can_be_stopped(office: Office, case: int, candidate: Candidate) -> None:
    with pytest.raises(ComparisonCancelledError):
        compare(office.bureau, office.actor(PRESIDENT), candidate, cancelled=lambda: True)


def test_who_sees_no_cases_is_told_counts_alone(
    office: Office, case: int, candidate: Candidate
) -> None:
    seen = compare(office.bureau, office.actor(PRESIDENT), candidate)
    blind = compare(office.bureau, office.actor(ADMIN), candidate)
    assert (blind.changes, blind.hidden) == ((), len(seen.changes))
    assert blind.counts == seen.counts


def test_what_was_foreseen_is_what_comes(office: Office, case: int, candidate: Candidate) -> None:
    president = office.actor(PRESIDENT)
    seen = compare(office.bureau, president, candidate)
    old = office.bureau.rules.book
    made = adopt(
        office.bureau, president, candidate, WHY, paper="院办〔2024〕3号", based_on=seen.based_on
    )
    assert (made.number, made.adopted_by, made.paper) == (NEW_NUMBER, PRESIDENT, "院办〔2024〕3号")
    recompute(office.bureau, president, act=ACT)
    for entry in seen.changes:
        now = office.detail(entry.case_id).view.instances[entry.change.key]
        assert (now.state, now.due_at) == (entry.change.after.state, entry.change.after.due_at)
    assert version(office, case) == NEW_NUMBER
    assert office.bureau.rules.matrix.row(RESTRICTION).roles == ("主管院领导",)
    assert not finish_recompute(office.bureau)
    assert health.check_all(office.bureau) == []
    with office.bureau.database.reading() as conn:
        ((payload, by),) = ask(conn, _ADOPTIONS, (ACT,))
    assert by == PRESIDENT
    assert old.hash in payload
    assert candidate.book.hash in payload
    assert NEW_WORDS not in payload
    assert compare(office.bureau, president, candidate).differences == ()


def test_the_journal_tells_it_in_words(office: Office, case: int, candidate: Candidate) -> None:
    president = office.actor(PRESIDENT)
    adopt(office.bureau, president, candidate, WHY, paper="院办〔2024〕3号")
    recompute(office.bureau, president, act=ACT)
    entries = journal_view.case_journal(office.bureau, president, case)
    (told,) = [entry for entry in entries if entry.action == "重新计算期限"]
    changes = {change.what: (change.before, change.after) for change in told.changes}
    assert changes["节点规则"] == ("2024.1", NEW_NUMBER)
    with office.bureau.database.reading() as conn:
        found = conn.execute(select(tables.journal).where(tables.journal.c.action == ACT)).one()
        row = journal_view.row_in_words(found, journal_view.general_teller(office.bureau, conn), "")
    assert (row.action, row.actor) == ("更换节点规则", PRESIDENT)
    words = " ".join(f"{change.what} {change.after}" for change in row.changes)
    assert f"依据文件：院办〔2024〕3号；理由：{WHY}" in words
    assert "原来：版本2024.1" in words
    assert f"现在：版本{NEW_NUMBER}" in words


def test_work_goes_on_by_the_new_one(office: Office, case: int, candidate: Candidate) -> None:
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    office.fill(case, 7)
    assert due(office, case) is None or office.detail(case).view.instances[NOTICE].completed_at
    assert version(office, case) == NEW_NUMBER
    assert version(office, office.register(2)) == NEW_NUMBER


@pytest.mark.parametrize("name", [name for name, _, _ in PEOPLE if name != PRESIDENT])
def test_nobody_else_adopts(office: Office, candidate: Candidate, name: str) -> None:
    before = contents(office.bureau)
    with pytest.raises(NotAllowedError, match="M-70"):
        adopt(office.bureau, office.actor(name), candidate, WHY)
    assert contents(office.bureau) == before
    assert office.bureau.rules.book.version == "2024.1"


def test_all_that_is_wrong_with_an_adoption_is_said_at_once(office: Office, tmp_path: Path) -> None:
    later = ("rulebook.yaml", 'effective: "2024-02-01"', 'effective: "2024-07-01"')
    edits = (later, ("rulebook.yaml", 'value: "1/3"', 'value: "1/2"'))
    candidate = read_candidate(office.bureau, other_rulebook(tmp_path, changes=edits))
    with pytest.raises(InputRefusedError) as caught:
        adopt(office.bureau, office.actor(PRESIDENT), candidate, "短")
    assert [p.where for p in caught.value.problems] == ["编号", "施行日期", "理由"]
    own = read_candidate(office.bureau)
    with pytest.raises(RuleRefusedError, match="不需要核准"):
        adopt(office.bureau, office.actor(PRESIDENT), own, WHY)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("nodes-3-start.yaml", "applies: [not_preservation]", "applies: [moon_is_full]"), "moon"),
        (("guideline.txt", NEW_WORDS, "十五日内办理。"), "指引原文中没有这句话"),
        (("events.yaml", "name: payment_paid_out", "name: paid_out"), "payment_paid_out"),
    ],
)
def test_a_rulebook_that_does_not_fit_is_refused(
    office: Office, tmp_path: Path, edit: tuple[str, str, str], said: str
) -> None:
    with pytest.raises(InputRefusedError) as caught:
        read_candidate(office.bureau, other_rulebook(tmp_path, edit))
    assert said in " ".join(p.sentence for p in caught.value.problems)
    with pytest.raises(InputRefusedError, match="没有文件夹"):
        read_candidate(office.bureau, tmp_path / "没有")


def test_two_adopt_at_once_and_the_second_is_told(
    office: Office, second: Office, candidate: Candidate, tmp_path: Path
) -> None:
    other = tmp_path / "另一套"
    other.mkdir()
    edit = ("rulebook.yaml", f'version: "{NEW_NUMBER}"', 'version: "2024.3"')
    rival = read_candidate(second.bureau, other_rulebook(other, edit))
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    with pytest.raises(StaleEditError, match="由别人更换过"):
        adopt(second.bureau, second.actor(PRESIDENT), rival, WHY)
    assert [a.number for a in rulebook_change.adoptions(second.bureau)] == ["2024.1", NEW_NUMBER]


def test_another_workstation_does_nothing_by_the_old_one(
    office: Office, second: Office, case: int, candidate: Candidate
) -> None:
    second.fill(case, 3)  # at work, with the case in its cache
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    recompute(office.bureau, office.actor(PRESIDENT), act=ACT)
    before = contents(office.bureau)
    attempts = [
        lambda: work.start_node(second.bureau, second.actor(), case, NOTICE),
        lambda: second.detail(case),
        lambda: second.register(2),
        second.sweep,
        lambda: recompute(second.bureau, second.actor(ADMIN)),
        lambda: compare(second.bureau, second.actor(PRESIDENT), candidate),
    ]
    for attempt in attempts:
        with pytest.raises(StoreError, match="重新打开") as refused:
            attempt()
        assert refused.value.data["kind"] == "rulebook_changed"
    assert contents(office.bureau) == before
    assert due(office, case) == datetime(2024, 3, 20, 23, 59, 59)


@pytest.fixture
def url(office: Office, database_url: str) -> str:
    return database_url


@pytest.fixture
def reopened(office: Office, url: str) -> Iterator[list[Office]]:
    """What a test opens again, put away after it."""
    made: list[Office] = []
    yield made
    for one in made:
        one.close()


def open_again(office: Office, url: str, reopened: list[Office]) -> Office:
    made = Office(open_at(url, office.clock, workstation="三号机"), office.clock)
    reopened.append(made)
    return made


def test_a_program_that_brings_another_one_works_by_the_adopted(
    office: Office, url: str, reopened: list[Office], case: int, candidate: Candidate
) -> None:
    """The bureau has adopted 2024.2, the program on this workstation still brings 2024.1."""
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    recompute(office.bureau, office.actor(PRESIDENT), act=ACT)
    again = open_again(office, url, reopened)
    assert again.bureau.rules.book.version == NEW_NUMBER
    assert again.bureau.rules.book == candidate.book
    assert not offered(again.bureau)  # it was adopted once, and something else since
    again.fill(case, 7)
    assert health.check_all(again.bureau) == []
    # And back to the program's own: its number was adopted before, with the same words.
    adopt(again.bureau, again.actor(PRESIDENT), read_candidate(again.bureau), "恢复原来的规则")
    recompute(again.bureau, again.actor(PRESIDENT), act=ACT)
    assert version(again, case) == "2024.1"
    assert health.check_all(again.bureau) == []


def test_a_newer_program_offers_its_rulebook_and_works_by_the_adopted_until_then(
    office: Office, url: str, reopened: list[Office], case: int, tmp_path: Path
) -> None:
    newer = open_bureau(
        url, clock=office.clock, resources=other_program(tmp_path), workstation="新版本"
    )
    again = Office(newer, office.clock)
    reopened.append(again)
    assert offered(newer)
    assert newer.rules.book == office.bureau.rules.book
    assert due(again, case) == datetime(2024, 3, 15, 23, 59, 59)
    again.fill(case, 3)
    adopt(newer, again.actor(PRESIDENT), read_candidate(newer), WHY)
    recompute(newer, again.actor(PRESIDENT), act=ACT)
    assert not offered(newer)
    assert due(again, case) == datetime(2024, 3, 20, 23, 59, 59)
    assert health.check_all(newer) == []


def test_a_recompute_that_was_cut_off_is_finished_at_the_next_beat(
    office: Office, url: str, reopened: list[Office], case: int, candidate: Candidate
) -> None:
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    # Here the power fails: nobody recomputes.  The workstation starts again.
    again = open_again(office, url, reopened)
    assert any(f"应为版本{NEW_NUMBER}" in entry for entry in health.check_all(again.bureau))
    assert finish_recompute(again.bureau)
    assert version(again, case) == NEW_NUMBER
    assert health.check_all(again.bureau) == []
    assert not finish_recompute(again.bureau)


def test_what_was_due_by_the_old_one_is_said_by_the_old_one(
    office: Office, url: str, reopened: list[Office], case: int, candidate: Candidate
) -> None:
    office.at("2024-03-16T09:00")  # overdue by ten days, in time by fifteen; no beat has come
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    again = open_again(office, url, reopened)
    finish_recompute(again.bureau)
    with again.bureau.database.reading() as conn:
        said = [row[0] for row in ask(conn, "SELECT sentence FROM alerts WHERE node = 7")]
    assert said
    assert all("10日内" in sentence for sentence in said)
    assert again.detail(case).view.instances[NOTICE].state.value in ("active", "warned")
    assert health.check_all(again.bureau) == []


def test_a_closed_case_stays_under_the_rulebook_it_was_closed_under(
    office: Office, url: str, reopened: list[Office], case: int, candidate: Candidate
) -> None:
    other = received(office, 2)
    office.at("2024-03-18T10:00")
    office.sweep()
    close(office, case)
    before = office.detail(case).view.instances[NOTICE]
    office.at("2024-03-18T11:00")
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    recompute(office.bureau, office.actor(PRESIDENT), act=ACT)
    for one in (office, open_again(office, url, reopened)):
        assert (version(one, case), version(one, other)) == ("2024.1", NEW_NUMBER)
        assert one.detail(case).view.instances[NOTICE] == before
        assert one.detail(other).view.instances[NOTICE].due_at == datetime(2024, 3, 20, 23, 59, 59)
        assert health.check_all(one.bureau) == []


def close(office: Office, case: int) -> None:
    """Let the closing be confirmed, whatever else there was to do."""
    steps.take(
        office.bureau,
        office.actor(),
        case,
        "node.work",
        lambda ctx, _: [NewFact("closing_confirmed", "case", ctx.now)],
        about=About(Key(43, "case")),
    )


def test_texts_changed_by_hand_are_refused_and_found_by_the_check(
    office: Office, url: str, reopened: list[Office], case: int, candidate: Candidate
) -> None:
    adopt(office.bureau, office.actor(PRESIDENT), candidate, WHY)
    recompute(office.bureau, office.actor(PRESIDENT), act=ACT)
    tamper(
        office.bureau,
        "UPDATE rulebook_texts SET body = replace(body, 'amount: 15', 'amount: 90') "
        "WHERE rulebook_id = 2",
    )
    assert any("版本2024.2）在数据库中的文本被人" in p for p in health.check_all(office.bureau))
    again = open_again(office, url, reopened)
    with pytest.raises(StoreError, match="绕过程序改动") as refused:
        again.detail(case)
    assert refused.value.data["kind"] == "rulebook_altered"
    with pytest.raises(StoreError, match="绕过程序改动"):
        work.complete_node(again.bureau, again.actor(), case, NOTICE)
    # The way out: 院长 adopts what the program brings.
    adopt(again.bureau, again.actor(PRESIDENT), read_candidate(again.bureau), "数据库文本被改动")
    recompute(again.bureau, again.actor(PRESIDENT), act=ACT)
    assert due(again, case) == datetime(2024, 3, 15, 23, 59, 59)


def test_the_texts_are_not_read_where_the_program_brings_the_same(
    office: Office, url: str, reopened: list[Office], case: int
) -> None:
    tamper(office.bureau, "DELETE FROM rulebook_texts")
    again = open_again(office, url, reopened)
    again.fill(case, 3)
    assert again.bureau.rules.book is office.bureau.rules.book
    assert any("版本2024.1）在数据库中的文本被人" in p for p in health.check_all(again.bureau))


def test_texts_that_this_program_cannot_read_are_refused_with_a_way_out(
    office: Office, url: str, reopened: list[Office], case: int, candidate: Candidate
) -> None:
    """A later program knew a condition that this one does not."""
    texts = {
        name: body.replace("applies: [not_preservation]", "applies: [moon_is_full]")
        for name, body in candidate.texts.items()
    }
    book = replace(candidate.book, hash=texts_hash(texts))
    adopt(office.bureau, office.actor(PRESIDENT), replace(candidate, book=book, texts=texts), WHY)
    again = open_again(office, url, reopened)
    with pytest.raises(StoreError, match="zhixing rulebook adopt") as refused:
        again.detail(case)
    assert refused.value.data["kind"] == "rulebook_unreadable"
    assert "moon_is_full" in str(refused.value.data["problems"])


def test_the_first_rulebook_cannot_be_put_in_anew(office: Office, url: str) -> None:
    tamper(office.bureau, "DELETE FROM rulebook_texts")
    with office.bureau.database.writing() as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("DROP TRIGGER rulebooks_no_delete"))
        else:
            conn.execute(text("ALTER TABLE rulebooks DISABLE TRIGGER USER"))
        conn.execute(text("DELETE FROM rulebooks"))
    with pytest.raises(StoreError, match="绕过程序删除"):
        open_at(url, office.clock)


def test_the_guideline_itself_belongs_to_the_rulebook(office: Office, tmp_path: Path) -> None:
    assert OLD_WORDS in read_candidate(office.bureau).texts["guideline.txt"]
    candidate = read_candidate(office.bureau, other_rulebook(tmp_path))
    assert NEW_WORDS in candidate.texts["guideline.txt"]
