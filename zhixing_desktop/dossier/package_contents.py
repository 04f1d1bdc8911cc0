"""Whether the lists of an archive package say what is in it: 目录.json, 目录.csv, pages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, cast

from zhixing_desktop.dossier.bag import PAYLOAD
from zhixing_desktop.dossier.bag_reading import UNREADABLE, Shelf
from zhixing_desktop.dossier.package_lists import (
    BYTES,
    CSV_NAME,
    DIGEST,
    FILE,
    ITEMS,
    JOURNAL,
    JSON_NAME,
    ORIGINALS,
    SCHEMA,
    SCHEMA_VERSION,
    SPANS,
    VOLUMES,
    csv_bytes,
)
from zhixing_desktop.workflow.errors import Problem

JSON_PATH, CSV_PATH = f"{PAYLOAD}{JSON_NAME}", f"{PAYLOAD}{CSV_NAME}"
_IN_MEMORY = 32 << 20
_MOST_LIST = 64 << 20
_SHAPE = (KeyError, TypeError, AttributeError, ValueError)
"""What a list of another shape than ours leads to when it is read."""


def content_problems(
    shelf: Shelf, good: Mapping[str, str], sizes: Mapping[str, int], told: Collection[str]
) -> tuple[Problem, ...]:
    """Return what the lists say that is not so.

    ``good`` are the files whose bytes are those of the manifests, with their SHA-256; ``sizes``
    the bytes of all files; ``told`` the files of which something was said already: once is enough.
    """
    if JSON_PATH not in sizes and JSON_PATH not in told:
        return (_problem(JSON_PATH, f"缺少{JSON_NAME}，无法核对卷内目录。", "missing"),)
    if JSON_PATH not in good or sizes[JSON_PATH] > _MOST_LIST:
        return ()
    try:
        content = json.loads(b"".join(shelf.blocks(JSON_PATH)))
        found = list(_of_schema(content))
        if not found:
            found = list(_of_content(shelf, content, good, sizes))
            found = [problem for problem in found if problem.where not in told]
    except _SHAPE:
        words = f"{JSON_NAME}不是本系统写的样子，无法核对卷内目录。"
        return (_problem(JSON_PATH, words, "format"),)
    return tuple(found)


def _problem(where: str, sentence: str, kind: str) -> Problem:
    return Problem(where, sentence, data={"kind": kind})


def _of_schema(content: Mapping[str, Any]) -> Iterator[Problem]:
    name, version = content["格式"], content["版本"]
    if name != SCHEMA:
        yield _problem(JSON_PATH, f"{JSON_NAME}的格式是“{name}”，不是本系统的归档包。", "format")
    elif version > SCHEMA_VERSION:
        words = f"{JSON_NAME}的格式是第{version}版，本系统只认识到第{SCHEMA_VERSION}版。"
        yield _problem(JSON_PATH, f"{words}请用新版的系统核对。", "newer")


def _of_content(
    shelf: Shelf, content: Mapping[str, Any], good: Mapping[str, str], sizes: Mapping[str, int]
) -> Iterator[Problem]:
    entries = list(_entries(content))
    yield from _of_entries(entries, good, sizes)
    named = {entry[FILE] for entry in entries} | {JSON_PATH, CSV_PATH}
    for path in sorted(good):
        if path.startswith(PAYLOAD) and path not in named:
            words = f"“{path}”在{JSON_NAME}里没有，不知道是什么材料。"
            yield _problem(path, words, "not_in_list")
    if CSV_PATH not in sizes:
        yield _problem(CSV_PATH, f"缺少{CSV_NAME}。", "missing")
    elif CSV_PATH in good and b"".join(shelf.blocks(CSV_PATH)) != csv_bytes(content):
        yield _problem(CSV_PATH, f"{CSV_NAME}与{JSON_NAME}的内容不一致。", "lists_differ")
    yield from _of_pages(shelf, content, good)


def _entries(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every place in the list that names a file."""
    yield from content[JOURNAL]
    for part in (*content[VOLUMES], *content[ITEMS]):
        if part[FILE] is not None:
            yield part
        yield from part.get(ORIGINALS, ())


def _of_entries(
    entries: Iterable[Mapping[str, Any]], good: Mapping[str, str], sizes: Mapping[str, int]
) -> Iterator[Problem]:
    for entry in entries:
        path = entry[FILE]
        if path not in sizes:
            yield _problem(path, f"{JSON_NAME}里有“{path}”，包里没有这个文件。", "missing")
        elif path in good and (good[path], sizes[path]) != (entry[DIGEST], entry[BYTES]):
            words = f"“{path}”与{JSON_NAME}里登记的校验值或者字节数不同。"
            yield _problem(path, words, "lists_differ")


def _of_pages(
    shelf: Shelf, content: Mapping[str, Any], good: Mapping[str, str]
) -> Iterator[Problem]:
    for item in content[ITEMS]:
        bound = sum(span["页数"] for span in item[SPANS])
        where = f"{item['卷']}第{item['件号']}件“{item['名称']}”"
        if item[SPANS] and bound != item["页数"]:
            words = f"{where}有{item['页数']}页，编入各册的却是{bound}页。"
            yield _problem(JSON_PATH, words, "pages")
        yield from _of_pdf(shelf, item, where, good)
    for volume in content[VOLUMES]:
        yield from _of_pdf(shelf, volume, f"{volume['卷']}第{volume['册']}册影像卷宗", good)


def _of_pdf(
    shelf: Shelf, part: Mapping[str, Any], where: str, good: Mapping[str, str]
) -> Iterator[Problem]:
    path = part[FILE]
    if path is None or path not in good:
        return
    pages = _page_count(shelf, path)
    if pages is None:
        yield _problem(path, f"{where}的文件打不开，不是完整的 PDF（{path}）。", "bad_pdf")
    elif pages != part["页数"]:
        words = f"{where}的文件有{pages}页，目录里写的是{part['页数']}页（{path}）。"
        yield _problem(path, words, "pages")


def _page_count(shelf: Shelf, path: str) -> int | None:
    """Return how many pages a PDF of the package has, ``None`` where it cannot be opened."""
    import pikepdf

    try:
        # A member of a ZIP file can be read in one direction only.
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
            for block in shelf.blocks(path):
                copy.write(block)
            copy.seek(0)
            with pikepdf.open(cast("BinaryIO", copy)) as pdf:
                return len(pdf.pages)
    except (pikepdf.PdfError, *UNREADABLE):
        return None
