"""Where words stand in the guideline: from a citation's paragraph to a stretch of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from zhixing_desktop.workflow.guideline import Sentence, plain, sentences

_NODE = re.compile(r"节点[一二三四五六七八九十]+")
_CASE = re.compile(r"节点\S+ (?:第\d项|\S+?案件)")


class Span(NamedTuple):
    """A stretch of the guideline in the form of ``plain``; ``end`` is after its last character."""

    start: int
    end: int

    def __len__(self) -> int:
        """Count the characters, not the two bounds."""
        return self.end - self.start


class Places:
    """The guideline cut into sentences, and the stretch that each named place takes up."""

    def __init__(self, text: str) -> None:
        self.plain = plain(text)
        self.sentences: tuple[Sentence, ...] = sentences(text)
        self._starts = [sentence.start for sentence in self.sentences]
        self._exactly: dict[str, Span] = {}
        self._within: dict[str, Span] = {}
        for sentence in self.sentences:
            self._add(self._exactly, plain(sentence.place), sentence)
            for part in (_NODE, _CASE):
                wider = part.match(sentence.place)
                if wider is not None:
                    self._add(self._within, plain(wider.group()), sentence)

    @staticmethod
    def _add(known: dict[str, Span], key: str, sentence: Sentence) -> None:
        start = known[key].start if key in known else sentence.start
        known[key] = Span(start, sentence.end)

    def at(self, offset: int) -> Sentence:
        """Return the sentence that an offset lies in."""
        return self.sentences[bisect_right(self._starts, offset) - 1]

    def between(self, span: Span) -> tuple[Sentence, ...]:
        """Return the sentences that a stretch touches."""
        first = bisect_right(self._starts, span.start) - 1
        return self.sentences[first : bisect_left(self._starts, span.end)]

    def find(self, paragraph: str, quote: str) -> tuple[list[Span], bool]:
        """Return where the quote stands, and whether that is in the paragraph that was named.

        A node's own name means its heading before all that stands under it.  Searched in the
        paragraph, then in its node, then in the whole text; an empty paragraph means the whole.
        """
        words = plain(quote)
        if not paragraph:
            return self._spans(words, Span(0, len(self.plain))), True
        for key in self._spellings(plain(paragraph)):
            for known in (self._exactly, self._within):
                found = self._spans(words, known[key]) if key in known else []
                if found:
                    return found, True
        node = _NODE.match(paragraph)
        if node is not None and node.group() in self._within:
            found = self._spans(words, self._within[node.group()])
            if found:
                return found, False
        return self._spans(words, Span(0, len(self.plain))), False

    @staticmethod
    def _spellings(key: str) -> Iterator[str]:
        """A place as it is named here and there: 终本案件6 is 终本案件工作内容6 too."""
        yield key
        yield re.sub(r"(案件)工作内容(\d+)$", r"\1\2", key)
        yield re.sub(r"工作内容(\d+)$", r"第\1项工作内容", key)
        yield re.sub(r"工作内容\d+$", "工作内容", key)

    def _spans(self, words: str, inside: Span) -> list[Span]:
        found = []
        at = self.plain.find(words, inside.start, inside.end) if words else -1
        while at >= 0:
            found.append(Span(at, at + len(words)))
            at = self.plain.find(words, at + len(words), inside.end)
        return found
