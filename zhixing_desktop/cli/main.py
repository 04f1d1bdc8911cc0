"""The command ``zhixing``: parser, dispatch, exit codes.

Exit code 0; 1 with a sentence on stderr when a rule refuses, input is faulty or the database cannot
be used; 2 for wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from zhixing_desktop import __version__
from zhixing_desktop.cli import bureau_commands as wide
from zhixing_desktop.cli import case_commands as narrow
from zhixing_desktop.cli.session import Session, plain
from zhixing_desktop.workflow.errors import InputRefusedError, UsageError, ZhixingError

Command = Callable[[Session], int | None]


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are Chinese sentences."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"命令用法不对：{message}。用 --help 查看用法。")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every command."""
    parser = _Parser(prog="zhixing", description="知行 · 执行案件流程节点办案系统")
    parser.add_argument("--version", action="version", version=f"zhixing {__version__}")
    parser.add_argument("--sample", action="store_true", help="在示例局上打开窗口")
    parser.set_defaults(run=wide.window)
    _common(parser, top=True)
    commands = parser.add_subparsers(metavar="命令", parser_class=_Parser)
    _rulebook(commands)
    _limit(commands)
    _case(commands)
    _fact(commands)
    _node(commands)
    _approval(commands)
    _bureau(commands)
    return parser


def _common(parser: argparse.ArgumentParser, *, top: bool = False) -> None:
    missing: Any = None if top else argparse.SUPPRESS
    parser.add_argument(
        "--database", "--db", default=missing, help="数据库：文件路径，或者 postgresql:// 地址"
    )
    parser.add_argument("--now", default=missing, help="试验时钟（只能用于试验或者示例数据库）")
    parser.add_argument("--by", default=missing, help="办理人姓名（人员名册中的人）")
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help="以 JSON 输出",
    )


def _add(
    commands: Any,
    name: str,
    run: Command,
    words: str,
    *arguments: tuple[tuple[str, ...], dict[str, Any]],
) -> None:
    parser = commands.add_parser(name, help=words, description=words)
    for names, options in arguments:
        parser.add_argument(*names, **options)
    _common(parser)
    parser.set_defaults(run=run)


def _arg(*names: str, **options: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return names, options


def _group(commands: Any, name: str, words: str) -> Any:
    parser = commands.add_parser(name, help=words, description=words)
    return parser.add_subparsers(
        metavar="动作", required=True, dest=f"{name}_action", parser_class=_Parser
    )


_CASE = _arg("case", help="案号或者案件序号")
_SUBJECT = _arg("--subject", help="办理对象，如 asset/1；默认 case")
_NODE = _arg("node", help="节点号，或者 17@asset/1")
_AT = _arg("--at", help="发生的日期或者时间；默认现在")
_REASON = _arg("--reason", required=True, help="理由")
_VALUES = _arg("values", nargs="*", metavar="字段=值")
_DATA = _arg("--data", help="JSON 对象")


def _rulebook(commands: Any) -> None:
    group = _group(commands, "rulebook", "规则库")
    _add(
        group,
        "show",
        wide.rulebook_show,
        "显示规则库或者一个节点",
        _arg("node", nargs="?", type=int, help="节点号"),
    )
    _add(
        group,
        "coverage",
        wide.rulebook_coverage,
        "指引每句话由什么承载；有未落实的句子时退出码为 1",
    )


def _limit(commands: Any) -> None:
    _add(
        commands,
        "limit",
        wide.limit,
        "计算一个时限并说明理由；“……日前”的时限自事件之日倒推",
        _arg("id", help="时限编号，如 7-a"),
        _arg("--from", dest="start", required=True, help="起算（或者事件）的日期、时间"),
    )


def _case(commands: Any) -> None:
    group = _group(commands, "case", "案件")
    _add(
        group,
        "new",
        narrow.case_new,
        "登记案件",
        _arg("case_no", help="案号"),
        _arg(
            "--creditor",
            action="append",
            default=[],
            required=True,
            help="申请执行人：名称[,证件号[,类型]]",
        ),
        _arg(
            "--debtor",
            action="append",
            default=[],
            required=True,
            help="被执行人：名称[,证件号[,类型]]",
        ),
        _arg(
            "--content",
            action="append",
            choices=["money", "act", "thing", "interest"],
            help="给付内容",
        ),
        _arg("--amount", help="申请执行标的（元）"),
        _arg("--officer", help="承办人"),
        _arg("--clerk", help="书记员"),
        _arg("--non-litigation", action="store_true", help="非诉执行"),
        _arg("--cause", help="案由"),
        _arg("--basis", help="执行依据文号"),
        _arg("--previous", help="恢复执行案件的原案号"),
    )
    _add(
        group,
        "list",
        narrow.case_list_command,
        "案件列表",
        _arg(
            "--filter",
            default="all",
            choices=["all", "mine", "due_today", "warned", "overdue", "frozen", "closed"],
            help="筛选",
        ),
        _arg("--search", help="案号、当事人或者拼音首字母"),
        _arg(
            "--sort",
            default="due",
            choices=["case_no", "parties", "officer", "node", "due", "state", "amount"],
            help="排序",
        ),
        _arg("--limit", type=int, default=200),
        _arg("--offset", type=int, default=0),
    )
    _add(group, "show", narrow.case_show, "显示案件", _CASE)
    _add(group, "facts", narrow.case_facts, "案件的全部事实", _CASE)
    _add(group, "alerts", narrow.case_alerts, "案件的预警、冻结等通知", _CASE)
    _add(
        group,
        "simulate",
        narrow.case_simulate,
        "假如到某日为止什么都不办",
        _CASE,
        _arg("--until", required=True, help="日期"),
    )
    _add(
        group,
        "assign",
        narrow.case_assign,
        "指定或者更换承办人",
        _CASE,
        _arg("officer", help="承办人姓名"),
        _REASON,
    )


def _fact(commands: Any) -> None:
    group = _group(commands, "fact", "事实")
    _add(
        group,
        "add",
        narrow.fact_add,
        "登记一件事实",
        _CASE,
        _arg("event", help="事实名称，如 case_filed"),
        _VALUES,
        _SUBJECT,
        _AT,
        _DATA,
    )
    _add(
        group,
        "correct",
        narrow.fact_correct,
        "更正一件事实",
        _CASE,
        _arg("seq", type=int, help="事实序号"),
        _VALUES,
        _AT,
        _DATA,
        _REASON,
    )
    _add(
        group,
        "withdraw",
        narrow.fact_withdraw,
        "撤回一件没有发生的事实",
        _CASE,
        _arg("seq", type=int, help="事实序号"),
        _REASON,
    )


def _node(commands: Any) -> None:
    group = _group(commands, "node", "节点")
    _add(
        group,
        "show",
        narrow.node_show,
        "显示节点：时限与理由、缺什么、为何不能办",
        _CASE,
        _NODE,
        _SUBJECT,
    )
    _add(group, "start", narrow.node_start, "启动节点", _CASE, _NODE, _SUBJECT, _AT)
    _add(
        group,
        "work",
        narrow.node_work,
        "录入字段和工作内容",
        _CASE,
        _NODE,
        _VALUES,
        _SUBJECT,
        _DATA,
        _arg("--item", action="append", metavar="序号=日期", help="完成的工作内容"),
        _arg("--items", metavar="JSON", help="工作内容连同文书、告知、材料"),
        _arg(
            "--override",
            action="append",
            metavar="字段=理由",
            help="坚持使用被认为空泛的用语的理由",
        ),
        _arg("--complete", action="store_true", help="并办结"),
    )
    _add(group, "complete", narrow.node_complete, "办结节点并流转", _CASE, _NODE, _SUBJECT, _AT)


def _approval(commands: Any) -> None:
    group = _group(commands, "approval", "审批")
    _add(
        group,
        "list",
        narrow.approval_list,
        "待决定的申请",
        _arg("--all", action="store_true", help="全部"),
    )
    _add(
        group,
        "request",
        narrow.approval_request,
        "申请审批（unfreeze 解冻、payout 案款发放 等）",
        _CASE,
        _NODE,
        _arg("matter", help="事项"),
        _VALUES,
        _SUBJECT,
        _DATA,
        _REASON,
    )
    _add(
        group,
        "decide",
        narrow.approval_decide,
        "决定申请",
        _CASE,
        _arg("request", type=int, help="申请的序号"),
        _arg("outcome", choices=["granted", "refused", "returned"], help="批准、不批准、退回"),
        _REASON,
    )


def _bureau(commands: Any) -> None:
    _add(commands, "sweep", wide.sweep, "巡检：发出到期的预警、冻结和逾期")
    group = _group(commands, "journal", "日志")
    _add(group, "verify", wide.journal_verify, "校验日志的链条")
    group = _group(commands, "people", "人员名册")
    _add(group, "list", wide.people_list, "列出人员")
    _add(
        group,
        "add",
        wide.people_add,
        "登记人员",
        _arg("name", help="姓名"),
        _arg("--role", action="append", required=True, help="角色"),
        _arg("--team", help="团队"),
    )
    group = _group(commands, "calendar", "工作日历")
    _add(
        group,
        "edit",
        wide.calendar_edit,
        "把一天改为上班日或者休息日",
        _arg("day", help="日期"),
        _arg("kind", choices=["work", "rest"]),
        _arg("--name", help="名称"),
        _REASON,
    )
    _add(
        commands,
        "import",
        wide.import_cases,
        "导入 Excel 案件清单",
        _arg("file", help="Excel 文件"),
        _arg("--dry-run", action="store_true", help="只检查，不导入"),
    )
    _add(
        commands,
        "import-template",
        wide.import_template,
        "写出导入模板",
        _arg("file", help="Excel 文件"),
    )
    _add(
        commands,
        "init",
        wide.init,
        "建立数据库",
        _arg("--purpose", default="bureau", choices=["bureau", "sample", "test"], help="用途"),
    )
    _add(commands, "check", wide.check, "检查数据库")
    _add(commands, "backup", wide.backup, "备份", _arg("file", help="备份文件"))
    _add(
        commands,
        "restore",
        wide.restore,
        "恢复备份",
        _arg("file", help="备份文件"),
        _arg("target", help="数据库文件"),
    )
    _add(
        commands,
        "sample",
        wide.sample,
        "生成示例局",
        _arg("--out", default="out", help="文件夹"),
        _arg("--list", help="只写出 Excel 案件清单"),
        _arg("--cases", type=int, default=300),
        _arg("--seed", type=int, default=20240201),
    )
    _add(
        commands,
        "demo",
        wide.demo,
        "不需要显示器，走完示例并留下画面",
        _arg("--out", default="out", help="文件夹"),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    _utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    session: Session | None = None
    try:
        options = build_parser().parse_args(given)
        session = Session(options)
        return int(options.run(session) or 0)
    except UsageError as error:
        return _refused(error, given, 2)
    except ZhixingError as error:
        return _refused(error, given, 1)
    finally:
        if session is not None:
            session.close()


def _refused(error: ZhixingError, given: Sequence[str], code: int) -> int:
    lines = [error.sentence]
    if isinstance(error, InputRefusedError):
        lines += [
            f"  {p.where}：{p.sentence}" for p in error.problems if p.sentence not in error.sentence
        ]
    if error.cite is not None:
        lines.append(f"依据：{error.cite.words()}")
    sys.stderr.write("\n".join(lines) + "\n")
    if "--json" in given:
        body = {
            "refused": True,
            "sentence": error.sentence,
            "cite": (
                {"paragraph": error.cite.paragraph, "quote": error.cite.quote}
                if error.cite
                else None
            ),
            "data": error.data,
        }
        sys.stdout.write(json.dumps(plain(body), ensure_ascii=False, indent=2, default=str) + "\n")
    return code


def _utf8() -> None:
    """Speak UTF-8 whatever the terminal's locale, so that Chinese is never lost."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
