"""Commands on the journal: verify, look, export, algorithm, key."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

from zhixing_desktop.cli.arguments import add, arg, flat
from zhixing_desktop.cli.session import Session, moment
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import journal_chain, journal_export, journal_keys, journal_search
from zhixing_desktop.services.journal_search import JournalQuery
from zhixing_desktop.services.journal_view import entry
from zhixing_desktop.workflow.errors import UsageError

_TOLD_EVERY = 100_000
_FILTER = (
    arg("--person", metavar="姓名", default="", help="谁办理的，或者代谁办理的"),
    arg(
        "--action", metavar="事项", default="", help="事项的名称，如 导出日志，或者 journal.export"
    ),
    arg("--case", metavar="案号", default="", help="哪一件案件"),
    arg("--from", dest="first", metavar="日期", help="从哪一天起"),
    arg("--to", dest="last", metavar="日期", help="到哪一天止"),
    arg("--workstation", metavar="工作站", default="", help="在哪一台电脑上"),
    arg("--search", dest="words", metavar="词语", default="", help="内容中的词语，空格分开须都有"),
)
_HEADS = arg(
    "--head",
    metavar="编号:校验值",
    action="append",
    help="每日清单上打印的末条编号和校验值（至少前16位），可以写几次",
)


def journal_group(group: Any) -> None:
    """Add what ``zhixing journal`` can do."""
    add(
        group,
        "verify",
        verify,
        "校验日志：从第一条起逐条核对，指出第一条不符的",
        _HEADS,
        arg("--bundle", metavar="文件", help="核对一个验证包，不需要数据库"),
        arg("--fingerprint", metavar="指纹", default="", help="每日清单上打印的密钥指纹"),
    )
    add(
        group,
        "list",
        show_list,
        "查看日志，最新的在前",
        *_FILTER,
        arg("--limit", metavar="条数", type=int, default=50, help="最多几条；默认 50"),
        arg("--before", metavar="编号", type=int, help="只看这一编号以前的"),
    )
    add(
        group,
        "show",
        show_one,
        "查看一条日志改了什么",
        arg("number", metavar="编号", type=int, help="日志的编号"),
    )
    add(
        group,
        "export",
        export,
        "导出日志：Excel 清单，或者经签名的验证包",
        arg("--excel", metavar="文件", help="Excel 清单，供阅读，个人信息遮盖"),
        arg("--bundle", metavar="文件", help="验证包（ZIP），任何人都能核对；只可以用 --case 限定"),
        *_FILTER,
    )
    add(
        group,
        "heads",
        heads,
        "每一日的末条编号和校验值",
        arg("--from", dest="first", metavar="日期", required=True, help="从哪一天起"),
        arg("--to", dest="last", metavar="日期", required=True, help="到哪一天止"),
    )
    add(
        group,
        "algorithm",
        algorithm,
        "查看或者更换日志的杂凑算法",
        arg("name", metavar="算法", nargs="?", choices=["sha256", "sm3"], help="sha256 或者 sm3"),
    )
    add(
        group,
        "key",
        key,
        "查看签名密钥的指纹，或者重新生成",
        arg("--renew", action="store_true", help="重新生成（原密钥丢失或者泄露）"),
        arg("--reason", metavar="理由", default="", help="重新生成的理由"),
    )


def verify(session: Session) -> int:
    """Verify the chain or a bundle; 1 when something does not fit."""
    o = session.options
    printed = flat(o.head)
    if o.bundle:
        path = Path(o.bundle)
        verdict = journal_chain.verify_bundle(
            resources_dir(), path, heads=printed, fingerprint=o.fingerprint
        )
        session.show({"ok": verdict.ok, "lines": verdict.lines}, verdict.lines)
        return 0 if verdict.ok else 1
    bureau = session.bureau()
    found = journal_chain.verify(bureau, session.actor(), heads=printed, progress=_tell)
    data = {
        "ok": found.ok,
        "rows": found.rows,
        "first_bad_id": found.first_bad_id,
        "head": found.head_hash,
        "sentence": found.sentence,
    }
    session.show(data, [found.sentence, f"末条校验值：{found.head_hash}"])
    return 0 if found.ok else 1


def show_list(session: Session) -> None:
    """List rows of the journal."""
    o = session.options
    found = journal_search.search(
        session.bureau(), session.actor(), _query(session), before_id=o.before, limit=o.limit
    )
    data = [
        {
            "id": line.id,
            "at": line.at,
            "actor": line.actor,
            "on_behalf_of": line.on_behalf_of,
            "workstation": line.workstation,
            "action": line.action,
            "case_no": line.case_no,
            "hash": line.hash,
        }
        for line in found.lines
    ]
    lines = [
        f"{line.id}　{line.at:%Y-%m-%d %H:%M:%S}　{_who(line.actor, line.on_behalf_of)}　"
        f"{line.workstation}　{line.action}　{line.case_no}".rstrip("　")
        for line in found.lines
    ]
    more = f"　还有更早的：加 --before {found.next_before}" if found.next_before else ""
    session.show({"rows": data, "next": found.next_before}, [*lines, f"共{len(lines)}条{more}"])


def show_one(session: Session) -> None:
    """Show what one row changed."""
    row = entry(session.bureau(), session.actor(), session.options.number)
    data = {
        "id": row.id,
        "at": row.at,
        "actor": row.actor,
        "on_behalf_of": row.on_behalf_of,
        "workstation": row.workstation,
        "action": row.action,
        "case_no": row.case_no,
        "changes": [{"what": c.what, "before": c.before, "after": c.after} for c in row.changes],
        "algorithm": row.algorithm,
        "hash": row.hash,
    }
    lines = [
        f"第{row.id}条　{row.at:%Y-%m-%d %H:%M:%S}　{_who(row.actor, row.on_behalf_of)}　"
        f"{row.workstation}　{row.action}　{row.case_no}".rstrip("　"),
        *(f"  {c.what}：{c.before or '（无）'} → {c.after or '（无）'}" for c in row.changes),
        f"校验值（{row.algorithm}）：{row.hash}",
    ]
    session.show(data, lines)


def export(session: Session) -> None:
    """Export an Excel list or a signed bundle."""
    o = session.options
    if bool(o.excel) == bool(o.bundle):
        raise UsageError("请写 --excel 文件 或者 --bundle 文件，写其中一个。")
    bureau, actor = session.bureau(), session.actor()
    if o.excel:
        made = journal_export.export_sheet(bureau, actor, Path(o.excel), _query(session))
        lines = [f"已导出日志{made.rows}条：{made.path}", f"文件校验值：{made.digest}"]
    else:
        if o.person or o.action or o.first or o.last or o.workstation or o.words:
            raise UsageError("验证包是整条链，只可以用 --case 限定一件案件。")
        case_id = journal_search.find_case_id(bureau, o.case) if o.case else None
        made = journal_export.export_bundle(bureau, actor, Path(o.bundle), case_id=case_id)
        lines = [
            f"已导出日志{made.rows}条，另有{made.left_out}条只含校验值：{made.path}",
            f"文件校验值：{made.digest}",
            f"签名密钥指纹：{journal_keys.grouped(made.fingerprint)}",
        ]
    data = {
        "file": str(made.path),
        "rows": made.rows,
        "left_out": made.left_out,
        "digest": made.digest,
        "fingerprint": made.fingerprint,
    }
    session.show(data, lines)


def heads(session: Session) -> None:
    """Print the last row of each day."""
    o = session.options
    found = journal_search.daily_heads(
        session.bureau(), moment(o.first).date(), moment(o.last).date()
    )
    data = [
        {"day": h.day, "id": h.id, "hash": h.hash, "algorithm": h.algorithm, "rows": h.rows}
        for h in found
    ]
    lines = [f"{h.day}　{h.rows}条　{h.id}:{h.hash}" for h in found]
    session.show(data, lines or ["这些日子没有日志。"])


def algorithm(session: Session) -> None:
    """Show or change the algorithm."""
    bureau, wanted = session.bureau(), session.options.name
    if wanted:
        journal_chain.choose_algorithm(bureau, session.actor(), wanted)
    now = journal_chain.algorithm(bureau)
    session.show({"algorithm": now}, [f"日志的杂凑算法：{now.upper()}（此后写入的日志）"])


def key(session: Session) -> None:
    """Show or renew the key."""
    o, bureau = session.options, session.bureau()
    if o.renew:
        if not o.reason.strip():
            raise UsageError("重新生成密钥须写明理由：--reason 理由。")
        journal_keys.renew(bureau, session.actor(), o.reason.strip())
    found = journal_keys.public_key(bureau)
    if found is None:
        session.show({"fingerprint": ""}, ["还没有签名密钥：第一次导出验证包时生成。"])
        return
    data = {"fingerprint": found.fingerprint, "workstation": found.workstation, "pem": found.pem}
    words = f"签名密钥指纹：{journal_keys.grouped(found.fingerprint)}"
    session.show(data, [words, f"私钥在工作站“{found.workstation}”"])


def _query(session: Session) -> JournalQuery:
    o = session.options
    return JournalQuery(
        actor=o.person,
        action=journal_search.action_named(o.action),
        case_id=journal_search.find_case_id(session.bureau(), o.case) if o.case else None,
        first=_day(o.first),
        last=_day(o.last),
        workstation=o.workstation,
        words=o.words,
    )


def _day(text: str | None) -> date | None:
    return moment(text).date() if text else None


def _who(actor: str, on_behalf_of: str) -> str:
    return f"{actor}（代{on_behalf_of}）" if on_behalf_of else actor


def _tell(count: int) -> None:
    if count % _TOLD_EVERY == 0:
        sys.stderr.write(f"已核对{count}条……\n")
        sys.stderr.flush()
