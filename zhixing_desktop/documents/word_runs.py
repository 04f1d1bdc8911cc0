"""Texts of a paper as runs of WordprocessingML: faces, gaps, letter spacing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhixing_desktop.documents.blocks import Face, Run, Style, Text, plain
from zhixing_desktop.documents.layout import TWIPS, Grid, LayoutProfile
from zhixing_desktop.documents.lines import drawable
from zhixing_desktop.documents.typeset_text import EMPTY_GAP
from zhixing_desktop.documents.word_styles import GAP, spacing
from zhixing_desktop.documents.word_xml import fonts, run


@dataclass(slots=True)
class RunWriter:
    """Writes texts in one layout and grid."""

    layout: LayoutProfile
    grid: Grid
    _fonts: Mapping[Face, str] = field(init=False)
    _tracking: Mapping[Style, float] = field(init=False)

    def __post_init__(self) -> None:
        self._fonts = {face: fonts(font.word) for face, font in self.layout.fonts.items()}
        self._tracking = {style: self.grid.tracking(style) for style in Style}

    def text(self, text: Text, style: Style) -> str:
        """Return a text of a paragraph in some style."""
        letters = ""
        if self.grid.styles[style].tracking:  # a title: set closer when it is long
            tracking = self.grid.tracking(style, plain(text))
            if tracking != self._tracking[style]:
                letters = f'<w:spacing w:val="{spacing(tracking)}"/>'
        return "".join([self._run(item, item.face, letters) for item in text])

    def cell(self, text: Text, *, label: bool) -> str:
        """Return a text of a cell; ``label`` when it names what stands beside or below it."""
        face = self.layout.table.label_face if label else None
        return "".join([self._run(item, item.face or face, "") for item in text])

    def apart(self, words: str, points: float) -> str:
        """Return words with so much room behind them, in points."""
        letters = f'<w:spacing w:val="{round(points * TWIPS)}"/>'
        return run(words[:-1]) + run(words[-1:], letters)

    def spread(self, text: Text, width: float, gap: float) -> str:
        """Return a text set as wide as ``width`` characters of the body, ``gap`` after it.

        By letter spacing, so that the words stay as they are.  A longer text is left alone.
        """
        length = len(plain(text))
        room = max(width - length, 0.0)
        between = room / (length - 1) if length > 1 else 0.0
        after = gap + (room if length == 1 else 0.0)
        written, seen = [], 0
        for item in text:
            seen += len(item.text)
            head, tail = (item.text[:-1], item.text[-1:]) if seen == length else (item.text, "")
            written.append(self._spaced(item, head, between))
            written.append(self._spaced(item, tail, after))
        return "".join(written)

    def _spaced(self, item: Run, words: str, extra: float) -> str:
        own = spacing(self._tracking[Style.BODY]) + round(extra * self.grid.cell * TWIPS)
        letters = f'<w:spacing w:val="{own}"/>' if extra else ""
        part = Run(words, item.face, item.bold, item.underline, item.gap)
        return self._run(part, item.face, letters)

    def _run(self, item: Run, face: Face | None, letters: str) -> str:
        words = drawable(item.text) or (EMPTY_GAP if item.gap else "")
        if face is None and not (letters or item.gap or item.bold or item.underline):
            return run(words)
        return run(
            words,
            (f'<w:rStyle w:val="{GAP}"/>' if item.gap else "")
            + (self._fonts[face] if face else "")
            + ("<w:b/>" if item.bold else "")
            + letters
            + ('<w:highlight w:val="yellow"/>' if item.gap else "")
            + ('<w:u w:val="single"/>' if item.underline else ""),
        )
