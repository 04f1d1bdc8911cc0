"""The court's own templates: checked, tried on a case, accepted, taken out of use again.

A template replaces the program's form for all workstations from the day it takes effect.  Each
acceptance is a row that stays; its Word file lies under its digest, which the journal has.  Papers
that were issued stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.form_types import Form
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import DOCX
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.models.tables import paper_templates
from zhixing_desktop.services import paper_files, papers
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_store import enter_made, files_folder, plain_name
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.paper_template_use import filled
from zhixing_desktop.services.paper_types import DOCX_ENDING, PDF_ENDING, PaperFile, PaperWish
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

ACT = "paper.template"
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千0-9]+条")
_ALL = "SELECT form, count(*) FROM paper_templates GROUP BY form"


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field that a template may name: how it is written, its label."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What the checker says of a Word file as a template of a form.

    ``unused`` are fields that the program's form uses and the template does not; ``missing`` must
    be there; ``unknown`` are names that are no field.  ``problems`` are all faults and warnings;
    ``accepted`` says that no fault forbids its use.
    """

    form: str
    name: str
    used: tuple[FieldLine, ...]
    unused: tuple[FieldLine, ...]
    missing: tuple[FieldLine, ...]
    unknown: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        """Return whether it may be used."""
        return not any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One acceptance: ``file`` empty where the program's own form was put back.

    ``current`` marks the one that counts today.
    """

    id: int
    form: str
    file: str
    digest: str
    effective_on: date
    who: str
    at: datetime
    reason: str
    current: bool


# ---------------------------------------------------------------------------------- checking


def check(bureau: Bureau, form: str, data: bytes) -> TemplateReport:
    """Say what a Word file uses as a template of a form and all that is wrong with it.

    ``form`` is a key or a name, ``data`` the bytes of a .docx.  Raises :class:`InputRefusedError`
    for an unknown form only.
    """
    # docxtpl and Jinja2 come along only here.
    from zhixing_desktop.documents.templates import check_template

    known = _form(bureau, form)
    found = _fields(bureau, known)
    checked = check_template(data, found.fields)
    used = set(checked.used)
    missing = [name for name in found.required if not _stands(name, used, found.fields)]
    problems = [*checked.problems]
    if not any("文件" in problem.where for problem in problems):
        problems += _own_problems(known, used, missing, found.fields)
        problems += _warnings(data)

    def lines(names: Sequence[str]) -> tuple[FieldLine, ...]:
        return tuple(FieldLine(name, found.fields[name]) for name in names)

    return TemplateReport(
        form=known.key,
        name=known.name,
        used=lines(checked.used),
        unused=lines([n for n in found.own if not _stands(n, used, found.fields)]),
        missing=lines(missing),
        unknown=checked.unknown,
        problems=tuple(problems),
    )


def _stands(name: str, used: set[str], fields: Mapping[str, str]) -> bool:
    """Tell whether a field stands in a template, in whatever way of writing."""
    if name in used or any(f"{name}_{way}" in used for way in _WAYS):
        return True
    return name.endswith("[]") and any(n.startswith(f"{name}.") for n in used if n in fields)


_WAYS = ("yuan", "figures", "daxie", "numerals", "short_day", "clock")


def _own_problems(
    form: Form, used: set[str], missing: Sequence[str], fields: Mapping[str, str]
) -> Iterator[Problem]:
    from zhixing_desktop.documents.templates_fields import DAY_NAMES

    for name in missing:
        yield Problem(
            "模板",
            f"缺少必需的“{fields[name]}”。请在应当出现的地方写上 {{{{ {name} }}}}。",
            data={"field": name},
        )
    if "@day" in form.body and not used.intersection(DAY_NAMES):
        yield Problem(
            "模板", "缺少成文日期。请在落款处写上 {{ paper.day_numerals }}。",
            data={"field": "paper.day_numerals"},
        )  # fmt: skip


def _warnings(data: bytes) -> Iterator[Problem]:
    from zhixing_desktop.documents.word_paper import words_in

    try:
        found = _ARTICLE.findall("\n".join(words_in(data)))
    except InputRefusedError:
        return
    if found:
        listed = "、".join(list(dict.fromkeys(found))[:6])
        yield Problem(
            "法条",
            f"条文序号写成了固定的文字（{listed}），修法换号时不会跟着改。"
            "可以换成 {{ law.民诉法.划拨 }} 这样的标签。",
            "warning",
        )


def field_lines(bureau: Bureau, form: str) -> tuple[FieldLine, ...]:
    """Return every field that a template of a form may name."""
    found = _fields(bureau, _form(bureau, form))
    return tuple(FieldLine(name, label) for name, label in found.fields.items())


def starter_file(bureau: Bureau, form: str) -> PaperFile:
    """Return the form's own text with its placeholders as a Word file to begin with."""
    from zhixing_desktop.documents.templates_starter import starter_paper

    known = _form(bureau, form)
    paper = starter_paper(known, bureau.papers.dictionary(bureau.rules))
    with bureau.database.reading() as conn:
        data = paper_files.draw_one(conn, bureau, paper, DOCX_ENDING)
    return PaperFile(f"{known.name}（模板）{DOCX_ENDING}", DOCX, data)


# ---------------------------------------------------------------------------------- trying


@dataclass(frozen=True, slots=True)
class Trial:
    """A template filled: its Word file, pages to look at, and the gaps.

    ``pages`` is the PDF of the Word file where this workstation can make one (``true_pages``), else
    the words alone as the program draws them.
    """

    word: PaperFile
    pages: PaperFile
    true_pages: bool
    gaps: tuple[str, ...]


def try_template(
    bureau: Bureau, actor: Actor, form: str, data: bytes, wish: PaperWish | None = None
) -> Trial:
    """Fill a template that may not be accepted yet, with a case's data or, without, with samples.

    Nothing is kept but the look at somebody else's case.  Raises :class:`InputRefusedError` naming
    every fault of the template, and as ``papers.preview``.
    """
    report = check(bureau, form, data)
    _refuse(report)
    known = _form(bureau, form)
    names = tuple(field.name for field in report.used)
    if wish is None:
        made, word = _on_samples(bureau, known, data, names)
    else:
        preview = papers.filled_preview(bureau, actor, wish, data, names)
        made, word = preview
    with bureau.database.reading() as conn:
        layout = bureau.papers.layout(read_overrides(conn))
        drawn = paper_files.Files(made, b"", word)
        record = paper_files.of_record(bureau, layout, drawn, word)
        pages = record.pdf or paper_files.draw_one(conn, bureau, made, PDF_ENDING)
    return Trial(
        paper_files.in_memory(made, DOCX_ENDING, word),
        paper_files.in_memory(made, PDF_ENDING, pages),
        bool(record.pdf),
        tuple(gap.label for gap in made.gaps),
    )


def _on_samples(bureau: Bureau, form: Form, data: bytes, names: tuple[str, ...]) -> Any:
    from zhixing_desktop.documents.making import Making, make_paper
    from zhixing_desktop.documents.sample_data import SAMPLE_DAY, sample_data

    values = sample_data(bureau.papers.dictionary(bureau.rules), form)
    how = Making(day=SAMPLE_DAY, draft=True)
    paper = make_paper(form, values, bureau.papers.laws(bureau.rules), how)
    return filled(bureau, data, names, values, paper, day=SAMPLE_DAY, zero="〇")


# ---------------------------------------------------------------------------------- accepting


def accept(
    bureau: Bureau,
    actor: Actor,
    form: str,
    data: bytes,
    name: str,
    reason: str,
    effective_on: date | None = None,
) -> TemplateLine:
    """Let a form be made from a Word file from a day on (today without one).

    ``name`` is what the file is called.  Raises :class:`InputRefusedError` naming every fault of
    the file, a missing reason or a day that has passed, and ``NotAllowedError``, ``StoreError``.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, ACT)
    report = check(bureau, form, data)
    _refuse(report)
    file_folder.keep(files_folder(bureau), data, DOCX)
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, ACT)
        day = _day(conn, bureau, effective_on, reason)
        called = plain_name(name, DOCX)
        digest = file_folder.digest_of(data)
        with _recorder(conn, bureau, actor) as record:
            enter_made(conn, record, bureau, actor, called, data, DOCX)
            fields = [field.name for field in report.used]
            row = _row(record, conn, bureau, actor, report.form, reason, day)
            row |= {"digest": digest, "name": called, "fields": fields}
            record.insert(paper_templates, row)
    return _line_of(bureau, report.form, row["id"])


def put_back(
    bureau: Bureau,
    actor: Actor,
    form: str,
    reason: str,
    version: int | None = None,
    effective_on: date | None = None,
) -> TemplateLine:
    """Go back to an earlier template (its number), or without one to the program's own form.

    Raises :class:`InputRefusedError` for a number that is none of this form's, a template that
    does not fit the program any more, or no reason; ``NotAllowedError``.
    """
    known = _form(bureau, form)
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, ACT)
        rows = rows_where(conn, paper_templates, "form", known.key)
    earlier = next((row for row in rows if row["id"] == version), None)
    if version is not None and (earlier is None or not earlier["digest"]):
        raise InputRefusedError(
            f"《{known.name}》没有第{version}号模板。", [Problem("模板", str(version))]
        )
    if earlier is not None:
        data = file_folder.fetch(files_folder(bureau), earlier["digest"], DOCX)
        _refuse(check(bureau, known.key, data))
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, ACT)
        day = _day(conn, bureau, effective_on, reason)
        with _recorder(conn, bureau, actor) as record:
            row = _row(record, conn, bureau, actor, known.key, reason, day)
            if earlier is not None:
                row |= {name: earlier[name] for name in ("digest", "name", "fields")}
            record.insert(paper_templates, row)
    return _line_of(bureau, known.key, row["id"])


def _day(conn: Connection, bureau: Bureau, wanted: date | None, reason: str) -> date:
    today = bureau.database.now(conn).date()
    problems = []
    if len(reason.strip()) < 2:
        problems.append(Problem("理由", "请写明更换模板的理由"))
    if wanted is not None and wanted < today:
        problems.append(Problem("启用日期", "启用日期不能早于今天：已经制作的文书不改"))
    if problems:
        said = "；".join(problem.sentence for problem in problems)
        raise InputRefusedError(f"模板没有更换：{said}。", problems)
    return wanted or today


def _recorder(conn: Connection, bureau: Bureau, actor: Actor) -> Recorder:
    return Recorder(
        conn,
        at=bureau.database.now(conn),
        actor=actor.name,
        action=ACT,
        workstation=bureau.workstation,
    )


def _row(
    record: Recorder,
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    form: str,
    reason: str,
    day: date,
) -> dict[str, Any]:
    return {
        "id": record.new_id(paper_templates),
        "form": form,
        "digest": "",
        "name": "",
        "fields": [],
        "effective_on": day,
        "who": actor.name,
        "at": bureau.database.now(conn),
        "reason": reason.strip(),
    }


# ---------------------------------------------------------------------------------- listing


def versions(bureau: Bureau, form: str) -> tuple[TemplateLine, ...]:
    """Return what a form was made from by the court's decision, newest first."""
    known = _form(bureau, form)
    with bureau.database.reading() as conn:
        rows = rows_where(conn, paper_templates, "form", known.key, order="id")
        today = bureau.database.now(conn).date()
    current = max((r["id"] for r in rows if r["effective_on"] <= today), default=0)
    return tuple(
        TemplateLine(
            row["id"], row["form"], row["name"], row["digest"], row["effective_on"],
            row["who"], row["at"], row["reason"], row["id"] == current,
        )
        for row in reversed(rows)
    )  # fmt: skip


def in_use(bureau: Bureau) -> Mapping[str, TemplateLine]:
    """Return for each form that was ever given a template the line that counts today."""
    with bureau.database.reading() as conn:
        forms = [row[0] for row in ask(conn, _ALL)]
    library = bureau.papers.library(bureau.rules)
    found = {}
    for form in forms:
        if form in library.forms:
            line = next((v for v in versions(bureau, form) if v.current), None)
            if line is not None:
                found[form] = line
    return found


def template_file(bureau: Bureau, version: int) -> PaperFile:
    """Return the Word file of an accepted template; a template holds nothing of a case."""
    with bureau.database.reading() as conn:
        rows = rows_where(conn, paper_templates, "id", version)
    if not rows or not rows[0]["digest"]:
        raise InputRefusedError(f"没有第{version}号模板。", [Problem("模板", str(version))])
    data = file_folder.fetch(files_folder(bureau), rows[0]["digest"], DOCX)
    return PaperFile(rows[0]["name"], DOCX, data)


def _line_of(bureau: Bureau, form: str, number: int) -> TemplateLine:
    return next(line for line in versions(bureau, form) if line.id == number)


def _refuse(report: TemplateReport) -> None:
    faults = [problem for problem in report.problems if problem.severity == "error"]
    if faults:
        listed = "；".join(f"{p.where}：{p.sentence.rstrip('。')}" for p in faults)
        raise InputRefusedError(
            f"这个文件不能作为《{report.name}》的模板，有{len(faults)}处要改：{listed}。", faults
        )


def _form(bureau: Bureau, form: str) -> Form:
    return bureau.papers.library(bureau.rules).form(form)


def _fields(bureau: Bureau, form: Form) -> Any:
    from zhixing_desktop.documents.templates_fields import template_fields

    library = bureau.papers.library(bureau.rules)
    dictionary = bureau.papers.dictionary(bureau.rules)
    return template_fields(dictionary, library.laws, form, library.needs[form.key].names)
