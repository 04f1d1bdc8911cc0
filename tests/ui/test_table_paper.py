"""A long table on paper: no row is cut at a page's end, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QPdfWriter

from zhixing_desktop.ui.table_paper import TablePaper

HEADS = (("行", 10), ("事项", 20), ("依据", 70))


def printed(paper: TablePaper, folder: Path) -> list[str]:
    """Print a paper; return the words of each page, without blanks and line ends."""
    target = folder / "table.pdf"
    writer = QPdfWriter(str(target))
    paper.prepare(writer)
    paper.paint(writer)
    # The file is complete only when its writer is gone.
    del writer
    document = pypdfium2.PdfDocument(target)
    found = []
    for page in document:
        words = page.get_textpage().get_text_range()
        found.append("".join(words.split()))
        across, down = page.get_size()
        assert across > down, "A4, across"
    document.close()
    return found


def rows_of(lines: int, count: int) -> tuple[tuple[str, ...], ...]:
    """Rows whose last cell has some lines, each with a mark at its beginning and its end."""
    text = "经预警后仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点。" * (2 * lines - 1)
    return tuple(
        (f"甲{number:03d}", "解冻", f"始{number:03d}{text}终{number:03d}")
        for number in range(count)
    )


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_every_row_stands_on_one_page_whole(tmp_path: Path, lines: int) -> None:
    paper = TablePaper("权限表", HEADS, rows_of(lines, 60), "签字：______")
    pages = printed(paper, tmp_path)
    assert len(pages) > 1
    for number in range(60):
        marks = [f"{mark}{number:03d}" for mark in "甲始终"]
        (page,) = [page for page in pages if marks[0] in page]
        assert all(mark in page for mark in marks)
    for number, page in enumerate(pages, start=1):
        assert "事项依据" in page
        assert page.endswith((f"第{number}页，共{len(pages)}页", f"第{number}⻚，共{len(pages)}⻚"))
    assert "权限表" in pages[0]
    assert "签字" in pages[-1]
    assert not any("签字" in page for page in pages[:-1])


def test_pages_are_filled_before_the_next_is_begun(tmp_path: Path) -> None:
    counts = [
        page.count("甲") for page in printed(TablePaper("表", HEADS, rows_of(1, 90)), tmp_path)
    ]
    assert len(counts) <= 5
    assert min(counts[:-1]) >= 18


def test_a_table_without_rows_is_one_page(tmp_path: Path) -> None:
    (page,) = printed(TablePaper("权限表", HEADS, (), "签字"), tmp_path)
    assert "权限表" in page
    assert "，共1" in page
