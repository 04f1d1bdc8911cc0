"""What one workstation remembers: where the database is, who sat here last, how large the letters.

A small JSON file in the user's own settings folder, or below the folder that the environment
variable ``ZHIXING_HOME`` names.  It holds nothing of a case.  A torn file is put aside and the
program starts with what it ships with; nobody is kept from work by a broken preference.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from zhixing_desktop.workflow.errors import StoreError

HOME_VARIABLE = "ZHIXING_HOME"
THEMES = ("system", "light", "dark")
SMALLEST_FONT, LARGEST_FONT = 80, 200
_FOLDER = "zhixing"
_FILE = "settings.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of a workstation.

    ``font_scale`` is in percent of the ordinary size; ``theme`` is one of :data:`THEMES`;
    ``files_dir`` is the data folder that all workstations share when the database is on a server;
    ``layout`` is what the window said about its own splitters and columns, opaque to all others.
    """

    database_url: str = ""
    files_dir: str = ""
    scan_folder: str = ""
    last_user: str = ""
    font_scale: int = 100
    theme: str = "system"
    layout: Mapping[str, str] | None = None


def shared_files(settings: Settings) -> Path | None:
    """Return the data folder that all workstations share, ``None`` where none was chosen."""
    return Path(settings.files_dir).expanduser() if settings.files_dir.strip() else None


def config_dir() -> Path:
    """Return the folder of the settings file (it need not exist)."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else Path(platformdirs.user_config_dir(_FOLDER, appauthor=False))


def data_dir() -> Path:
    """Return the folder of the default database (it need not exist); local, never roaming."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else Path(platformdirs.user_data_dir(_FOLDER, appauthor=False))


def log_file() -> Path:
    """Return where the program writes its log."""
    home = os.environ.get(HOME_VARIABLE)
    folder = Path(home) if home else Path(platformdirs.user_log_dir(_FOLDER, appauthor=False))
    return folder / "zhixing.log"


def default_database_url() -> str:
    """Return the address used when none was chosen: a file of this workstation."""
    return f"sqlite:///{data_dir() / 'zhixing.db'}"


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; what is missing or makes no sense stands at its default.

    ``database_url`` is never empty afterwards.
    """
    file = path or config_dir() / _FILE
    found = _read(file)
    settings = Settings(**{name: value for name, value in found.items() if _fits(name, value)})
    if not settings.database_url:
        settings = replace(settings, database_url=default_database_url())
    return settings


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the settings in one move: a power cut leaves the old file or the new one.

    Raises :class:`StoreError` when the folder cannot be written.
    """
    file = path or config_dir() / _FILE
    text = json.dumps(asdict(settings), ensure_ascii=False, indent=2, sort_keys=True)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{_FILE}.", delete=False
        ) as fresh:
            try:
                fresh.write(text + "\n")
                fresh.flush()
                os.fsync(fresh.fileno())
            except BaseException:
                Path(fresh.name).unlink(missing_ok=True)
                raise
        Path(fresh.name).replace(file)
    except OSError as error:
        raise StoreError(
            f"工作站的设置没有保存（{file}）。请检查这个文件夹能否写入，办案数据不受影响。",
            data={"kind": "settings", "path": str(file)},
        ) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return _put_aside(file)
    return found if isinstance(found, dict) else _put_aside(file)


def _put_aside(file: Path) -> dict[str, Any]:
    _log.warning("settings file cannot be read and was put aside: %s", file)
    with suppress(OSError):
        file.replace(file.with_name(file.name + ".broken"))
    return {}


def _fits(name: str, value: Any) -> bool:
    if name == "font_scale":
        number = isinstance(value, int) and not isinstance(value, bool)
        return number and SMALLEST_FONT <= value <= LARGEST_FONT
    if name == "theme":
        return value in THEMES
    if name == "layout":
        return isinstance(value, dict) and all(
            isinstance(entry, str) for pair in value.items() for entry in pair
        )
    return name in {entry.name for entry in fields(Settings)} and isinstance(value, str)
