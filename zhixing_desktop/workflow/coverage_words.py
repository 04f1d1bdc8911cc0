"""The coverage table for people (lines) and for programs (JSON)."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.workflow.coverage_rows import CoverageRow, CoverageTable


def coverage_lines(table: CoverageTable) -> list[str]:
    """Return the table as lines; the last is the count of open sentences."""
    lines: list[str] = []
    for row in table.rows:
        lines.append(f"{row.number:>3}　{row.place}　{row.sentence}")
        lines.extend(_answers(row))
    lines.append("耦合规则：")
    for entry in table.couplings:
        gates = f"　（检查点：{'、'.join(entry.gates)}）" if entry.gates else ""
        lines.append(f"  {entry.code} {entry.title}　→ {entry.carried_by}{gates}")
    lines.append("释义：")
    for reading in table.readings:
        words = "、".join(reading.named_by) or reading.explained or "没有规则依据它"
        lines.append(f"  {reading.code}　→ {words}")
    if table.problems:
        lines.append("问题：")
        lines += [f"  {problem.where}：{problem.sentence}" for problem in table.problems]
    lines.append(
        f"句子{len(table.rows)}句：由规则库承载{table.count('rulebook')}句，"
        f"另有说明{table.count('explicit')}句，无须规则{table.count('no_rule')}句；"
        f"耦合规则{len(table.couplings)}条，释义{len(table.readings)}条，问题{len(table.problems)}处"
    )
    lines.append(f"未落实的句子：{len(table.open_rows)}")
    return lines


def _answers(row: CoverageRow) -> list[str]:
    found = []
    if row.carriers:
        found.append(f"     → {'；'.join(words.rstrip('。') for words in row.carriers)}")
    found += [f"     无须规则：{reason}" for reason in row.no_rule]
    found += [f"     未落实 {rest}" for rest in row.rest]
    return found


def coverage_json(table: CoverageTable) -> dict[str, Any]:
    """Return the table as JSON-ready data."""
    return {
        "sentences": [
            {
                "number": row.number,
                "place": row.place,
                "sentence": row.sentence,
                "basis": row.basis,
                "carriers": list(row.carriers),
                "no_rule": list(row.no_rule),
                "rest": list(row.rest),
            }
            for row in table.rows
        ],
        "couplings": [
            {
                "code": entry.code,
                "title": entry.title,
                "carried_by": entry.carried_by,
                "gates": list(entry.gates),
            }
            for entry in table.couplings
        ],
        "readings": [
            {"code": row.code, "named_by": list(row.named_by), "explained": row.explained}
            for row in table.readings
        ],
        "problems": [{"where": p.where, "sentence": p.sentence} for p in table.problems],
        "counts": {
            "sentences": len(table.rows),
            "rulebook": table.count("rulebook"),
            "explicit": table.count("explicit"),
            "no_rule": table.count("no_rule"),
            "open": len(table.open_rows),
        },
    }
