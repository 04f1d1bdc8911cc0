"""Commands on the rules and on the whole bureau."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from zhixing_desktop.cli.session import Session, moment
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import UsageError


def rulebook_show(session: Session) -> None:
    """Print the rulebook, or one node of it."""
    from zhixing_desktop.workflow.rulebook_json import node_json, rulebook_json

    book = session.rules().book
    if session.options.node is not None:
        if session.options.node not in book.nodes:
            raise UsageError("节点应当是 1 至 46。")
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
    """Print when a limit ends, and why."""
    from zhixing_desktop.services.derivations import derivation_from

    o = session.options
    found = derivation_from(session.rules(), o.id, moment(o.start))
    data = found.to_json()
    lines = [
        f"名义届满：{data['nominal'] or '暂停计时'}",
        f"实际届满：{data['effective'] or '暂停计时'}{'（暂定）' if data['provisional'] else ''}",
        *(f"  {step['words']}{_cited(step)}" for step in data["steps"]),
    ]
    session.show(data, lines)


def sweep(session: Session) -> None:
    """Announce what is due."""
    from zhixing_desktop.services.sweep import sweep as run

    result = run(session.bureau())
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


def journal_verify(session: Session) -> int:
    """Verify the chain of the journal; 1 when a row does not fit."""
    from zhixing_desktop.services.storage import verify_journal

    result = verify_journal(session.bureau())
    data = {
        "ok": result.ok,
        "rows": result.rows,
        "first_bad_id": result.first_bad_id,
        "head": result.head_hash,
    }
    session.show(data, [result.sentence, f"末条校验值：{result.head_hash}"])
    return 0 if result.ok else 1


def check(session: Session) -> int:
    """Check the whole database: file, references, journal, replay, views."""
    from zhixing_desktop.services.health import check_all

    found = check_all(session.bureau())
    session.show(
        {"problems": found}, [*found, "没有发现问题。" if not found else f"共{len(found)}处。"]
    )
    return 1 if found else 0


def init(session: Session) -> None:
    """Make a database."""
    o = session.options
    bureau = session.bureau(create=True, purpose=o.purpose)
    place = bureau.database.place
    session.show({"place": place, "purpose": o.purpose}, [f"数据库已建立：{place}（{o.purpose}）"])


def people_add(session: Session) -> None:
    """Add people to the staff."""
    from zhixing_desktop.services.people import add_people

    o = session.options
    add_people(session.bureau(), session.actor(), [(o.name, o.role, o.team or "")])
    session.show({"name": o.name, "roles": o.role}, [f"已登记：{o.name}（{'、'.join(o.role)}）"])


def people_list(session: Session) -> None:
    """List the staff."""
    from zhixing_desktop.services.people import all_people

    found = all_people(session.bureau())
    data = [{"id": p.id, "name": p.name, "roles": p.roles, "team": p.team} for p in found]
    session.show(data, [f"{p.name}　{'、'.join(p.roles)}　{p.team}" for p in found])


def calendar_edit(session: Session) -> None:
    """Declare a working day or a day of rest."""
    from zhixing_desktop.services.calendar import edit_day

    o = session.options
    day = moment(o.day).date()
    edit_day(session.bureau(), session.actor(), day, o.kind, o.name or "", o.reason)
    session.show({"day": day, "kind": o.kind}, [f"{day}：{'上班' if o.kind == 'work' else '休息'}"])


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


def import_template(session: Session) -> None:
    """Write an empty import template."""
    from zhixing_desktop.services.imports import template_bytes

    path = Path(session.options.file)
    path.write_bytes(template_bytes())
    session.show({"file": str(path)}, [f"模板已写入：{path}"])


def backup(session: Session) -> None:
    """Copy the database while it is in use."""
    from zhixing_desktop.services.storage import back_up

    made = back_up(session.bureau(), Path(session.options.file))
    session.show({"file": str(made)}, [f"备份已写入：{made}"])


def restore(session: Session) -> None:
    """Put a backup in the place of a database that is not in use."""
    from zhixing_desktop.services.storage import restore as put_back

    o = session.options
    made = put_back(Path(o.file), Path(o.target))
    session.show({"file": str(made)}, [f"已恢复到：{made}"])


def sample(session: Session) -> None:
    """Make the sample bureau's Excel list, or a database filled from it."""
    from zhixing_desktop.services.sample import make_sample, write_sample_list

    o = session.options
    if o.list:
        path = write_sample_list(Path(o.list), session.rules(), cases=o.cases, seed=o.seed)
        session.show({"file": str(path)}, [f"示例案件清单已写入：{path}"])
        return
    made = make_sample(Path(o.out), cases=o.cases, seed=o.seed, progress=_tell)
    session.show({"database": str(made)}, [f"示例局数据库：{made}"])


def demo(session: Session) -> int:
    """Run the whole job without a display and leave its screens."""
    from zhixing_desktop.demo import run_demo

    return run_demo(Path(session.options.out), _tell)


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def window(session: Session) -> int:
    """Open the window."""
    from zhixing_desktop.app import run_window

    o = session.options
    if o.sample:
        from zhixing_desktop.services.sample import sample_home

        database, clock = sample_home(_tell)
        return run_window(f"sqlite:///{database}", clock=clock)
    return run_window(session.database_url(), clock=session.clock())


def _cited(step: dict[str, str]) -> str:
    return f"（{step['cite']}）" if step["cite"] else ""
