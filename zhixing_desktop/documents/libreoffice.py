"""PDF from a Word file that was edited, by the LibreOffice of the workstation.

Word and WPS can only be driven through COM on Windows, which needs one more dependency; whoever
adds it gives it the shape of ``Converter``.  Where there is none, a clerk saves as PDF by hand.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from zhixing_desktop.workflow.errors import StoreError, ZhixingError

_NOTHING: Mapping[str, str] = MappingProxyType({})
_STEP = 0.1  # seconds between two questions whether to go on
_PER_FILE = 10.0  # seconds a further file may take
_BATCH = 50  # files in one run; after some 240 it stops without a word (seen in 7.4)
_PROGRAMS = ("soffice", "libreoffice")
_PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sw": ("文字（Writer）", "libreoffice-writer"),
        "sc": ("表格（Calc）", "libreoffice-calc"),
        "sd": ("演示（Impress）", "libreoffice-impress"),
    }
)
_PART_OF: Mapping[str, str] = MappingProxyType(
    {".xlsx": "sc", ".xls": "sc", ".ods": "sc", ".pptx": "sd", ".ppt": "sd"}
)
# The one-folder program puts its own libraries in front; another program must not load those.
_OF_THE_UNPACKER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")


class ConversionCancelledError(ZhixingError):
    """The person who asked for the PDF changed his mind; nothing was left behind."""


class Converter(Protocol):
    """A word processor of the workstation that turns its files into PDF."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def to_pdf(
        self,
        papers: Sequence[bytes],
        *,
        ending: str = ...,
        seconds: float = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> tuple[bytes, ...]:
        """Return the PDF of each file, in order."""


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """An installed LibreOffice: ``program`` is its ``soffice``, ``environment`` what it sees.

    ``fonts`` are settings of fontconfig for its runs (``libreoffice_fonts``), empty for none.
    Each call works in a folder and with settings of its
    own, so that a LibreOffice which is open on the desk neither minds nor matters.
    """

    program: Path
    environment: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    fonts: str = ""
    name: str = "LibreOffice"

    def to_pdf(
        self,
        papers: Sequence[bytes],
        *,
        ending: str = ".docx",
        seconds: float = 90.0,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[bytes, ...]:
        """Return the PDF of each file, in order; many in one run, which is much the faster.

        ``ending`` is what their names end in; a sheet of Excel is told by it.  ``seconds`` is how
        long the start of a run and its first paper may take.  Raises ``StoreError`` when a paper
        cannot be turned, the part of LibreOffice for it is not installed, the time is over or the
        disk is full, and ``ConversionCancelledError``.
        """
        if not papers:
            return ()
        without = _part_missing(self.program, ending)
        if without:
            raise StoreError(without, data={"program": str(self.program), "ending": ending})
        try:
            with tempfile.TemporaryDirectory(prefix="zhixing-pdf-") as folder:
                return self._convert(papers, Path(folder), ending, seconds, cancelled)
        except OSError as error:
            raise StoreError(
                "转为 PDF 时写不了临时文件，或者启动不了 LibreOffice。请检查磁盘空间和安装后再试。",
                data={"reason": str(error), "program": str(self.program)},
            ) from error

    def _convert(
        self,
        papers: Sequence[bytes],
        folder: Path,
        ending: str,
        seconds: float,
        cancelled: Callable[[], bool],
    ) -> tuple[bytes, ...]:
        names = [f"{number:05}" for number in range(1, len(papers) + 1)]
        for name, data in zip(names, papers, strict=True):
            (folder / f"{name}{ending}").write_bytes(data)
        made = {name: folder / "pdf" / f"{name}.pdf" for name in names}
        waiting, failed = list(names), []
        while waiting:
            batch = waiting[:_BATCH]
            files = [str(folder / f"{name}{ending}") for name in batch]
            self._run(files, folder, seconds + _PER_FILE * (len(batch) - 1), cancelled)
            if not any(made[name].is_file() for name in batch):
                failed.append(batch[0])  # it may have taken the others down with it
            waiting = [n for n in waiting if n not in failed and not made[n].is_file()]
        if failed:
            missing = [int(name) for name in failed]
            which = "" if len(papers) == 1 else f"第{'、'.join(map(str, missing))}份"
            raise StoreError(
                f"LibreOffice 没有能把{which}文书转为 PDF。请在 Word 或者 WPS 中打开检查，"
                "或者从那里另存为 PDF。",
                data={"missing": missing},
            )
        return tuple(path.read_bytes() for path in made.values())

    def _run(
        self, files: Sequence[str], folder: Path, seconds: float, cancelled: Callable[[], bool]
    ) -> None:
        command = [
            str(self.program),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--convert-to", "pdf", "--outdir", str(folder / "pdf")),
            *files,
        ]
        seen = _clean(self.environment)
        if self.fonts:
            settings = folder / "fonts.conf"
            settings.write_text(self.fonts, "utf-8")
            seen["FONTCONFIG_FILE"] = str(settings)
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=seen,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            _wait(process, seconds, cancelled)
        finally:
            if process.poll() is None:
                _end(process)


def _part_missing(program: Path, ending: str) -> str:
    """Return what to say where a LibreOffice lacks the part for such files; empty where it has it.

    Linux packages Writer, Calc and Impress one by one.  Told by the libraries beside the program;
    where none of them lies there (another way of packaging), nothing is said.
    """
    part = _PART_OF.get(ending.lower(), "sw")
    folder = program.resolve().parent
    there = {name for name in _PARTS if any((folder / f).exists() for f in _library(name))}
    if not there or part in there:
        return ""
    what, package = _PARTS[part]
    return (
        f"本机的 LibreOffice 没有安装{what}组件，转不了这样的文件。请安装（{package}），"
        "或者在 Word、WPS 中打开后另存为 PDF。"
    )


def _library(part: str) -> tuple[str, ...]:
    return f"lib{part}lo.so", f"{part}lo.dll"


def _wait(process: subprocess.Popen[bytes], seconds: float, cancelled: Callable[[], bool]) -> None:
    for _step in range(max(1, round(seconds / _STEP))):
        if cancelled():
            raise ConversionCancelledError("转为 PDF 已取消，没有留下文件。")
        try:
            process.wait(_STEP)
        except subprocess.TimeoutExpired:
            continue
        return
    raise StoreError(
        "LibreOffice 很久没有转完，已经停止。请关闭其他程序后再试，或者在 Word、WPS 中另存为 PDF。",
        data={"seconds": seconds},
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program together with the one it started; ``soffice`` is only a starter."""
    if sys.platform == "win32":
        kill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(kill, check=False, capture_output=True)
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which another program finds its own libraries again."""
    kept = {name: value for name, value in environment.items() if name not in _OF_THE_UNPACKER}
    for name in _OF_THE_UNPACKER:
        if original := environment.get(f"{name}_ORIG"):
            kept[name] = original
    return kept


def find_converter(
    environment: Mapping[str, str],
    chosen: Path | None = None,
    *,
    fonts: str = "",
    platform: str = sys.platform,
) -> Converter:
    """Return the converter of this workstation.

    ``environment`` is that of the process (``PATH``, ``ProgramFiles``), ``chosen`` a program that
    the court set, ``fonts`` settings of fontconfig (``libreoffice_fonts``; Linux only).  Raises
    ``StoreError`` when there is none.
    """
    places = [chosen] if chosen else _places(environment, platform)
    for place in places:
        if place.is_file():
            return LibreOffice(place, environment, fonts if platform == "linux" else "")
    raise StoreError(
        "本机没有找到 LibreOffice，改过的 Word 文书转不了 PDF。"
        "请安装 LibreOffice，或者在 Word、WPS 中打开后另存为 PDF，再把 PDF 取回。",
        data={"looked": [str(place) for place in places]},
    )


def _places(environment: Mapping[str, str], platform: str) -> list[Path]:
    found = [shutil.which(name, path=environment.get("PATH", "")) for name in _PROGRAMS]
    places = [Path(place) for place in found if place]
    if platform == "win32":
        for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if folder := environment.get(name):
                places.append(Path(folder) / "LibreOffice" / "program" / "soffice.exe")
    elif platform == "darwin":
        places.append(Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"))
    else:
        places.append(Path("/usr/lib/libreoffice/program/soffice"))
        places += sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    return places
