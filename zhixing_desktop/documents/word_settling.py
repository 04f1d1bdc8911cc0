"""The last strokes on a Word file that becomes a paper's text of record: its number, no draft mark.

Nothing else of the file is touched; lxml keeps what a word processor wrote as it wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhixing_desktop.documents.word_package import W, pack, unpack

_TEXT, _MARKED = f"{W}t", (f"{W}highlight", f"{W}rStyle")


def settle(data: bytes, swaps: Sequence[tuple[str, str]], removed: Sequence[str] = ()) -> bytes:
    """Return the bytes of a .docx with words put in place of others, wherever they stand.

    ``data`` is a file that ``word_package.open_package`` found sound.  ``swaps`` are pairs (words,
    words instead); a word that Word cut into several runs is found.  ``removed`` are lines of the
    heads and feet that go (the mark of a draft).  The same input gives the same bytes.
    """
    from lxml import etree

    # What is handed in was read before without entities; nothing is fetched here either.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    parts = unpack(data)
    for name, content in parts.items():
        if not _has_words(name):
            continue
        root = etree.fromstring(content, parser)
        changed = [
            _swapped(paragraph, swaps, () if name.endswith("document.xml") else removed)
            for paragraph in root.iter(f"{W}p")
        ]
        if any(changed):
            parts[name] = etree.tostring(
                root, xml_declaration=True, encoding="UTF-8", standalone=True
            )
    return pack(parts)


def _has_words(name: str) -> bool:
    stem = name.rpartition("/")[2]
    return name.startswith("word/") and (
        stem == "document.xml" or (stem.startswith(("header", "footer")) and stem.endswith(".xml"))
    )


def _swapped(paragraph: Any, swaps: Sequence[tuple[str, str]], removed: Sequence[str]) -> bool:
    """Change one paragraph; tell whether anything was changed."""
    texts = list(paragraph.iter(_TEXT))
    whole = "".join(text.text or "" for text in texts)
    if whole and whole.strip() in removed:
        for text in texts:
            text.text = ""
        return True
    changed = False
    for old, new in swaps:
        if not old or old == new:
            continue
        at = whole.find(old)
        while at >= 0:
            _put(texts, at, len(old), new)
            whole = "".join(text.text or "" for text in texts)
            at = whole.find(old, at + len(new))
            changed = True
    return changed


def _put(texts: Sequence[Any], at: int, length: int, new: str) -> None:
    """Put words in place of ``length`` characters from ``at`` on, into the first run of them."""
    seen, left, first = 0, length, True
    for text in texts:
        words = text.text or ""
        start = max(at - seen, 0)
        seen += len(words)
        if start >= len(words) or left == 0:
            continue
        taken = min(left, len(words) - start)
        text.text = words[:start] + (new if first else "") + words[start + taken :]
        if taken == len(words):
            _unmark(text.getparent())
        left -= taken
        at, first = at + taken, False
        if left == 0:
            return


def _unmark(run: Any) -> None:
    """Take the mark of a gap off a run whose words have been filled in."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return
    for name in _MARKED:
        for mark in properties.findall(name):
            properties.remove(mark)


def mark_draft(data: bytes, words: str) -> bytes:
    """Return the bytes of a .docx with the mark of a draft as its first line, at the right."""
    from lxml import etree

    parts = unpack(data)
    name = next(name for name in parts if name.endswith("word/document.xml"))
    root = etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, no_network=True))
    body = root.find(f"{W}body")
    paragraph = etree.Element(f"{W}p")
    properties = etree.SubElement(paragraph, f"{W}pPr")
    etree.SubElement(properties, f"{W}jc").set(f"{W}val", "right")
    run = etree.SubElement(paragraph, f"{W}r")
    etree.SubElement(run, _TEXT).text = words
    body.insert(0, paragraph)
    parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return pack(parts)
