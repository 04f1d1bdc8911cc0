"""A paper made from the court's own template instead of the program's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from json import loads
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.documents.form_types import Form
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import DOCX
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.workflow.errors import RuleRefusedError

_IN_FORCE = (
    "SELECT id, digest, name, fields FROM paper_templates WHERE form = ? AND effective_on <= ? "
    "ORDER BY id DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class InForce:
    """The court's template that a form is made from; ``fields`` are the names it uses."""

    id: int
    digest: str
    name: str
    fields: tuple[str, ...]


def template_in_force(conn: Connection, form: str, today: date) -> InForce | None:
    """Return the template that counts for a form today; ``None`` for the program's own form."""
    found = ask(conn, _IN_FORCE, (form, today.isoformat()))
    if not found or not found[0][1]:
        return None
    number, digest, name, fields = found[0]
    return InForce(number, digest, name, tuple(loads(fields)))


def from_template(
    bureau: Bureau,
    used: InForce,
    form: Form,
    data: Mapping[str, Any],
    paper: Paper,
    *,
    day: date,
    zero: str,
    draft_words: str = "",
    by_hand: bool = False,
) -> tuple[Paper, bytes]:
    """Return a paper made from a template, and its Word file.

    ``paper`` is the same made from the program's form: its title, number and day hold.  With
    ``draft_words`` the file is marked as a draft's.  Raises ``RuleRefusedError`` where a newer
    program does not know a field of the template any more, ``StoreError`` where its file is gone.
    """
    template = file_folder.fetch(files_folder(bureau), used.digest, DOCX)
    dictionary = bureau.papers.dictionary(bureau.rules)
    library = bureau.papers.library(bureau.rules)
    # docxtpl comes along only where a court has a template.
    from zhixing_desktop.documents.templates_fields import template_fields

    known = template_fields(dictionary, library.laws, form, library.needs[form.key].names).fields
    unknown = [name for name in used.fields if name not in known]
    if unknown:
        raise RuleRefusedError(
            f"《{form.name}》的本院模板“{used.name}”用到的{'、'.join(unknown)}在现在的程序里没有了。"
            "请重新检查并更换模板，或者恢复为程序自带的样式。",
            data={"kind": "template_fields", "unknown": unknown},
        )
    return filled(
        bureau, template, used.fields, data, paper,
        day=day, zero=zero, draft_words=draft_words, by_hand=by_hand,
    )  # fmt: skip


def filled(
    bureau: Bureau,
    template: bytes,
    fields: tuple[str, ...],
    data: Mapping[str, Any],
    paper: Paper,
    *,
    day: date,
    zero: str,
    draft_words: str = "",
    by_hand: bool = False,
) -> tuple[Paper, bytes]:
    """Return a paper of a template that was checked, and its Word file."""
    from zhixing_desktop.documents.templates import fill_template
    from zhixing_desktop.documents.templates_fields import Values
    from zhixing_desktop.documents.word_paper import as_paper
    from zhixing_desktop.documents.word_settling import mark_draft

    values = Values(data, bureau.papers.laws(bureau.rules), day, zero, by_hand)
    word = fill_template(template, values.context(fields))
    made = replace(
        as_paper(word, paper), gaps=tuple(values.gaps), citations=tuple(values.citations)
    )
    return made, mark_draft(word, draft_words) if draft_words else word
