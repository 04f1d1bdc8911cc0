"""``zhixing dossier``: the actions on a case's dossier, each group of them in its own module."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.cli.archive_commands import archive_actions


def dossier_group(group: Any) -> None:
    """Add the actions of ``zhixing dossier``."""
    archive_actions(group)
