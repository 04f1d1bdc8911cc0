"""The files of papers: drawn by the two renderers, kept under their digests.

The only module that calls the renderers; they, reportlab and the fonts are loaded with the first
paper.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from zhixing_desktop.documents.blocks import Face, Paper, texts
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import DOCX, PDF
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_store import enter_made, files_folder
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.paper_types import DOCX_ENDING, PDF_ENDING, PaperFile
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

MEDIA = {PDF_ENDING: PDF, DOCX_ENDING: DOCX}
NO_PDF = (
    "本机没有 LibreOffice，PDF 没有生成：这份文书以 Word 文件为准，请在 Word 或者 WPS 中打印。"
    "请另存为 PDF 后补入，或者在装有 LibreOffice 的工作站上补。"
)
"""Said where a Word file is the text of record and no PDF could be made of it."""


@dataclass(frozen=True, slots=True)
class Files:
    """A paper with its two files, and the fonts that stand in for others (sentences)."""

    paper: Paper
    pdf: bytes
    docx: bytes
    warnings: tuple[str, ...] = ()

    @property
    def pdf_digest(self) -> str:
        """The digest of the PDF; empty where none could be made."""
        return file_folder.digest_of(self.pdf) if self.pdf else ""

    @property
    def docx_digest(self) -> str:
        """The digest of the Word file."""
        return file_folder.digest_of(self.docx)


def draw(conn: Connection, bureau: Bureau, paper: Paper, word: bytes | None = None) -> Files:
    """Return a paper in both formats.

    ``word`` is the Word file of a paper from the court's own template.  Raises
    ``InputRefusedError`` naming every character that no font here has, ``StoreError`` where
    there is no font at all.
    """
    layout = bureau.papers.layout(read_overrides(conn))
    if word is not None:
        return of_record(bureau, layout, Files(paper, b"", word), word)
    pdf = _pdf(bureau, paper, layout)
    fonts = bureau.papers.fonts(layout)
    used = _faces(paper)
    warnings = tuple(found.sentence for found in fonts.substitutions(used))
    return Files(paper, pdf, _docx(paper, layout), warnings)


def of_record(bureau: Bureau, layout: LayoutProfile, files: Files, word: bytes) -> Files:
    """Return the files of a paper whose text of record is a Word file, and the PDF made from that.

    ``word`` was edited by hand or comes from the court's own template.  The PDF is made by the
    workstation's LibreOffice, with the fonts of our own PDFs; where there is none it is left out
    and a warning says so.  Raises ``StoreError`` where the file cannot be turned.
    """
    try:
        converter = bureau.papers.converter(layout)
    except StoreError:
        return Files(files.paper, b"", word, (*files.warnings, NO_PDF))
    (pdf,) = converter.to_pdf([word])
    return Files(files.paper, pdf, word, files.warnings)


def draw_one(
    conn: Connection, bureau: Bureau, paper: Paper, ending: str, word: bytes | None = None
) -> bytes:
    """Return a paper in one format; raises as :func:`draw`, and for an unknown ending.

    A PDF is that of the screen, drawn by the program itself also where ``word`` is the file that
    will count: whoever changes an answer does not wait for a word processor.
    """
    layout = bureau.papers.layout(read_overrides(conn))
    if word is not None and known_ending(ending) == DOCX_ENDING:
        return word
    if known_ending(ending) == PDF_ENDING:
        return _pdf(bureau, paper, layout)
    return _docx(paper, layout)


def known_ending(ending: str) -> str:
    """Return an ending that papers have; :class:`InputRefusedError` for another."""
    found = ending.lower()
    if found not in MEDIA:
        raise InputRefusedError(
            f"文书只能存为 PDF 或者 Word 文件（.pdf、.docx），不能存为“{ending}”。",
            [Problem("文件", ending)],
        )
    return found


_LONGEST_TITLE, _LONGEST_NAME = 40, 20
"""Signs of Chinese in a file's name: most disks take 255 bytes, three for each."""


def file_name(title: str, number: str, whom: str, ending: str) -> str:
    """Return a name for a paper's file on a disk; ``whom`` tells copies of one number apart."""
    words = f"{title[:_LONGEST_TITLE]}{number}"
    words += f"（{whom[:_LONGEST_NAME]}）" if whom else ""
    kept = "".join(s for s in words if s.isprintable() and s not in '/\\:*?"<>|')
    return f"{kept}{ending}"


def in_memory(paper: Paper, ending: str, data: bytes) -> PaperFile:
    """Return a paper's bytes as a file."""
    return PaperFile(file_name(paper.title, paper.number, "", ending), MEDIA[ending], data)


def keep(bureau: Bureau, files: Files) -> None:
    """Write both files below the bureau's data folder, forced to the disk; no rows yet.

    A file without a row is harmless.  Raises ``StoreError`` when the folder or the disk is full.
    """
    folder = files_folder(bureau)
    if files.pdf:
        file_folder.keep(folder, files.pdf, PDF)
    file_folder.keep(folder, files.docx, DOCX)


def enter(conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, files: Files) -> None:
    """Write the rows of both files within somebody's step."""
    for ending, data in ((PDF_ENDING, files.pdf), (DOCX_ENDING, files.docx)):
        if not data:
            continue
        name = file_name(files.paper.title, files.paper.number, "", ending)
        enter_made(conn, record, bureau, actor, name, data, MEDIA[ending])


def _pdf(bureau: Bureau, paper: Paper, layout: LayoutProfile) -> bytes:
    from zhixing_desktop.documents.pdf import render_pdf

    return render_pdf(paper, layout, bureau.papers.fonts(layout))


def _docx(paper: Paper, layout: LayoutProfile) -> bytes:
    from zhixing_desktop.documents.word import render_docx

    return render_docx(paper, layout)


def _faces(paper: Paper) -> tuple[Face, ...]:
    """Return the faces of which a missing one is worth a warning: the body's, and those named."""
    named = {
        run.face
        for block in paper.blocks
        for text in texts(block)
        for run in text
        if run.face is not None
    }
    return tuple(face for face in Face if face in named | {Face.FANGSONG, Face.XIAOBIAOSONG})
