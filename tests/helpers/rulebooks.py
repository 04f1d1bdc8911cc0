"""Another rulebook than the program's, as a court might be given one: a folder of texts."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text

from zhixing_desktop import paths
from zhixing_desktop.services.bureau import Bureau

NEW_NUMBER, NEW_DAY = "2024.2", "2024-03-01"
OLD_WORDS = "执行人员接到申请执行书或者移交执行书后十日内完成。"
NEW_WORDS = "执行人员接到申请执行书或者移交执行书后十五日内完成。"
_TEN = """amount: 10
        unit: day
        direction: within
        anchor: application_received_or_case"""
_SIGNED = """label: 限制消费令签发
        roles: [院长]"""
Edit = tuple[str, str, str]
"""A file, words that stand in it, what stands there instead."""

CHANGES: tuple[Edit, ...] = (
    ("rulebook.yaml", 'version: "2024.1"', f'version: "{NEW_NUMBER}"'),
    ("rulebook.yaml", 'effective: "2024-02-01"', f'effective: "{NEW_DAY}"'),
    # Node 7: fifteen days instead of ten.
    ("guideline.txt", OLD_WORDS, NEW_WORDS),
    ("nodes-3-start.yaml", OLD_WORDS, NEW_WORDS),
    ("nodes-3-start.yaml", _TEN, _TEN.replace("10", "15")),
    # Limits in days warn when half of them is left instead of a third.
    ("rulebook.yaml", 'value: "1/3"', 'value: "1/2"'),
    # 限制消费令 is decided by 主管院领导 instead of 院长.
    ("nodes-7-measures.yaml", _SIGNED, _SIGNED.replace("院长", "主管院领导")),
)


def other_rulebook(folder: Path, *more: Edit, changes: tuple[Edit, ...] = CHANGES) -> Path:
    """Write a copy of the program's rulebook with some changes; return its folder."""
    made = folder / "新规则"
    shutil.copytree(paths.resources_dir() / "rulebook", made)
    shutil.copy(paths.resources_dir() / "guideline" / "guideline.txt", made)
    for name, old, new in (*changes, *more):
        path = made / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new), encoding="utf-8")
    return made


def other_program(folder: Path) -> Path:
    """Return the program's files as a newer release would bring them, with another rulebook."""
    made = folder / "resources"
    shutil.copytree(paths.resources_dir(), made, ignore=shutil.ignore_patterns("samples", "icons"))
    texts = other_rulebook(folder)
    (texts / "guideline.txt").replace(made / "guideline" / "guideline.txt")
    for path in texts.glob("*.yaml"):
        path.replace(made / "rulebook" / path.name)
    return made


def tamper(bureau: Bureau, statement: str) -> None:
    """Change what must not be changed, as somebody with the database's password could."""
    with bureau.database.writing() as conn:
        if conn.dialect.name == "sqlite":
            for ending in ("no_update", "no_delete"):
                conn.execute(text(f"DROP TRIGGER IF EXISTS rulebook_texts_{ending}"))
        else:
            conn.execute(text("ALTER TABLE rulebook_texts DISABLE TRIGGER USER"))
        conn.execute(text(statement))
