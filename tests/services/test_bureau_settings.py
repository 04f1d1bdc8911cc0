"""What the court sets: read as types, changed by who may, never weaker than the standard."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from helpers.bureau import OFFICER, Office, rules
from helpers.founding import SECURITY, found
from helpers.offices import journal
from zhixing_desktop import paths
from zhixing_desktop.clock import SystemClock
from zhixing_desktop.models.tables import settings_edits
from zhixing_desktop.services import people
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.bureau_settings import (
    SETTINGS,
    BureauSettings,
    change_setting,
    checked_value,
    read_settings,
    setting_lines,
    setting_of,
)
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError

WEAK = {
    "security.min_length": 7,
    "security.classes": 2,
    "security.history": 2,
    "security.expiry_days": 91,
    "security.lock_failures": 6,
    "security.lock_minutes": 9,
    "security.idle_minutes": 31,
    "security.session_hours": 25,
    "hashing.memory_kib": 19455,
    "hashing.time": 1,
}
"""A shade weaker than a real bureau may have it."""


@pytest.fixture
def real(tmp_path: Path) -> Bureau:
    """A real bureau's database, which takes no test clock."""
    return open_bureau(
        f"sqlite:///{tmp_path / '局.db'}",
        clock=SystemClock(),
        resources=paths.resources_dir(),
        workstation="一号机",
        create=True,
        rules=rules(),
    )


def put(bureau: Bureau, key: str, value: object) -> None:
    """Write a row past the program."""
    with bureau.database.writing() as conn:
        row = {"key": key, "value": value, "who": "黑手", "at": bureau.database.now(conn)}
        conn.execute(insert(settings_edits).values(row))


def by_key(settings: BureauSettings, key: str) -> int:
    group, _, name = key.partition(".")
    return int(getattr(getattr(settings, group), name))


def test_the_defaults_are_at_least_what_level_3_asks(real: Bureau) -> None:
    security = read_settings(real).security
    assert (security.min_length, security.classes, security.history) == (10, 3, 5)
    assert (security.expiry_days, security.lock_failures, security.lock_minutes) == (90, 5, 30)
    assert security.idle_minutes == 10
    for setting in SETTINGS.values():
        if setting.kind == "whole":
            least, most = setting.bounds("bureau")
            assert least <= setting.default <= most, setting.key
    real.close()


@pytest.mark.parametrize("key", WEAK)
def test_nothing_weaker_is_accepted_in_a_real_bureau(key: str) -> None:
    setting = setting_of(key)
    with pytest.raises(InputRefusedError, match=r"GB/T 22239|RFC 9106"):
        checked_value(setting, WEAK[key], "bureau")
    assert checked_value(setting, str(WEAK[key]), "test") == WEAK[key]


def test_an_edited_table_weakens_nothing(real: Bureau) -> None:
    for key, value in WEAK.items():
        put(real, key, value)
    settings = read_settings(real)
    for key, value in WEAK.items():
        least, most = SETTINGS[key].bounds("bureau")
        assert by_key(settings, key) == (least if value < least else most), key
    put(real, "security.min_length", "null")
    put(real, "security.lock_failures", True)
    put(real, "sight.visibility", "everybody")
    put(real, "unheard.of", 1)
    settings = read_settings(real)
    assert settings.security.min_length == 10
    assert settings.security.lock_failures == 5
    assert settings.visibility == "bureau"
    real.close()


def test_a_change_is_journalled_and_counts_at_once(office: Office) -> None:
    _, security = found(office.bureau)
    assert change_setting(office.bureau, security, "security.idle_minutes", "15", "院里通知")
    assert read_settings(office.bureau).security.idle_minutes == 15
    assert journal(office.bureau)[-1] == ("settings.change", SECURITY)
    length = len(journal(office.bureau))
    assert not change_setting(office.bureau, security, "无操作锁屏", 15, "再来一次")
    assert len(journal(office.bureau)) == length
    assert change_setting(office.bureau, security, "案件可见范围", "本团队的案件", "院里通知")
    assert read_settings(office.bureau).visibility == "team"


def test_each_setting_is_changed_by_its_administrator_only(office: Office) -> None:
    admin, security = found(office.bureau)
    officer = people.find_person(office.bureau, OFFICER).actor()
    for actor, key, value in (
        (admin, "security.idle_minutes", 15),
        (admin, "approvals.deadline_approver", "执行局长"),
        (security, "court.name", "别的法院"),
        (officer, "court.name", "别的法院"),
        (officer, "popups.per_day", 0),
    ):
        with pytest.raises(RuleRefusedError):
            change_setting(office.bureau, actor, key, value, "想改一改")
    assert change_setting(office.bureau, admin, "court.letterhead", "甲\n\n 乙 ", "换抬头")
    assert read_settings(office.bureau).court.letterhead == ("甲", "乙")


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("security.min_length", "zehn", "应当是整数"),
        ("security.min_length", True, "应当是整数"),
        ("security.min_length", "-1", "应当是整数"),
        ("security.min_length", 65, "在1至64"),
        ("security.min_length", "9" * 40, "应当是整数"),
        ("sight.visibility", "all", "只能是：own"),
        ("approvals.deadline_approver", "书记员", "只能是：执行局长"),
        ("unheard.of", 1, "没有名为"),
    ],
)
def test_what_cannot_be_set(office: Office, key: str, value: object, sentence: str) -> None:
    _, security = found(office.bureau)
    with pytest.raises(InputRefusedError, match=sentence):
        change_setting(office.bureau, security, key, value, "试一试")
    with pytest.raises(InputRefusedError):
        change_setting(office.bureau, security, "security.min_length", 12, " ")


def test_every_setting_says_what_it_is_and_what_it_rests_on(office: Office) -> None:
    lines = setting_lines(office.bureau)
    assert [line.setting.key for line in lines] == list(SETTINGS)
    for line in lines:
        assert line.setting.label
        assert line.setting.explanation.endswith("。")
        assert line.setting.basis
        assert line.words
        assert line.standard
