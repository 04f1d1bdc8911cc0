"""Signing in, tried as somebody would who wants in and may not."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Update, select, text, update

from helpers.bureau import OFFICER, OTHER_OFFICER, Office, make_bureau
from helpers.founding import ADMIN_PASSWORD, PASSWORD, SECURITY_PASSWORD, found, give_account
from helpers.offices import beside, open_at
from zhixing_desktop import paths
from zhixing_desktop.clock import SystemClock
from zhixing_desktop.models.tables import accounts as table
from zhixing_desktop.models.tables import journal, password_history
from zhixing_desktop.services import accounts, health, passwords, people, strangers
from zhixing_desktop.services.account_check import account_problems
from zhixing_desktop.services.accounts import SignedIn, change_password, sign_in
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.bureau_settings import (
    CourtProfile,
    HashCost,
    change_setting,
    read_settings,
)
from zhixing_desktop.services.first_start import FirstPerson, first_start
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD, give_accounts
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)

WRONG = "Falsch-1234"
LOCK = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Place:
    """A bureau with its administrators and one officer who has an account."""

    office: Office
    admin: Actor
    security: Actor
    officer: int

    @property
    def bureau(self) -> Bureau:
        return self.office.bureau

    def go_on(self, by: timedelta) -> None:
        self.office.clock.set(self.office.clock.now() + by)

    def enter(self, login: str = "zhang", password: str = PASSWORD) -> SignedIn:
        return sign_in(self.bureau, login, password)

    def kind(self, login: str = "zhang", password: str = PASSWORD) -> str:
        """Return why somebody is not let in."""
        with pytest.raises(RuleRefusedError) as refused:
            self.enter(login, password)
        return str(refused.value.data["kind"])


@pytest.fixture
def place(office: Office) -> Place:
    admin, security = found(office.bureau)
    officer = give_account(office, admin, OFFICER, "zhang")
    return Place(office, admin, security, officer)


@pytest.fixture
def other(place: Place, database_url: str) -> Iterator[Office]:
    """Another workstation on the same database."""
    made = beside(place.office, database_url)
    yield made
    made.close()


def row_of(place: Place) -> dict[str, object]:
    with place.bureau.database.reading() as conn:
        wanted = select(table).where(table.c.staff_id == place.officer)
        return dict(conn.execute(wanted).mappings().one())


def told(place: Place) -> list[tuple[str, str, str]]:
    """Return action, actor and stored content of each journal row on accounts."""
    with place.bureau.database.reading() as conn:
        rows = conn.execute(
            text(
                "SELECT action, actor, payload FROM journal WHERE action LIKE 'account.%' "
                "ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]


# ------------------------------------------------------------------------------------ getting in


def test_who_signs_in_is_told_of_the_last_time_and_of_failures_since(place: Place) -> None:
    first = place.enter()
    assert (first.actor.name, first.actor.roles) == (OFFICER, ("承办人",))
    assert first.last_at is None
    place.go_on(timedelta(hours=1))
    for _ in range(2):
        assert place.kind(password=WRONG) == "wrong"
    second = place.enter()
    assert second.last_at == datetime(2024, 3, 1, 9)
    assert second.last_from == "一号机"
    assert second.failures_since == 2
    assert "2次输错" in second.words()
    assert place.enter().failures_since == 0


@pytest.mark.parametrize("login", ["zhang", "ZHANG", "ｚｈａｎｇ", " zhang ", OFFICER])
def test_a_login_may_be_typed_in_several_ways(place: Place, login: str) -> None:
    assert place.enter(login).actor.staff_id == place.officer


def test_a_password_is_the_same_from_every_input_method(place: Place) -> None:
    assert place.enter(password="Ｓｈａｎ．Yang.４９").actor.name == OFFICER


def test_unknown_login_and_wrong_password_are_told_the_same(place: Place) -> None:
    said = []
    for login in ("zhang", "niemand", "", "' OR 1=1 --"):
        with pytest.raises(RuleRefusedError) as refused:
            place.enter(login, WRONG)
        said.append((refused.value.sentence, refused.value.data))
    assert len({sentence for sentence, _ in said}) == 1
    assert all(data == {"kind": "wrong"} for _, data in said)


def test_an_unknown_login_costs_as_much_as_a_wrong_password(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = passwords.matches

    def watched(encoded: str, password: str) -> bool:
        compared.append(encoded)
        return real(encoded, password)

    monkeypatch.setattr(passwords, "matches", watched)
    for login in ("zhang", "niemand"):
        place.kind(login, WRONG)
    known, unknown = (encoded.split("$")[1:4] for encoded in compared)
    assert known == unknown  # one computation each, of the same kind and cost
    assert len(compared[0]) == len(compared[1])


def test_nobodys_hash_is_a_real_one_and_fits_nothing() -> None:
    encoded = passwords.nobodys_hash(HashCost(64, 1, 1))
    assert not passwords.matches(encoded, "")
    assert passwords.too_cheap(encoded, HashCost(128, 1, 1))
    assert not passwords.too_cheap(encoded, HashCost(64, 1, 1))


# ---------------------------------------------------------------------------------------- guessing


def test_the_fifth_wrong_guess_locks_also_for_the_right_password(place: Place) -> None:
    for _ in range(4):
        place.kind(password=WRONG)
    place.enter()  # the count begins anew
    for _ in range(5):
        assert place.kind(password=WRONG) == "wrong"
    assert place.kind() == "locked"
    place.go_on(LOCK - timedelta(seconds=1))
    assert place.kind() == "locked"
    place.go_on(timedelta(seconds=1))
    assert place.enter().failures_since == 5


def test_guessing_at_a_locked_account_neither_lengthens_the_lock_nor_tells(place: Place) -> None:
    for _ in range(5):
        place.kind(password=WRONG)
    until = row_of(place)["locked_until"]
    place.go_on(timedelta(minutes=10))
    assert {place.kind(password=WRONG), place.kind()} == {"locked"}
    assert row_of(place)["locked_until"] == until


def test_a_lock_does_not_tell_that_there_is_such_a_login(place: Place) -> None:
    """Somebody without an account is answered word for word as somebody with one."""
    said: dict[str, list[tuple[str, dict[str, object]]]] = {"zhang": [], "niemand": []}
    for minutes in (0, 0, 0, 0, 0, 0, 1, 28, 1, 0, 0, 0, 0, 0):
        place.go_on(timedelta(minutes=minutes))
        for login, heard in said.items():
            with pytest.raises(RuleRefusedError) as refused:
                place.enter(login, WRONG)
            heard.append((refused.value.sentence, dict(refused.value.data)))
    assert said["zhang"] == said["niemand"]
    kinds = [str(data["kind"]) for _, data in said["niemand"]]
    assert kinds == ["wrong"] * 5 + ["locked"] * 3 + ["wrong"] * 5 + ["locked"]
    # The journal tells as much of the one as of the other, but not what was typed.
    actions = [action for action, _, payload in told(place) if "zhang" not in payload]
    assert actions.count("account.lock") == 2
    assert not any("niemand" in payload for _, _, payload in told(place))


def test_guesses_at_thousands_of_names_leave_no_row_each(place: Place) -> None:
    with place.bureau.database.writing() as conn:
        rules = read_settings(conn).security
        now = place.bureau.database.now(conn)
        for number in range(3 * strangers.PLACES):
            strangers.count(conn, strangers.locked_row(conn, f"niemand-{number}"), rules, now)
        held = conn.execute(text("SELECT count(*) FROM strangers")).scalar_one()
    assert strangers.PLACES * 9 // 10 < held <= strangers.PLACES
    # What falls where differs from bureau to bureau: nobody can work it out.
    assert len(place.bureau.database.meta("stranger_salt") or "") == 32


def test_a_thousand_guesses_from_two_workstations_give_five_tries(
    place: Place, other: Office
) -> None:
    ended: list[str] = []

    def guess(bureau: Bureau) -> None:
        for number in range(500):
            try:
                sign_in(bureau, "zhang", f"{WRONG}-{number}")
            except RuleRefusedError as error:
                ended.append(str(error.data["kind"]))

    workers = [threading.Thread(target=guess, args=(b,)) for b in (place.bureau, other.bureau)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert sorted(set(ended)) == ["locked", "wrong"]
    assert len(ended) == 1000
    assert ended.count("wrong") == 5
    actions = [action for action, _, _ in told(place)]
    assert actions.count("account.failure") == 5
    assert actions.count("account.lock") == 1
    assert actions.count("account.refused") == 995
    assert row_of(place)["failures_since"] == 5


def test_a_guess_is_counted_before_it_is_answered(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the count cannot be written nobody gets an answer, not even to the right password."""
    place.go_on(timedelta(minutes=-10))
    for password in (WRONG, PASSWORD):
        with pytest.raises(StoreError, match="时钟被调回过"):
            place.enter(password=password)
    assert row_of(place)["failures"] == 0


def test_a_clock_that_is_moved_back_unlocks_nothing(place: Place) -> None:
    place.go_on(timedelta(hours=2))
    for _ in range(5):
        place.kind(password=WRONG)
    place.go_on(timedelta(days=-1))
    with pytest.raises(StoreError, match="时钟被调回过"):
        place.enter()
    place.go_on(timedelta(days=1))
    assert place.kind() == "locked"


def test_a_password_that_is_changed_while_it_is_guessed_is_no_guess(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.matches

    def slow(encoded: str, password: str) -> bool:
        monkeypatch.setattr(passwords, "matches", real)
        accounts.reset_password(place.bureau, place.admin, place.officer)
        return real(encoded, password)

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(StaleEditError, match="再登录一次"):
        place.enter()
    assert place.kind() == "wrong"


def test_hashing_holds_up_nobody(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a password is computed, another writes: no transaction is open."""
    real_match, real_hash = passwords.matches, passwords.hashed
    written = 0

    def write() -> None:
        nonlocal written
        with place.bureau.database.writing():
            written += 1

    def matching(encoded: str, password: str) -> bool:
        write()
        return real_match(encoded, password)

    def hashing(password: str, cost: HashCost) -> str:
        write()
        return real_hash(password, cost)

    monkeypatch.setattr(passwords, "matches", matching)
    monkeypatch.setattr(passwords, "hashed", hashing)
    place.enter()
    change_password(place.bureau, "zhang", PASSWORD, "Neu.Neu.2024")
    accounts.reset_password(place.bureau, place.admin, place.officer)
    give_account(place.office, place.admin, OTHER_OFFICER, "sun")
    assert written >= 6


# ------------------------------------------------------------------------------- who is not let in


def test_a_disabled_account_and_who_has_left_are_told_so_only_with_the_password(
    place: Place,
) -> None:
    accounts.disable(place.bureau, place.admin, place.officer, "借调外单位")
    assert place.kind(password=WRONG) == "wrong"
    assert place.kind() == "disabled"
    accounts.enable(place.bureau, place.admin, place.officer, "借调期满")
    place.enter()
    left = people.set_active(place.bureau, place.admin, place.officer, active=False, version=1)
    assert place.kind() == "inactive"
    back = people.set_active(
        place.bureau, place.admin, place.officer, active=True, version=left.version
    )
    people.change_roles(place.bureau, place.security, back.id, (), version=back.version)
    assert place.kind() == "roleless"


def test_a_role_that_was_taken_away_counts_at_once(place: Place) -> None:
    second = people.find_person(place.bureau, "郑审管")
    people.change_roles(
        place.bureau, place.security, second.id, ("系统管理员",), version=second.version
    )
    give_account(place.office, place.admin, "郑审管", "zheng", witness=place.security)
    helper = sign_in(place.bureau, "zheng", PASSWORD).actor
    accounts.reset_password(place.bureau, helper, place.officer)
    people.change_roles(place.bureau, place.security, second.id, ("审判管理办公室",), version=2)
    for act in (
        lambda: accounts.reset_password(place.bureau, helper, place.officer),
        lambda: accounts.unlock(place.bureau, helper, place.officer, "本人申请"),
        lambda: accounts.disable(place.bureau, helper, place.officer, "本人申请"),
        lambda: accounts.enable(place.bureau, helper, place.officer, "本人申请"),
        lambda: accounts.create_account(place.bureau, helper, 2, "sun"),
    ):
        with pytest.raises(RuleRefusedError, match="系统管理员"):
            act()


# --- one administrator does not quietly become another


def test_no_administrator_alone_makes_anothers_password(place: Place) -> None:
    security, admin = place.security.staff_id or 0, place.admin.staff_id or 0
    for actor, whose in ((place.admin, security), (place.security, admin)):
        with pytest.raises(RuleRefusedError, match="第二人当场登录会同") as refused:
            accounts.reset_password(place.bureau, actor, whose)
        assert refused.value.data["row"] == "M-98"
    for stand_in in (place.admin, place.security):  # himself, and the holder
        with pytest.raises(RuleRefusedError, match="第三人"):
            accounts.reset_password(place.bureau, place.admin, security, witness=stand_in)
    with pytest.raises(RuleRefusedError, match="M-99"):
        accounts.reset_password(
            place.bureau, place.admin, security, witness=place.office.actor(OFFICER)
        )
    assert place.enter("security", SECURITY_PASSWORD).must_change == ""


def test_two_together_do_and_the_journal_names_both(place: Place) -> None:
    security = place.security.staff_id or 0
    president = place.office.actor("赵院长")
    made = accounts.reset_password(place.bureau, place.admin, security, witness=president)
    assert "管理员设置" in place.enter("security", made).must_change
    with place.bureau.database.reading() as conn:
        row = conn.execute(select(journal).where(journal.c.action == "account.reset")).one()
    assert (row.actor, row.payload[0]["data"]["witness"]) == (place.admin.name, "赵院长")
    assert account_problems(place.bureau) == []
    # The other way round, when the only 系统管理员 has forgotten his.
    made = accounts.reset_password(
        place.bureau, place.security, place.admin.staff_id or 0, witness=president
    )
    assert place.enter("admin", made).must_change


def test_a_password_made_by_one_is_worth_nothing_once_its_holder_is_an_administrator(
    place: Place,
) -> None:
    """The account first, the role afterwards: the same door from the other side."""
    judge = people.find_person(place.bureau, "郑审管")
    made = accounts.create_account(place.bureau, place.admin, judge.id, "zheng")
    people.change_roles(place.bureau, place.security, judge.id, ("审计员",), version=judge.version)
    assert place.kind("zheng", made) == "unwitnessed"
    with pytest.raises(RuleRefusedError, match="会同重置"):
        change_password(place.bureau, "zheng", made, PASSWORD)
    made = accounts.reset_password(place.bureau, place.admin, judge.id, witness=place.security)
    change_password(place.bureau, "zheng", made, PASSWORD)
    assert place.enter("zheng").must_change == ""


def test_a_one_time_password_lapses(place: Place) -> None:
    made = accounts.reset_password(place.bureau, place.admin, place.officer)
    place.go_on(timedelta(hours=23, minutes=59))
    assert place.enter(password=made).must_change
    (listed,) = [a for a in accounts.account_list(place.bureau, place.admin) if a.login == "zhang"]
    assert listed.expires_at - listed.changed_at == timedelta(hours=24)
    place.go_on(timedelta(minutes=1))
    assert place.kind(password=made) == "lapsed"
    with pytest.raises(RuleRefusedError, match="失效"):
        change_password(place.bureau, "zhang", made, "Ganz-neu-2024")
    change_setting(place.bureau, place.security, "security.onetime_hours", 48, "周末没有人上班")
    assert place.enter(password=made).must_change


def test_a_one_time_password_of_the_first_start_lapses_and_is_made_anew(office: Office) -> None:
    """By the one who set the bureau up: he made the first one, and nobody else can come in yet."""
    bureau, begin = office.bureau, office.clock.now()
    court = CourtProfile("山阳区人民法院", "豫0811", "", "", ())
    admin = first_start(
        bureau, court, FirstPerson("何管理", "admin", PASSWORD),
        FirstPerson("邢安全", "security", "Erst-mal-2024", must_change=True),
    )  # fmt: skip
    security = people.find_person(bureau, "邢安全").id
    (listed,) = [a for a in accounts.account_list(bureau, admin) if a.login == "security"]
    assert listed.expires_at == begin + timedelta(days=7)
    office.at(begin + timedelta(days=6, hours=23))
    assert sign_in(bureau, "security", "Erst-mal-2024").must_change
    office.at(begin + timedelta(days=7))
    with pytest.raises(RuleRefusedError, match="7天内没有更换") as refused:
        sign_in(bureau, "security", "Erst-mal-2024")
    assert refused.value.data["kind"] == "lapsed"
    assert not accounts.needs_witness(listed.person, listed)
    made = accounts.reset_password(bureau, admin, security)
    change_password(bureau, "security", made, SECURITY_PASSWORD)
    assert sign_in(bureau, "security", SECURITY_PASSWORD).must_change == ""
    assert account_problems(bureau) == []
    # From now on it is his own, and made anew by two.
    with pytest.raises(RuleRefusedError, match="第二人当场登录会同"):
        accounts.reset_password(bureau, admin, security)


@pytest.mark.parametrize("changed", [{"witness": "赵院长"}, {"changed_at": datetime(2024, 3, 2)}])
def test_a_row_edited_to_open_either_door_is_found(
    place: Place, changed: dict[str, object]
) -> None:
    accounts.reset_password(place.bureau, place.admin, place.officer)
    assert account_problems(place.bureau) == []
    with place.bureau.database.writing() as conn:
        conn.execute(update(table).where(table.c.staff_id == place.officer).values(**changed))
    (said,) = account_problems(place.bureau)
    assert OFFICER in said


def test_nobody_helps_himself(place: Place) -> None:
    own = place.admin.staff_id or 0
    for act in (
        lambda: accounts.reset_password(place.bureau, place.admin, own),
        lambda: accounts.unlock(place.bureau, place.admin, own, "误锁"),
        lambda: accounts.disable(place.bureau, place.admin, own, "休假"),
    ):
        with pytest.raises(RuleRefusedError, match=r"另一名系统管理员|修改密码"):
            act()


# --------------------------------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("word", "sentences"),
    [
        (
            "",
            (
                "太短",
                "四种",
            ),
        ),
        ("aaaaaaaaaaaa", ("四种", "不同的字符太少")),
        ("Zhang-2024-x", ("不能含有登录名",)),
        (f"{OFFICER}-Ab12345", ("不能含有姓名",)),
        ("Abcdefgh12345" * 20, ("太长",)),
        (" Abcdef-12345 ", ("首尾不能有空格",)),
        ("Abcdef\t-12345", ("看不见的字符",)),
        ("Ab-1", ("太短",)),
    ],
)
def test_a_bad_password_is_told_everything_at_once(
    place: Place, word: str, sentences: tuple[str, ...]
) -> None:
    with pytest.raises(InputRefusedError) as refused:
        change_password(place.bureau, "zhang", PASSWORD, word)
    said = " ".join(problem.sentence for problem in refused.value.problems)
    for sentence in sentences:
        assert sentence in said
    place.enter()


def test_the_last_passwords_are_not_used_again(place: Place) -> None:
    words = [f"Kennwort.{number}.neu" for number in range(1, 6)]
    now = PASSWORD
    for word in words:
        change_password(place.bureau, "zhang", now, word)
        now = word
    for word in words:
        with pytest.raises(InputRefusedError, match=r"^密码没有修改") as refused:
            change_password(place.bureau, "zhang", now, word)
        assert "最近用过的5个" in refused.value.problems[0].sentence
    change_password(place.bureau, "zhang", now, PASSWORD)  # the sixth from the end


def test_a_reset_password_has_to_be_changed_and_is_not_kept(place: Place) -> None:
    made = accounts.reset_password(place.bureau, place.admin, place.officer)
    assert place.kind() == "wrong"
    assert "管理员设置" in place.enter(password=made).must_change
    with pytest.raises(InputRefusedError):
        change_password(place.bureau, "zhang", made, made)
    change_password(place.bureau, "zhang", made, "Ganz-neu-2024")
    assert place.enter(password="Ganz-neu-2024").must_change == ""


def test_a_password_expires(place: Place) -> None:
    change_setting(place.bureau, place.security, "security.expiry_days", 90, "按等保要求")
    place.go_on(timedelta(days=90) - timedelta(seconds=1))
    assert place.enter().must_change == ""
    place.go_on(timedelta(seconds=1))
    assert "超过90天" in place.enter().must_change


def test_a_wrong_old_password_counts_like_a_wrong_sign_in(place: Place) -> None:
    for _ in range(5):
        with pytest.raises(RuleRefusedError):
            change_password(place.bureau, "zhang", WRONG, "Ganz-neu-2024")
    assert place.kind() == "locked"
    with pytest.raises(RuleRefusedError, match="锁定"):
        change_password(place.bureau, "zhang", PASSWORD, "Ganz-neu-2024")


def test_a_dearer_cost_reaches_a_password_at_its_next_use(place: Place) -> None:
    before = str(row_of(place)["password_hash"])
    change_setting(place.bureau, place.security, "hashing.memory_kib", 256, "加固")
    place.enter()
    after = str(row_of(place)["password_hash"])
    assert ("m=64," in before, "m=256," in after) == (True, True)
    place.enter()
    assert row_of(place)["password_hash"] == after
    change_setting(place.bureau, place.security, "hashing.memory_kib", 64, "回退")
    place.enter()
    assert row_of(place)["password_hash"] == after  # never cheaper


def test_one_time_passwords_are_good_and_never_alike(place: Place) -> None:
    rules = read_settings(place.bureau).security
    # Of a login this short every other password made at random would hold it.
    for login in ("zhang", "a"):
        made = {passwords.one_time_password(rules, login=login, name=OFFICER) for _ in range(200)}
        assert len(made) == 200
        for word in made:
            assert passwords.password_problems(word, rules, login=login, name=OFFICER) == []


# ----------------------------------------------------------------------------------------- the rest


def test_the_journal_tells_everything_and_no_secret(place: Place) -> None:
    place.enter()
    for _ in range(5):
        place.kind(password=WRONG)
    place.kind("Geheim-im-falschen-Feld", WRONG)
    accounts.unlock(place.bureau, place.admin, place.officer, "本人到场核实")
    made = accounts.reset_password(place.bureau, place.admin, place.officer)
    change_password(place.bureau, "zhang", made, "Ganz-neu-2024")
    actions = [action for action, _, _ in told(place)]
    assert actions == [
        "account.first_start",
        "account.create",
        "account.sign_in",
        *["account.failure"] * 5,
        "account.lock",
        "account.failure",
        "account.unlock",
        "account.reset",
        "account.password",
    ]
    with place.bureau.database.reading() as conn:
        stored = " ".join(str(row) for row in conn.execute(select(journal)).all())
        hashes = list(conn.scalars(select(password_history.c.password_hash)))
    secrets = (PASSWORD, ADMIN_PASSWORD, WRONG, made, "Ganz-neu-2024", "Geheim-im", "$argon2")
    assert [word for word in (*secrets, *hashes) if word in stored] == []
    assert {actor for action, actor, _ in told(place) if action == "account.failure"} == {"未登录"}


def test_accounts_are_made_once_and_told_what_is_wrong(place: Place) -> None:
    sun = people.find_person(place.bureau, OTHER_OFFICER)
    for login, sentence in (
        ("zhang", "已由张承办使用"),
        ("x", "2至32个字符"),
        ("sun fa", "没有空格"),
        (OFFICER, "别人的姓名"),
    ):
        with pytest.raises(InputRefusedError) as refused:
            accounts.create_account(place.bureau, place.admin, sun.id, login)
        said = " ".join(problem.sentence for problem in refused.value.problems)
        assert sentence in said
    with pytest.raises(InputRefusedError) as refused:
        accounts.create_account(place.bureau, place.admin, place.officer, "zhang2")
    assert "已经有账号" in refused.value.problems[0].sentence
    made = accounts.create_account(place.bureau, place.admin, sun.id, "Sun")
    assert place.enter("sun", made).must_change
    listed = {entry.login: entry for entry in accounts.account_list(place.bureau, place.admin)}
    assert set(listed) == {"admin", "security", "zhang", "sun"}
    assert listed["sun"].must_change


def test_a_copied_file_keeps_its_locks_and_asks_for_the_password(tmp_path: Path) -> None:
    office = make_bureau(tmp_path)
    admin, _ = found(office.bureau)
    give_account(office, admin, OFFICER, "zhang")
    for _ in range(5):
        with pytest.raises(RuleRefusedError):
            sign_in(office.bureau, "zhang", WRONG)
    office.close()
    copy = tmp_path / "偷来的.db"
    shutil.copyfile(tmp_path / "bureau.db", copy)
    stolen = open_at(f"sqlite:///{copy}", office.clock, workstation="别处")
    with pytest.raises(RuleRefusedError, match="锁定"):
        sign_in(stolen, "zhang", PASSWORD)
    with pytest.raises(RuleRefusedError, match="不对"):
        sign_in(stolen, "admin", WRONG)
    office.clock.set(office.clock.now() + LOCK)
    assert sign_in(stolen, "zhang", PASSWORD).failures_since == 5
    with pytest.raises(RuleRefusedError) as refused:
        accounts.create_account(stolen, Actor("何管理", ("系统管理员",)), 1, "mine")
    assert "人员名册" in refused.value.sentence
    stolen.close()


def test_a_row_that_was_changed_past_the_program_is_found(place: Place) -> None:
    sun = give_account(place.office, place.admin, OTHER_OFFICER, "sun")
    place.enter()
    change_password(place.bureau, "zhang", PASSWORD, "Ganz-neu-2024")
    accounts.disable(place.bureau, place.admin, sun, "借调外单位")
    assert account_problems(place.bureau) == []
    before = row_of(place)
    mine = {"password_hash": passwords.hashed(WRONG, HashCost(64, 1, 1))}
    for staff_id, changed, back in (
        (place.officer, mine, {"password_hash": before["password_hash"]}),
        (place.officer, {"must_change": True}, {"must_change": False}),
        (sun, {"disabled": False}, {"disabled": True}),
        (sun, {"login": "chef"}, {"login": "sun"}),
    ):
        put(place, update(table).where(table.c.staff_id == staff_id).values(changed))
        (said,) = health.check_all(place.bureau)
        assert "与日志不符" in said
        put(place, update(table).where(table.c.staff_id == staff_id).values(back))
        assert account_problems(place.bureau) == []
    put(place, update(table).where(table.c.staff_id == sun).values(staff_id=3))
    added, gone = account_problems(place.bureau)
    assert "没有来历" in added
    assert f"{OTHER_OFFICER}的账号不见了" in gone


def put(place: Place, statement: Update) -> None:
    """Change a table past the program."""
    with place.bureau.database.writing() as conn:
        conn.execute(statement)


def test_the_sample_password_opens_no_real_bureau(office: Office, tmp_path: Path) -> None:
    assert give_accounts(office.bureau) == len(people.all_people(office.bureau))
    assert give_accounts(office.bureau) == 0
    assert sign_in(office.bureau, OFFICER, SAMPLE_PASSWORD).must_change == ""
    assert account_problems(office.bureau) == []
    real = open_bureau(
        f"sqlite:///{tmp_path / '真.db'}",
        clock=SystemClock(),
        resources=paths.resources_dir(),
        workstation="一号机",
        create=True,
    )
    with pytest.raises(RuleRefusedError, match="正式数据库"):
        give_accounts(real)
    real.close()
