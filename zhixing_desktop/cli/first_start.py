"""The first start from the command line: who gets which password, and what is said of it."""

from __future__ import annotations

import argparse
from typing import Any

from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.bureau_settings import CourtProfile, read_settings
from zhixing_desktop.services.first_start import FirstPerson, first_start
from zhixing_desktop.services.passwords import one_time_password


def start(
    bureau: Bureau, options: argparse.Namespace, password: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """Start a bureau for the first time; return its accounts and the lines that tell of them.

    The 系统管理员 has typed ``password``.  The others get one-time passwords; in a database made
    for tests or as a sample they get the same.
    """
    court = CourtProfile(options.court, options.code, options.superior, options.high, ())
    shared = bureau.database.purpose != "bureau"
    rules = read_settings(bureau).security
    admin = FirstPerson(options.admin, options.admin_login or options.admin, password)
    others: dict[str, FirstPerson | None] = {"security": None, "auditor": None}
    for part in others:
        name = getattr(options, part)
        if name:
            login = getattr(options, f"{part}_login") or name
            made = one_time_password(rules, login=login, name=name)
            word = password if shared else made
            others[part] = FirstPerson(name, login, word, must_change=not shared)
    security = others["security"]
    assert security is not None  # the caller has asked for it
    first_start(bureau, court, admin, security, others["auditor"])
    data: list[dict[str, Any]] = []
    lines: list[str] = []
    labels = {"系统管理员": admin, "安全管理员": security, "审计员": others["auditor"]}
    for role, person in labels.items():
        if person is None:
            continue
        told = {"password": person.password} if person.must_change else {}
        data.append({"name": person.name, "login": person.login, "role": role, **told})
        line = f"{role}：{person.name}，登录名 {person.login}"
        if person.must_change:
            line += f"，一次性密码：{person.password}（当面交给本人，首次登录须更换）"
        lines.append(line)
    return data, lines
