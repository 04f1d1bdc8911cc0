"""Every form of the court in Word and in PDF, filled in and with all data missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from helpers.full_case import empty_case, full_case, library, made
from helpers.office import converter, official, pages_of, shelf
from helpers.word_files import squeezed, words_in
from zhixing_desktop.documents.blocks import Paper, words_of
from zhixing_desktop.documents.pdf import page_count
from zhixing_desktop.documents.word import render_docx


@pytest.fixture(scope="module")
def papers() -> Mapping[str, Paper]:
    """Each form twice: of a case of which all is known, and of one of which nothing is."""
    full, empty = full_case(), empty_case()
    forms = sorted(library().forms)
    return {
        **{f"{key}, full": made(key, full) for key in forms},
        **{f"{key}, gaps": made(key, empty, full=False) for key in forms},
    }


@pytest.fixture(scope="module")
def word(papers: Mapping[str, Paper]) -> Mapping[str, bytes]:
    """The Word file of each."""
    return {name: render_docx(paper, official(), shelf()) for name, paper in papers.items()}


def test_the_words_of_every_form_are_in_its_word_file(
    papers: Mapping[str, Paper], word: Mapping[str, bytes]
) -> None:
    differing = [
        name
        for name, paper in papers.items()
        if squeezed("".join(words_in(word[name]))) != squeezed("".join(words_of(paper)))
    ]
    assert differing == []


def test_every_form_has_as_many_pages_in_word_as_in_pdf(
    papers: Mapping[str, Paper], word: Mapping[str, bytes], tmp_path: Path
) -> None:
    printed = converter(tmp_path).to_pdf(list(word.values()))
    counts = {
        name: (len(pages_of(pdf)), page_count(papers[name], official(), shelf()))
        for name, pdf in zip(word, printed, strict=True)
    }
    assert {name: found for name, found in counts.items() if found[0] != found[1]} == {}
