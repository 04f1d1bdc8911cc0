"""Papers that leave as files: journalled before they have their name; for the bridge's threads."""

from __future__ import annotations

from pathlib import Path

from zhixing_desktop.services import papers
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.paper_batch import write_out
from zhixing_desktop.services.paper_types import PDF_ENDING, PaperLine, PaperWish


def write_issued(
    bureau: Bureau, actor: Actor, line: PaperLine, path: Path, ending: str = PDF_ENDING
) -> Path:
    """Write an issued paper to a place; raises as ``paper_batch.export``."""
    file = papers.paper_file(bureau, actor, line.id, ending)
    return write_out(bureau, actor, file, path, line.case_id)


def write_draft(
    bureau: Bureau,
    actor: Actor,
    wish: PaperWish,
    path: Path,
    ending: str = PDF_ENDING,
    *,
    blank: bool = False,
) -> Path:
    """Write a paper that is not issued, marked as a draft, or ``blank`` to be filled in by hand.

    ``wish.case`` is the case's row number.  Raises as :func:`write_issued`.
    """
    make = papers.blank_file if blank else papers.preview_file
    file = make(bureau, actor, wish, ending)
    assert isinstance(wish.case, int)
    return write_out(bureau, actor, file, path, wish.case)


def write_kept(
    bureau: Bureau, actor: Actor, line: PaperLine, path: Path, ending: str = PDF_ENDING
) -> Path:
    """Write a kept draft with the words it would be issued with; raises as :func:`write_issued`.

    As Word it is the file that was taken back, where there is one.
    """
    file = papers.draw_preview(bureau, papers.preview_of(bureau, actor, line.id), ending)
    return write_out(bureau, actor, file, path, line.case_id)
