"""Papers as PDF and Word: 200 of two pages with a table of twelve rows, beside what others take.

    .venv/bin/python bench/bench_papers.py [--papers 200] [--rounds 3]

Beside it in the same run: reportlab draws the same lines at the same places (``drawString``, one
for each line, with the same fonts, and the same rules), which somebody else has broken: the goal is
at most 1.5 times that.  And docxtpl fills a template with the same words: the goal is at most 0.3
of its time.  What counts is the time of the one thread, so that a busy machine makes little
difference.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from time import thread_time

from docxtpl import DocxTemplate
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from zhixing_desktop.documents.blocks import (
    Align,
    Cell,
    Paper,
    Paragraph,
    Row,
    Signature,
    Signer,
    Style,
    Table,
    text_of,
)
from zhixing_desktop.documents.fonts import FontShelf
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.layout_reader import load_layout
from zhixing_desktop.documents.pdf import render_pdf
from zhixing_desktop.documents.typeset import Typeset, typeset
from zhixing_desktop.documents.typeset_text import Span
from zhixing_desktop.documents.word import render_docx
from zhixing_desktop.paths import resources_dir

PDF_GOAL = 1.5
WORD_GOAL = 0.3
_SENTENCE = (
    "本院在执行申请执行人张喆与被执行人某某建设工程有限公司买卖合同纠纷一案中，责令被执行人自收到"
    "执行通知书之日起十日内履行（2023）豫0811民初4567号民事判决书确定的义务，但被执行人至今未履行；"
    "经网络执行查控系统查询，被执行人名下有银行存款107,000.53元，另有下列财产。"
)


def paper(number: int) -> Paper:
    """Return a ruling of two pages with a table of twelve rows."""
    case = f"（2024）豫0811执{number}号"
    rows = [
        Row(
            (
                Cell((text_of(str(n)),), align=Align.CENTER),
                Cell((text_of(f"位于示例市示例区示例路{n}号的房屋"),)),
                Cell((text_of(f"{n * number}.05"),), align=Align.RIGHT),
            )
        )
        for n in range(1, 13)
    ]
    head = Row(tuple(Cell((text_of(w),), label=True) for w in ("序号", "财产", "价值（元）")))
    return Paper(
        form="bench",
        title="执行裁定书",
        court="示例市示例区人民法院",
        number=case,
        day=date(2024, 3, 1),
        blocks=(
            Paragraph(text_of("示例市示例区人民法院"), Style.COURT, Align.CENTER, first=0),
            Paragraph(text_of("执行裁定书"), Style.TITLE, Align.CENTER, first=0),
            Paragraph(text_of(case), Style.NUMBER, Align.RIGHT, first=0),
            *(Paragraph(text_of(_SENTENCE)) for _ in range(3)),
            Table((1, 6, 2), (head, *rows), head=1),
            Paragraph(text_of("本裁定送达后立即生效。")),
            Signature(
                (Signer("审判员", text_of("王镕")),),
                text_of("二〇二四年三月一日"),
                "院印",
                (Signer("书记员", text_of("李旻玥")),),
            ),
        ),
    )


def plain(made: Typeset, names: Sequence[str]) -> bytes:
    """Draw what is set the plain way."""
    file = io.BytesIO()
    grid = made.grid
    height = grid.height * 72 / 25.4
    left = grid.margins.left * 72 / 25.4
    canvas = Canvas(file, pagesize=(grid.width * 72 / 25.4, height), initialFontName=names[0])
    for page in made.pages:
        for x1, y1, x2, y2, width, _ in page.rules:
            canvas.setLineWidth(width)
            canvas.line(left + x1, height - y1, left + x2, height - y2)
        for placed in (*page.lines, *page.furniture):
            for font, spans in groupby(placed.line.spans, attrgetter("font")):
                first, *others = spans
                words = first.words + "".join(span.words for span in others)
                canvas.setFont(names[font], first.size)
                canvas.drawString(
                    left + first.x, height - placed.baseline, words, charSpace=first.extra
                )
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def spent(work: Callable[[], object]) -> float:
    begun = thread_time()
    work()
    return thread_time() - begun


def pdf(papers: Sequence[Paper], layout: LayoutProfile, rounds: int) -> bool:
    """Measure the PDFs; say whether the goal is met."""
    shelf = FontShelf(layout.fonts, [], resources_dir() / "fonts")
    first = spent(lambda: render_pdf(papers[0], layout, shelf))
    made = [typeset(one, layout, shelf) for one in papers]
    pages = {len(one.pages) for one in made}
    names = []
    for number in range(len({span.font for span in _spans(made)})):
        file = shelf.file(number)
        names.append(f"plain-{number}")
        pdfmetrics.registerFont(TTFont(names[-1], str(file.path), subfontIndex=file.index))
    ratios, ours, theirs = [], [], []
    for _ in range(rounds):
        theirs.append(spent(lambda: [plain(one, names) for one in made]))
        ours.append(spent(lambda: [render_pdf(one, layout, shelf) for one in papers]))
        ratios.append(ours[-1] / theirs[-1])
    count = len(papers)
    ratio = statistics.median(ratios)
    print(f"{count} papers of {pages} pages; the first with the fonts {first * 1000:.0f} ms")
    print(f"  plain drawing  {statistics.median(theirs) / count * 1000:6.2f} ms a paper")
    print(f"  render_pdf     {statistics.median(ours) / count * 1000:6.2f} ms a paper")
    print(f"  ratio          {ratio:6.2f} (goal <= {PDF_GOAL})")
    return ratio <= PDF_GOAL


def _cell(words: str) -> Cell:
    return Cell((text_of(words),))


def template() -> Paper:
    """Return the paper with tags where the data of each stand."""
    one = paper(1)
    table = next(block for block in one.blocks if isinstance(block, Table))
    rows = (
        table.rows[0],
        Row((_cell("{%tr for row in rows %}"), Cell(), Cell())),
        Row((_cell("{{ row.n }}"), _cell("{{ row.what }}"), _cell("{{ row.value }}"))),
        Row((_cell("{%tr endfor %}"), Cell(), Cell())),
    )
    blocks = [
        Table(table.widths, rows, table.head)
        if isinstance(block, Table)
        else Paragraph(text_of("{{ case }}"), Style.NUMBER, Align.RIGHT, first=0)
        if isinstance(block, Paragraph) and block.style is Style.NUMBER
        else block
        for block in one.blocks
    ]
    return replace(one, blocks=tuple(blocks))


def filled(pattern: bytes, number: int) -> bytes:
    """Fill the template the way of docxtpl's own guide."""
    document = DocxTemplate(io.BytesIO(pattern))
    rows = [
        {"n": n, "what": f"位于示例市示例区示例路{n}号的房屋", "value": f"{n * number}.05"}
        for n in range(1, 13)
    ]
    document.render({"case": f"（2024）豫0811执{number}号", "rows": rows}, autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def word(papers: Sequence[Paper], layout: LayoutProfile, rounds: int) -> bool:
    """Measure the Word files; say whether the goal is met."""
    pattern = render_docx(template(), layout)
    ratios, ours, theirs = [], [], []
    count = len(papers)
    for _ in range(rounds):
        theirs.append(spent(lambda: [filled(pattern, n) for n in range(1, count + 1)]))
        ours.append(spent(lambda: [render_docx(one, layout) for one in papers]))
        ratios.append(ours[-1] / theirs[-1])
    ratio = statistics.median(ratios)
    print(f"  docxtpl        {statistics.median(theirs) / count * 1000:6.2f} ms a paper")
    print(f"  render_docx    {statistics.median(ours) / count * 1000:6.2f} ms a paper")
    print(f"  ratio          {ratio:6.2f} (goal <= {WORD_GOAL})")
    return ratio <= WORD_GOAL


def _spans(made: Sequence[Typeset]) -> Iterator[Span]:
    pages = (page for one in made for page in one.pages)
    placed = (line for page in pages for line in (*page.lines, *page.furniture))
    return (span for line in placed for span in line.line.spans)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    layout = load_layout(resources_dir() / "layout")
    papers = [paper(number) for number in range(1, given.papers + 1)]
    met = [pdf(papers, layout, given.rounds), word(papers, layout, given.rounds)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
