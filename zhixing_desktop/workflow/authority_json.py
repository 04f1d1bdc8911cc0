"""The authority matrix as plain data and as lines for a person."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.workflow.authority import Matrix, Row


def matrix_json(matrix: Matrix) -> dict[str, Any]:
    """Return the whole matrix: the file's rows, then who decides what, in one list."""
    return {
        "version": matrix.version,
        "separate": sorted(matrix.separate),
        "separate_basis": matrix.separate_basis,
        "rows": [row_json(row) for row in matrix.rows],
    }


def row_json(row: Row) -> dict[str, Any]:
    """Return one row; ``basis`` are the words it rests on."""
    return {
        "id": row.id,
        "act": row.act,
        "label": row.label,
        "roles": list(row.roles),
        "who": row.who(),
        "relation": row.relation.value,
        "level": row.level,
        "sequence": row.sequence,
        "barred": sorted(entry.value for entry in row.barred),
        "nodes": sorted(row.nodes),
        "node_roles": sorted(row.node_roles),
        "matters": sorted(row.matters),
        "except_matters": sorted(row.except_matters),
        "events": sorted(row.events),
        "except_events": sorted(row.except_events),
        "fields": sorted(row.fields),
        "when": row.when.value,
        "basis": row.why(),
    }


def matrix_lines(matrix: Matrix) -> list[str]:
    """Return the matrix to be read and signed, one row a line."""
    head = f"权限表　版本{matrix.version}　{len(matrix.rows)}行"
    return [head, *(f"{row.id}　{row.label}　{row.who()}　{row.why()}" for row in matrix.rows)]
