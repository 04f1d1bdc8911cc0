"""The bytes of kept files: recognised by content, written once, under their own digest.

A file is written beside its place, forced to the disk and renamed: a power cut leaves it whole or
not at all.  What a file is called and who brought it stands in the table ``files``.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from zhixing_desktop.workflow.errors import StoreError

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""Never recognised in what comes as a scan; the program itself makes it or takes it back."""
ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif", DOCX: ".docx"}
ALGORITHM = "sha256"
_BLOCK = 1024 * 1024
_TAIL = 4096
"""Where the end of a PDF or a photograph is looked for: scanners add some bytes of their own."""
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_ENTRY_SIZES = {1: 1, 2: 1, 3: 2, 4: 4}


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def media_type_of(data: bytes) -> str | None:
    """Return what some bytes begin as (PDF, JPEG, PNG, TIFF); ``None`` for anything else."""
    if data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(_PNG_HEAD):
        return PNG
    if data[:4] in (b"II*\0", b"MM\0*"):
        return TIFF
    return None


def is_whole(data: bytes, media_type: str) -> bool:
    """Tell whether the bytes go on to their end: nothing is cut off."""
    if media_type == PDF:
        return b"%%EOF" in data[-_TAIL:]
    if media_type == JPEG:
        return b"\xff\xd9" in data[-_TAIL:]
    if media_type == PNG:
        return _png_whole(data)
    return _tiff_whole(data)


def _png_whole(data: bytes) -> bool:
    at = len(_PNG_HEAD)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at <= len(data)
    return False


def _tiff_whole(data: bytes) -> bool:
    """Whether the pages' directories and all their strips or tiles lie within the file."""
    pages = 0
    try:
        for tags in _tiff_pages(data):
            for starts, counts in ((273, 279), (324, 325)):
                pairs = zip(tags.get(starts, ()), tags.get(counts, ()), strict=False)
                if any(start + count > len(data) for start, count in pairs):
                    return False
            pages += 1
    except struct.error:
        return False
    return pages > 0


def page_count(data: bytes, media_type: str) -> int:
    """Return how many pages a picture file has; only a TIFF may have several."""
    if media_type != TIFF:
        return 1
    try:
        return max(sum(1 for _ in _tiff_pages(data)), 1)
    except struct.error:
        return 1


def _tiff_pages(data: bytes) -> Iterator[dict[int, list[int]]]:
    """Yield the directory of each page; ``struct.error`` where one is cut off."""
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    seen: set[int] = set()
    while at and at not in seen:
        seen.add(at)
        tags, at = _directory(data, order, at)
        yield tags


def _directory(data: bytes, order: str, at: int) -> tuple[dict[int, list[int]], int]:
    (count,) = struct.unpack_from(f"{order}H", data, at)
    tags = {}
    for place in range(count):
        entry = at + 2 + 12 * place
        tag, kind, number = struct.unpack_from(f"{order}HHI", data, entry)
        if tag in (273, 279, 324, 325):
            tags[tag] = list(_numbers(data, order, kind, number, entry + 8))
    (following,) = struct.unpack_from(f"{order}I", data, at + 2 + 12 * count)
    return tags, following


def _numbers(data: bytes, order: str, kind: int, count: int, at: int) -> Iterator[int]:
    size = _ENTRY_SIZES.get(kind, 4)
    if size * count > 4:
        (at,) = struct.unpack_from(f"{order}I", data, at)
    form = f"{order}{'H' if size == 2 else 'I' if size == 4 else 'B'}"
    for place in range(min(count, len(data))):
        yield struct.unpack_from(form, data, at + size * place)[0]


def path_of(folder: Path, digest: str, media_type: str) -> Path:
    """Return where a file lies; two digits a folder, so that none grows too long."""
    return folder / digest[:2] / f"{digest}{ENDINGS.get(media_type, '')}"


def keep(folder: Path, data: bytes, media_type: str) -> str:
    """Write some bytes below a folder and return their digest; what is there already stays.

    Raises :class:`StoreError` when the folder or the disk does not take them; nothing is left of
    them then.
    """
    digest = digest_of(data)
    target = path_of(folder, digest, media_type)
    try:
        if target.exists() and target.stat().st_size == len(data):
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, data)
    except OSError as error:
        raise _refused(folder, error) from error
    return digest


def _write(target: Path, data: bytes) -> None:
    fresh = _beside(target.parent)
    try:
        # "x": with the rights that other users of a shared folder need (mkstemp gives none).
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _settle(target.parent)


def _beside(folder: Path) -> Path:
    """Return a name in a folder that nobody else will use."""
    return folder / f".new-{secrets.token_hex(8)}"


def _settle(folder: Path) -> None:
    """Force the renaming to the disk, where the system knows how."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_from(folder: Path, source: Path, media_type: str) -> tuple[str, int]:
    """Copy a file below a folder, however large, and return its digest and size in bytes.

    Raises :class:`StoreError` when it cannot be read (``data["kind"]`` is ``unreadable``), or when
    the folder or the disk does not take it; nothing is left of the copy then.
    """
    try:
        come = source.open("rb")
    except OSError as error:
        raise _unreadable(source, error) from error
    with come:
        return _kept_from(folder, come, source, media_type)


def _kept_from(folder: Path, come: IO[bytes], source: Path, media_type: str) -> tuple[str, int]:
    fresh = _beside(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with fresh.open("xb") as file:
            digest, size = _copied(come, source, file)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(folder, digest, media_type)
        if not (target.exists() and target.stat().st_size == size):
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh.replace(target)
            _settle(target.parent)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        fresh.unlink(missing_ok=True)
    return digest, size


def _copied(come: IO[bytes], source: Path, file: IO[bytes]) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    while block := _block(come, source):
        found.update(block)
        file.write(block)
        size += len(block)
    return found.hexdigest(), size


def _block(come: IO[bytes], source: Path) -> bytes:
    """Read on; what is wrong with the source is not said of the folder that it goes to."""
    try:
        return come.read(_BLOCK)
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: Path, error: OSError) -> StoreError:
    if isinstance(error, FileNotFoundError):
        why, do = "找不到这个文件", "请确认它没有被移走或者改名，再放入一次"
    elif isinstance(error, PermissionError):
        why, do = "这个文件不能读取", "可能正在别的程序中打开，请关闭后再放入一次"
    else:
        why, do = "读取这个文件时出错", "请检查存放它的磁盘或者网络，再放入一次"
    return StoreError(
        f"{why}（{source.name}）。{do}。", data={"kind": "unreadable", "place": str(source)}
    )


def proven_size(target: Path, digest: str) -> int:
    """Return the size in bytes of a kept file, read whole to prove that it is what was kept.

    Raises :class:`StoreError` as :func:`fetch`; none of it stays in the memory.
    """
    found, size = hashlib.sha256(), 0
    try:
        with target.open("rb") as kept:
            while block := kept.read(_BLOCK):
                found.update(block)
                size += len(block)
    except FileNotFoundError as error:
        raise _lost(target, digest) from error
    except OSError as error:
        raise _refused(target.parent, error) from error
    if found.hexdigest() != digest:
        raise _other(target, digest)
    return size


def _lost(target: Path, digest: str) -> StoreError:
    return StoreError(
        f"找不到保存的文件（{target}）。请检查数据文件夹是否完整，可以从备份恢复。",
        data={"kind": "file_missing", "digest": digest},
    )


def _other(target: Path, digest: str) -> StoreError:
    return StoreError(
        f"保存的文件被改动过或者已经损坏（{target}），不能使用。请从备份恢复。",
        data={"kind": "file_changed", "digest": digest},
    )


def fetch(folder: Path, digest: str, media_type: str) -> bytes:
    """Return the bytes of a kept file.

    Raises :class:`StoreError` when it is missing, cannot be read, or is not what was kept.
    """
    target = path_of(folder, digest, media_type)
    try:
        data = target.read_bytes()
    except FileNotFoundError as error:
        raise _lost(target, digest) from error
    except OSError as error:
        raise _refused(folder, error) from error
    if digest_of(data) != digest:
        raise _other(target, digest)
    return data


def copy(source: Path, target: Path, digest: str, media_type: str) -> None:
    """Copy a kept file from one folder to another, however large, and read the copy back.

    A copy that is there and right stays; one that is torn is replaced.  Raises :class:`StoreError`
    as :func:`fetch` and :func:`keep` do.
    """
    origin, place = path_of(source, digest, media_type), path_of(target, digest, media_type)
    proven_size(origin, digest)
    try:
        if not _is_there(place, digest):
            place.parent.mkdir(parents=True, exist_ok=True)
            _write_from(place, origin)
    except OSError as error:
        raise _refused(target, error) from error
    proven_size(place, digest)


def _is_there(place: Path, digest: str) -> bool:
    if not place.exists():
        return False
    with place.open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").hexdigest() == digest


def _write_from(place: Path, origin: Path) -> None:
    fresh = _beside(place.parent)
    try:
        with origin.open("rb") as come, fresh.open("xb") as file:
            _copied(come, origin, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _settle(place.parent)


def _refused(folder: Path, error: OSError) -> StoreError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    why = "磁盘满了" if full else "这个文件夹不能读写"
    return StoreError(
        f"{why}，文件没有保存，填好的内容还在（{folder}）。"
        f"请{'清理磁盘' if full else '检查文件夹是否存在、是否有权限'}后再试一次。",
        data={"kind": "full" if full else "files_folder", "place": str(folder)},
    )
