"""``zhixing dossier``: the actions on a case's dossier, each group of them in its own module."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.cli.archive_commands import archive_actions
from zhixing_desktop.cli.copy_commands import copy_actions
from zhixing_desktop.cli.dossier_item_commands import item_actions
from zhixing_desktop.cli.dossier_scan_commands import scan_actions
from zhixing_desktop.cli.dossier_volume_commands import volume_actions


def dossier_group(group: Any) -> None:
    """Add the actions of ``zhixing dossier``."""
    item_actions(group)
    scan_actions(group)
    archive_actions(group)
    copy_actions(group)
    volume_actions(group)
