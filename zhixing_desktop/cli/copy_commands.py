"""Commands of ``zhixing dossier`` on copies for parties."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhixing_desktop.cli.arguments import add, arg
from zhixing_desktop.cli.lookup import reference
from zhixing_desktop.cli.session import Session, plain
from zhixing_desktop.services import dossier, dossier_copies
from zhixing_desktop.services.dossier_copy_types import CopyLine, CopyPage, CopyWish
from zhixing_desktop.workflow.errors import UsageError

_CASE = arg("case", metavar="案件", help="案号或者案件序号")
_PAGES = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+))?")


def copy_actions(group: Any) -> None:
    """Add what concerns copies to the actions of ``zhixing dossier``."""
    add(
        group,
        "copy",
        copy,
        "为当事人制作正卷的复制件：找到的他人证件号、电话、账号、住址永久遮盖",
        _CASE,
        arg(
            "--item",
            metavar="材料[:页]",
            action="append",
            required=True,
            help="材料的编号，可以写明页：3:1-2,5；可以写几次",
        ),
        arg("--to", metavar="姓名", required=True, help="提供给谁"),
        arg("--party", metavar="当事人", default="", help="是本案当事人的，如 creditor/1"),
        arg("--basis", metavar="依据", required=True, help="依据什么提供"),
        arg("--out", metavar="文件", required=True, help="复制件写到哪个文件"),
    )
    add(group, "copies", copies, "本案已经提供的复制件", _CASE)


def copy(session: Session) -> None:
    """Make a copy; what the text layer shows of others' personal data is covered."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    case = reference(session, o.case)
    counts = {item.id: item.pages for item in dossier.dossier(bureau, actor, case).main.items}
    places = [place for words in o.item for place in _places(words, counts)]
    found = dossier_copies.proposed(bureau, actor, case, places, o.party)
    pages = tuple(CopyPage(*at, tuple(one.area for one in found[at])) for at in places)
    out = Path(o.out)
    line = dossier_copies.make_copy(bureau, actor, case, CopyWish(o.to, o.basis, pages), out)
    told = [
        f"复制件：{out}，{line.pages}页，遮盖{line.covered}处。",
        "扫描件上的文字找不到，提供以前请逐页查看。",
    ]
    session.show({**_line(line), "file": str(out)}, told)


def copies(session: Session) -> None:
    """List the copies that were given."""
    case = reference(session, session.options.case)
    found = dossier_copies.copies(session.bureau(), session.actor(), case)
    lines = [
        f"{line.id}　{line.at:%Y-%m-%d}　{line.recipient}　{line.basis}　{line.pages}页，"
        f"遮盖{line.covered}处　{line.who}"
        for line in found
    ]
    session.show({"copies": [_line(line) for line in found]}, lines or ["还没有提供过复制件。"])


def _places(words: str, counts: dict[int, int]) -> list[tuple[int, int]]:
    """Read ``3`` or ``3:1-2,5`` as pages from 0 on; :class:`UsageError` for anything else."""
    number, _, listed = words.replace("：", ":").partition(":")
    if not number.isdigit():
        raise UsageError(f"“{words}”应当写成 材料 或者 材料:页，如 3:1-2,5。")
    item = int(number)
    if not listed:
        # What is not there the service names.
        return [(item, page) for page in range(max(counts.get(item, 1), 1))]
    found = []
    for part in listed.replace("，", ",").split(","):
        match = _PAGES.fullmatch(part.strip())
        if match is None:
            raise UsageError(f"“{words}”中的页码应当写成 1-2,5。")
        first = int(match["first"])
        last = int(match["last"] or first)
        found += [(item, page - 1) for page in range(first, last + 1)]
    return found


def _line(line: CopyLine) -> dict[str, Any]:
    shape: dict[str, Any] = plain(asdict(line))
    return shape
