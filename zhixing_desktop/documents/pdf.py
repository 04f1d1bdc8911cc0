"""The PDF of a paper: the pages that ``typeset`` has set, drawn with reportlab.

Only subsets of the fonts used are embedded, the text copies back as it was written, and the same
paper with the same fonts always gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.documents.fonts import FontShelf, refuse_missing
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.typeset import Page, Placed, Rule, SealPlace, Typeset, typeset
from zhixing_desktop.documents.typeset_text import SetLine, Span

_CREATOR = "知行"
_GAP_GROUND = "0.9 0.9 0.9"
_MM = 72 / 25.4
_BOLD = 0.03  # of the size: how thick the outline of bold type is
_MARK_DEPTH = 0.17  # of the size: how far below the baseline a line under characters stands


def render_pdf(paper: Paper, layout: LayoutProfile, fonts: FontShelf) -> bytes:
    """Return a paper as a PDF file.

    Raises ``InputRefusedError`` naming every character that no font has, ``StoreError`` when there
    is no font at all, ``ValueError`` for a table whose rows do not fit its columns (a fault of the
    form).
    """
    made = _typeset(paper, layout, fonts)
    # reportlab's fonts keep a position while they are cut down: one document at a time.
    with fonts.lock:
        return _Drawing(paper, made, fonts).bytes()


def page_count(paper: Paper, layout: LayoutProfile, fonts: FontShelf) -> int:
    """Return how many pages a paper has, without drawing it; raises as ``render_pdf`` does."""
    return len(_typeset(paper, layout, fonts).pages)


def seal_places(paper: Paper, layout: LayoutProfile, fonts: FontShelf) -> tuple[SealPlace, ...]:
    """Return where a paper has room for seals, in order; raises as ``render_pdf`` does."""
    return tuple(seal for page in _typeset(paper, layout, fonts).pages for seal in page.seals)


def _typeset(paper: Paper, layout: LayoutProfile, fonts: FontShelf) -> Typeset:
    made = typeset(paper, layout, fonts)
    refuse_missing(made.missing)
    return made


class _Canvas(Canvas):  # type: ignore[misc]  # reportlab carries no types
    """A canvas that names no font of its own (Helvetica) and writes no ASCII armour."""

    def _make_preamble(self) -> None:
        self._preamble = "1 0 0 1 0 0 cm"

    def showPage(self) -> None:  # noqa: N802 - the parent's name
        super().showPage()
        page = self._doc.Pages.pages[-1]
        content = pdfdoc.PDFStream(content=page.stream)
        content.filters = [pdfdoc.PDFZCompress]
        page.Contents = content


class _Drawing:
    """One PDF in the making."""

    def __init__(self, paper: Paper, made: Typeset, fonts: FontShelf) -> None:
        self._paper = paper
        self._made = made
        self._fonts = fonts
        self._file = io.BytesIO()
        grid = made.grid
        self._height = grid.height * _MM
        self._canvas = _Canvas(
            self._file,
            pagesize=(grid.width * _MM, self._height),
            pageCompression=1,
            invariant=1,
            pdfVersion=(1, 5),  # ActualText
            initialFontName="none",
            lang="zh-CN",
        )
        self._doc: Any = self._canvas._doc  # noqa: SLF001 - TTFont asks for it; no public way
        self._names: dict[tuple[int, int], str] = {}

    def bytes(self) -> bytes:
        self._properties()
        self._outline_begun = False
        for page in self._made.pages:
            code = self._page(page)
            self._doc.updateSignature(code.encode())  # else papers with one title have one ID
            self._canvas._code.append(code)  # noqa: SLF001 - text is written directly
            self._outline(page)
            self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()

    def _properties(self) -> None:
        paper, canvas = self._paper, self._canvas
        canvas.setTitle(" ".join(part for part in (paper.title, paper.number) if part))
        canvas.setAuthor(paper.author or paper.court)
        canvas.setSubject(paper.court)
        canvas.setKeywords("，".join(paper.keywords))
        canvas.setCreator(_CREATOR)
        if paper.day is not None:
            stamp = f"D:{paper.day:%Y%m%d}000000+08'00'"
            canvas.setDateFormatter(lambda *_: stamp)

    def _outline(self, page: Page) -> None:
        for i, entry in enumerate(page.entries):
            key = f"p{page.number}-{i}"
            self._canvas.bookmarkPage(
                key, fit="XYZ", left=0, top=round(self._height - entry.top + 4, 2)
            )
            level = entry.level if self._outline_begun else 0
            self._canvas.addOutlineEntry(entry.title, key, level)
            self._outline_begun = True
        if page.number == 1 and not page.entries:
            self._canvas.bookmarkPage("paper", fit="Fit")
            self._canvas.addOutlineEntry(self._paper.title or self._paper.form, "paper", 0)
            self._outline_begun = True

    # ------------------------------------------------------------------------------- the pages

    def _page(self, page: Page) -> str:
        left = self._made.grid.margins.left * _MM
        code = [f"1 0 0 1 {left:.3f} 0 cm"]
        code += self._grounds(page.lines)
        code += self._rules(page.rules)
        code.append("BT")
        code += self._text(page.lines)
        code += self._text(page.furniture)
        code.append("ET")
        return "\n".join(code)

    def _grounds(self, lines: Iterable[Placed]) -> Iterator[str]:
        for placed in lines:
            size = placed.line.size
            for mark in placed.line.marks:
                wide = mark.right - mark.left
                if mark.gap:
                    low = self._height - placed.baseline - _MARK_DEPTH * size
                    yield (
                        f"{_GAP_GROUND} rg {mark.left:.2f} {low:.2f} {wide:.2f} "
                        f"{1.08 * size:.2f} re f 0 g"
                    )
                y = self._height - placed.baseline - _MARK_DEPTH * size
                yield f"0.6 w {mark.left:.2f} {y:.2f} m {mark.left + wide:.2f} {y:.2f} l S"

    def _rules(self, rules: Iterable[Rule]) -> Iterator[str]:
        for width, dashed in dict.fromkeys((rule.width, rule.dashed) for rule in rules):
            yield f"{width:.2f} w 2 J" if not dashed else f"{width:.2f} w 0 J [4 3] 0 d"
            drawn = dict.fromkeys(r for r in rules if (r.width, r.dashed) == (width, dashed))
            for x1, y1, x2, y2, *_ in drawn:
                top, low = self._height - y1, self._height - y2
                yield f"{x1:.2f} {top:.2f} m {x2:.2f} {low:.2f} l"
            yield "S [] 0 d" if dashed else "S"

    def _text(self, lines: Iterable[Placed]) -> Iterator[str]:
        for placed in lines:
            if placed.grey:
                yield "0.45 g"
            yield from self._line(placed.line, self._height - placed.baseline)
            if placed.grey:
                yield "0 g"

    def _line(self, line: SetLine, y: float) -> Iterator[str]:
        if line.apart and _may_be_told(line.spans):
            yield from self._told(line.spans, y)
            return
        for chunk, found in groupby(line.spans, attrgetter("chunk")):
            spans = list(found)
            is_told = chunk and _may_be_told(spans)
            yield from self._told(spans, y) if is_told else self._spans(spans, y)

    def _told(self, spans: Sequence[Span], y: float) -> Iterator[str]:
        """Say what stands there where the room between characters could be taken for spaces."""
        words = "".join(span.words for span in spans)
        yield f"/Span <</ActualText <feff{words.encode('utf-16-be').hex()}>>> BDC"
        yield from self._spans(spans, y)
        yield "EMC"

    def _spans(self, spans: Iterable[Span], y: float) -> Iterator[str]:
        for span in spans:
            yield from self._span(span, y)

    def _span(self, span: Span, y: float) -> Iterator[str]:
        font = self._fonts.typeface(span.font)
        if span.bold:
            yield f"2 Tr {_BOLD * span.size:.2f} w"
        yield f"1 0 0 1 {span.x:.3f} {y:.3f} Tm {span.extra:.4f} Tc"
        for subset, codes in font.splitString(span.words, self._doc):
            key = (span.font, subset)
            name = self._names.get(key)
            if name is None:
                name = self._names[key] = font.getSubsetInternalName(subset, self._doc)
            yield f"{name} {span.size:g} Tf <{codes.hex()}> Tj"
        if span.bold:
            yield "0 Tr"


def _may_be_told(spans: Sequence[Span]) -> bool:
    """Say whether all readers copy an ActualText; PDFium drops what is beyond the BMP there."""
    return all(character <= "\uffff" for span in spans for character in span.words)
