"""A paper whose text was edited in Word: handed out, taken back as the text of record.

What is handed out bears the number and the day that the paper would get now, so that nothing in it
has to be changed when it is issued.  The draft keeps both Word files: the one that was handed out
(``docx``) and the edited one (``edited``).  It is issued only while the paper would still be made
as it was handed out; its PDF comes from the edited file by the workstation's word processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import DOCX
from zhixing_desktop.models.tables import papers
from zhixing_desktop.services import paper_files
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.file_store import enter_made, files_folder, read_file
from zhixing_desktop.services.paper_held import locked, refuse_stale, refuse_state
from zhixing_desktop.services.paper_rows import one_line, paper_row
from zhixing_desktop.services.paper_settling import settled_draft
from zhixing_desktop.services.paper_types import (
    DOCX_ENDING,
    DRAFT,
    PaperFile,
    PaperLine,
    TakenBack,
)
from zhixing_desktop.services.papers import looked, open_case, see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.documents.edited import Edited


def word_to_edit(bureau: Bureau, actor: Actor, paper_id: int) -> PaperFile:
    """Return a draft's Word file as it would be issued now, to be edited.

    Raises ``NotAllowedError``, ``RuleRefusedError`` (no draft), :class:`InputRefusedError` while a
    datum is missing.
    """
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        sight = see_whole(conn, bureau, actor, row["case_id"])
        refuse_state(row, DRAFT, "修改")
        found = settled_draft(conn, bureau, row)
        data = paper_files.draw_one(conn, bureau, found.paper, DOCX_ENDING, found.word)
    looked(bureau, actor, row["case_id"], sight, row["name"])
    return paper_files.in_memory(found.paper, DOCX_ENDING, data)


def take_back(
    bureau: Bureau, actor: Actor, paper_id: int, data: bytes, reason: str = "", *, version: int
) -> TakenBack:
    """Make an edited Word file the text of record of a draft; return what was changed.

    ``reason`` goes into the journal.  Raises ``NotAllowedError``, ``RuleRefusedError`` (no draft),
    :class:`InputRefusedError` (what the file holds that a text of record cannot: revisions,
    comments, hidden words, code), :class:`StaleEditError`, ``StoreError``.
    """
    from zhixing_desktop.documents.edited import take_back as compared

    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        opened = open_case(conn, bureau, row["case_id"])
        permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=_key(row))
        refuse_state(row, DRAFT, "修改")
        found = settled_draft(conn, bureau, row)
        original = paper_files.draw_one(conn, bureau, found.paper, DOCX_ENDING, found.word)
    changes = compared(data, original)
    keep_words(bureau, data, original)
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=_key(before))
        refuse_stale(before, version, {})
        refuse_state(before, DRAFT, "修改")
        words = EditedWords(data, original, found.paper.day)
        after = put_in(conn, bureau, actor, before, words, reason)
        line = one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)
    return TakenBack(line, changes)


@dataclass(frozen=True, slots=True)
class EditedWords:
    """An edited Word file, the one it was made from, and the day that stands in both."""

    edited: bytes
    original: bytes
    day: date | None


def keep_words(bureau: Bureau, edited: bytes, original: bytes) -> None:
    """Write both Word files below the data folder; their rows come with :func:`put_in`.

    A file without a row is harmless.  Raises ``StoreError`` when the folder or the disk is full.
    """
    for data in (edited, original):
        file_folder.keep(files_folder(bureau), data, DOCX)


def put_in(
    conn: Connection, bureau: Bureau, actor: Actor, before: Row, words: EditedWords, reason: str
) -> Row:
    """Make kept words the text of record of a draft; within a transaction that has asked."""
    after = {
        **before,
        "edited": file_folder.digest_of(words.edited),
        "docx": file_folder.digest_of(words.original),
        "day": words.day,
        "version": before["version"] + 1,
    }
    with recorder(conn, bureau, actor, "paper.draft", before["case_id"]) as record:
        for name, part in (("定稿", words.edited), ("样式", words.original)):
            file = f"{before['name']}（{name}）{DOCX_ENDING}"
            enter_made(conn, record, bureau, actor, file, part, DOCX)
        record.update(papers, {"id": before["id"]}, before, after)
        if reason.strip():
            record.note({"取回定稿的理由": reason.strip()})
    return after


def changes_of(bureau: Bureau, actor: Actor, paper_id: int) -> Edited | None:
    """Return what was changed in a paper's text of record, ``None`` where it is the form's own.

    Raises ``NotAllowedError``, ``StoreError`` where a file is missing or was changed.
    """
    from zhixing_desktop.documents.edited import take_back as compared

    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        sight = see_whole(conn, bureau, actor, row["case_id"])
    if not row["edited"] or row["state"] != DRAFT:
        return None
    looked(bureau, actor, row["case_id"], sight, row["name"])
    return compared(read_file(bureau, row["edited"])[1], read_file(bureau, row["docx"])[1])


def drop_edited(bureau: Bureau, actor: Actor, paper_id: int, *, version: int) -> PaperLine:
    """Let the form's own text be that of a draft again; raises as :func:`take_back`."""
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=_key(before))
        refuse_stale(before, version, {})
        refuse_state(before, DRAFT, "修改")
        after = {**before, "edited": "", "docx": "", "version": version + 1}
        with recorder(conn, bureau, actor, "paper.draft", before["case_id"]) as record:
            record.update(papers, {"id": paper_id}, before, after)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)


def _key(row: Row) -> Key:
    return Key(row["node"], row["subject"])
