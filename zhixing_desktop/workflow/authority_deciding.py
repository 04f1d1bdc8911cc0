"""The rows of who decides applications, made from what the rulebook says at its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from zhixing_desktop.workflow.authority import DECIDE, LOCAL, Barred, Relation, Row
from zhixing_desktop.workflow.freezing import UNFREEZE
from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook

COUNTERMAND = "approval.countermand"
NOT_HIS_OWN = frozenset({Barred.APPLICANT, Barred.OFFICER, Barred.CLERK, Barred.DECIDER})
"""Nobody decides his own application or case, nor two steps of one application."""


def deciding_rows(book: Rulebook) -> Iterator[Row]:
    """Yield a row for each decision: ``M-unfreeze-7``, ``M-payout-33``."""
    for spec in book.nodes.values():
        if spec.unfreeze is not None:
            yield _unfreezing(spec)
        for entry in spec.approvals:
            yield Row(
                id=f"M-{entry.matter}-{spec.number}",
                act=DECIDE,
                label=f"决定{entry.label}",
                roles=entry.roles,
                relation=Relation.ANY,
                cite=entry.cite,
                barred=NOT_HIS_OWN,
                nodes=frozenset({spec.number}),
                matters=frozenset({entry.matter}),
                sequence=entry.mode == "sequence",
            )
    yield from _countermanding(book)


def _countermanding(book: Rulebook) -> Iterator[Row]:
    """Yield a row for each local decision: who made it may take it back by a counter-decision."""
    for spec in book.nodes.values():
        unfreeze = spec.unfreeze
        if unfreeze is not None and unfreeze.level.value == LOCAL:
            row = _unfreezing(spec)
            yield _back(row, unfreeze.roles, f"节点{spec.number}“{spec.name}”的解冻")
        for entry in spec.approvals:
            # In a sequence whoever signs last undoes it.
            roles = entry.roles[-1:] if entry.mode == "sequence" else entry.roles
            base = Row(
                id=f"M-{entry.matter}-{spec.number}",
                act=DECIDE,
                label=entry.label,
                roles=roles,
                relation=Relation.ANY,
                cite=entry.cite,
                nodes=frozenset({spec.number}),
                matters=frozenset({entry.matter}),
            )
            yield _back(base, roles, entry.label)


def _back(row: Row, roles: tuple[str, ...], what: str) -> Row:
    return replace(
        row,
        id=row.id.replace("M-", "M-back-", 1),
        act=COUNTERMAND,
        label=f"撤销{what}的批准",
        roles=roles,
        barred=frozenset({Barred.APPLICANT, Barred.OFFICER, Barred.CLERK}),
    )


def _unfreezing(spec: NodeSpec) -> Row:
    rule = spec.unfreeze
    assert rule is not None
    # 恢复执行 with the same officer freezes the node of filing, so the application stands there.
    target = spec.freeze.target if spec.freeze is not None else None
    nodes = frozenset({spec.number, target or spec.number})
    local = rule.level.value == LOCAL
    return Row(
        id=f"M-{UNFREEZE}-{spec.number}",
        act=DECIDE,
        label=f"决定节点{spec.number}“{spec.name}”的解冻",
        roles=rule.roles if local else (),
        relation=Relation.ANY,
        cite=rule.cite,
        barred=NOT_HIS_OWN,
        nodes=nodes,
        matters=frozenset({UNFREEZE}),
        level=rule.level.value,
        words=rule.words,
    )
