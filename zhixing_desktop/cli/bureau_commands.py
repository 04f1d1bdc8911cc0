"""Commands on the rules and on the whole bureau."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhixing_desktop.cli.arguments import flat
from zhixing_desktop.cli.session import Session, day_or_moment, moment
from zhixing_desktop.lasting import lasting
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import StoreError, UsageError

if TYPE_CHECKING:
    from zhixing_desktop.models.outdated import Known
    from zhixing_desktop.services.bureau import Actor, Bureau
    from zhixing_desktop.services.calendar import Change
    from zhixing_desktop.services.storage import Copied
    from zhixing_desktop.workflow.timelimits import Extension, Interval


def rulebook_show(session: Session) -> None:
    """Print the rulebook, or one node of it."""
    from zhixing_desktop.workflow.rulebook_json import node_json, rulebook_json

    book = session.rules().book
    if session.options.node is not None:
        if session.options.node not in book.nodes:
            raise UsageError(f"没有节点{session.options.node}，节点是 1 至 46。")
        spec = book.nodes[session.options.node]
        session.show(node_json(spec), _node_lines(session, spec))
        return
    lines = [f"{book.title}　版本{book.version}　{book.effective}起施行　{book.hash[:16]}"]
    for spec in book.nodes.values():
        marks = "、".join(f"{limit.id} {limit.words()}" for limit in spec.time_limits) or "无时限"
        freeze = f"　冻结，{spec.unfreeze.words}" if spec.unfreeze else ""
        lines.append(f"{spec.number:>3} {spec.name}　{marks}{freeze}")
    session.show(rulebook_json(book), lines)


def _node_lines(session: Session, spec: Any) -> list[str]:
    lines = [f"节点{spec.number}“{spec.name}”　{spec.part}"]
    lines += [f"  工作内容{item.label or item.item}：{item.text}" for item in spec.work_items]
    for limit in spec.time_limits:
        variant = f"（{limit.variant}）" if limit.variant else ""
        lines.append(f"  时限{limit.id}　{limit.words()}{variant}　{limit.cite.words()}")
    if spec.freeze is not None and spec.unfreeze is not None:
        lines.append(f"  冻结：{spec.freeze.cite.words()}")
        lines.append(f"  解冻：{spec.unfreeze.cite.words()}")
    lines += [
        f"  字段：{field.label}{'（必填）' if field.required else ''}" for field in spec.fields
    ]
    return lines


def rulebook_coverage(session: Session) -> int:
    """Print where each sentence of the guideline is carried; 1 while one is open."""
    from zhixing_desktop.services.rules import guideline_text, read_text
    from zhixing_desktop.workflow.coverage import (
        coverage,
        coverage_json,
        coverage_lines,
        read_coverage,
    )

    book = session.rules().book
    text = guideline_text(resources_dir())
    explicit = read_coverage(read_text(resources_dir() / "rulebook" / "coverage.yaml"), text)
    table = coverage(book, text, explicit)
    session.show(coverage_json(table), coverage_lines(table))
    return 0 if table.settled else 1


def limit(session: Session) -> None:
    """Print when a limit ends, and why; for a limit before an event also the other way round."""
    from zhixing_desktop.services import derivations

    o = session.options
    rules = session.rules()
    if o.start is None:
        if o.act is None:
            raise UsageError("请用 --from 写起算（或者事件）的日期，或者用 --act 写办理之日。")
        _earliest_event(session, derivations.earliest_event(rules, o.id, _day(o.act)))
        return
    start = day_or_moment(o.start)
    moves = derivations.Movements(
        o.rolling or "",
        [_extension(text) for text in flat(o.extend)],
        [_interval(text) for text in flat(o.exclude)],
    )
    data = dict(derivations.derivation_from(rules, o.id, start, moves).to_json())
    lines = [
        f"名义届满：{data['nominal'] or '暂停计时'}",
        f"实际届满：{data['effective'] or '暂停计时'}{'（暂定）' if data['provisional'] else ''}",
        *(f"  {step['words']}{_cited(step)}" for step in data["steps"]),
    ]
    runs = derivations.runs_from(rules, o.id, start)
    if runs:
        data["runs"] = runs
        lines.append(f"各次：{'、'.join(run.isoformat() for run in runs)}")
    if o.act is not None:
        verdict = derivations.judgement(rules, o.id, _day(o.act), _day(o.start))
        data |= {"act": _day(o.act), "judgement": verdict.judgement, "words": verdict.words}
        lines.append(f"{_JUDGEMENTS[verdict.judgement]}：{verdict.words}")
    session.show(data, lines)


_JUDGEMENTS = {"ok": "合要求", "caution": "请核对", "late": "逾期"}


def _earliest_event(session: Session, event: date) -> None:
    act = _day(session.options.act)
    data = {"id": session.options.id, "act": act, "earliest_event": event}
    session.show(data, [f"{act}办理的，事件最早可在：{event}"])


def _day(text: str) -> date:
    return moment(text).date()


def _extension(text: str) -> Extension:
    from zhixing_desktop.workflow.timelimits import Extension, Unit

    found = re.fullmatch(r"([1-9]\d{0,3})\s*(?:(month|个?月)|(?:day|日|天))", text)
    if found is None:
        raise UsageError(f"“{text}”不是延长，应当形如 3month 或者 10day。")
    unit = Unit.MONTH if found[2] else Unit.DAY
    return Extension(int(found[1]), unit, "命令行给出", "", date.min)


def _interval(text: str) -> Interval:
    from zhixing_desktop.workflow.timelimits import Interval

    start, mark, end = text.partition("/")
    if not mark:
        raise UsageError(f"“{text}”不是期间，应当形如 2024-03-01/2024-03-25。")
    first, last = _day(start), _day(end) if end else None
    if last is not None and last < first:
        raise UsageError(f"期间“{text}”的止日早于起日。")
    return Interval(first, last, "命令行给出")


def sweep(session: Session) -> None:
    """Announce what is due."""
    from zhixing_desktop.services.paper_notices import settle_due
    from zhixing_desktop.services.recompute import finish_recompute
    from zhixing_desktop.services.sweep import sweep as run

    bureau = session.open_bureau()
    finish_recompute(bureau)
    settle_due(bureau)
    result = run(bureau)
    data = {
        "at": result.at,
        "fired": result.fired,
        "frozen": result.frozen,
        "cases": len(result.cases),
        "busy": result.busy,
    }
    words = (
        f"{result.at:%Y-%m-%d %H:%M:%S}　发出{result.fired}条，其中冻结{result.frozen}个，"
        f"涉及{len(result.cases)}件案件"
    )
    session.show(data, [words + ("（另一工作站正在巡检）" if result.busy else "")])


def check(session: Session) -> int:
    """Check the whole database: file, references, journal, replay, kept files, views."""
    if session.options.files:
        from zhixing_desktop.cli.store_commands import check_files

        return check_files(session)
    if session.options.repair:
        raise UsageError("--repair 与 --files 一起用：zhixing check --files --repair 文件夹")
    from zhixing_desktop.services.health import run_check

    found = run_check(session.bureau(), session.actor())
    session.show(
        {"problems": found}, [*found, "没有发现问题。" if not found else f"共{len(found)}处。"]
    )
    return 1 if found else 0


def init(session: Session) -> None:
    """Make a database and, where administrators are named, start it for the first time."""
    o = session.options
    if (o.security or o.auditor or o.court) and not o.admin:
        raise UsageError("首次启动须用 --admin 写明系统管理员的姓名。")
    if o.admin and not (o.security and o.court):
        raise UsageError("首次启动还须写明安全管理员（--security）和法院名称（--court）。")
    password = session.password(f"{o.admin}的新密码：") if o.admin else ""
    bureau = session.open_bureau(create=True, purpose=o.purpose)
    place = bureau.database.place
    data: dict[str, Any] = {"place": place, "purpose": o.purpose}
    lines = [f"数据库已建立：{place}（{o.purpose}）"]
    if o.admin:
        from zhixing_desktop.cli.first_start import start

        data["accounts"], more = start(bureau, o, password)
        lines += more
    session.show(data, lines)


def calendar_show(session: Session) -> None:
    """Show the days of a year that are not as their weekday says."""
    year = session.options.year
    if not date.min.year < year < date.max.year:
        raise UsageError(f"没有{year}年，请写四位年度，如 2024。")
    calendar = session.rules().calendar
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    shown = [day for day in days if calendar.row(day) is not None]
    published = year in calendar.published_years
    data = {
        "year": year,
        "published": published,
        "workdays": sum(calendar.is_workday(day) for day in days),
        "days": [
            {
                "day": day,
                "kind": calendar.kind(day),
                "words": calendar.describe(day),
                "provisional": calendar.is_provisional(day),
            }
            for day in shown
        ],
        "version": calendar.version,
    }
    state = "放假安排已公布" if published else "放假安排未公布，以下为暂定"
    lines = [f"{year}年　{state}　工作日{data['workdays']}天"]
    lines += [
        f"  {calendar.describe(day)}　{'上班' if calendar.is_workday(day) else '休息'}"
        for day in shown
    ]
    session.show(data, lines)


def calendar_edit(session: Session) -> None:
    """Declare working days or days of rest; tell which limits moved, or would move."""
    from zhixing_desktop.services.calendar import DaysChange

    o = session.options
    first = moment(o.day).date()
    last = moment(o.until).date() if o.until else first
    change = DaysChange(first, last, o.kind, o.name or "", o.reason, o.paper or "")
    days = f"{first}" if last == first else f"{first} 至 {last}"
    words = {"work": "上班", "rest": "休息", "table": "按放假安排"}[o.kind]
    data = {"day": first, "until": last, "kind": o.kind}
    _change_calendar(session, change, data, f"{days}：{words}")


def calendar_import(session: Session) -> None:
    """Take over a year's table; tell which limits moved, or would move."""
    from zhixing_desktop.services.calendar import NoticeChange, read_notice

    o = session.options
    sheet = read_notice(Path(o.file))
    years = [year.year for year in sheet.years]
    data = {"years": years, "days": len(sheet.days)}
    title = f"{'、'.join(map(str, years))}年放假安排，{len(sheet.days)}天"
    _change_calendar(session, NoticeChange(sheet, o.reason), data, title)


def _change_calendar(session: Session, change: Change, data: dict[str, Any], title: str) -> None:
    from zhixing_desktop.services.calendar import foresee, save
    from zhixing_desktop.services.recompute import recompute

    bureau, actor = session.bureau(), session.actor()
    warnings: list[str] = []
    if session.options.dry_run:
        foresight = foresee(bureau, actor, change)
        moved = foresight.moved
        warnings = [p.sentence for p in foresight.warnings]
        title = f"（试算，未保存）{title}"
    else:
        save(bureau, actor, change)
        moved = recompute(bureau, actor)
    from zhixing_desktop.workflow.views import Key

    rows = [
        {
            "case_no": entry.case_no or None,
            "instance": str(Key(entry.node, entry.subject)),
            "limit": entry.limit_id,
            "before": entry.before,
            "after": entry.after,
        }
        for entry in moved
    ]
    verb = "将" if session.options.dry_run else ""
    lines = [*warnings, f"{title}，{len(moved)}个时限{verb}随之变动"]
    lines += [
        f"  {entry.case_words()}　节点{entry.node}　{entry.limit_id}　"
        f"{entry.before:%Y-%m-%d %H:%M} → {entry.after:%Y-%m-%d %H:%M}"
        for entry in moved
    ]
    session.show({**data, "saved": not session.options.dry_run, "moved": rows}, lines)


def import_cases(session: Session) -> int:
    """Import an Excel case list."""
    from zhixing_desktop.services import imports

    o = session.options
    bureau = session.bureau()
    path = Path(o.file)
    preview = imports.preview(bureau, path)
    errors = [p for p in preview.problems if p.severity == "error"]
    problems = [
        {"where": p.where, "sentence": p.sentence, "severity": p.severity} for p in preview.problems
    ]
    if errors or o.dry_run:
        lines = [f"{p.where}：{p.sentence}" for p in preview.problems]
        lines.append(
            f"案件{preview.cases}件，事实{preview.events}条，错误{len(errors)}处，未导入。"
        )
        session.show({"cases": preview.cases, "imported": 0, "problems": problems}, lines)
        return 1 if errors else 0
    result = imports.run(bureau, session.actor(), path)
    data = {
        "cases": result.cases,
        "imported": result.cases,
        "events": result.events,
        "problems": problems,
    }
    session.show(data, [f"已导入案件{result.cases}件，事实{result.events}条。"])
    return 0


def export_cases(session: Session) -> None:
    """Export all cases and parties to Excel."""
    from zhixing_desktop.services import exports

    path = Path(session.options.file)
    made = exports.export_cases(
        session.bureau(), session.actor(), path, personal=session.options.personal
    )
    data = {"file": str(path), "cases": made.cases, "parties": made.parties}
    session.show(data, [f"已导出案件{made.cases}件，当事人{made.parties}名：{path}"])


def import_template(session: Session) -> None:
    """Write an empty import template."""
    from zhixing_desktop.services.imports import template_bytes

    path = Path(session.options.file)
    try:
        path.write_bytes(template_bytes())
    except OSError as error:
        raise StoreError(
            f"写不了文件“{path}”：请检查文件夹是否存在、磁盘是否已满、文件是否正被打开。"
        ) from error
    session.show({"file": str(path)}, [f"模板已写入：{path}"])


def upgrade(session: Session) -> None:
    """Raise the schema of an older database; a server's only when it was saved before.

    By its 系统管理员, where it has accounts already.
    """
    from zhixing_desktop.services.keeper import UPGRADE
    from zhixing_desktop.services.storage import accounts_before

    known = accounts_before(session.database_url())
    if known.older:
        actor = _keeper(session, UPGRADE, known)
        bureau = session.open_bureau(upgrade=session.options.saved)
        _journal(session, bureau, UPGRADE, actor, {"原来的版本": known.schema})
    else:
        bureau = session.bureau() if known.accounts else session.open_bureau()
    version = int(bureau.database.meta("schema_version") or 0)
    data = {"place": bureau.database.place, "schema": version}
    session.show(data, [f"数据库已是第{version}版：{bureau.database.place}"])


def backup(session: Session) -> int:
    """Copy the database while it is in use, with its scans; 1 when a scan is lost already."""
    from zhixing_desktop.services.storage import back_up

    made = back_up(session.bureau(), session.actor(), Path(session.options.file))
    lines = [f"备份已写入：{made.path}"]
    if made.files:
        lines.append(f"文书、扫描件{made.files}个：{made.folder}（属于这份备份，请一起保存）")
    return _tell_copied(session, made, lines)


def restore(session: Session) -> int:
    """Put a backup in the place of a database that is not in use, by a 系统管理员 of the backup."""
    from zhixing_desktop.services.keeper import RESTORE
    from zhixing_desktop.services.storage import accounts_in
    from zhixing_desktop.services.storage import restore as put_back

    o = session.options
    source, target = Path(o.file), Path(o.target)
    actor = _keeper(session, RESTORE, accounts_in(source, target))
    made = put_back(source, target, partial=o.partial)
    lines = [f"已恢复到：{made.path}"]
    what = {"备份": str(source), "文书、扫描件": made.files, "缺少的文书、扫描件": len(made.lost)}
    try:
        bureau = session.open_at(made.path)
    except StoreError as error:
        lines.append(f"没有记入日志，恢复的数据库现在打不开：{error.sentence}")
    else:
        _journal(session, bureau, RESTORE, actor, what)
    if made.files:
        lines.append(f"文书、扫描件{made.files}个：{made.folder}")
    if made.key_file is not None:
        lines.append(f"日志的签名私钥不在备份中，请把另外保存的私钥文件放到：{made.key_file}")
    return _tell_copied(session, made, lines)


def _keeper(session: Session, act: str, known: Known) -> Actor | None:
    """Return who signs in by the accounts of a database that is not open; ``None``: nobody can."""
    from zhixing_desktop.services.keeper import keeper, without_keeper
    from zhixing_desktop.services.rules import load_rules

    if not known.accounts:
        return None
    matrix = load_rules(resources_dir()).matrix
    reason = session.options.without_sign_in
    if reason is not None:
        without_keeper(matrix, act, known, reason)
        return None
    return keeper(matrix, act, known, *session.credentials())


def _journal(
    session: Session, bureau: Bureau, act: str, actor: Actor | None, what: dict[str, Any]
) -> None:
    """Write down what was done before the database could be written."""
    from zhixing_desktop.services import traces
    from zhixing_desktop.services.signing_in import STRANGER

    reason = session.options.without_sign_in
    told = {**what, **({"没有登录的理由": reason.strip()} if reason and actor is None else {})}
    traces.note(bureau, actor or STRANGER, act, told)


def _tell_copied(session: Session, made: Copied, lines: list[str]) -> int:
    lost = [{"file": problem.where, "sentence": problem.sentence} for problem in made.lost]
    data = {"file": str(made.path), "folder": str(made.folder), "files": made.files, "lost": lost}
    more = [f"缺少：{problem.where}：{problem.sentence}" for problem in made.lost]
    session.show(data, [*lines, *more])
    return 1 if lost else 0


def sample(session: Session) -> None:
    """Make the sample bureau's Excel list, or a database filled from it."""
    from zhixing_desktop.services.rules import load_rules
    from zhixing_desktop.services.sample import make_sample, write_sample_list

    o = session.options
    if o.list:
        rules = load_rules(resources_dir())
        path = write_sample_list(Path(o.list), rules, cases=o.cases, seed=o.seed)
        session.show({"file": str(path)}, [f"示例案件清单已写入：{path}"])
        return
    made = make_sample(Path(o.out), cases=o.cases, seed=o.seed, progress=_tell)
    session.show({"database": str(made)}, [f"示例局数据库：{made}"])


def demo(session: Session) -> int:
    """Run the whole job without a display and leave its screens."""
    from zhixing_desktop.demo import run_demo

    return run_demo(Path(session.options.out), _tell, cases=session.options.cases)


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def window(session: Session) -> int:
    """Open the window."""
    with lasting():
        from zhixing_desktop.app import run_window

    o = session.options
    if o.sample:
        from zhixing_desktop.services.sample import sample_home

        database, clock = sample_home(_tell)
        return run_window(f"sqlite:///{database}", clock=clock)
    return run_window(session.database_url(), clock=session.clock())


def _cited(step: dict[str, str]) -> str:
    return f"（{step['cite']}）" if step["cite"] else ""
