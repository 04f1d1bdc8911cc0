"""Papers of cases, to be looked at: what can be made, what was made, how one would look now.

A paper holds personal data whole, so only those see one who see the case whole; a look at somebody
else's case is journalled before anything is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.documents.duties import wanted_papers
from zhixing_desktop.documents.form_types import Form
from zhixing_desktop.documents.laws import Laws
from zhixing_desktop.services import case_store, traces
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.file_store import read_file
from zhixing_desktop.services.paper_files import draw_one, file_name, in_memory, known_ending
from zhixing_desktop.services.paper_making import Made, make, next_number
from zhixing_desktop.services.paper_places import (
    Place,
    approval_of,
    locate,
    minor_bar,
    subjects_for,
)
from zhixing_desktop.services.paper_rows import about_words, case_papers, lines, paper_row
from zhixing_desktop.services.paper_types import (
    DRAFT,
    PDF_ENDING,
    Offer,
    PaperFile,
    PaperLine,
    PaperWish,
    Preview,
)
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.sight import Sight, ask_sight
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.controls import spared_papers
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    Problem,
    RuleRefusedError,
)
from zhixing_desktop.workflow.views import CaseView, Key

PRINT = "paper.print"


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was read to make or show a paper of it."""

    row: Row
    ctx: Context
    view: CaseView


def open_case(conn: Connection, bureau: Bureau, reference: str | int) -> Opened:
    """Return a case whole, within a transaction that asks whether the person may see it."""
    row = case_store.find_case(conn, reference)
    _, index = case_store.load_index(bureau, conn, row["id"], row["version"])
    ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
    return Opened(row, ctx, view_of(ctx))


def see_whole(conn: Connection, bureau: Bureau, actor: Actor, case_id: int) -> Sight:
    """Return how somebody sees a case whose papers he wants to see.

    Raises ``NotAllowedError`` where its personal data is covered for him: a paper cannot be.
    """
    sight = ask_sight(conn, bureau, actor, case_id)
    if sight is Sight.COVERED:
        raise NotAllowedError(
            "文书中有完整的证件号、住址和电话，不能遮盖一部分再给人看；您不能查看本案完整的个人信息，"
            "所以不能查看本案的文书。确需查看的，请本案的承办人提供。",
            data={"act": "personal.view"},
        )
    return sight


def looked(bureau: Bureau, actor: Actor, case_id: int, sight: Sight, what: str) -> None:
    """Journal a look at a paper of a case that is not the person's own."""
    if sight is not Sight.OPEN:
        traces.looked_at_personal_data(bureau, actor, case_id, "文书", (what,))


def warm_up(bureau: Bureau) -> None:
    """Read forms and fonts before the first paper is wanted; for a thread of the window's.

    Raises as the first paper would: a faulty form, no font at all.
    """
    from importlib import import_module

    from zhixing_desktop.documents.blocks import Face
    from zhixing_desktop.services.paper_layout import layout

    for name in ("making", "pdf", "word"):
        import_module(f"zhixing_desktop.documents.{name}")
    bureau.papers.library(bureau.rules)
    fonts = bureau.papers.fonts(layout(bureau))
    for face in Face:
        fonts.table(face)


# ------------------------------------------------------------------------------------- lists


def papers_of(
    bureau: Bureau, actor: Actor, case: str | int, key: Key | None = None
) -> tuple[PaperLine, ...]:
    """Return a case's papers, oldest first; with ``key`` those of one instance.

    What was typed into a paper is shown only to whoever sees the case whole.  Raises
    ``NotAllowedError`` for a case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        sight = ask_sight(conn, bureau, actor, row["id"])
        opened = open_case(conn, bureau, row["id"])
        rows = case_papers(conn, row["id"])
        if key is not None:
            rows = [r for r in rows if (r["node"], r["subject"]) == tuple(key)]
        found = lines(bureau, conn, opened.ctx, row["case_no"], rows)
    if sight is Sight.OPEN:
        return found
    return tuple(replace(line, asked={}) for line in found)


def paper(bureau: Bureau, actor: Actor, paper_id: int) -> PaperLine:
    """Return one paper; raises as :func:`papers_of`, and for an unknown number."""
    with bureau.database.reading() as conn:
        case_id = paper_row(conn, paper_id)["case_id"]
    (found,) = (p for p in papers_of(bureau, actor, case_id) if p.id == paper_id)
    return found


def offers(bureau: Bureau, actor: Actor, case: str | int, key: Key) -> tuple[Offer, ...]:
    """Return the papers that can be made at an instance, one for each subject, the required first.

    Raises ``NotAllowedError`` for a case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        opened = open_case(conn, bureau, row["id"])
        rows = [r for r in case_papers(conn, row["id"]) if r["node"] == key.node]
        found = lines(bureau, conn, opened.ctx, row["case_no"], rows)
    forms = bureau.papers.library(bureau.rules).of_node(key.node)
    laws = bureau.papers.laws(bureau.rules)
    offered = [
        _offer(opened.ctx, laws, form, key, about, found)
        for form in forms
        for about in subjects_for(opened.ctx, form, key)
    ]
    return tuple(sorted(offered, key=lambda offer: not offer.required))


def _offer(
    ctx: Context, laws: Laws, form: Form, key: Key, about: str, papers: Sequence[PaperLine]
) -> Offer:
    approval = approval_of(ctx, Place(form, key, about))
    required = any(
        carries.node == key.node and carries.paper in wanted_papers(ctx, carries, key)
        for carries in form.carries
    )
    why_not = ""
    barred = minor_bar(ctx, laws, Place(form, key, about), ctx.now.date())
    if barred is not None:
        cite = f"（{barred.cite.paragraph}）" if barred.cite is not None else ""
        why_not = f"{barred.sentence.rstrip('。')}{cite}"
    elif approval is not None and approval.bars:
        why_not = f"签发以前须经审批：{approval.label}（{approval.words}）"
    elif not required:
        why_not = _spared(ctx, form, key)
    return Offer(
        form=form.key,
        name=form.name,
        kind=form.kind.label,
        key=key,
        about=about,
        about_words=about_words(ctx, about or key.subject),
        signs=form.signs,
        seal=form.seal,
        served_on=form.served_on,
        approval=approval,
        required=required,
        papers=tuple(p for p in papers if p.form == form.key and p.key == key and p.about == about),
        why_not=why_not,
    )


def _spared(ctx: Context, form: Form, key: Key) -> str:
    """Return why the node does not need the paper here, "" where the rules say nothing of it."""
    carried = {one.paper for one in form.carries if one.node == key.node}
    items = ctx.rulebook.nodes[key.node].work_items
    spared = (one for item in items for one in spared_papers(ctx, item))
    return next((one.words for one in spared if one.paper in carried), "")


# ------------------------------------------------------------------------------------- previews


def preview(bureau: Bureau, actor: Actor, wish: PaperWish) -> Preview:
    """Return a paper as it would be now; nothing is written but the look at another's case.

    Raises :class:`InputRefusedError` (no such form or subject, answers that are wrong) or
    ``NotAllowedError``.
    """
    with bureau.database.reading() as conn:
        opened = open_case(conn, bureau, wish.case)
        sight = see_whole(conn, bureau, actor, opened.row["id"])
        found = previewed(conn, bureau, opened, wish)
    looked(bureau, actor, opened.row["id"], sight, found.name)
    return found


def preview_of(bureau: Bureau, actor: Actor, paper_id: int) -> Preview:
    """Return a kept draft as it would be now; raises as :func:`preview`, and for no draft.

    One that has an edited Word file for its text of record is shown with those words.
    """
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        opened = open_case(conn, bureau, row["case_id"])
        sight = see_whole(conn, bureau, actor, row["case_id"])
        if row["state"] != DRAFT:
            raise RuleRefusedError(
                f"《{row['name']}》已经签发，内容不再变动，请打开它的文件查看。",
                data={"kind": "issued", "paper": paper_id},
            )
        found = previewed(conn, bureau, opened, wish_of(row))
    looked(bureau, actor, row["case_id"], sight, found.name)
    return _as_edited(bureau, row, found) if row["edited"] else found


def _as_edited(bureau: Bureau, row: Row, found: Preview) -> Preview:
    from zhixing_desktop.documents.word_paper import as_paper

    word = read_file(bureau, row["edited"])[1]
    return replace(found, paper=as_paper(word, found.paper), word=word)


def wish_of(row: Row) -> PaperWish:
    """Return the wish that a kept draft is."""
    return PaperWish(
        case=row["case_id"],
        form=row["form"],
        key=Key(row["node"], row["subject"]),
        about=row["about"],
        recipient=row["recipient"],
        asked=row["asked"],
        enclosed=tuple(row["enclosed"]) or None,
        day=row["day"],
    )


def previewed(conn: Connection, bureau: Bureau, opened: Opened, wish: PaperWish) -> Preview:
    """Return the preview within a transaction that has asked whether he may."""
    place, made = _made(conn, bureau, opened, wish)
    day = wish.day or opened.ctx.now.date()
    whole = replace(
        wish,
        case=opened.row["id"],
        form=place.form.key,
        key=place.key,
        about=place.about,
        asked=made.asked,
        enclosed=made.enclosed,
        day=day,
    )
    number = next_number(conn, opened.ctx, place.form, opened.row["id"], day)
    return Preview(
        wish=whole,
        name=place.form.name,
        paper=made.paper,
        asks=made.asks,
        gaps=made.gaps,
        approval=approval_of(opened.ctx, place),
        number=number.words,
        citations=tuple(citation.words for citation in made.paper.citations),
        word=made.word,
    )


def _made(
    conn: Connection,
    bureau: Bureau,
    opened: Opened,
    wish: PaperWish,
    *,
    by_hand: bool = False,
    trial: tuple[bytes, tuple[str, ...]] | None = None,
) -> tuple[Place, Made]:
    place = locate(bureau, opened.ctx, opened.view, wish)
    day = wish.day or opened.ctx.now.date()
    number = next_number(conn, opened.ctx, place.form, opened.row["id"], day)
    # A number that is not given out yet is not shown as if it were.
    words = number.words if number.serial is None else ""
    made = make(
        conn,
        bureau,
        opened.ctx,
        opened.view,
        place,
        wish,
        case_id=opened.row["id"],
        number=words,
        day=day,
        draft=not by_hand,
        by_hand=by_hand,
        trial=trial,
    )
    return place, made


def filled_preview(
    bureau: Bureau, actor: Actor, wish: PaperWish, template: bytes, fields: tuple[str, ...]
) -> tuple[Paper, bytes]:
    """Return a paper as a template would make it, and its Word file; raises as :func:`preview`.

    ``template`` was checked; ``fields`` are the names it uses.
    """
    with bureau.database.reading() as conn:
        opened = open_case(conn, bureau, wish.case)
        sight = see_whole(conn, bureau, actor, opened.row["id"])
        place, made = _made(conn, bureau, opened, wish, trial=(template, fields))
    looked(bureau, actor, opened.row["id"], sight, place.form.name)
    return made.paper, made.word or b""


def preview_file(
    bureau: Bureau, actor: Actor, wish: PaperWish, ending: str = PDF_ENDING
) -> PaperFile:
    """Return a draft as a file in memory; raises as :func:`preview`, and as the renderers do."""
    return _drawn(bureau, actor, wish, ending, by_hand=False)


def blank_file(
    bureau: Bureau, actor: Actor, wish: PaperWish, ending: str = PDF_ENDING
) -> PaperFile:
    """Return a form to be filled in with a pen (外勤): what is missing is a line to write on."""
    return _drawn(bureau, actor, wish, ending, by_hand=True)


def _drawn(
    bureau: Bureau, actor: Actor, wish: PaperWish, ending: str, *, by_hand: bool
) -> PaperFile:
    known = known_ending(ending)
    with bureau.database.reading() as conn:
        opened = open_case(conn, bureau, wish.case)
        sight = see_whole(conn, bureau, actor, opened.row["id"])
        place, made = _made(conn, bureau, opened, wish, by_hand=by_hand)
        data = draw_one(conn, bureau, made.paper, known, made.word)
    looked(bureau, actor, opened.row["id"], sight, place.form.name)
    return in_memory(made.paper, known, data)


def draw_preview(bureau: Bureau, found: Preview, ending: str = PDF_ENDING) -> PaperFile:
    """Return a preview that was already shown as a file; for a window that shows blocks first."""
    known = known_ending(ending)
    with bureau.database.reading() as conn:
        data = draw_one(conn, bureau, found.paper, known, found.word)
    return in_memory(found.paper, known, data)


# ------------------------------------------------------------------------------------- files


def paper_file(bureau: Bureau, actor: Actor, paper_id: int, ending: str = PDF_ENDING) -> PaperFile:
    """Return the file of an issued paper, proven to be that which was issued.

    Raises ``NotAllowedError`` (权限表 打印、导出文书; personal data), :class:`InputRefusedError`
    for an unknown paper or a draft, ``StoreError`` where the file is missing or was changed.
    """
    known = known_ending(ending)
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        sight = see_whole(conn, bureau, actor, row["case_id"])
        may_print(conn, bureau, actor, [paper_id])
        whom = open_case(conn, bureau, row["case_id"]).ctx.index.name_of(row["about"]) or ""
    digest = row["pdf"] if known == PDF_ENDING else row["docx"]
    if row["state"] != DRAFT and not digest and row["docx"]:
        raise InputRefusedError(
            f"《{row['name']}》{row['number']}还没有 PDF，以 Word 文件为准。请在 Word 或者 WPS 中"
            "打开它的 Word 文件打印，或者先补 PDF。",
            [Problem("PDF", "还没有生成")],
        )
    if row["state"] == DRAFT or not digest:
        raise InputRefusedError(
            f"《{row['name']}》还没有签发，没有可以打开的文件。",
            [Problem("文书", "请先签发，或者查看草稿的预览")],
        )
    kept, data = read_file(bureau, digest)
    looked(bureau, actor, row["case_id"], sight, f"{row['name']}{row['number']}")
    name = file_name(row["name"], row["number"], whom, known)
    return PaperFile(name, kept.media_type, data)


def may_print(conn: Connection, bureau: Bureau, actor: Actor, paper_ids: Sequence[int]) -> None:
    """Refuse whoever may not print or export some papers; raises ``NotAllowedError``."""
    for paper_id in paper_ids:
        row = paper_row(conn, paper_id)
        key = Key(row["node"], row["subject"])
        permit(conn, bureau, actor, PRINT, case=row["case_id"], key=key)


def note_print(
    bureau: Bureau,
    actor: Actor,
    paper_ids: Sequence[int],
    *,
    copies: int = 1,
    printer: str = "",
) -> None:
    """Journal that papers are printed, each under its case; before they go to the printer.

    Raises ``NotAllowedError``, or ``StoreError`` where it cannot be journalled: then nothing is to
    be printed.
    """
    with bureau.database.writing() as conn:
        for paper_id in paper_ids:
            row = paper_row(conn, paper_id)
            key = Key(row["node"], row["subject"])
            permit(conn, bureau, actor, "paper.print", case=row["case_id"], key=key)
            what = {"打印": f"{row['name']}{row['number']}", "份数": copies}
            if printer:
                what["打印机"] = printer
            traces.note_in(conn, bureau, actor, PRINT, what, case_id=row["case_id"])
