"""Commands on people, accounts and the court's settings."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.cli.arguments import add, arg
from zhixing_desktop.cli.session import Session, new_password
from zhixing_desktop.services import accounts, bureau_settings, people
from zhixing_desktop.services.account_rows import plain_login
from zhixing_desktop.services.people import Person

_REASON = arg("--reason", metavar="理由", required=True, help="理由")
_PERSON = arg("person", metavar="人员", help="姓名或者登录名")
_SEEN = arg(
    "--seen", metavar="版本", type=int, help="您看到的是第几版（见 people list）；默认现在的"
)
_NEW = arg(
    "--new-password-file",
    metavar="文件",
    help="新密码写在文件第一行；也可以放在变量 ZHIXING_NEW_PASSWORD，或者当场输入",
)

_WITNESS = (
    arg("--witness", metavar="会同人", help="管理员的账号须有第二人当场登录会同：登录名或者姓名"),
    arg(
        "--witness-password-file",
        metavar="文件",
        help="会同人的密码写在文件第一行；也可以放在变量 ZHIXING_WITNESS_PASSWORD，或者当场输入",
    ),
)


def account_group(group: Any) -> None:
    """Add what ``zhixing account`` can do."""
    add(group, "list", account_list, "列出账号")
    add(
        group,
        "add",
        account_add,
        "建立账号；打印一次性密码，首次登录须更换",
        _PERSON,
        arg("--login", metavar="登录名", help="登录名；默认同姓名"),
        _NEW,
        *_WITNESS,
    )
    add(group, "reset", account_reset, "重置密码；打印一次性密码", _PERSON, *_WITNESS)
    add(group, "unlock", account_unlock, "提前解锁", _PERSON, _REASON)
    add(group, "disable", account_disable, "停用账号", _PERSON, _REASON)
    add(group, "enable", account_enable, "启用账号", _PERSON, _REASON)
    add(group, "password", account_password, "修改自己的密码", _NEW)


def people_group(group: Any) -> None:
    """Add what ``zhixing people`` can do."""
    add(group, "list", people_list, "列出人员")
    add(
        group,
        "add",
        people_add,
        "登记人员",
        arg("name", metavar="姓名", help="姓名"),
        arg("--role", metavar="角色", action="append", default=[], help="角色，可以写几次"),
        arg("--team", metavar="团队", help="团队"),
    )
    add(
        group,
        "roles",
        people_roles,
        "改为这些角色",
        _PERSON,
        arg("--role", metavar="角色", action="append", default=[], help="角色；不写即没有角色"),
        _SEEN,
    )
    team = arg("team", metavar="团队", help="团队")
    add(group, "team", people_team, "编入团队", _PERSON, team, _SEEN)
    add(
        group,
        "clerk",
        people_clerk,
        "指定承办人的书记员",
        _PERSON,
        arg("clerk", metavar="书记员", nargs="?", help="书记员；不写即没有固定的书记员"),
        _SEEN,
    )
    add(
        group,
        "contact",
        people_contact,
        "文书上的职务和办公电话；不写的保持不变",
        _PERSON,
        arg("--title", metavar="职务", help="如 审判员、法官助理"),
        arg("--telephone", metavar="电话", help="办公电话"),
        _SEEN,
    )
    add(group, "deactivate", people_deactivate, "设为离岗", _PERSON, _SEEN)
    add(group, "activate", people_activate, "设为在岗", _PERSON, _SEEN)


def settings_group(group: Any) -> None:
    """Add what ``zhixing settings`` can do."""
    show = arg("key", metavar="设置", nargs="?", help="设置的名称；不写即全部")
    add(group, "show", settings_show, "显示本院的设置", show)
    add(
        group,
        "set",
        settings_set,
        "修改一项设置",
        arg("key", metavar="设置", help="设置的名称，见 settings show"),
        arg("value", metavar="内容", help="新的内容"),
        _REASON,
    )


# ---------------------------------------------------------------------------------------- accounts


def account_list(session: Session) -> None:
    """List accounts."""
    found = accounts.account_list(session.bureau(), session.actor())
    data = [
        {
            "name": a.person.name,
            "login": a.login,
            "roles": a.person.roles,
            "active": a.person.active,
            "disabled": a.disabled,
            "must_change": a.must_change,
            "expires_at": a.expires_at,
            "locked_until": a.locked_until,
            "last_at": a.last_at,
            "last_from": a.last_from,
            "failures_since": a.failures_since,
        }
        for a in found
    ]
    session.show(data, [*map(_account_line, found), f"共{len(found)}个账号"])


def _account_line(account: accounts.Account) -> str:
    words = [account.person.name, account.login, "、".join(account.person.roles)]
    if account.disabled:
        words.append("已停用")
    if not account.person.active:
        words.append("已离岗")
    if account.locked_until is not None:
        words.append(f"锁定到{account.locked_until:%Y-%m-%d %H:%M}")
    if account.must_change:
        words.append("须更换密码")
    last = account.last_at
    words.append("没有登录过" if last is None else f"上次登录{last:%Y-%m-%d %H:%M}")
    if account.failures_since:
        words.append(f"此后输错{account.failures_since}次")
    return "　".join(words)


def _named(session: Session) -> Person:
    return people.find_anybody(session.bureau(), session.options.person)


def account_add(session: Session) -> None:
    """Give a person an account and print the password to hand over."""
    o = session.options
    bureau, actor, person = session.bureau(), session.actor(), _named(session)
    login = o.login or person.name
    given = new_password(session, asked=False)
    beside = session.witness()
    made = accounts.create_account(bureau, actor, person.id, login, given, witness=beside)
    shown = {} if given else {"password": made}
    data = {"name": person.name, "login": plain_login(login), **shown}
    lines = [f"已建立账号：{person.name}，登录名 {data['login']}"]
    session.show(data, lines if given else [*lines, _once(made)])


def _once(password: str) -> str:
    return f"一次性密码：{password}（请当面交给本人，首次登录须更换；这里只显示这一次）"


def account_reset(session: Session) -> None:
    """Reset a password and print the new one."""
    person = _named(session)
    bureau, actor = session.bureau(), session.actor()
    made = accounts.reset_password(bureau, actor, person.id, witness=session.witness())
    data = {"name": person.name, "password": made}
    session.show(data, [f"已重置：{person.name}", _once(made)])


def account_unlock(session: Session) -> None:
    """End a lock early."""
    person, reason = _named(session), session.options.reason
    done = accounts.unlock(session.bureau(), session.actor(), person.id, reason)
    words = "已解锁" if done else "没有锁定"
    session.show({"name": person.name, "unlocked": done}, [f"{words}：{person.name}"])


def account_disable(session: Session) -> None:
    """Let nobody in with an account."""
    person, reason = _named(session), session.options.reason
    accounts.disable(session.bureau(), session.actor(), person.id, reason)
    session.show({"name": person.name, "disabled": True}, [f"账号已停用：{person.name}"])


def account_enable(session: Session) -> None:
    """Let an account in again."""
    person, reason = _named(session), session.options.reason
    accounts.enable(session.bureau(), session.actor(), person.id, reason)
    session.show({"name": person.name, "disabled": False}, [f"账号已启用：{person.name}"])


def account_password(session: Session) -> None:
    """Change one's own password; the one way in for somebody who has to."""
    bureau = session.open_bureau()
    login, old = session.credentials()
    new = new_password(session, asked=True) or ""
    accounts.change_password(bureau, login, old, new)
    session.show({"login": login, "changed": True}, ["密码已修改。"])


# ------------------------------------------------------------------------------------------ people


def people_add(session: Session) -> None:
    """Add people to the staff."""
    o = session.options
    people.add_people(session.bureau(), session.actor(), [(o.name, o.role, o.team or "")])
    roles = "、".join(o.role) or "还没有角色"
    session.show({"name": o.name, "roles": o.role}, [f"已登记：{o.name}（{roles}）"])


def people_list(session: Session) -> None:
    """List the staff."""
    found = people.all_people(session.bureau())
    names = {person.id: person.name for person in found}
    data = [_person_shape(person, names) for person in found]
    session.show(data, [_person_line(person, names) for person in found])


def _person_shape(person: Person, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "roles": person.roles,
        "team": person.team,
        "clerk": names.get(person.clerk_id or 0),
        "active": person.active,
        "title": person.title,
        "telephone": person.telephone,
        "version": person.version,
    }


def _person_line(person: Person, names: dict[int, str]) -> str:
    words = [person.name, "、".join(person.roles), person.team]
    if person.clerk_id is not None:
        words.append(f"书记员{names.get(person.clerk_id, '')}")
    if not person.active:
        words.append("已离岗")
    words += [person.title, person.telephone] if person.title or person.telephone else []
    return "　".join(words)


def _changed(session: Session, person: Person) -> None:
    names = {entry.id: entry.name for entry in people.all_people(session.bureau())}
    line = f"已修改（第{person.version}版）：{_person_line(person, names)}"
    session.show(_person_shape(person, names), [line])


def _seen(session: Session, person: Person) -> int:
    seen = session.options.seen
    return person.version if seen is None else int(seen)


def people_roles(session: Session) -> None:
    """Give a person exactly these roles."""
    person = _named(session)
    wanted, seen = session.options.role, _seen(session, person)
    made = people.change_roles(session.bureau(), session.actor(), person.id, wanted, version=seen)
    _changed(session, made)


def people_team(session: Session) -> None:
    """Put a person into a team."""
    person = _named(session)
    team, seen = session.options.team, _seen(session, person)
    made = people.set_team(session.bureau(), session.actor(), person.id, team, version=seen)
    _changed(session, made)


def people_clerk(session: Session) -> None:
    """Say which clerk works with an officer."""
    person = _named(session)
    word, seen = session.options.clerk, _seen(session, person)
    clerk = people.find_anybody(session.bureau(), word).id if word else None
    made = people.set_clerk(session.bureau(), session.actor(), person.id, clerk, version=seen)
    _changed(session, made)


def people_contact(session: Session) -> None:
    """Set the title and the office telephone that papers print."""
    person, o = _named(session), session.options
    title = person.title if o.title is None else o.title
    telephone = person.telephone if o.telephone is None else o.telephone
    made = people.set_contact(
        session.bureau(),
        session.actor(),
        person.id,
        title,
        telephone,
        version=_seen(session, person),
    )
    _changed(session, made)


def people_deactivate(session: Session) -> None:
    """Let a person leave."""
    _set_active(session, active=False)


def people_activate(session: Session) -> None:
    """Let a person come back."""
    _set_active(session, active=True)


def _set_active(session: Session, *, active: bool) -> None:
    person = _named(session)
    seen = _seen(session, person)
    made = people.set_active(
        session.bureau(), session.actor(), person.id, active=active, version=seen
    )
    _changed(session, made)


# ---------------------------------------------------------------------------------------- settings


def settings_show(session: Session) -> None:
    """Show the court's settings, or one with what it means and rests on."""
    found = bureau_settings.setting_lines(session.bureau())
    if session.options.key:
        wanted = bureau_settings.setting_of(session.options.key)
        found = [line for line in found if line.setting.key == wanted.key]
    data = [
        {
            "key": line.setting.key,
            "label": line.setting.label,
            "value": line.value,
            "words": line.words,
            "default": line.standard,
            "explanation": line.setting.explanation,
            "basis": line.setting.basis,
        }
        for line in found
    ]
    lines = [f"{e.setting.key}　{e.setting.label}　{e.words}" for e in found]
    if session.options.key:
        (only,) = found
        lines += [f"  {only.setting.explanation}", f"  依据：{only.setting.basis}"]
        lines += [f"  可以是：{name}（{word}）" for name, word in only.setting.choices]
    session.show(data, lines)


def settings_set(session: Session) -> None:
    """Change one setting."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    changed = bureau_settings.change_setting(bureau, actor, o.key, o.value, o.reason)
    setting = bureau_settings.setting_of(o.key)
    (line,) = [e for e in bureau_settings.setting_lines(bureau) if e.setting.key == setting.key]
    words = "已修改" if changed else "原来就是这样"
    session.show(
        {"key": setting.key, "value": line.value, "changed": changed},
        [f"{words}：{setting.label}　{line.words}"],
    )
