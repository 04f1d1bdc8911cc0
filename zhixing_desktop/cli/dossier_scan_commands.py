"""``zhixing dossier``: stacks scanned in one go, the tray, what is printed for scanning."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from zhixing_desktop.cli.arguments import add, arg
from zhixing_desktop.cli.dossier_item_commands import (
    CASE,
    REASON,
    SEEN,
    WHAT,
    filing_of,
    pieces_of,
    show_filed,
)
from zhixing_desktop.cli.lookup import reference
from zhixing_desktop.cli.session import Session
from zhixing_desktop.services import (
    dossier_arrivals,
    dossier_separators,
    dossier_stack,
    dossier_tray,
)
from zhixing_desktop.services.dossier_separators import SeparatorWish
from zhixing_desktop.services.dossier_tray_rows import ASIDE, FILED, WAITING, TrayLine, TraySource
from zhixing_desktop.services.dossier_types import MAIN, SIDE, Cut, Medium
from zhixing_desktop.services.paper_types import PaperFile
from zhixing_desktop.workflow.errors import UsageError

_TRAY = arg("tray", metavar="扫描件", type=int, help="待归扫描件的编号，见 dossier tray")
_FILE = arg("file", metavar="文件", help="扫描得到的 PDF 或者图片")
_OUT = arg("--out", metavar="文件", required=True, help="写成 PDF 文件，用于打印")


def scan_actions(group: Any) -> None:
    """Add what is done with scans."""
    both = arg("--double-sided", action="store_true", help="双面扫描（正、背面依次）")
    blanks = arg("--keep-blanks", action="store_true", help="保留材料中的空白页")
    words = "整批扫描件按页标、分隔页分件入卷，不能确定的放入待归区"
    add(group, "stack", stack, words, _FILE, both, blanks)
    state = arg("--state", choices=[WAITING, FILED, ASIDE], default=WAITING,
                help="waiting 待归、filed 已入卷、aside 已搁置；默认待归")  # fmt: skip
    add(group, "tray", tray, "待归区的扫描件", state)
    whose = arg("--case", metavar="案件", help="已经知道是哪个案件的")
    add(group, "tray-add", tray_add, "把文件放入待归区，什么文件都收", _FILE, whose)
    pages = arg("--pages", metavar="页", default="", help="只归入其中几页，如 1-3,5；默认全部")
    words = "把待归扫描件归入案件；没有归入的页继续待归"
    add(group, "tray-file", tray_file, words, _TRAY, CASE, pages, *WHAT, SEEN)
    add(group, "tray-aside", tray_aside, "搁置与案件无关的扫描件，不删除", _TRAY, REASON, SEEN)
    add(group, "tray-back", tray_back, "取回搁置的扫描件", _TRAY, SEEN)
    item = arg("--item", type=int, action="append", default=[], metavar="材料",
               help="补扫哪一件，可以写几次")  # fmt: skip
    place = arg("--place", type=int, action="append", default=[], metavar="目录项",
                help="新材料归入目录第几项，可以写几次")  # fmt: skip
    side = arg("--side", choices=[MAIN, SIDE], default=MAIN, help="main 正卷、side 副卷")
    words = "打印分隔页：扫描时放在每件材料之前"
    add(group, "separators", separators, words, CASE, item, place, side, _OUT)
    volume = arg("volume", type=int, metavar="册", help="第几册")
    start = arg("--start-at", type=int, default=1, metavar="格", help="标签纸从第几格（1至24）开始")
    words = "打印粘贴用页标，贴在纸质原件上"
    add(group, "labels", labels, words, CASE, volume, side, start, _OUT)


def stack(session: Session) -> None:
    """Sort a stack."""
    o = session.options
    (piece,) = pieces_of([o.file])
    bureau, actor = session.bureau(), session.actor()

    def told(done: int, total: int, what: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{what} {done}/{total}")

    done = dossier_stack.sort_stack(
        bureau, actor, piece, told, double_sided=o.double_sided, keep_blanks=o.keep_blanks
    )
    parts = [
        {
            "fate": part.fate.value,
            "pages": part.pages,
            "words": part.words,
            "case": part.case_id,
            "item": part.item_id,
            "tray": part.tray_id,
        }
        for part in done.parts
    ]
    left_out = [{"why": why, "pages": pages} for why, pages in done.left_out]
    body = {"file": done.name, "pages": done.pages, "parts": parts, "left_out": left_out}
    session.show({**body, "empty_separators": done.forgotten}, [done.sentence, *done.lines])


def tray(session: Session) -> None:
    """List the tray."""
    found = dossier_tray.waiting(session.bureau(), session.actor(), session.options.state)
    lines = [_words(line) for line in found]
    session.show({"scans": [_shape(line) for line in found]}, [*lines, f"共{len(found)}份"])


def _words(line: TrayLine) -> str:
    where = f"　{line.case_no}" if line.case_no else ""
    pages = f"{line.pages}页" if line.pages else "没有页面"
    said = line.hint or line.reason
    return f"{line.id}号　{line.name}　{pages}{where}{f'　{said}' if said else ''}"


def _shape(line: TrayLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.name,
        "digest": line.digest,
        "media_type": line.media_type,
        "source": line.source.value,
        "pages": [cut.page + 1 for cut in line.cuts],
        "case_no": line.case_no or None,
        "hint": line.hint,
        "state": line.state,
        "item": line.item_id,
        "arrived_by": line.arrived_by,
        "arrived_at": line.arrived_at,
        "settled_by": line.settled_by,
        "settled_at": line.settled_at,
        "reason": line.reason,
        "version": line.version,
    }


def tray_add(session: Session) -> None:
    """Put a file into the tray."""
    o = session.options
    (piece,) = pieces_of([o.file])
    case = reference(session, o.case) if o.case else None
    came = dossier_arrivals.arrive(
        session.bureau(), session.actor(), piece, TraySource.DROPPED, case=case
    )
    session.show({**_shape(came.line), "again": came.again}, [came.sentence, _words(came.line)])


def _line(session: Session) -> TrayLine:
    return dossier_tray.line(session.bureau(), session.actor(), session.options.tray)


def _version(session: Session, line: TrayLine) -> int:
    seen = session.options.seen
    return line.version if seen is None else int(seen)


def tray_file(session: Session) -> None:
    """File pages of a scan."""
    o = session.options
    line = _line(session)
    done = dossier_tray.file_from_tray(
        session.bureau(),
        session.actor(),
        line.id,
        reference(session, o.case),
        filing_of(session, Path(line.name).stem, Medium.ORIGINAL),
        _cuts(o.pages, line),
        version=_version(session, line),
    )
    show_filed(session, "已入卷", done)


def _cuts(text: str, line: TrayLine) -> list[Cut] | None:
    """Return the pages named as ``1-3,5``, turned as they wait."""
    if not text:
        return None
    turns = {cut.page: cut.turn for cut in line.cuts}
    chosen: list[int] = []
    for part in text.replace("，", ",").replace("、", ",").split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise UsageError(f"“{part}”不是页码，写法如 1-3,5。")
        chosen += range(int(first), int(last or first) + 1)
    return [Cut(0, number - 1, turns.get(number - 1, 0)) for number in chosen]


def tray_aside(session: Session) -> None:
    """Set a scan aside."""
    line = _line(session)
    after = dossier_tray.set_aside(
        session.bureau(),
        session.actor(),
        line.id,
        session.options.reason,
        version=_version(session, line),
    )
    session.show(_shape(after), [f"已搁置：{_words(after)}"])


def tray_back(session: Session) -> None:
    """Fetch a scan back that was set aside."""
    line = _line(session)
    after = dossier_tray.fetch_back(
        session.bureau(), session.actor(), line.id, version=_version(session, line)
    )
    session.show(_shape(after), [f"已取回：{_words(after)}"])


def separators(session: Session) -> None:
    """Write separator sheets."""
    o = session.options
    wishes = [SeparatorWish(item_id=number) for number in o.item]
    wishes += [SeparatorWish(side=o.side, place=number) for number in o.place]
    case = reference(session, o.case)
    made = dossier_separators.separator_file(
        session.bureau(), session.actor(), case, wishes or [SeparatorWish()]
    )
    _write(session, made)


def labels(session: Session) -> None:
    """Write stick-on stamps."""
    o = session.options
    case = reference(session, o.case)
    made = dossier_separators.label_file(
        session.bureau(), session.actor(), case, o.side, o.volume, o.start_at
    )
    _write(session, made)


def _write(session: Session, made: PaperFile) -> None:
    out = Path(session.options.out)
    out.write_bytes(made.data)
    session.show({"file": str(out)}, [f"已写入：{out}"])
