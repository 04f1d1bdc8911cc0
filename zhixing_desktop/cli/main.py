"""The command ``zhixing``: parser, dispatch, exit codes.

Exit code 0; 1 with a sentence on stderr when a rule refuses, input is faulty or the database cannot
be used; 2 for wrong use.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from zhixing_desktop import __version__
from zhixing_desktop.cli import bureau_commands as wide
from zhixing_desktop.cli import desk_commands as desk
from zhixing_desktop.cli import rulebook_commands as books
from zhixing_desktop.cli.arguments import Parser, add, arg, common, group_later, group_of
from zhixing_desktop.cli.session import Session, plain
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    StoreError,
    UsageError,
    ZhixingError,
)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every command."""
    parser = Parser(
        prog="zhixing",
        description="知行 · 执行案件流程节点办案系统。不写命令即打开窗口。",
        epilog="某个命令的写法：zhixing 命令 --help",
    )
    parser.add_argument(
        "--version", action="version", version=f"zhixing {__version__}", help="显示版本"
    )
    parser.add_argument("--sample", action="store_true", help="在示例局上打开窗口")
    parser.set_defaults(run=wide.window)
    common(parser, top=True)
    commands = parser.add_subparsers(title="命令", metavar="命令", parser_class=Parser)
    _rulebook(commands)
    _limit(commands)
    group_later(commands, "case", "案件", _case)
    _simulate(commands)
    group_later(commands, "fact", "事实", _fact)
    group_later(commands, "node", "节点", _node)
    group_later(commands, "approval", "审批", _approval)
    group_later(commands, "paper", "文书", _paper)
    group_later(commands, "dossier", "卷宗", _dossier)
    group_later(commands, "deputy", "代理人", _deputy)
    group_later(commands, "authority", "权限表", _authority)
    _bureau(commands)
    return parser


_CASE = arg("case", metavar="案件", help="案号或者案件序号")
_SUBJECT = arg("--subject", metavar="对象", help="办理对象，如 财产1 或者 asset/1；默认案件")
_PERSONAL = arg(
    "--personal",
    action="store_true",
    help="按权限显示完整的证件号、账号、电话，记入日志",
)
_NODE = arg("node", metavar="节点", help="节点号，或者 17@asset/1")
_AT = arg("--at", metavar="时间", help="发生的日期或者时间；默认现在")
_REASON = arg("--reason", metavar="理由", required=True, help="理由")
_VALUES = arg("values", nargs="*", metavar="字段=值", help="字段名和值，如 amount=1000")
_DATA = arg("--data", metavar="JSON", help="字段，写成 JSON 对象")
_TRY = arg("--dry-run", action="store_true", help="只试算哪些时限会变动，不保存")
_WITHOUT_SIGN_IN = arg(
    "--without-sign-in",
    metavar="理由",
    help="没有一个系统管理员能登录时，不登录办理的理由，记入日志",
)
_OVERRIDE = arg(
    "--override", action="append", metavar="字段=理由", help="坚持使用被认为空泛的用语的理由"
)


def _rulebook(commands: Any) -> None:
    group = group_of(commands, "rulebook", "规则库")
    add(
        group,
        "show",
        wide.rulebook_show,
        "显示规则库或者一个节点",
        arg("node", nargs="?", type=int, metavar="节点", help="节点号，不写即全部"),
    )
    add(
        group,
        "coverage",
        wide.rulebook_coverage,
        "指引每句话由什么承载；有未落实的句子时退出码为 1",
    )
    folder = arg(
        "folder", nargs="?", metavar="文件夹", help="节点规则所在的文件夹；默认本程序自带的规则"
    )
    add(group, "adopted", books.rulebook_adopted, "本局核准过的节点规则")
    add(
        group,
        "compare",
        books.rulebook_compare,
        "另一套规则与本局现用的有什么不同、在办案件会怎样变化；什么也不保存",
        folder,
        arg("--limit", metavar="处数", type=int, default=200, help="最多列出几处变化；默认 200"),
        arg("--offset", metavar="处数", type=int, default=0, help="跳过前几处变化"),
    )
    add(
        group,
        "adopt",
        books.rulebook_adopt,
        "核准另一套规则，本局从此按它办案（院长）",
        folder,
        _REASON,
        arg("--paper", metavar="文号", help="所依据文件的文号"),
    )


def _limit(commands: Any) -> None:
    add(
        commands,
        "limit",
        wide.limit,
        "计算一个时限并说明理由；“……日前”的时限自事件之日倒推",
        arg("id", metavar="时限", help="时限编号，如 7-a"),
        arg("--from", dest="start", metavar="时间", help="起算（或者事件）的日期、时间"),
        arg(
            "--act",
            metavar="日期",
            help="“……日前”的办理之日：单独写，算出事件最早可在哪一日；连同 --from，判断是否合要求",
        ),
        arg("--extend", action="append", metavar="数量+单位", help="批准的延长，如 3month、10day"),
        arg(
            "--exclude",
            action="append",
            metavar="起日/止日",
            help="批准扣除的期间；止日是恢复计算的第一日，还没有恢复的留空，如 2024-03-01/",
        ),
        arg("--rolling", choices=["roll", "strict"], help="届满遇休息日：roll 顺延、strict 不顺延"),
    )


def _case(group: Any) -> None:
    from zhixing_desktop.cli import case_commands as narrow

    add(
        group,
        "new",
        narrow.case_new,
        "登记案件",
        arg("case_no", metavar="案号", help="如 （2024）豫0811执1号；括号全角半角都可以"),
        arg(
            "--creditor",
            metavar="当事人",
            action="append",
            default=[],
            required=True,
            help="申请执行人：名称[,证件号[,类型]]",
        ),
        arg(
            "--debtor",
            metavar="当事人",
            action="append",
            default=[],
            required=True,
            help="被执行人：名称[,证件号[,类型]]",
        ),
        arg(
            "--content",
            action="append",
            choices=["money", "act", "thing", "interest"],
            help="给付内容：money 金钱、act 行为、thing 特定物、interest 财产性权益；默认金钱",
        ),
        arg("--amount", metavar="金额", help="申请执行标的（元）"),
        arg("--officer", metavar="姓名", help="承办人"),
        arg("--clerk", metavar="姓名", help="书记员"),
        arg("--non-litigation", action="store_true", help="非诉执行"),
        arg("--cause", metavar="案由", help="案由"),
        arg("--basis", metavar="文号", help="执行依据文号"),
        arg("--previous", metavar="案号", help="恢复执行案件的原案号"),
    )
    add(
        group,
        "list",
        narrow.case_list_command,
        "案件列表",
        arg(
            "--filter",
            default="all",
            choices=["all", "mine", "due_today", "warned", "overdue", "frozen", "closed"],
            help="筛选",
        ),
        arg("--search", metavar="文字", help="案号、当事人或者拼音首字母"),
        arg(
            "--sort",
            default="due",
            choices=["case_no", "parties", "officer", "node", "due", "state", "amount"],
            help="排序",
        ),
        arg("--limit", metavar="件数", type=int, default=200, help="最多列出几件；默认 200"),
        arg("--offset", metavar="件数", type=int, default=0, help="跳过前几件"),
    )
    add(group, "show", narrow.case_show, "显示案件", _CASE)
    add(group, "facts", narrow.case_facts, "案件的全部事实", _CASE, _PERSONAL)
    add(group, "alerts", narrow.case_alerts, "案件的预警、冻结等通知", _CASE)
    _simulate(group)
    add(
        group,
        "assign",
        narrow.case_assign,
        "指定或者更换承办人",
        _CASE,
        arg("officer", metavar="承办人", help="姓名"),
        _REASON,
    )


def _simulate(place: Any) -> None:
    add(
        place,
        "simulate",
        _run_simulate,
        "假如到某日为止什么都不办，会发生什么（不保存）",
        _CASE,
        arg("--until", required=True, metavar="日期", help="到哪一日"),
    )


def _run_simulate(session: Session) -> None:
    from zhixing_desktop.cli import case_commands as narrow

    narrow.case_simulate(session)


def _fact(group: Any) -> None:
    from zhixing_desktop.cli import case_commands as narrow

    add(
        group,
        "add",
        narrow.fact_add,
        "登记一件事实",
        _CASE,
        arg("event", metavar="事实", help="事实的名称，如 立案 或者 case_filed"),
        _VALUES,
        _SUBJECT,
        _AT,
        _DATA,
        _OVERRIDE,
    )
    add(
        group,
        "correct",
        narrow.fact_correct,
        "更正一件事实",
        _CASE,
        arg("seq", metavar="序号", type=int, help="事实序号，见 case facts"),
        _VALUES,
        _AT,
        _DATA,
        _REASON,
    )
    add(
        group,
        "withdraw",
        narrow.fact_withdraw,
        "撤回一件没有发生的事实",
        _CASE,
        arg("seq", metavar="序号", type=int, help="事实序号，见 case facts"),
        _REASON,
    )


def _node(group: Any) -> None:
    from zhixing_desktop.cli import case_commands as narrow

    add(
        group,
        "show",
        narrow.node_show,
        "显示节点：时限与理由、缺什么、为何不能办",
        _CASE,
        _NODE,
        _SUBJECT,
        _PERSONAL,
    )
    add(group, "start", narrow.node_start, "启动节点", _CASE, _NODE, _SUBJECT, _AT)
    add(
        group,
        "work",
        narrow.node_work,
        "录入字段和工作内容",
        _CASE,
        _NODE,
        _VALUES,
        _SUBJECT,
        _DATA,
        arg("--item", action="append", metavar="序号=日期", help="完成的工作内容"),
        arg("--items", metavar="JSON", help="工作内容连同文书、告知、材料"),
        _OVERRIDE,
        arg("--complete", action="store_true", help="并办结"),
    )
    add(group, "complete", narrow.node_complete, "办结节点并流转", _CASE, _NODE, _SUBJECT, _AT)


def _approval(group: Any) -> None:
    from zhixing_desktop.cli import case_commands as narrow

    add(
        group,
        "list",
        narrow.approval_list,
        "待决定的申请",
        arg("--all", action="store_true", help="全部"),
    )
    add(
        group,
        "request",
        narrow.approval_request,
        "申请审批（unfreeze 解冻、payout 案款发放 等）",
        _CASE,
        _NODE,
        arg("matter", metavar="事项", help="事项的名称"),
        _VALUES,
        _SUBJECT,
        _DATA,
        _REASON,
    )
    add(
        group,
        "decide",
        narrow.approval_decide,
        "决定申请",
        _CASE,
        arg("request", metavar="序号", type=int, help="申请的序号，见 approval list"),
        arg(
            "outcome",
            metavar="决定",
            choices=["granted", "refused", "returned"],
            help="granted 批准、refused 不批准、returned 退回",
        ),
        _REASON,
        arg("--point", action="append", metavar="事项", help="退回时需补正的事项，可以写几次"),
    )
    _more_approvals(group)


_REQUEST = arg("request", metavar="序号", type=int, help="申请的序号，见 approval list")
_LIMIT = arg("--limit", metavar="件数", type=int, default=200, help="最多列出几件；默认 200")


def _more_approvals(group: Any) -> None:
    from zhixing_desktop.cli import approval_commands as flow

    add(
        group,
        "waiting",
        flow.approval_waiting,
        "等待本人（包括代理）决定的申请，冻结的在前",
        arg("--matter", metavar="事项", help="只列这一类，如 unfreeze"),
        arg(
            "--step",
            choices=["decide", "forward", "read_back"],
            help="只列待决定、待转报或者待核对的",
        ),
        _LIMIT,
        arg("--offset", metavar="件数", type=int, default=0, help="跳过前几件"),
    )
    add(group, "away", flow.approval_away, "已经转报、尚未办完的申请", _LIMIT)
    add(group, "today", flow.approval_today, "本人今天作出的决定")
    add(group, "urge", flow.approval_urge, "催办申请，每天最多一次", _CASE, _REQUEST, _REASON)
    add(group, "withdraw", flow.approval_withdraw, "撤回申请", _CASE, _REQUEST, _REASON)
    add(
        group,
        "countermand",
        flow.approval_countermand,
        "撤销已经批准的决定，由作出决定的人办理",
        _CASE,
        _REQUEST,
        _REASON,
    )
    add(
        group,
        "pay",
        flow.approval_pay,
        "登记案款已经支付，由财务办理",
        _CASE,
        arg("payment", metavar="款项", help="如 款项1 或者 payment/1"),
        arg("--on", metavar="日期", help="支付日期；默认今天"),
        arg("--voucher", metavar="编号", default="", help="支付凭证编号"),
    )
    _outside_approvals(group)


def _outside_approvals(group: Any) -> None:
    from zhixing_desktop.cli import approval_commands as flow

    add(
        group,
        "report",
        flow.approval_report,
        "写出报上级法院的报告，用于打印",
        _CASE,
        _REQUEST,
        arg("file", metavar="文件", help="PDF 或者 Word 文件，如 报告.pdf"),
    )
    add(
        group,
        "forward",
        flow.approval_forward,
        "登记转报（层报的逐级登记）",
        _CASE,
        _REQUEST,
        arg("--from", dest="sender", metavar="法院", default="本院", help="转报的法院；默认本院"),
        arg("--to", metavar="法院", required=True, help="接收的法院"),
        arg("--on", metavar="日期", required=True, help="转报日期"),
        arg("--number", metavar="文号", default="", help="转报函文号；第一次转报必须写"),
        arg("--note", metavar="说明", default="", help="说明"),
    )
    add(
        group,
        "reply",
        flow.approval_reply,
        "登记上级法院的答复，也登记它后来更正、撤销的答复；核对后才生效",
        _CASE,
        _REQUEST,
        arg(
            "outcome",
            metavar="结果",
            choices=["granted", "refused", "returned", "revoked"],
            help="granted 批准、refused 不批准、returned 退回；"
            "revoked 撤销原批复（同一法院后来的答复）",
        ),
        arg("--number", metavar="文号", required=True, help="答复文号"),
        arg("--on", metavar="日期", required=True, help="答复日期"),
        arg("--decider", metavar="姓名", required=True, help="作出决定的人"),
        arg("--office", metavar="法院", required=True, help="作出决定的法院或者部门"),
        arg("--words", metavar="内容", required=True, help="答复的内容"),
        arg("--scan", metavar="文件", help="扫描件：PDF、JPEG、PNG 或者 TIFF"),
    )
    add(
        group,
        "confirm",
        flow.approval_confirm,
        "核对上级法院的答复，由登记人以外的人办理",
        _CASE,
        _REQUEST,
        arg("--number", metavar="文号", required=True, help="对照原件再填一次的文号"),
        arg("--on", metavar="日期", required=True, help="对照原件再填一次的日期"),
    )


def _dossier(group: Any) -> None:
    from zhixing_desktop.cli.dossier_commands import dossier_group

    dossier_group(group)


def _paper(group: Any) -> None:
    from zhixing_desktop.cli import paper_commands as papers

    papers.paper_group(group)


def _deputy(group: Any) -> None:
    from zhixing_desktop.cli import approval_commands as flow

    add(
        group,
        "name",
        flow.deputy_name,
        "指定代理人",
        arg("principal", metavar="被代理人", help="姓名"),
        arg("deputy", metavar="代理人", help="姓名"),
        arg("--role", metavar="角色", required=True, help="代理哪个角色，如 执行局长"),
        arg("--from", dest="start", metavar="日期", required=True, help="起始日期"),
        arg("--until", metavar="日期", help="截止日期，当日计算在内"),
        arg("--paper", metavar="文件", required=True, help="指定代理人的文件和文号"),
    )
    add(
        group,
        "list",
        flow.deputy_list,
        "列出代理人",
        arg("--person", metavar="姓名", help="只列与此人有关的"),
        arg("--all", action="store_true", help="连同期满和撤销的"),
    )
    add(
        group,
        "revoke",
        flow.deputy_revoke,
        "撤销代理",
        arg("id", metavar="编号", type=int, help="代理的编号，见 deputy list"),
        _REASON,
    )


def _authority(group: Any) -> None:
    from zhixing_desktop.cli import authority_commands as rights

    add(group, "show", rights.authority_show, "显示权限表：谁可以办什么，依据哪一句")
    add(
        group,
        "check",
        rights.authority_check,
        "本人可否办一件事；不可以的退出码为 1",
        arg("act", metavar="事项", help="如 node.work、approval.decide，见 authority show"),
        arg("case", nargs="?", metavar="案件", help="案号或者案件序号"),
        arg("--node", metavar="节点", type=int, help="节点号"),
        _SUBJECT,
        arg("--request", metavar="序号", type=int, help="申请的序号"),
        arg("--matter", metavar="事项", help="申请的事项，如 closing_review"),
        arg("--event", metavar="事实", help="事实的名称，如 payment_paid_out"),
    )


def _bureau(commands: Any) -> None:
    add(commands, "sweep", wide.sweep, "巡检：发出到期的预警、冻结和逾期")
    add(
        commands,
        "digest",
        desk.digest_show,
        "上次查看以来的新情况，每件一行",
        arg("--looked", action="store_true", help="记为已阅"),
    )
    add(
        commands,
        "sheet",
        desk.sheet_show,
        "工作日报；由执行局长、主管院领导出具",
        arg("--day", metavar="日期", help="哪一天；默认今天"),
        arg("--file", metavar="文件", help="写成网页，用于打印，并记入日志"),
    )
    group_later(commands, "journal", "日志", _journal)
    group_later(commands, "people", "人员名册", _people)
    group_later(commands, "account", "账号", _accounts)
    group_later(commands, "settings", "本院的设置", _settings)
    group = group_of(commands, "calendar", "工作日历")
    add(
        group,
        "show",
        wide.calendar_show,
        "显示某年与平常不同的日子",
        arg("year", type=int, metavar="年度", help="如 2024"),
    )
    add(
        group,
        "edit",
        wide.calendar_edit,
        "把一天或者几天改为上班日、休息日",
        arg("day", metavar="日期", help="如 2024-02-09"),
        arg(
            "kind",
            choices=["work", "rest", "table"],
            metavar="性质",
            help="work 上班、rest 休息、table 撤销本院设定，恢复按放假安排",
        ),
        arg("--until", metavar="日期", help="改几天的，最后一天"),
        arg("--name", metavar="名称", help="如 春节"),
        arg("--paper", metavar="文号", help="依据的文号"),
        _REASON,
        _TRY,
    )
    add(
        group,
        "import",
        wide.calendar_import,
        "导入一个年度的放假安排（Excel 或者 CSV）",
        arg("file", metavar="文件", help="日期、类别、名称、来源四列"),
        _REASON,
        _TRY,
    )
    add(
        commands,
        "import",
        wide.import_cases,
        "导入 Excel 案件清单",
        arg("file", metavar="文件", help="Excel 文件"),
        arg("--dry-run", action="store_true", help="只检查，不导入"),
    )
    add(
        commands,
        "export",
        wide.export_cases,
        "导出案件清单到 Excel，栏目次序同官方平台",
        arg("file", metavar="文件", help="Excel 文件；已有的会被替换"),
        _PERSONAL,
    )
    add(
        commands,
        "import-template",
        wide.import_template,
        "写出导入模板",
        arg("file", metavar="文件", help="Excel 文件"),
    )
    add(
        commands,
        "init",
        wide.init,
        "建立数据库，并完成首次启动：本院情况和最初的管理员",
        arg("--purpose", default="bureau", choices=["bureau", "sample", "test"], help="用途"),
        arg("--court", metavar="法院名称", default="", help="法院全称"),
        arg("--code", metavar="代字", default="", help="案号中的法院代字，如 豫0811"),
        arg("--superior", metavar="法院名称", default="", help="上级中级人民法院全称"),
        arg("--high", metavar="法院名称", default="", help="高级人民法院全称"),
        arg("--admin", metavar="姓名", help="系统管理员；不写即只建立数据库"),
        arg("--admin-login", metavar="登录名", help="系统管理员的登录名；默认同姓名"),
        arg("--security", metavar="姓名", help="安全管理员；打印一次性密码"),
        arg("--security-login", metavar="登录名", help="安全管理员的登录名；默认同姓名"),
        arg("--auditor", metavar="姓名", help="审计员；打印一次性密码"),
        arg("--auditor-login", metavar="登录名", help="审计员的登录名；默认同姓名"),
    )
    add(
        commands,
        "check",
        wide.check,
        "检查数据库和保存的文件",
        arg("--files", action="store_true", help="只检查保存的文件：逐个读完，记下检查结果"),
        arg("--repair", metavar="文件夹", help="发现的问题用备份的文件夹修复；与 --files 一起用"),
    )
    add(
        commands,
        "upgrade",
        wide.upgrade,
        "把旧版程序的数据库升级到本版；单机的数据库打开时自动备份、升级",
        arg("--saved", action="store_true", help="已经用 pg_dump 备份（服务器上的数据库须写明）"),
        _WITHOUT_SIGN_IN,
    )
    add(
        commands,
        "backup",
        wide.backup,
        "备份数据库和文书、扫描件",
        arg("file", metavar="文件", help="备份文件"),
    )
    add(
        commands,
        "restore",
        wide.restore,
        "恢复备份",
        arg("file", metavar="文件", help="备份文件；文书、扫描件在它旁边的 .files 文件夹"),
        arg("target", metavar="目标", help="数据库文件"),
        arg("--partial", action="store_true", help="文书、扫描件缺少或者损坏的，仍恢复其余部分"),
        _WITHOUT_SIGN_IN,
    )
    add(
        commands,
        "sample",
        wide.sample,
        "生成示例局",
        arg("--out", metavar="文件夹", default="out", help="放在哪个文件夹；默认 out"),
        arg("--list", metavar="文件", help="只写出 Excel 案件清单"),
        arg("--cases", metavar="件数", type=int, default=300, help="案件数；默认 300"),
        arg("--seed", metavar="种子", type=int, default=20240201, help="相同的种子生成相同的案件"),
    )
    add(
        commands,
        "demo",
        wide.demo,
        "不需要显示器，走完示例并留下画面",
        arg("--out", metavar="文件夹", default="out", help="放在哪个文件夹；默认 out"),
        arg("--cases", metavar="件数", type=int, default=300, help="示例局的案件数；默认 300"),
    )


def _journal(group: Any) -> None:
    from zhixing_desktop.cli import journal_commands as journal

    journal.journal_group(group)


def _people(group: Any) -> None:
    from zhixing_desktop.cli import office_commands as office

    office.people_group(group)


def _accounts(group: Any) -> None:
    from zhixing_desktop.cli import office_commands as office

    office.account_group(group)


def _settings(group: Any) -> None:
    from zhixing_desktop.cli import office_commands as office

    office.settings_group(group)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    _utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    session: Session | None = None
    try:
        options = parse(given)
        session = Session(options)
        return int(options.run(session) or 0)
    except UsageError as error:
        return _refused(error, given, 2)
    except ZhixingError as error:
        return _refused(error, given, 1)
    except BrokenPipeError:
        return _reader_gone()
    except OSError as error:
        return _refused(_of_system(error), given, 1)
    except KeyboardInterrupt:
        sys.stderr.write("已停止，没有做完的一步不会保存。\n")
        return 130
    finally:
        if session is not None:
            session.close()


def parse(given: Sequence[str]) -> argparse.Namespace:
    """Return the options; ``字段=值`` may stand anywhere among them.

    Raises :class:`UsageError`.
    """
    parser = build_parser()
    options, rest = parser.parse_known_args(given)
    fields = getattr(options, "values", None)
    if fields is not None:
        fields.extend(word for word in rest if "=" in word and not word.startswith("-"))
        rest = [word for word in rest if word not in fields]
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


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


def _reader_gone() -> int:
    """Whoever read the output (``| head``) has seen enough: no complaint, nothing more written."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _of_system(error: OSError) -> StoreError:
    """Name a file that cannot be read or written, and why."""
    where = f"“{error.filename}”" if error.filename else "文件"
    why = _SYSTEM.get(error.errno or 0, error.strerror or str(error))
    return StoreError(f"{where}读写不了：{why}。请检查位置、权限和磁盘空间后再试。")


_SYSTEM = {
    errno.ENOENT: "找不到",
    errno.EACCES: "当前用户没有权限",
    errno.EPERM: "当前用户没有权限",
    errno.ENOSPC: "磁盘满了",
    errno.EFBIG: "磁盘配额用完了",
    errno.EROFS: "这个磁盘是只读的",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已经有同名的文件",
}


def _utf8() -> None:
    """Speak UTF-8 whatever the terminal's locale, so that Chinese is never lost."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
