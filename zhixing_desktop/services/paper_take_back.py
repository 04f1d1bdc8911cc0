"""An edited Word file at the door: looked at, wrong words pointed out, taken back with a reason.

A draft gets it as its text of record.  An issued paper that nobody has been served with yet is made
void and a draft with the edited text takes its place: what was issued is never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import DOCX, PDF
from zhixing_desktop.models.tables import papers
from zhixing_desktop.services import dossier_papers, paper_files
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.file_store import enter_made, files_folder, read_file
from zhixing_desktop.services.paper_drafts import again_in
from zhixing_desktop.services.paper_edited import EditedWords, keep_words, put_in, take_back
from zhixing_desktop.services.paper_files import file_name
from zhixing_desktop.services.paper_held import locked, refuse_stale, refuse_state
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.paper_making import Made
from zhixing_desktop.services.paper_rows import case_services, one_line, paper_row
from zhixing_desktop.services.paper_settling import foreseen, settled_draft
from zhixing_desktop.services.paper_types import (
    DOCX_ENDING,
    DRAFT,
    ISSUED,
    PDF_ENDING,
    PaperLine,
    TakenBack,
)
from zhixing_desktop.services.paper_voiding import void_in
from zhixing_desktop.services.papers import looked, open_case, see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StoreError,
)
from zhixing_desktop.workflow.new_facts import must_give_reason
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.documents.edited import Edited


@dataclass(frozen=True, slots=True)
class EditedLook:
    """An edited file held against its paper; nothing was written.

    ``problems`` are words the program knows that were changed by hand: errors forbid taking it
    back, warnings are to be confirmed.  ``replaces`` says that an issued paper would become void.
    """

    edited: Edited
    problems: tuple[Problem, ...]
    replaces: bool

    @property
    def refused(self) -> tuple[Problem, ...]:
        """Return what forbids taking it back."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True)
class _Base:
    """What the clerk was given: the Word file, and the number and day in it."""

    word: bytes
    number: str
    day: str
    names: tuple[str, ...]


def look(bureau: Bureau, actor: Actor, paper_id: int, data: bytes) -> EditedLook:
    """Return what an edited Word file changes in a paper.

    Raises ``NotAllowedError``, ``RuleRefusedError`` (void, or served already),
    :class:`InputRefusedError` (a file that cannot be the text of record; a datum is missing).
    """
    from zhixing_desktop.documents.edited import take_back as compared
    from zhixing_desktop.documents.edited_known import known_problems

    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        sight = see_whole(conn, bureau, actor, row["case_id"])
        _refuse_served(conn, row)
        base = _base(conn, bureau, row)
    edited = compared(data, base.word)
    looked(bureau, actor, row["case_id"], sight, row["name"])
    found = known_problems(edited, number=base.number, day=base.day, names=base.names)
    return EditedLook(edited, found, row["state"] == ISSUED)


def take(
    bureau: Bureau,
    actor: Actor,
    paper_id: int,
    data: bytes,
    reason: str,
    *,
    version: int,
    confirmed: bool = False,
) -> TakenBack:
    """Take an edited Word file back as a paper's text of record; return the draft that has it.

    ``confirmed``: the warnings of :func:`look` were read.  Raises as that, and
    :class:`InputRefusedError` without a reason or where known words are wrong, ``StaleEditError``.
    """
    must_give_reason(reason, "取回改过的文书应当写明修改的理由")
    found = look(bureau, actor, paper_id, data)
    problems = found.refused if confirmed else found.problems
    if problems:
        listed = "；".join(problem.sentence.rstrip("。") for problem in problems)
        tail = "" if found.refused else "核对无误的，确认后再取回。"
        raise InputRefusedError(f"改过的文书没有取回：{listed}。{tail}", problems)
    if not found.replaces:
        return take_back(bureau, actor, paper_id, data, reason, version=version)
    return _replaced(bureau, actor, paper_id, data, reason, version)


def _replaced(
    bureau: Bureau, actor: Actor, paper_id: int, data: bytes, reason: str, version: int
) -> TakenBack:
    """Void an issued paper and put a draft with the edited words in its place, in one transaction.

    A kill in between leaves the paper issued and nothing but files without rows.
    """
    drawn = _drawn_before(bureau, actor, paper_id, data)
    with bureau.database.writing() as conn:
        row, opened = locked(conn, bureau, paper_id)
        permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=_key(row))
        refuse_stale(row, version, {})
        refuse_state(row, ISSUED, "替换")
        _refuse_served(conn, row)
        why = f"修改后重新制作：{reason.strip()}"
        gone = void_in(conn, bureau, actor, (row, opened), why, version=version)
        draft = again_in(conn, bureau, actor, (gone, opened))
        made = settled_draft(conn, bureau, draft)
        if drawn is None or (made.paper, made.word) != (drawn.made.paper, drawn.made.word):
            # The case, its number or the day is another now than a moment before.
            drawn = _drawn(conn, bureau, made, _base(conn, bureau, row), data)
            keep_words(bureau, drawn.words, drawn.word)
        kept = EditedWords(drawn.words, drawn.word, made.paper.day)
        after = put_in(conn, bureau, actor, draft, kept, reason)
        line = one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)
    return TakenBack(line, drawn.changes)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The new paper's Word file as the form gives it, and the edited words with its number."""

    made: Made
    word: bytes
    words: bytes
    changes: Edited


def _drawn_before(bureau: Bureau, actor: Actor, paper_id: int, data: bytes) -> _Drawn | None:
    """Draw what will take an issued paper's place, so that the step that writes is short.

    The new paper has the number that comes next; none is given out.  ``None`` for a paper that is
    not issued any more: the step says so.
    """
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        permit(conn, bureau, actor, "paper.draft", case=row["case_id"], key=_key(row))
        if row["state"] != ISSUED:
            return None
        drawn = _drawn(conn, bureau, foreseen(conn, bureau, row), _base(conn, bureau, row), data)
    keep_words(bureau, drawn.words, drawn.word)
    return drawn


def _drawn(conn: Connection, bureau: Bureau, made: Made, old: _Base, data: bytes) -> _Drawn:
    from zhixing_desktop.documents.edited import take_back as compared
    from zhixing_desktop.documents.word_settling import settle

    new = _as_made(conn, bureau, made, old.names)
    # Number and day are the new paper's; they are the program's words, not the clerk's.
    words = settle(data, ((old.number, new.number), (old.day, new.day)))
    return _Drawn(made, new.word, words, compared(words, new.word))


def _base(conn: Connection, bureau: Bureau, row: Row) -> _Base:
    from zhixing_desktop.documents.rendering import day_in_numerals

    index = open_case(conn, bureau, row["case_id"]).ctx.index
    names = tuple(str(fact.data.get("name") or "") for fact in index.parties.values())
    layout = bureau.papers.layout(read_overrides(conn))
    if row["state"] == ISSUED:
        word = file_folder.fetch(files_folder(bureau), row["docx"], DOCX)
        return _Base(word, row["number"], day_in_numerals(row["day"], layout.zero), names)
    refuse_state(row, DRAFT, "取回")
    return _as_made(conn, bureau, settled_draft(conn, bureau, row), names)


def _as_made(conn: Connection, bureau: Bureau, made: Made, names: tuple[str, ...]) -> _Base:
    """Return what a draft would be handed out as."""
    from zhixing_desktop.documents.rendering import day_in_numerals

    layout = bureau.papers.layout(read_overrides(conn))
    word = paper_files.draw_one(conn, bureau, made.paper, DOCX_ENDING, made.word)
    day = day_in_numerals(made.paper.day, layout.zero) if made.paper.day else ""
    return _Base(word, made.paper.number, day, names)


def _key(row: Row) -> Key:
    return Key(row["node"], row["subject"])


def _refuse_served(conn: Connection, row: Row) -> None:
    if row["state"] != ISSUED:
        return
    standing = [
        service
        for service in case_services(conn, row["case_id"])
        if service["paper_id"] == row["id"] and service["withdrawn_by"] is None
    ]
    if standing:
        raise RuleRefusedError(
            f"《{row['name']}》{row['number']}已经登记送达，不能再用改过的文书替换。"
            "有笔误的，依法裁定补正；登记有误的，先撤回送达登记。",
            data={"kind": "served", "paper": row["id"]},
        )


# --------------------------------------------------------------------------- the missing PDF

_ALIKE = 0.9
_STRETCH = 8


def add_pdf(
    bureau: Bureau, actor: Actor, paper_id: int, data: bytes | None = None, *, version: int
) -> PaperLine:
    """Give an issued paper the PDF that could not be made when it was issued.

    ``data`` was saved as PDF from its Word file in Word or WPS; without it this workstation's
    LibreOffice makes it.  Raises ``RuleRefusedError`` (it has one), :class:`InputRefusedError` (no
    PDF, or one of other words), ``StoreError``, ``StaleEditError``.
    """
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        key = _key(row)
        permit(conn, bureau, actor, "paper.issue", case=row["case_id"], key=key)
        see_whole(conn, bureau, actor, row["case_id"])
        refuse_state(row, ISSUED, "补 PDF")
        layout = bureau.papers.layout(read_overrides(conn))
    if row["pdf"]:
        raise RuleRefusedError(
            f"《{row['name']}》{row['number']}已经有 PDF，不再更换。",
            data={"kind": "has_pdf", "paper": paper_id},
        )
    word = read_file(bureau, row["edited"] if _has_edited(row) else row["docx"])[1]
    if data is None:
        (data,) = bureau.papers.converter(layout).to_pdf([word])
    else:
        _refuse_other(data, word)
    file_folder.keep(files_folder(bureau), data, PDF)
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        permit(conn, bureau, actor, "paper.issue", case=opened.ctx, key=key)
        refuse_stale(before, version, {})
        after = {**before, "pdf": file_folder.digest_of(data), "version": version + 1}
        with recorder(conn, bureau, actor, "paper.pdf", before["case_id"]) as record:
            name = file_name(before["name"], before["number"], "", PDF_ENDING)
            enter_made(conn, record, bureau, actor, name, data, PDF)
            record.update(papers, {"id": paper_id}, before, after)
            dossier_papers.add_pages(conn, record, bureau, actor, after, data)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)


def _has_edited(row: Row) -> bool:
    return bool(row["edited"]) and row["state"] == ISSUED


def _refuse_other(data: bytes, word: bytes) -> None:
    """Refuse a PDF whose words are not those of the Word file."""
    from zhixing_desktop.documents.word_paper import words_in
    from zhixing_desktop.dossier.pdf_pages import page_texts

    if file_folder.media_type_of(data) != PDF or not file_folder.is_whole(data, PDF):
        raise InputRefusedError(
            "这不是一个完整的 PDF 文件。请在 Word 或者 WPS 中打开文书，另存为 PDF 后再补。",
            [Problem("PDF", "不是完整的 PDF 文件")],
        )
    try:
        there = _bare("".join(page_texts(data)))
    except StoreError as error:
        raise InputRefusedError(error.sentence, [Problem("PDF", error.sentence)]) from error
    wanted = _bare("".join(words_in(word)))
    pieces = [wanted[at : at + _STRETCH] for at in range(0, len(wanted), _STRETCH)]
    lacking = [piece for piece in pieces if piece not in there]
    if len(lacking) > (1 - _ALIKE) * len(pieces):
        raise InputRefusedError(
            "这个 PDF 的文字与文书的 Word 文件不一致，没有补入。请打开这份文书的 Word 文件，"
            "不作改动，另存为 PDF 后再补。",
            [Problem("PDF", f"缺少“{lacking[0]}”等文字")],
        )


def _bare(words: str) -> str:
    return "".join(char for char in words if char.isalnum())
