"""Where the program's own files are.

``resources/`` lies beside the package: in a checkout (``pip install -e .``) at the top level of
the tree, in the one-folder program in the folder that the unpacker names.  Nothing is read at
import time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from zhixing_desktop.workflow.errors import StoreError


def resources_dir() -> Path:
    """Return the folder with rulebook, charts, calendar, guideline, icons and samples.

    Raises ``StoreError`` when it is missing, as after a copy that was not complete.
    """
    folder = _program_dir() / "resources"
    if not folder.is_dir():
        raise StoreError(
            f"程序的资源文件夹不见了：{folder}。请把程序文件夹完整地重新复制一份后再打开。",
            data={"missing": str(folder)},
        )
    return folder


def _program_dir() -> Path:
    """Return the folder that holds ``resources/``."""
    unpacked = getattr(sys, "_MEIPASS", None)  # set by PyInstaller in the one-folder program
    if unpacked is not None:
        return Path(unpacked)
    return Path(__file__).resolve().parent.parent
