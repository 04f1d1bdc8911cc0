"""``zhixing dossier``: what is filed in a case's dossier; filing, correcting, taking out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhixing_desktop.cli.arguments import add, arg
from zhixing_desktop.cli.lookup import reference, subject_of
from zhixing_desktop.cli.session import Session, moment
from zhixing_desktop.services import dossier, dossier_filing
from zhixing_desktop.services.dossier_filing import Change
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import (
    MAIN,
    SIDE,
    SIDES,
    Filed,
    Filing,
    ItemLine,
    Medium,
    Origin,
    Piece,
    SideView,
)
from zhixing_desktop.workflow.errors import InputRefusedError, UsageError
from zhixing_desktop.workflow.views import Key

CASE = arg("case", metavar="案件", help="案号或者案件序号")
ITEM = arg("item", metavar="材料", type=int, help="材料的编号，见 dossier list")
REASON = arg("--reason", metavar="理由", required=True, help="理由")
SEEN = arg("--seen", metavar="版本", type=int, help="看到的是第几版；别人改过的不办理")
_MEDIA = "、".join(f"{medium.value} {medium.label}" for medium in Medium)
_ORIGINS = "、".join(f"{origin.value} {origin.label}" for origin in Origin)
MEDIUM = arg("--medium", choices=[m.value for m in Medium], metavar="载体", help=_MEDIA)
WHAT = (
    arg("--name", metavar="名称", default="", help="材料名称；默认材料、目录项或者文件的名称"),
    arg("--place", metavar="目录项", type=int, help="卷宗目录的第几项；不写即自动编目"),
    arg("--side", choices=[MAIN, SIDE], help="main 正卷、side 副卷"),
    arg("--node", metavar="节点", help="属于哪个节点，如 9 或者 17@asset/1"),
    arg("--material", metavar="材料", default="", help="是该节点的哪项材料，如 网络查询反馈"),
    arg("--number", metavar="文号", default="", help="材料自己的文号"),
    arg("--day", metavar="日期", help="材料自己的日期"),
    arg("--origin", choices=[o.value for o in Origin], default="other", help=_ORIGINS),
)


def item_actions(group: Any) -> None:
    """Add what is done with single things."""
    add(group, "list", dossier_list, "一个案件的卷宗：按目录列出材料和页数", CASE)
    add(group, "show", dossier_show, "一件材料：编目、版本、更换理由", ITEM)
    files = arg("files", nargs="*", metavar="文件", help="几个文件依次合为一件")
    paper = arg("--paper-pages", metavar="页数", type=int, default=0, help="仅有纸质的，有几页")
    add(group, "file", dossier_file, "材料入卷，自动编目", CASE, files, *WHAT, MEDIUM, paper)
    words = "更换材料，原来的版本保留"
    add(group, "replace", dossier_replace, words, ITEM, files, REASON, MEDIUM, paper, SEEN)
    add(
        group,
        "change",
        dossier_change,
        "改正材料的名称、编目、顺序",
        ITEM,
        arg("--name", metavar="名称", help="材料名称"),
        arg("--place", metavar="目录项", type=int, help="卷宗目录的第几项"),
        arg("--side", choices=[MAIN, SIDE], help="main 正卷、side 副卷"),
        arg("--before", metavar="材料", type=int, help="放在哪件材料之前；0 为最后"),
        SEEN,
    )
    add(group, "withdraw", dossier_withdraw, "撤出材料，材料和记录保留", ITEM, REASON, SEEN)


def dossier_list(session: Session) -> None:
    """List what is filed for a case."""
    case = reference(session, session.options.case)
    view = dossier.dossier(session.bureau(), session.actor(), case)
    sides = [side for side in (view.main, view.side) if side is not None]
    session.show(
        {"case_no": view.case_no, "sides": [_side_shape(side) for side in sides]},
        [line for side in sides for line in _side_lines(side)],
    )


def _side_shape(side: SideView) -> dict[str, Any]:
    return {
        "side": side.side,
        "title": side.title,
        "pages": side.pages,
        "items": [item_shape(item) for item in side.items],
        "withdrawn": [item_shape(item) for item in side.withdrawn],
    }


def _side_lines(side: SideView) -> list[str]:
    lines = [f"{side.title}　{len(side.items)}件{side.pages}页"]
    for place in side.places:
        if place.items:
            lines.append(f"{place.number}. {place.name}")
            lines += [f"  {_words(item)}" for item in place.items]
    if side.unplaced:
        lines.append("尚未编目")
        lines += [f"  {_words(item)}" for item in side.unplaced]
    lines += [f"已撤出　{_words(item)}（{item.reason}）" for item in side.withdrawn]
    return lines


def _words(item: ItemLine) -> str:
    version = f"，第{item.current}版" if item.current > 1 else ""
    number = f"　{item.number}" if item.number else ""
    return f"{item.id}号　{item.name}{number}　{item.pages}页{version}"


def item_shape(item: ItemLine) -> dict[str, Any]:
    """Return a thing of a dossier as plain data."""
    return {
        "id": item.id,
        "side": item.side,
        "place": item.place,
        "place_name": item.place_name,
        "name": item.name,
        "number": item.number,
        "origin": item.origin.value,
        "medium": item.medium.value,
        "day": item.thing_on,
        "instance": str(item.key) if item.key is not None else None,
        "material": item.material,
        "paper": item.paper_id,
        "state": item.state,
        "pages": item.pages,
        "pdf": item.pdf,
        "filed_by": item.filed_by,
        "filed_at": item.filed_at,
        "reason": item.reason,
        "current": item.current,
        "version": item.version,
    }


def dossier_show(session: Session) -> None:
    """Show a thing and its versions."""
    item = item_of(session, session.options.item)
    versions = dossier.versions(session.bureau(), session.actor(), item.id)
    lines = [
        f"{item.id}号　{item.name}　{item.pages}页",
        f"{SIDES[item.side]}　{f'第{item.place}项 ' if item.place else ''}{item.place_name}",
        f"{item.origin.label}　{item.medium.label}　{item.filed_by}{item.filed_at:%Y-%m-%d}入卷",
    ]
    if item.reason:
        lines.append(f"{item.withdrawn_by}撤出：{item.reason}")
    for version in versions:
        reason = f"　{version.reason}" if version.reason else ""
        made = f"{version.made_by}{version.made_at:%Y-%m-%d %H:%M}"
        lines.append(f"第{version.number}版　{version.pages}页　{made}{reason}")
        lines += [f"  {note}" for note in version.notes]
    shapes = [
        {
            "number": version.number,
            "pages": version.pages,
            "pdf": version.pdf,
            "originals": version.originals,
            "reason": version.reason,
            "made_by": version.made_by,
            "made_at": version.made_at,
            "notes": version.notes,
        }
        for version in versions
    ]
    session.show({**item_shape(item), "versions": shapes}, lines)


def item_of(session: Session, number: int) -> ItemLine:
    """Return a thing by its number; refuses whoever may not see its case or its 副卷."""
    return dossier.item(session.bureau(), session.actor(), number)


def pieces_of(files: list[str]) -> list[Piece]:
    """Return files of the disk as they are taken in."""
    paths = [Path(name) for name in files]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise InputRefusedError(f"没有文件：{'、'.join(missing)}。请核对位置。")
    return [Piece(path.name, path) for path in paths]


def filing_of(session: Session, default: str, medium: Medium) -> Filing:
    """Return what the options say of a thing that is filed."""
    o = session.options
    key = None
    if o.node:
        node, _, subject = o.node.partition("@")
        if not node.isdecimal():
            raise UsageError(f"“{o.node}”不是节点，如 9 或者 17@asset/1。")
        key = Key(int(node), subject_of(subject) if subject else "case")
    return Filing(
        o.name or o.material or default,
        key,
        material=o.material,
        place=o.place,
        side=o.side,
        number=o.number,
        origin=Origin(o.origin),
        medium=medium,
        thing_on=moment(o.day).date() if o.day else None,
        paper_pages=getattr(o, "paper_pages", 0),
    )


def dossier_file(session: Session) -> None:
    """File a thing."""
    o = session.options
    if not o.files and not o.paper_pages:
        raise UsageError("请写明要入卷的文件；仅有纸质的，用 --paper-pages 写明页数。")
    case = reference(session, o.case)
    medium = Medium(o.medium) if o.medium else Medium.BOTH if o.files else Medium.PAPER
    pieces = pieces_of(o.files)
    filing = filing_of(session, Path(o.files[0]).stem if o.files else "", medium)
    taken = take_in(session.bureau(), pieces) if pieces else None
    done = dossier_filing.file_item(session.bureau(), session.actor(), case, filing, taken)
    notes = (*(taken.notes if taken is not None else ()), *done.notes)
    show_filed(session, "已入卷", Filed(done.item, notes))


def show_filed(session: Session, act: str, done: Filed) -> None:
    """Print what became of a thing."""
    item = done.item
    place = f"第{item.place}项 {item.place_name}" if item.place else item.place_name
    lines = [f"{act}：{_words(item)}", f"{SIDES[item.side]}　{place}", *done.notes]
    session.show({**item_shape(item), "notes": done.notes}, lines)


def dossier_replace(session: Session) -> None:
    """Give a thing a new version."""
    o = session.options
    before = item_of(session, o.item)
    pieces = pieces_of(o.files)
    if not pieces and not o.paper_pages:
        raise UsageError("请写明更换后的文件；仅有纸质的，用 --paper-pages 写明页数。")
    taken = take_in(session.bureau(), pieces) if pieces else None
    done = dossier_filing.replace_item(
        session.bureau(),
        session.actor(),
        o.item,
        taken,
        o.reason,
        version=_version(session, before),
        paper_pages=o.paper_pages,
        medium=Medium(o.medium) if o.medium else None,
    )
    show_filed(session, "已更换", done)


def _version(session: Session, before: ItemLine) -> int:
    seen = session.options.seen
    return before.version if seen is None else int(seen)


def dossier_change(session: Session) -> None:
    """Correct what is said about a thing."""
    o = session.options
    before = item_of(session, o.item)
    change = Change(name=o.name, side=o.side, place=o.place, before=o.before)
    done = dossier_filing.change_item(
        session.bureau(), session.actor(), o.item, change, version=_version(session, before)
    )
    show_filed(session, "已改正", done)


def dossier_withdraw(session: Session) -> None:
    """Take a thing out of the dossier."""
    o = session.options
    before = item_of(session, o.item)
    done = dossier_filing.withdraw_item(
        session.bureau(), session.actor(), o.item, o.reason, version=_version(session, before)
    )
    show_filed(session, "已撤出", done)
