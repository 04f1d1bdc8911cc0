"""``zhixing dossier`` on paper volumes: printed, bound, proven, handed over; the triangle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhixing_desktop.cli.arguments import add, arg
from zhixing_desktop.cli.lookup import reference
from zhixing_desktop.cli.session import Session, moment, plain
from zhixing_desktop.dossier.volume import Numbering
from zhixing_desktop.services import (
    dossier_moves,
    dossier_printing,
    dossier_proof_views,
    dossier_proving,
    dossier_spine,
    dossier_triangle,
    dossier_volumes,
    traces,
)
from zhixing_desktop.services.dossier_moves import MoveLine, WhereLine
from zhixing_desktop.services.dossier_overdue import ALL, OverdueQuery, overdue_page
from zhixing_desktop.services.dossier_proof_types import FoundLine, ProofLine, ProofResult
from zhixing_desktop.services.dossier_types import MAIN, SIDES
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

_CASE = arg("case", metavar="案件", help="案号或者案件序号")
_NUMBER = arg("number", metavar="册", type=int, nargs="?", default=1, help="第几册；默认第1册")
_SIDE = arg(
    "--side", choices=list(SIDES), metavar="正副", default=MAIN, help="main 正卷（默认）、side 副卷"
)
_OUT = arg("--out", metavar="文件", required=True, help="写到哪个 PDF 文件")
_STATES = {"": "未打印", "open": "未装订", "bound": "已装订"}


def volume_actions(group: Any) -> None:
    """Add the actions of ``zhixing dossier`` that concern paper volumes."""
    ways = "、".join(f"{way.value} {way.label}" for way in Numbering)
    add(group, "volumes", volumes, "各册：页数、在不在纸上、在谁处", _CASE, _SIDE)
    add(group, "ways", numbering, "新增材料怎样编页码，各要打印多少", _CASE, _SIDE)
    way = arg("--way", choices=[w.value for w in Numbering], default="renumber", metavar="方式",
              help=ways)  # fmt: skip
    new = arg("--added", action="store_true", help="只要新增、变动的页和插放清单")
    simplex = arg("--simplex", action="store_true", help="单面；默认按本院设置")
    printer = arg("--printer", metavar="名称", default="PDF", help="记入打印记录的打印机")
    look = arg("--look", action="store_true", help="只看样子，不登记打印")
    words = "写成打印用的 PDF，登记打印"
    add(
        group, "print", print_volume, words, _CASE, _NUMBER, _SIDE, _OUT, way, new, simplex,
        printer, look,
    )  # fmt: skip
    add(group, "spine", spine, "卷脊标签", _CASE, _SIDE, _OUT)
    add(group, "bind", bind, "登记装订；页码从此不再改", _CASE, _NUMBER, _SIDE)
    scan = arg("scan", metavar="扫描件", help="PDF、TIFF、图片，或者装有图片的文件夹")
    which = arg("--volume", dest="number", type=int, default=1, metavar="册", help="默认第1册")
    dry = arg("--look", action="store_true", help="只看结果，不登记")
    paper = arg("--certificate", metavar="文件", help="把核对证明写成 PDF")
    words = "用扫描件核对一册纸质卷宗；不一致时退出码为 1"
    add(group, "prove", prove, words, _CASE, scan, which, _SIDE, dry, paper)
    add(group, "proofs", proofs, "一个案件的核对记录", _CASE)
    add(group, "triangle", triangle, "节点、电子卷宗、纸质卷宗哪里不一致；有时退出码为 1", _CASE)
    add(group, "where", where, "纸质卷宗在谁处，交接记录", _CASE)
    add(group, "overdue", overdue, "逾期没有归还的纸质卷宗和没有归档的案件")
    to = arg("--to", metavar="姓名", help="接收人")
    back = arg("--back", action="store_true", help="归还：现在在办理人处")
    purpose = arg("--purpose", metavar="事由", default="", help="交接的事由")
    due = arg("--due", metavar="日期", help="归还期限")
    place = arg("--place", metavar="地点", default="", help="存放地点")
    sheet = arg("--slip", metavar="文件", help="把交接单写成 PDF")
    words = "交接一册纸质卷宗，登记并打印交接单"
    add(group, "move", move, words, _CASE, _NUMBER, _SIDE, to, back, purpose, due, place, sheet)


def _place(session: Session) -> tuple[Any, Any, int, str]:
    options = session.options
    case = reference(session, options.case)
    return session.bureau(), session.actor(), case, getattr(options, "side", MAIN)


# ------------------------------------------------------------------------------------- printing


def volumes(session: Session) -> None:
    """List the volumes of a side."""
    bureau, actor, case, side = _place(session)
    found = dossier_volumes.volumes(bureau, actor, case, side)
    lines = [_volume_words(line) for line in found]
    session.show({"volumes": [_volume_json(line) for line in found]}, [*lines, f"共{len(found)}册"])


def _volume_words(line: VolumeLine) -> str:
    parts = [line.title, f"{line.plan.total}页", _STATES[line.state]]
    if line.state:
        parts.append(f"待打印{line.added}页" if line.added else "纸质齐全")
        parts.append(f"在{line.holder}处")
    return "　".join(parts)


def _volume_json(line: VolumeLine) -> dict[str, Any]:
    return {
        "side": line.side,
        "number": line.number,
        "title": line.title,
        "pages": line.plan.total,
        "on_paper_only": line.plan.on_paper_only,
        "state": line.state,
        "added": line.added,
        "holder": line.holder,
        "place": line.place,
        "version": line.version,
        "catalogue": [
            {
                "order": entry.order,
                "number": entry.document_number,
                "title": entry.title,
                "day": plain(entry.day),
                "pages": entry.pages,
                "remark": entry.remark,
                "item": entry.item_id,
            }
            for entry in line.plan.lines
        ],
    }


def numbering(session: Session) -> None:
    """List the ways to number what is new."""
    bureau, actor, case, side = _place(session)
    offers = dossier_volumes.ways(bureau, actor, case, side)
    data = [
        {"way": o.way.value, "sheets": o.sheets, "by_hand": o.by_hand, "default": o.default}
        for o in offers
    ]
    session.show({"ways": data}, [f"{o.way.value}　{o.sentence}" for o in offers])


def print_volume(session: Session) -> None:
    """Write a volume as it goes to the printer."""
    bureau, actor, case, side = _place(session)
    options = session.options
    out = Path(options.out)
    made = dossier_printing.prepare(
        bureau, actor, case, side, options.number, out,
        way=Numbering(options.way), only_added=options.added,
        duplex=False if options.simplex else None,
    )  # fmt: skip
    if not options.look:
        dossier_printing.record_print(bureau, actor, made, printer=options.printer)
    steps = [step.sentence for step in made.plan.steps]
    data = {
        "path": str(out),
        "pages": made.pages,
        "sheets": len(made.plan.sheets),
        "by_hand": made.plan.by_hand,
        "steps": steps,
        "recorded": not options.look,
    }
    words = "已写入" if options.look else "已登记打印"
    session.show(data, [f"{words}：{out}，{len(made.plan.sheets)}张{made.pages}面", *steps])


def spine(session: Session) -> None:
    """Write the spine labels of a side."""
    bureau, actor, case, side = _place(session)
    made = dossier_spine.spine_labels(bureau, actor, case, side)
    path = _written(session, case, made, session.options.out)
    session.show({"path": str(path), "pages": made.count}, [f"卷脊标签已写入：{path}"])


def bind(session: Session) -> None:
    """Record that a volume is bound."""
    bureau, actor, case, side = _place(session)
    number = session.options.number
    found = dossier_volumes.volumes(bureau, actor, case, side)
    version = next((line.version for line in found if line.number == number), 0)
    dossier_volumes.bind(bureau, actor, case, side, number, version=version)
    session.show({"bound": number}, [f"{SIDES[side]}第{number}册已登记装订"])


# -------------------------------------------------------------------------------------- proving


def prove(session: Session) -> int:
    """Hold a scan against a volume; 1 where they differ."""
    bureau, actor, case, side = _place(session)
    options = session.options
    result = dossier_proving.prove_volume(
        bureau, actor, case, side, options.number, Path(options.scan)
    )
    kept = None if options.look else dossier_proving.record_proof(bureau, actor, result)
    if kept is not None and options.certificate:
        paper = dossier_proof_views.proof_certificate(bureau, actor, kept.id)
        _written(session, case, paper, options.certificate)
    lines = [f"{result.title}：扫描{result.scanned}页，比对{result.matched}页"]
    if result.counted:
        lines[0] += f"，清点仅有纸质的{result.counted}页"
    lines += [f"{found.label}　{found.sentence}" for found in result.findings]
    lines.append("结论：逐页一致。" if result.same else f"结论：有{len(result.findings)}处不一致。")
    session.show(_result_json(result, kept), lines)
    return 0 if result.same else 1


def _result_json(result: ProofResult, kept: ProofLine | None) -> dict[str, Any]:
    return {
        "proof": kept.id if kept is not None else None,
        "side": result.side,
        "volume": result.number,
        "same": result.same,
        "expected": result.expected,
        "scanned": result.scanned,
        "matched": result.matched,
        "counted": result.counted,
        "scan": result.scan.digest,
        "certificate": kept.certificate if kept is not None else "",
        "findings": [_found_json(found) for found in result.findings],
    }


def _found_json(found: FoundLine) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "label": found.label,
        "sentence": found.sentence,
        "pages": [page.words for page in found.pages],
        "scanned": list(found.scanned),
        "boxes": [
            {"kind": s.kind, "left": s.left, "top": s.top, "wide": s.wide, "high": s.high}
            for s in found.spots
        ],
    }


def proofs(session: Session) -> None:
    """List the proofs of a case."""
    bureau, actor, case, _ = _place(session)
    found = dossier_proof_views.proofs(bureau, actor, case)
    data = [
        {
            "proof": line.id, "side": line.side, "volume": line.number, "who": line.who,
            "at": plain(line.at), "same": line.same, "current": line.current, "scan": line.scan,
            "certificate": line.certificate, "findings": [_found_json(f) for f in line.findings],
        }
        for line in found
    ]  # fmt: skip
    lines = []
    for line in found:
        said = "逐页一致" if line.same else f"{len(line.findings)}处不一致"
        old = "" if line.current else "（此后又打印过）"
        lines.append(f"{line.title}　{line.at:%Y-%m-%d %H:%M}　{line.who}　{said}{old}")
    session.show({"proofs": data}, [*lines, f"共{len(found)}次"])


def triangle(session: Session) -> int:
    """Name where node, electronic and paper dossier disagree; 1 where they do."""
    bureau, actor, case, _ = _place(session)
    found = dossier_triangle.triangle(bureau, actor, case)
    data = [
        {
            "kind": hole.kind.value, "edge": hole.edge.value, "sentence": hole.sentence,
            "mend": hole.mend, "blocks": hole.blocks, "item": hole.item, "paper": hole.paper,
            "side": hole.side, "volume": hole.volume,
            "node": hole.key.node if hole.key is not None else None,
        }
        for hole in found.holes
    ]  # fmt: skip
    lines = [
        f"{hole.edge.label}　{hole.sentence}{'' if hole.blocks else f'（不影响{found.step}）'}"
        f"　→ {hole.mend}"
        for hole in found.holes
    ]
    lines.append(f"共{len(found.holes)}处不一致" if lines else "节点、电子卷宗、纸质卷宗一致")
    session.show({"enforced": found.enforced, "holes": data}, lines)
    return 1 if found.holes else 0


# ------------------------------------------------------------------------------------- the paper


def where(session: Session) -> None:
    """Say where a case's paper volumes are."""
    bureau, actor, case, _ = _place(session)
    found = dossier_moves.where(bureau, actor, case)
    lines = []
    for line in found:
        due = f"　应于{line.due_on}归还" if line.due_on is not None else ""
        late = "，已逾期" if line.overdue else ""
        lines.append(f"{line.title}　在{line.holder}处　{line.place}{due}{late}".rstrip("　"))
        lines += [f"  {_move_words(step)}" for step in line.moves]
    session.show({"volumes": [_where_json(line) for line in found]}, lines or ["还没有纸质卷宗"])


def overdue(session: Session) -> None:
    """List what is overdue: volumes that were not given back, dossiers that were not archived."""
    query = OverdueQuery(limit=ALL)
    found = overdue_page(session.bureau(), session.actor(), query).lines
    data = [
        {
            "kind": x.kind.value, "case_no": x.case_no, "officer": x.officer, "what": x.what,
            "holder": x.holder, "due_on": plain(x.due_on), "days": x.days, "step": x.step,
        }
        for x in found
    ]  # fmt: skip
    lines = [
        f"{x.case_no}　{x.kind.label}　{x.what}　"
        + (f"在{x.holder}处　" if x.holder else "")
        + f"期限{x.due_on}　逾期{x.days}日"
        for x in found
    ]
    session.show({"overdue": data}, [*lines, f"共{len(found)}项逾期"])


def _move_words(step: MoveLine) -> str:
    return (
        f"{step.at:%Y-%m-%d %H:%M}　{step.label}　{step.from_holder} → {step.to_holder}　"
        f"{step.purpose}　登记人{step.who}"
    )


def _where_json(line: WhereLine) -> dict[str, Any]:
    return {
        "volume_id": line.volume_id,
        "side": line.side,
        "number": line.number,
        "holder": line.holder,
        "place": line.place,
        "due_on": plain(line.due_on),
        "overdue": line.overdue,
        "moves": [
            {
                "move": s.id, "kind": s.kind, "from": s.from_holder, "to": s.to_holder,
                "purpose": s.purpose, "at": plain(s.at), "who": s.who,
            }
            for s in line.moves
        ],
    }  # fmt: skip


def move(session: Session) -> None:
    """Hand a volume over, or take it back."""
    bureau, actor, case, side = _place(session)
    options = session.options
    known = dossier_moves.where(bureau, actor, case)
    line = next((x for x in known if (x.side, x.number) == (side, options.number)), None)
    if line is None:
        raise InputRefusedError(
            f"{SIDES[side]}第{options.number}册还没有打印过，没有可以交接的纸质卷宗。",
            [Problem("册次", "请核对册次")],
        )
    if options.back:
        step = dossier_moves.give_back(
            bureau, actor, line.volume_id, place=options.place, version=line.version
        )
    else:
        step = dossier_moves.hand_over(
            bureau, actor, line.volume_id, options.to or "", options.purpose,
            moment(options.due).date() if options.due else None, options.place,
            version=line.version,
        )  # fmt: skip
    if options.slip:
        _written(session, case, dossier_moves.slip(bureau, actor, step.id), options.slip)
    data = {"move": step.id, "kind": step.kind, "from": step.from_holder, "to": step.to_holder}
    session.show(data, [f"{line.title}　{_move_words(step)}"])


def _written(session: Session, case: int, made: FilePages, out: str) -> Path:
    path = Path(out)
    with traces.leaving(session.bureau(), session.actor(), traces.EXPORTED, path, case_id=case) as (
        draft,
        told,
    ):
        told["内容"] = made.name
        draft.write_bytes(made.data)
    return path
