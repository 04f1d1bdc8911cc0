"""Our own check of an archive package: what is missing, added, changed, or does not fit together.

What common tools see (each byte against the manifests) and what they cannot: whether 目录.json and
目录.csv say of each file what is there, and whether the PDFs have the pages that are listed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from zhixing_desktop.dossier.bag import BAGIT, DECLARATION, INFO, MANIFEST, OXUM, PAYLOAD, TAGS
from zhixing_desktop.dossier.bag_reading import UNREADABLE, Shelf, composed, opened
from zhixing_desktop.dossier.file_names import same_name
from zhixing_desktop.dossier.package_contents import content_problems
from zhixing_desktop.dossier.package_readme import NAME as README
from zhixing_desktop.workflow.errors import Problem

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
_LINE = re.compile(r"^(?P<digest>[0-9a-fA-F]{64})[ \t]+\*?(?P<path>.+)$")
_ESCAPED = re.compile("%0D|%0A|%25", re.IGNORECASE)
_MOST_LIST = 64 << 20
"""Bytes; a manifest or 目录.json that claims to be longer is not read."""


def verify_package(
    path: Path,
    *,
    digest: str = "",
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a package, a folder or a ZIP file; nothing is written.

    ``digest`` is the SHA-256 of its list of lists, as the hand-over slip has it
    (:attr:`Packaged.digest`); without it a package that was made anew as a whole is not noticed.
    ``progress`` is called with the bytes read and all bytes.  Who gives up gets what was found and,
    last, that not all was looked at.  Raises :class:`StoreError` where there is no package at all.
    """
    with opened(path) as shelf:
        job = _Check(shelf, progress, cancelled)
        job.run(digest.lower())
        return tuple(job.found)


@dataclass(slots=True)
class _Check:
    """One check; ``good`` are the files whose bytes were right, with their SHA-256."""

    shelf: Shelf
    progress: Progress
    cancelled: Cancelled
    found: list[Problem] = field(default_factory=list)
    good: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    done: int = 0

    def run(self, digest: str) -> None:
        self.found += self.shelf.problems
        self.sizes = self.shelf.sizes()
        if not self._is_bag(digest):
            return
        tags, payload = self._manifest(TAGS), self._manifest(MANIFEST)
        for name in (BAGIT, INFO, MANIFEST, README):
            if name not in tags and name in self.sizes:
                self._say(name, f"{TAGS}没有列出{name}，无法核对它。", "unlisted")
        whole = self._compare({**tags, **payload})
        self._extra(tags, payload)
        self._oxum()
        if not whole:
            self._say("", "核对没有做完就取消了，以上只是已经发现的问题。", "cancelled")
            return
        told = {problem.where for problem in self.found}
        self.found += content_problems(self.shelf, self.good, self.sizes, told)

    def _say(self, where: str, sentence: str, kind: str) -> None:
        self.found.append(Problem(where, sentence, data={"kind": kind}))

    def _is_bag(self, digest: str) -> bool:
        missing = [name for name in (BAGIT, MANIFEST, TAGS) if name not in self.sizes]
        for name in missing:
            self._say(name, f"缺少{name}，不是完整的归档包。请重新取得归档包。", "missing")
        if missing:
            return False
        if self._short(BAGIT) != DECLARATION:
            self._say(
                BAGIT, f"{BAGIT}写的不是 BagIt 1.0、UTF-8，不是本系统制作的归档包。", "format"
            )
        if digest and hashlib.sha256(self._short(TAGS)).hexdigest() != digest:
            words = "归档包校验值与移交清单上写明的不同：归档包被换过或者改动过。请与移交人核对。"
            self._say(TAGS, words, "seal")
        return True

    def _short(self, name: str) -> bytes:
        """A small file whole; empty where it cannot be read, which the digests will say."""
        if self.sizes.get(name, 0) > _MOST_LIST:
            return b""
        try:
            return b"".join(self.shelf.blocks(name))
        except UNREADABLE:
            return b""

    def _manifest(self, name: str) -> dict[str, str]:
        """Read a manifest: path → SHA-256; lines that say nothing of ours are problems."""
        entries: dict[str, str] = {}
        lines = self._short(name).decode("utf-8", "replace").splitlines()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            match = _LINE.match(line)
            path = composed(_decoded(match["path"])) if match else ""
            inside = path.startswith(PAYLOAD) == (name == MANIFEST) and _stays_inside(path)
            if match is None or not inside or path in entries:
                self._say(f"{name}第{number}行", f"{name}第{number}行写得不对：{line[:80]}", "line")
                continue
            entries[path] = match["digest"].lower()
        return entries

    def _compare(self, listed: dict[str, str]) -> bool:
        """Hold each file against its digest; return whether all were looked at."""
        told = {problem.where for problem in self.shelf.problems if problem.data["kind"] == "link"}
        total = sum(self.sizes.get(path, 0) for path in listed)
        for path, digest in sorted(listed.items()):
            if path in told:
                continue
            if path not in self.sizes:
                self._say(path, f"缺少文件“{path}”。请重新取得归档包。", "missing")
                continue
            found = self._digest(path, total)
            if found is None:
                return False
            if found == digest:
                self.good[path] = digest
            else:
                words = "读不出来" if not found else "内容与制作时不同"
                self._say(path, f"“{path}”{words}。请重新取得归档包。", "changed")
        return True

    def _digest(self, path: str, total: int) -> str | None:
        """The SHA-256 of a file, empty where it cannot be read, ``None`` when given up."""
        digest = hashlib.sha256()
        try:
            for block in self.shelf.blocks(path):
                if self.cancelled():
                    return None
                digest.update(block)
                self.done += len(block)
                self.progress(min(self.done, total), total)
        except UNREADABLE:
            return ""
        return None if self.cancelled() else digest.hexdigest()

    def _extra(self, tags: dict[str, str], payload: dict[str, str]) -> None:
        names: dict[str, str] = {}
        for path in sorted(self.sizes):
            if path != TAGS and path not in tags and path not in payload:
                self._say(path, f"“{path}”不在清单里，是制作以后放进来的。请查明来源。", "extra")
            other = names.setdefault(same_name(path), path)
            if other != path:
                words = f"“{path}”与“{other}”只有大小写不同，在 Windows 上会互相覆盖。"
                self._say(path, words, "same_name")

    def _oxum(self) -> None:
        """Total and count stand in bag-info.txt; an honest one tells a torn copy at a glance."""
        if INFO not in self.good:
            return
        words = self._short(INFO).decode("utf-8", "replace")
        stated = re.findall(rf"^{OXUM}:\s*(\S+)\s*$", words, re.MULTILINE)
        payload = [size for path, size in self.sizes.items() if path.startswith(PAYLOAD)]
        actual = f"{sum(payload)}.{len(payload)}"
        if stated == [actual]:
            return
        if not stated:
            self._say(INFO, f"{INFO}没有写明文件总数和总字节数（{OXUM}）。", "oxum")
        elif not any(problem.data.get("kind") in _ALREADY for problem in self.found):
            sentence = f"{INFO}写明的总字节数和文件数是{stated[0]}，实际是{actual}。"
            self._say(INFO, f"{sentence}请重新取得归档包。", "oxum")


_ALREADY = ("missing", "extra", "changed", "link")
"""Where one of them was said, a wrong total is the same thing again."""


def _decoded(path: str) -> str:
    """The three signs that a manifest writes otherwise (RFC 8493, 2.1.3)."""
    return _ESCAPED.sub(lambda match: unquote(match[0]), path)


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    return not (path.startswith(("/", "~")) or "\\" in path or ":" in path or ".." in parts)
