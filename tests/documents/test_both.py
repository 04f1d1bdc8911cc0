"""The same paper in Word and in PDF: words, pages and page box; Word as LibreOffice lays it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from helpers.made_papers import everything, listed, mixed, record, ruling
from helpers.office import boxes_of, converter, official, pages_of, shelf
from helpers.word_files import squeezed, words_in
from zhixing_desktop.documents.blocks import Paper, Style, Table, words_of
from zhixing_desktop.documents.pdf import render_pdf
from zhixing_desktop.documents.word import render_docx


def large(paper: Paper) -> Paper:
    """Return a paper with its tables in the size of the text, as on a cover."""
    blocks = (
        replace(block, style=Style.BODY) if isinstance(block, Table) else block
        for block in paper.blocks
    )
    return replace(paper, blocks=tuple(blocks))


PAPERS: Mapping[str, Paper] = {
    "everything": everything(),
    # A paragraph that grows line by line over the end of a page, a signature after it.
    **{f"ruling of {n} paragraphs": ruling(60, paragraphs=n) for n in range(4, 28)},
    **{f"ruling of {n} short paragraphs": ruling(35, paragraphs=n) for n in range(5, 29)},
    **{f"ruling of {n} characters": ruling(n) for n in (60, 150, 250, 600, 700, 800, 900)},
    **{f"list of {n}": listed(n) for n in (1, 8, 9, 10, 11, 12, 13, 20, 33)},
    **{f"dense list of {n}": listed(n, dense=True) for n in (1, 12, 17, 18, 19, 20, 40, 200)},
    **{f"large list of {n}": large(listed(n)) for n in (1, 5, 9, 14, 20)},
    **{f"record of {n}": record(n) for n in range(4, 12)},
    **{f"mixture {seed}": mixed(seed) for seed in range(1, 41)},
}


@dataclass(frozen=True, slots=True)
class Both:
    """A paper, its Word file, that file as LibreOffice prints it, and our PDF."""

    paper: Paper
    word: bytes
    printed: bytes
    pdf: bytes


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Both]:
    """Every paper in both, all Word files printed in one run of LibreOffice."""
    layout = official()
    word = [render_docx(paper, layout, shelf()) for paper in PAPERS.values()]
    printed = converter(Path(tmp_path_factory.mktemp("office"))).to_pdf(word)
    return {
        name: Both(paper, made, page, render_pdf(paper, layout, shelf()))
        for (name, paper), made, page in zip(PAPERS.items(), word, printed, strict=True)
    }


def words_on(pdf: bytes, paper: Paper) -> str:
    """Return the words of a PDF without what is on a page besides the paper's own."""
    pages = []
    for number, page in enumerate(pages_of(pdf), start=1):
        words = squeezed(page).replace(f"−{number}−", "")
        pages.append(words.replace("草稿未签发", ""))
    if paper.signed_pages:
        pages = [re.sub("被询问人（签名、捺印）：_*", "", words) for words in pages]
    return "".join(pages)


def test_page_counts_are_equal(both: Mapping[str, Both]) -> None:
    counts = {name: (len(pages_of(b.printed)), len(pages_of(b.pdf))) for name, b in both.items()}
    assert {name: found for name, found in counts.items() if found[0] != found[1]} == {}
    assert max(count for count, _other in counts.values()) > 5


def test_every_page_is_the_same_sheet(both: Mapping[str, Both]) -> None:
    for made in both.values():
        sheets = {(round(w), round(h)) for w, h in (*boxes_of(made.printed), *boxes_of(made.pdf))}
        assert sheets == {(595, 842)}


@pytest.mark.parametrize(
    "name", ["everything", "ruling of 700 characters", "ruling of 20 paragraphs", "record of 10"]
)
def test_the_words_are_the_same_in_the_same_order(both: Mapping[str, Both], name: str) -> None:
    made = both[name]
    own = squeezed("".join(words_of(made.paper)))
    assert squeezed("".join(words_in(made.word))) == own
    assert words_on(made.printed, made.paper) == own
    assert words_on(made.pdf, made.paper) == own


def test_no_signature_stands_alone_on_a_page_of_either(both: Mapping[str, Both]) -> None:
    signature = len(
        "审判长王镕审判员李旻玥人民陪审员欧阳珩琀二〇二四年三月十一日法官助理赵堃书记员孙㛃"
    )
    for name, made in both.items():
        if name.startswith("ruling"):
            for pdf in (made.printed, made.pdf):
                last = squeezed(pages_of(pdf)[-1])
                assert len(last) > signature + 20, name


def test_the_head_of_a_table_is_on_each_of_its_pages_in_both(both: Mapping[str, Both]) -> None:
    made = both["dense list of 40"]
    for pdf in (made.printed, made.pdf):
        with_rows = [page for page in map(squeezed, pages_of(pdf)) if "不动产权" in page]
        assert len(with_rows) > 1
        assert all("序号财产名称权利人价值（元）备注" in page for page in with_rows)
