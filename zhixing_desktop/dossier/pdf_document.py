"""What a PDF says of itself as a whole: outline, page labels, metadata, catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from zhixing_desktop.dossier.pdf_sink import PdfSink

_ZONE = "+08:00"
"""Moments are civil time in Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: its words, the page (from 0 on) it leads to, its level (0 the outermost)."""

    title: str
    at: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says about itself.

    ``created`` is civil time in Asia/Shanghai.  ``more`` are further entries of the document's
    information (案号, 卷宗号 …): names of ASCII letters and digits, words of any kind.
    """

    title: str
    author: str = ""
    subject: str = ""
    keywords: str = ""
    creator: str = ""
    created: datetime | None = None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageLabel:
    """What a reader shows for a page: a prefix and then, where there is one, a number.

    ``style`` is ``D`` (1, 2, 3), ``r`` (i, ii, iii) or empty (the prefix alone).
    """

    prefix: str = ""
    style: str = ""
    number: int = 1


def write_document(
    sink: PdfSink,
    tree: int,
    pages: Sequence[int],
    labels: Sequence[PageLabel],
    outline: Sequence[OutlineEntry],
    metadata: Metadata,
    version: str,
) -> tuple[int, int]:
    """Write all that is not a page; return the numbers of the catalogue and of the information.

    ``tree`` is the reserved number of the tree of pages, ``pages`` are their numbers in order,
    ``version`` the newest PDF version that a page asks for.
    """
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    sink.put(tree, b"<< /Type /Pages /Count %d /Kids [ %b ] >>" % (len(pages), kids))
    xmp = sink.add_stream(b"/Type /Metadata /Subtype /XML", _xmp(metadata).encode("utf-8"))
    entries = [
        b"/Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang (zh-CN)" % (tree, xmp),
        b"/PageLabels << /Nums [ %b ] >>" % _labels(labels),
        b"/ViewerPreferences << /DisplayDocTitle true >>",
    ]
    if version > "1.7":
        entries.append(b"/Version /%b" % version.encode("ascii"))
    if outline:
        top = _outline(sink, pages, outline)
        entries.append(b"/Outlines %d 0 R /PageMode /UseOutlines" % top)
    root = sink.add(b"<< %b >>" % b" ".join(entries))
    info = sink.add(b"<< %b >>" % _information(metadata))
    return root, info


def text_string(words: str) -> bytes:
    """Return words as a PDF string that every reader understands: UTF-16, in hexadecimal."""
    return b"<feff" + words.encode("utf-16-be", "replace").hex().encode("ascii") + b">"


def _labels(labels: Sequence[PageLabel]) -> bytes:
    """Return the number tree of labels: an entry wherever a label does not just go on."""
    parts = []
    before: PageLabel | None = None
    for place, label in enumerate(labels):
        goes_on = (
            before is not None
            and label.style == before.style != ""
            and label.prefix == before.prefix
            and label.number == before.number + 1
        )
        if not goes_on:
            parts.append(b"%d << %b >>" % (place, _label(label)))
        before = label
    return b" ".join(parts)


def _label(label: PageLabel) -> bytes:
    entries = []
    if label.style:
        entries.append(b"/S /%b /St %d" % (label.style.encode("ascii"), label.number))
    if label.prefix or not label.style:
        entries.append(b"/P " + text_string(label.prefix))
    return b" ".join(entries)


def _outline(sink: PdfSink, pages: Sequence[int], outline: Sequence[OutlineEntry]) -> int:
    """Write the bookmarks (ISO 32000-1, 12.3.3) and return the number of their root.

    Bookmarks of the outermost level are shown, those below them folded.
    """
    root = sink.reserve()
    first = sink.reserve(len(outline))
    family = _Family(outline)

    def number(place: int) -> int:
        return root if place < 0 else first + place

    for place, entry in enumerate(outline):
        at = min(max(entry.at, 0), len(pages) - 1)
        entries = [
            b"/Title " + text_string(entry.title),
            b"/Parent %d 0 R /Dest [ %d 0 R /Fit ]" % (number(family.parents[place]), pages[at]),
        ]
        for key, beside in zip((b"Prev", b"Next"), family.beside(place), strict=True):
            if beside is not None:
                entries.append(b"/%b %d 0 R" % (key, number(beside)))
        row = family.children[place]
        if row:
            entries.append(_ends(number(row[0]), number(row[-1]), -len(row)))
        sink.put(number(place), b"<< %b >>" % b" ".join(entries))
    top = family.children[-1]
    sink.put(root, b"<< /Type /Outlines %b >>" % _ends(number(top[0]), number(top[-1]), len(top)))
    return root


def _ends(first: int, last: int, count: int) -> bytes:
    return b"/First %d 0 R /Last %d 0 R /Count %d" % (first, last, count)


class _Family:
    """Which bookmark stands under which; the root is -1."""

    def __init__(self, outline: Sequence[OutlineEntry]) -> None:
        self.parents: list[int] = []
        self.children: dict[int, list[int]] = {-1: []}
        self._ranks: list[int] = []
        path = [-1]
        for place, entry in enumerate(outline):
            # A level that skips one belongs under the bookmark before.
            del path[1 + max(0, min(entry.level, len(path) - 1)) :]
            row = self.children[path[-1]]
            self.parents.append(path[-1])
            self._ranks.append(len(row))
            row.append(place)
            self.children[place] = []
            path.append(place)

    def beside(self, place: int) -> tuple[int | None, int | None]:
        """Return the bookmarks before and after on the same level."""
        row, rank = self.children[self.parents[place]], self._ranks[place]
        return (
            row[rank - 1] if rank else None,
            row[rank + 1] if rank + 1 < len(row) else None,
        )


def _information(metadata: Metadata) -> bytes:
    plain = {
        "Title": metadata.title,
        "Author": metadata.author,
        "Subject": metadata.subject,
        "Keywords": metadata.keywords,
        "Creator": metadata.creator,
        **metadata.more,
    }
    entries = [
        b"/%b %b" % (key.encode("ascii"), text_string(words))
        for key, words in plain.items()
        if words
    ]
    if metadata.created is not None:
        moment = metadata.created.strftime("D:%Y%m%d%H%M%S") + _ZONE.replace(":", "'") + "'"
        entries += [
            b"/%b (%b)" % (key, moment.encode("ascii")) for key in (b"CreationDate", b"ModDate")
        ]
    return b" ".join(entries)


def _xmp(metadata: Metadata) -> str:
    """Return the same as XMP (ISO 16684-1), which archives read."""
    parts = [_alternatives("dc:title", metadata.title)]
    if metadata.author:
        words = escape(metadata.author)
        parts.append(f"<dc:creator><rdf:Seq><rdf:li>{words}</rdf:li></rdf:Seq></dc:creator>")
    if metadata.subject:
        parts.append(_alternatives("dc:description", metadata.subject))
    if metadata.keywords:
        parts.append(f"<pdf:Keywords>{escape(metadata.keywords)}</pdf:Keywords>")
    if metadata.creator:
        parts.append(f"<xmp:CreatorTool>{escape(metadata.creator)}</xmp:CreatorTool>")
    if metadata.created is not None:
        moment = metadata.created.isoformat(timespec="seconds") + _ZONE
        parts += [f"<xmp:{key}>{moment}</xmp:{key}>" for key in ("CreateDate", "ModifyDate")]
    parts += [f"<pdfx:{key}>{escape(words)}</pdfx:{key}>" for key, words in metadata.more.items()]
    body = "\n".join(parts)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/">\n'
        f"{body}\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    )


def _alternatives(key: str, words: str) -> str:
    return (
        f'<{key}><rdf:Alt><rdf:li xml:lang="x-default">{escape(words)}</rdf:li></rdf:Alt></{key}>'
    )
