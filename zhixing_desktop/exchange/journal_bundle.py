"""The journal as a ZIP file that anybody can check: the layout that ``resources/verify`` explains.

Rows are streamed; nothing here knows where they come from or how the manifest is signed.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from zhixing_desktop.exchange.files import replacing

FORMAT = "zhixing-journal-1"
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "public_key.pem"
ROWS, HASHES, HEADS = "journal.jsonl", "hashes.txt", "heads.txt"
SCRIPT, README = "verify_journal.py", "README.txt"
_SEAL = b"sha256:"
_SEAL_LENGTH = len(_SEAL) + 64
_IN_MEMORY = 16 << 20


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A row of the chain; ``text`` is ``None`` for one whose content is left out."""

    id: int
    hash: str
    algorithm: str
    text: bytes | None


@dataclass(frozen=True, slots=True)
class BundleHead:
    """The last row of a day."""

    day: str
    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Signer:
    """The bureau's key: its fingerprint, its public half, and what signs."""

    fingerprint: str
    public_pem: bytes
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class BundleAbout:
    """What the manifest says besides the rows; ``case`` is the 案号 of a bundle of one case."""

    bureau: str
    program: str
    schema: int
    created: datetime
    first_id: int
    first_prev_hash: str
    case: str | None = None


@dataclass(slots=True)
class Bundled:
    """What was written."""

    rows: int = 0
    left_out: int = 0
    last_id: int = 0
    last_hash: str = ""
    algorithms: set[str] = field(default_factory=set)
    digest: str = ""
    """SHA-256 of the whole file."""


def write_bundle(
    path: Path,
    about: BundleAbout,
    rows: Iterable[BundleRow],
    heads: Iterable[BundleHead],
    signer: Signer,
    tools: Mapping[str, bytes],
) -> Bundled:
    """Write the bundle; an older file of that name is replaced when all is written.

    ``rows`` begin with ``about.first_id`` and leave out no number; ``tools`` are the further files
    (the script, the explanations).  Raises ``StoreError`` when the file cannot be written.
    """
    done = Bundled(last_id=about.first_id - 1, last_hash=about.first_prev_hash)
    with replacing(path) as stream:
        with (
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book,
            tempfile.SpooledTemporaryFile(_IN_MEMORY) as hashes,
        ):
            files = _Files(book, about.created)
            files.add_streamed(ROWS, _lines(rows, cast("IO[bytes]", hashes), done))
            hashes.seek(0)
            files.add_streamed(HASHES, hashes)
            files.add(HEADS, "".join(f"{h.day} {h.id} {h.hash}\n" for h in heads).encode())
            files.add(KEY, signer.public_pem)
            for name, content in tools.items():
                files.add(name, content)
            manifest = _manifest(about, done, files.digests, signer.fingerprint)
            files.add(MANIFEST, manifest)
            files.add(SIGNATURE, signer.sign(manifest))
            book.comment = _SEAL + b"0" * 64
        done.digest = _seal(stream)
    return done


def _lines(rows: Iterable[BundleRow], hashes: IO[bytes], done: Bundled) -> Iterable[bytes]:
    for row in rows:
        hashes.write(f"{row.id} {row.hash}\n".encode())
        done.last_id, done.last_hash = row.id, row.hash
        done.algorithms.add(row.algorithm)
        if row.text is None:
            done.left_out += 1
        else:
            done.rows += 1
            yield row.text + b"\n"


def _manifest(
    about: BundleAbout, done: Bundled, digests: Mapping[str, str], fingerprint: str
) -> bytes:
    content: dict[str, Any] = {
        "format": FORMAT,
        "bureau": about.bureau,
        "program": about.program,
        "schema": about.schema,
        "created": about.created.isoformat(),
        "case": about.case,
        "algorithms": sorted(done.algorithms),
        "first_id": about.first_id,
        "first_prev_hash": about.first_prev_hash,
        "last_id": done.last_id,
        "last_hash": done.last_hash,
        "rows": done.rows,
        "left_out": done.left_out,
        "key": fingerprint,
        "files": dict(digests),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


class _Files:
    """Adds files and keeps their digests."""

    def __init__(self, book: zipfile.ZipFile, at: datetime) -> None:
        self._book, self._at = book, at
        self.digests: dict[str, str] = {}

    def _info(self, name: str) -> zipfile.ZipInfo:
        at = self._at
        stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
        info = zipfile.ZipInfo(name, stamp)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info

    def add(self, name: str, content: bytes) -> None:
        self._book.writestr(self._info(name), content)
        self.digests[name] = hashlib.sha256(content).hexdigest()

    def add_streamed(self, name: str, parts: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        with self._book.open(self._info(name), "w", force_zip64=True) as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        self.digests[name] = digest.hexdigest()


def _seal(stream: BinaryIO) -> str:
    """Write the digest of all that stands before it into the comment; return the whole file's.

    The comment is the end of a ZIP file: so every byte of the file is held by one digest.
    """
    size = stream.seek(0, 2) - _SEAL_LENGTH
    digest = hashlib.sha256()
    stream.seek(0)
    left = size
    while left > 0:
        part = stream.read(min(1 << 20, left))
        left -= len(part)
        digest.update(part)
    seal = _SEAL + digest.hexdigest().encode()
    stream.seek(size)
    stream.write(seal)
    digest.update(seal)
    return digest.hexdigest()
