"""Commands of ``zhixing dossier`` on archiving: check, package, hand-over, receipt, return."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhixing_desktop.cli.arguments import add, arg, flat
from zhixing_desktop.cli.lookup import reference
from zhixing_desktop.cli.session import Session, moment, plain
from zhixing_desktop.services import archive_check, archive_waiting, dossier_archive
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.archive_types import ArchiveCheck, PackageLine, Settled
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

_CASE = arg("case", metavar="案件", help="案号或者案件序号")
_SEEN = arg("--seen", metavar="版本", type=int, help="看到的是第几版；别人办理过的不办理")


def archive_actions(group: Any) -> None:
    """Add what concerns the archive to the actions of ``zhixing dossier``."""
    add(
        group,
        "archive",
        archive,
        "归档核查；写明 --folder 的，核查通过后制作归档包",
        _CASE,
        arg("--folder", metavar="文件夹", help="归档包放在哪个文件夹"),
        arg("--zip", action="store_true", help="做成一个 ZIP 文件，不做成文件夹"),
    )
    add(
        group,
        "hand-over",
        hand_over,
        "登记归档包已经移交档案部门",
        _CASE,
        arg("--uploaded", metavar="日期", help="影像卷宗上传档案系统的日期"),
        _SEEN,
    )
    add(
        group,
        "receive",
        receive,
        "档案部门登记接收，写明归档号",
        _CASE,
        arg("number", metavar="归档号", help="归档号"),
        arg("--receipt", metavar="说明", default="", help="回执的说明"),
        arg("--uploaded", metavar="日期", help="影像卷宗上传档案系统的日期（移交时没有登记的）"),
        _SEEN,
    )
    add(
        group,
        "return",
        send_back,
        "档案部门退回，逐条写明问题",
        _CASE,
        arg("--point", metavar="问题", action="append", required=True, help="退回的问题，可写几次"),
        _SEEN,
    )
    add(
        group,
        "verify",
        verify,
        "核对一个归档包（文件夹或者 ZIP），不需要数据库",
        arg("path", metavar="归档包", help="归档包的位置"),
        arg("--digest", metavar="校验值", default="", help="移交清单上写明的归档包校验值"),
    )
    add(group, "waiting", waiting, "还没有归档的已结案件，最急的在前")


def archive(session: Session) -> int:
    """Check a case, and with a folder make its package; 1 where something has to be mended."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    case = reference(session, o.case)
    if not o.folder:
        found = archive_check.check(bureau, actor, case)
        session.show(_check(found), _check_lines(found))
        return 0 if found.ready else 1
    made = make_package(bureau, actor, case, Path(o.folder), zipped=o.zip, progress=_tell)
    data = {**_package(made.line), "file": str(made.path), "files": made.files}
    data["notes"] = list(made.notes)
    lines = [
        f"归档包：{made.path}，{made.files}个文件。",
        f"归档包校验值：{made.line.digest}",
        *made.notes,
    ]
    session.show(data, lines)
    return 0


def hand_over(session: Session) -> None:
    """Record that the newest package was handed over."""
    o = session.options
    line = _newest(session)
    day = moment(o.uploaded).date() if o.uploaded else None
    done = dossier_archive.hand_to_archive(
        session.bureau(), session.actor(), line.id, version=_seen(o, line), uploaded_on=day
    )
    _settled(session, done)


def receive(session: Session) -> None:
    """Record that the archive has taken it."""
    o = session.options
    line = _newest(session)
    day = moment(o.uploaded).date() if o.uploaded else None
    done = dossier_archive.receive(
        session.bureau(), session.actor(), line.id, o.number,
        version=_seen(o, line), receipt=o.receipt, uploaded_on=day,
    )  # fmt: skip
    _settled(session, done)


def send_back(session: Session) -> None:
    """Record that the archive gives it back."""
    o = session.options
    line = _newest(session)
    done = dossier_archive.return_with_points(
        session.bureau(), session.actor(), line.id, flat(o.point), version=_seen(o, line)
    )
    _settled(session, done)


def verify(session: Session) -> int:
    """Verify a package that lies somewhere; 1 where something is wrong."""
    o = session.options
    problems = dossier_archive.verify_package(Path(o.path), digest=o.digest)
    lines = [problem.sentence for problem in problems] or ["归档包完整，与制作时相同。"]
    session.show({"ok": not problems, "problems": [_problem(p) for p in problems]}, lines)
    return 1 if problems else 0


def waiting(session: Session) -> None:
    """List the cases whose archiving is open."""
    found = archive_waiting.waiting_for_archive(session.bureau(), session.actor())
    lines = [
        f"{line.case_no}　{line.officer}　{line.due_on or ''}{'（逾期）' if line.late else ''}　"
        f"{line.step}（{line.whose}）"
        for line in found
    ]
    session.show({"cases": [plain(asdict(line)) for line in found]}, lines or ["没有待归档案件。"])


# ------------------------------------------------------------------------------------- the parts


def _newest(session: Session) -> PackageLine:
    case = reference(session, session.options.case)
    found = dossier_archive.packages(session.bureau(), session.actor(), case)
    if not found:
        raise InputRefusedError(
            "这件案件还没有制作归档包，请先用 zhixing dossier archive 制作。",
            [Problem("归档包", "还没有制作")],
        )
    return found[0]


def _seen(options: Any, line: PackageLine) -> int:
    return int(options.seen) if options.seen is not None else line.version


def _settled(session: Session, done: Settled) -> None:
    data = {**_package(done.line), "notes": list(done.notes)}
    lines = [f"{done.line.case_no}：{done.line.state_words}。", *done.line.points, *done.notes]
    session.show(data, lines)


def _package(line: PackageLine) -> dict[str, Any]:
    shape: dict[str, Any] = plain(asdict(line))
    return shape


def _problem(problem: Problem) -> Mapping[str, Any]:
    return {
        "where": problem.where, "sentence": problem.sentence, "severity": problem.severity,
    }  # fmt: skip


def _check(found: ArchiveCheck) -> dict[str, Any]:
    return {
        "case_no": found.case_no,
        "ready": found.ready,
        "main": found.main,
        "side": found.side,
        "problems": [_problem(problem) for problem in found.problems],
    }


def _check_lines(found: ArchiveCheck) -> list[str]:
    side = f"，副卷{found.side}" if found.side else ""
    lines = [f"{found.case_no}：正卷{found.main or '没有材料'}{side}。"]
    for problem in found.problems:
        mark = "应当处理" if problem.severity == "error" else "请留意"
        lines.append(f"{mark}：{problem.sentence}")
    lines.append("可以制作归档包。" if found.ready else "不能制作归档包。")
    return lines


def _tell(done: int, total: int, what: str) -> None:
    if sys.stderr.isatty():
        share = f" {done * 100 // total}%" if total else ""
        sys.stderr.write(f"\r{what}{share}　")
        sys.stderr.flush()
