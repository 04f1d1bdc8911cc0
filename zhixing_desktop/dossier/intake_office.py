"""Word and Excel files: their pages come from a word processor of the workstation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.dossier.incoming import Examined, note, opened
from zhixing_desktop.dossier.intake import examine
from zhixing_desktop.dossier.media_types import OFFICE, PDF, words_for
from zhixing_desktop.workflow.errors import Problem, ZhixingError

OfficeConverter = Callable[[bytes, str], bytes]
"""Takes a file and its media type, returns a PDF; raises one of the program's refusals."""


@dataclass(frozen=True, slots=True)
class OfficePages:
    """The pages of an office file: ``pdf`` examined as ``examined``, or ``None`` and a ``problem``.

    The file itself is kept in either case.
    """

    pdf: bytes | None
    examined: Examined | None
    problem: Problem | None


def office_pages(
    content: Path | bytes, about: Examined, converter: OfficeConverter | None
) -> OfficePages:
    """Return the PDF of a Word or Excel file, or a note that it must be added by hand.

    ``about`` is what :func:`examine` said of it.  What the converter refuses becomes the note:
    nothing is lost because a word processor failed.
    """
    if about.media_type not in OFFICE:
        raise ValueError(about.media_type)
    words = words_for(about.media_type)
    if converter is None:
        return _without(
            about.name,
            f"本机没有能转换的软件，{words}照原样保存，暂时没有卷宗页。请用 Word 或者 WPS 另存为 "
            "PDF，补入这一件。",
        )
    with opened(content) as file:
        data = file.read()
    try:
        pdf = converter(data, about.media_type)
    except ZhixingError as error:
        return _without(
            about.name, f"{error.sentence}{words}照原样保存，请另存为 PDF 后补入这一件。"
        )
    made = examine(pdf, f"{Path(about.name).stem}.pdf")
    if made.media_type != PDF or made.errors:
        return _without(
            about.name,
            f"{words}转换没有成功，照原样保存。请用 Word 或者 WPS 另存为 PDF，补入这一件。",
        )
    return OfficePages(pdf, made, None)


def _without(name: str, sentence: str) -> OfficePages:
    return OfficePages(None, None, note(name, sentence, "pdf_missing"))
