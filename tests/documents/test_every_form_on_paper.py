"""Every form of the court on paper: in Word and in PDF, filled in and with all data missing.

Made once for all tests: 280 papers in both formats, the Word files printed by LibreOffice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.full_case import DAY, empty_case, full_case, library, made
from helpers.office import boxes_of, converter, official, pages_of, shelf
from helpers.word_files import squeezed
from zhixing_desktop.documents.blocks import (
    Align,
    Paper,
    Paragraph,
    Ruled,
    Signature,
    Style,
    Table,
    plain,
    text_of,
    words_of,
)
from zhixing_desktop.documents.lines import NO_END, NO_START
from zhixing_desktop.documents.pdf import render_pdf
from zhixing_desktop.documents.typeset import typeset
from zhixing_desktop.documents.word import render_docx
from zhixing_desktop.documents.word_package import open_package
from zhixing_desktop.documents.word_reading import passages

# A form reads well only of a thing that it is for.
FITTING = {
    "03-freeze-notice": "asset/2",
    "17-freeze-ruling": "asset/2",
    "17-detention-ruling": "asset/3",
    "31-transfer-ruling": "asset/2",
    "31-withdrawal-ruling": "asset/2",
    "31-transfer-assistance-notice": "asset/2",
}
LINES_ABOVE = 2
FEWEST_LINES = 3


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A paper, its Word file, that file as LibreOffice prints it, and our PDF; pages as text."""

    paper: Paper
    word: bytes
    printed: bytes
    pdf: bytes
    printed_pages: tuple[str, ...]
    pdf_pages: tuple[str, ...]

    def both(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the pages of the PDF and of the Word file."""
        yield "PDF", self.pdf_pages
        yield "Word", self.printed_pages


@pytest.fixture(scope="module")
def papers() -> Mapping[str, Paper]:
    """Each form twice: of a case of which all is known, and of one of which nothing is."""
    full, empty = full_case(), empty_case()
    forms = sorted(library().forms)
    return {
        **{f"{key}, full": made(key, full, about=FITTING.get(key, "")) for key in forms},
        **{f"{key}, gaps": made(key, empty, full=False) for key in forms},
    }


@pytest.fixture(scope="module")
def on_paper(
    papers: Mapping[str, Paper], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, OnPaper]:
    layout = official()
    word = [render_docx(paper, layout, shelf()) for paper in papers.values()]
    printed = converter(Path(tmp_path_factory.mktemp("office"))).to_pdf(word)
    return {
        name: _on_paper(paper, one, page)
        for (name, paper), one, page in zip(papers.items(), word, printed, strict=True)
    }


def _on_paper(paper: Paper, word: bytes, printed: bytes) -> OnPaper:
    pdf = render_pdf(paper, official(), shelf())
    return OnPaper(paper, word, printed, pdf, pages_of(printed), pages_of(pdf))


def test_the_words_of_every_form_are_in_its_word_file(on_paper: Mapping[str, OnPaper]) -> None:
    differing = [
        name
        for name, one in on_paper.items()
        if _in_word(one.word) != squeezed("".join(words_of(one.paper)))
    ]
    assert differing == []


def test_what_is_copied_from_the_pdf_is_what_was_written(on_paper: Mapping[str, OnPaper]) -> None:
    differing = [
        name
        for name, one in on_paper.items()
        if _copied(one) != squeezed("".join(words_of(one.paper)))
    ]
    assert differing == []


def test_every_form_has_as_many_pages_in_word_as_in_pdf(on_paper: Mapping[str, OnPaper]) -> None:
    counts = {name: (len(o.printed_pages), len(o.pdf_pages)) for name, o in on_paper.items()}
    assert {name: found for name, found in counts.items() if found[0] != found[1]} == {}


def test_every_page_is_the_same_sheet_of_a4(on_paper: Mapping[str, OnPaper]) -> None:
    sheets = {
        (round(across), round(down))
        for one in on_paper.values()
        for across, down in (*boxes_of(one.pdf), *boxes_of(one.printed))
    }
    assert sheets == {(595, 842)}


def test_every_font_is_embedded_as_a_subset(on_paper: Mapping[str, OnPaper]) -> None:
    for name, one in on_paper.items():
        fonts = re.findall(rb"/BaseFont /([^\s/]+)", one.pdf)
        assert fonts, name
        assert all(re.match(rb"[A-Z]{6}\+", font) for font in fonts), name
        assert one.pdf.count(b"/FontFile2 ") == len(fonts), name


def test_no_line_begins_or_ends_against_the_rules(papers: Mapping[str, Paper]) -> None:
    broken = [
        (name, line)
        for name, paper in papers.items()
        for line in _lines(paper)
        if (line[0] in NO_START and not _begins(paper, line))
        or (line[-1] in NO_END and not _ends(paper, line))
    ]
    assert broken == []


def test_no_signature_stands_alone_on_a_page(on_paper: Mapping[str, OnPaper]) -> None:
    alone = [
        (name, where, number)
        for name, one in on_paper.items()
        for where, pages in one.both()
        for first in _signatures(one.paper)
        for number, page in enumerate(pages, start=1)
        if number > 1 and _alone(page, first)
    ]
    assert alone == []


def test_no_page_is_left_nearly_empty(on_paper: Mapping[str, OnPaper]) -> None:
    empty = [
        (name, where, number)
        for name, one in on_paper.items()
        for where, pages in one.both()
        for number, page in enumerate(pages, start=1)
        if number > 1 and len(_text_lines(page)) < FEWEST_LINES
    ]
    assert empty == []


def test_nothing_is_left_unresolved_or_doubled(papers: Mapping[str, Paper]) -> None:
    wrong = re.compile(
        r"\{[{%]|[%}]\}|Blank\(|Record\(|Paragraphs\(|Optional\(|ByHand\(|None|Undefined"
        r"|^@|，，|。。|、、|：：|；；|；。|。；|，。|。，|、。|（）|《》"
    )
    found = [
        (name, words)
        for name, paper in papers.items()
        for words in words_of(paper)
        if wrong.search(words)
    ]
    assert found == []


def test_no_article_is_cited_that_is_not_in_the_dated_table(papers: Mapping[str, Paper]) -> None:
    article = re.compile(r"第[一二三四五六七八九十百千零]+条(?:第[一二三四五六七八九十]+款)?")
    known = {
        found.group()
        for law in library().laws.by_key.values()
        for articles in law.subjects.values()
        for one in articles
        if one.since <= DAY
        for found in article.finditer(one.words())
    }
    strange = {
        (name, found.group())
        for name, paper in papers.items()
        for words in words_of(paper)
        for found in article.finditer(words)
        if found.group() not in known
    }
    assert strange == set()


def test_each_record_says_at_its_foot_who_signs_its_pages(on_paper: Mapping[str, OnPaper]) -> None:
    records = [one for one in on_paper.values() if one.paper.signed_pages]
    assert len({one.paper.signed_by for one in records}) > 5
    for one in records:
        foot = squeezed(official().signed_foot.said(one.paper.signed_by))
        for _where, pages in one.both():
            assert all(foot in squeezed(page) for page in pages), one.paper.form


# ------------------------------------------------------------------------------------- of pages


def _in_word(data: bytes) -> str:
    """Return the words of a Word file as they are read when somebody hands it in."""
    package, _problems = open_package(data)
    assert package is not None
    return squeezed("".join(passage.text for passage in passages(package)))


def _text_lines(page: str) -> list[str]:
    """Return the lines of a page's text without its number, squeezed."""
    lines = [squeezed(line) for line in page.splitlines()]
    return [line for line in lines if line and not re.fullmatch(r"−\d+−", line)]


def _copied(one: OnPaper) -> str:
    """Return what is copied from our PDF, without what stands on a page besides the paper."""
    heads = [squeezed(head) for block in one.paper.blocks if (head := _head(block))]
    whole = ""
    for number, page in enumerate(one.pdf_pages, start=1):
        words = squeezed(page)
        if one.paper.signed_pages:
            words = words.removesuffix(squeezed(official().signed_foot.said(one.paper.signed_by)))
        words = words.removesuffix(f"−{number}−")
        for head in heads if number > 1 else ():
            words = words.removesuffix(head)
        whole += words
    return whole


def _head(block: object) -> str:
    """Return the words of a table's head that is repeated."""
    if not isinstance(block, Table):
        return ""
    rows = block.rows[: block.head]
    return "".join(plain(text) for row in rows for cell in row.cells for text in cell.texts)


def _signatures(paper: Paper) -> Iterator[str]:
    """Yield the first line of each signature, squeezed: a 落款, or lines that are signed.

    Not of one below lines to write on, which are no text that could be read on its page.
    """
    before = None
    for block in paper.blocks:
        if isinstance(block, Signature):
            first = block.signers[0] if block.signers else None
            yield squeezed(first.title + plain(first.name) if first else plain(block.day))
        elif _signed(block) and not _signed(before) and not isinstance(before, Ruled):
            assert isinstance(block, Paragraph)
            yield squeezed(plain(block.text))
        before = block


def _signed(block: object) -> bool:
    """Say whether a line is signed: it stands at the right, or at the left with 签名."""
    return (
        isinstance(block, Paragraph)
        and block.style is Style.BODY
        and (block.align is Align.RIGHT or (block.first == 0 and "签名" in plain(block.text)))
    )


def _alone(page: str, first: str) -> bool:
    """Say whether a signature that begins on a page has less than two lines above it."""
    lines = _text_lines(page)
    return any(line == first for line in lines[:LINES_ABOVE])


# ------------------------------------------------------------------------------------- of lines


def _lines(paper: Paper) -> Iterator[str]:
    """Yield the lines of a paper as they are set, with what is more than white."""
    for page in typeset(paper, official(), shelf()).pages:
        for placed in page.lines:
            words = "".join(span.words for span in placed.line.spans).strip("\u3000 ")
            if words:
                yield words


def _begins(paper: Paper, line: str) -> bool:
    """Say whether somebody wrote a mark at the very beginning of a text."""
    return any(words.lstrip("\u3000 ").startswith(line) for words in words_of(paper))


def _ends(paper: Paper, line: str) -> bool:
    return any(words.rstrip("\u3000 ").endswith(line) for words in words_of(paper))


def test_a_signature_is_seen_to_be_alone() -> None:
    page = "二〇二四年三月一日\n书记员周某\n−2−"
    assert _alone(page, "二〇二四年三月一日")
    assert not _alone(f"特此通知。\n如有异议\n{page}", "二〇二四年三月一日")
    paper = Paper("x", "x", "x", (Paragraph(text_of("）甲"), align=Align.RIGHT),))
    assert list(_signatures(paper)) == ["）甲"]
