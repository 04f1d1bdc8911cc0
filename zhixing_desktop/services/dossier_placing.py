"""What is said about a thing that is to be filed: checked, and given its place in the catalogue."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_rows import (
    catalogue_of,
)
from zhixing_desktop.services.dossier_types import (
    FILED,
    MAIN,
    SIDE,
    SIDES,
    Filing,
    Medium,
)
from zhixing_desktop.services.dossier_writing import FIRST, next_position
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
)
from zhixing_desktop.workflow.subjects import CASE

_LONGEST_NAME = 200


def new_row(
    conn: Connection, bureau: Bureau, case: Row, ctx: Context | None, filing: Filing, actor: Actor
) -> Row:
    """Return the row of a thing that is to be filed, without its number and pages.

    Raises :class:`InputRefusedError` naming everything that is wrong with what is said about it.
    """
    problems = filing_problems(bureau, case, ctx, filing)
    if problems:
        listed = "；".join(problem.sentence.rstrip("。") for problem in problems)
        raise InputRefusedError(f"没有入卷，有{len(problems)}处需要补正：{listed}。", problems)
    side, place = placed(bureau, case, filing)
    return {
        "case_id": case["id"],
        "side": side,
        "place": place,
        "position": next_position(conn, case["id"], side, place),
        "name": filing.name.strip(),
        "number": filing.number.strip(),
        "source": filing.origin.value,
        "medium": filing.medium.value,
        "thing_on": filing.thing_on,
        "node": filing.key.node if filing.key is not None else None,
        "subject": filing.key.subject if filing.key is not None else CASE,
        "work_item": filing.work_item,
        "material": filing.material,
        "paper_id": None,
        "service_id": None,
        "state": FILED,
        "current": FIRST,
        "pages": 0,
        "filed_by": actor.name,
        "filed_at": bureau.database.now(conn),
        "withdrawn_by": None,
        "withdrawn_at": None,
        "reason": "",
        "version": 1,
    }


def placed(bureau: Bureau, case: Row, filing: Filing) -> tuple[str, int]:
    """Return the side and the catalogue's item of a thing: as it is said, else by its node."""
    if filing.place is not None:
        return filing.side or MAIN, filing.place
    key = filing.key
    if key is None:
        return filing.side or MAIN, 0
    found = bureau.dossier.place_of(case["kind"], key.node, filing.material)
    if found is None:
        return filing.side or MAIN, 0
    side = SIDE if found.catalogue == SIDE else MAIN
    if filing.side is not None and filing.side != side:
        return filing.side, 0
    return side, found.item


def filing_problems(
    bureau: Bureau, case: Row, ctx: Context | None, filing: Filing
) -> list[Problem]:
    found = []
    name = filing.name.strip()
    if not name:
        found.append(Problem("材料名称", "请写明材料名称"))
    elif len(name) > _LONGEST_NAME:
        found.append(Problem("材料名称", f"材料名称不能超过{_LONGEST_NAME}个字"))
    if filing.side is not None and filing.side not in SIDES:
        found.append(Problem("正副卷", "请选择正卷或者副卷"))
    elif filing.place:
        numbers = {item.number for item in catalogue_of(bureau, case, filing.side or MAIN).items}
        if filing.place not in numbers:
            found.append(Problem("目录项", f"这一卷的目录没有第{filing.place}项"))
    if filing.medium is Medium.PAPER and filing.paper_pages < 1:
        found.append(Problem("页数", "仅有纸质的材料，请填写有几页"))
    today = ctx.now.date() if ctx is not None else None
    if filing.thing_on is not None and today is not None and filing.thing_on > today:
        found.append(Problem("材料日期", "材料日期不能在将来"))
    found += _of_rules(bureau, filing)
    return found


def _of_rules(bureau: Bureau, filing: Filing) -> list[Problem]:
    if filing.key is None:
        return []
    spec = bureau.rules.book.nodes.get(filing.key.node)
    if spec is None:
        return [Problem("节点", f"没有节点{filing.key.node}")]
    names = [material.name for material in spec.materials]
    if filing.material and filing.material not in names:
        listed = "、".join(names) or "没有列明材料"
        return [Problem("材料", f"节点{spec.number}没有“{filing.material}”这项材料（{listed}）")]
    return []
