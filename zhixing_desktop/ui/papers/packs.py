"""What stands in a pack: papers that are kept, papers that could be made, forms to fill in by hand.

For the threads of the bridge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.services import cases, papers, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.paper_serving import proof_file
from zhixing_desktop.services.paper_types import (
    DRAFT,
    ISSUED,
    VOID,
    Offer,
    PaperFile,
    PaperLine,
    PaperWish,
)
from zhixing_desktop.ui.papers.reading import read_shelf
from zhixing_desktop.ui.papers.saving import write_draft, write_issued, write_kept
from zhixing_desktop.ui.papers.words import disk_name, latest_of, state_words, whom_of
from zhixing_desktop.workflow.views import Key


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a pack.

    ``line`` is the paper where it is kept, ``wish`` what is drawn where it is not issued; ``blank``
    a form to be filled in with a pen; ``proof`` the numbers of the papers of a 送达回证.
    ``ticked`` proposes it.
    """

    case_id: int
    case_no: str
    name: str
    about: str
    state: str
    line: PaperLine | None = None
    wish: PaperWish | None = None
    blank: bool = False
    proof: tuple[int, ...] = ()
    whom: str = ""
    ticked: bool = True

    @property
    def issued(self) -> bool:
        """Whether it is printed from its file."""
        return self.line is not None and self.line.state == ISSUED

    @property
    def edited(self) -> bool:
        """Whether it is a draft with an edited Word file for its text of record."""
        return self.line is not None and self.line.state == DRAFT and bool(self.line.edited)

    @property
    def can_issue(self) -> bool:
        """Whether it is still to be issued."""
        return not self.issued and not self.blank and not self.proof

    def file_name(self, ending: str) -> str:
        """Return the name it is saved under."""
        mark = "" if self.issued or self.blank or self.proof else "（草稿）"
        return disk_name(self.case_no, f"{self.name}{mark}", whom_of(self.about), ending)


Loader = Callable[[], tuple[Entry, ...]]


def entry_of(line: PaperLine, *, ticked: bool = True) -> Entry:
    """Return a kept paper as a line of a pack."""
    wish = None
    if line.state == DRAFT:
        wish = PaperWish(
            line.case_id,
            line.form,
            line.key,
            line.about,
            line.recipient,
            line.asked,
            line.enclosed or None,
            line.day,
        )
    state = f"{state_words(line)}　{line.number}".rstrip()
    return Entry(
        *(line.case_id, line.case_no, line.name, line.about_words, state),
        line=line,
        wish=wish,
        ticked=ticked,
    )


def of_node(bureau: Bureau, actor: Actor, case_id: int, key: Key) -> tuple[Entry, ...]:
    """Return the papers of a node instance: what was made, and what can be made still.

    Proposed are the required ones and those that are there already.
    """
    case = cases.detail(bureau, actor, case_id)
    found: list[Entry] = []
    shelf = read_shelf(bureau, actor, case, key)
    for offer in shelf.offers:
        kept = [line for line in offer.papers if line.state != VOID]
        found += [entry_of(line) for line in kept]
        if latest_of(offer) is None:
            lacking = shelf.lacking.get((offer.form, offer.about), ())
            found.append(_unmade(case_id, case.case_no, offer, lacking))
    return tuple(found)


def _unmade(case_id: int, case_no: str, offer: Offer, lacking: tuple[str, ...]) -> Entry:
    wish = PaperWish(case_id, offer.form, offer.key, offer.about)
    state = f"未制作，缺{'、'.join(lacking)}" if lacking else "未制作"
    return Entry(
        *(case_id, case_no, offer.name, offer.about_words, state),
        wish=wish,
        ticked=offer.required,
    )


def of_case(bureau: Bureau, actor: Actor, case_id: int) -> tuple[Entry, ...]:
    """Return all papers of a case that are not void, none of them proposed."""
    lines = papers.papers_of(bureau, actor, case_id)
    return tuple(entry_of(line, ticked=False) for line in lines if line.state != VOID)


def of_form(bureau: Bureau, actor: Actor, case_ids: Sequence[int], form: str) -> tuple[Entry, ...]:
    """Return the issued papers of one form in some cases."""
    found: list[Entry] = []
    for case_id in case_ids:
        lines = papers.papers_of(bureau, actor, case_id)
        found += [entry_of(line) for line in lines if line.form == form and line.state == ISSUED]
    return tuple(found)


def of_wish(bureau: Bureau, actor: Actor, wish: PaperWish) -> tuple[Entry, ...]:
    """Return a paper as it stands in its window, not issued."""
    assert isinstance(wish.case, int)
    case = cases.detail(bureau, actor, wish.case)
    name = bureau.papers.library(bureau.rules).form(wish.form).name
    index = case.context.index
    words = subject_words(index.name_of, wish.about) if wish.about else ""
    return (Entry(case.id, case.case_no, name, words, "草稿", wish=wish),)


def of_proof(bureau: Bureau, actor: Actor, lines: tuple[PaperLine, ...]) -> tuple[Entry, ...]:
    """Return one 送达回证 for each recipient whom some papers of a case are to reach."""
    case = cases.detail(bureau, actor, lines[0].case_id)
    index = case.context.index
    names = [name for line in lines for name in line.unserved]
    parties = [s for s in index.parties if index.name_of(s) in names]
    if not parties:
        parties = [line.about for line in lines if line.about in index.parties][:1]
    ids = tuple(line.id for line in lines)
    found = [(subject, index.name_of(subject) or "") for subject in parties] or [("", "")]
    return tuple(
        Entry(case.id, case.case_no, "送达回证", name, "待签收", proof=ids, whom=subject)
        for subject, name in found
    )


def of_kit(bureau: Bureau, actor: Actor, case_id: int) -> tuple[Entry, ...]:
    """Return every form of the bureau as one to be filled in by hand for a case (外勤包).

    What the case has no subject for (a house to be inspected) is left out.
    """
    case = cases.detail(bureau, actor, case_id)
    library = bureau.papers.library(bureau.rules)
    found: list[Entry] = []
    for form in library.forms.values():
        key = key_at(case.view.instances, form.nodes)
        if key is None:
            continue
        for offer in papers.offers(bureau, actor, case_id, key):
            if offer.form == form.key:
                wish = PaperWish(case_id, form.key, key, offer.about)
                words = f"节点{key.node}　{form.kind.label}"
                found.append(
                    Entry(
                        *(case_id, case.case_no, form.name, offer.about_words, words),
                        wish=wish,
                        blank=True,
                        ticked=False,
                    )
                )
    return tuple(found)


def key_at(keys: Iterable[Key], nodes: tuple[int, ...]) -> Key | None:
    """Return the instance at which a form of some nodes is made in a case, the first that fits."""
    known = list(keys)
    for node in nodes:
        fitting = [key for key in known if key.node == node]
        if fitting:
            return fitting[0]
    return None


# ------------------------------------------------------------------------------------- its files


def pages(bureau: Bureau, actor: Actor, entry: Entry) -> FilePages:
    """Return the pages of a line as they would be printed now."""
    file = _file(bureau, actor, entry)
    return file_pages(file.name, file.media_type, file.data)


def _file(bureau: Bureau, actor: Actor, entry: Entry) -> PaperFile:
    if entry.proof:
        return proof_file(bureau, actor, entry.proof, entry.whom)
    if entry.issued:
        assert entry.line is not None
        return papers.paper_file(bureau, actor, entry.line.id)
    if entry.edited:
        assert entry.line is not None
        return papers.draw_preview(bureau, papers.preview_of(bureau, actor, entry.line.id))
    assert entry.wish is not None
    make = papers.blank_file if entry.blank else papers.preview_file
    return make(bureau, actor, entry.wish)


def write(bureau: Bureau, actor: Actor, entry: Entry, folder: Path, ending: str) -> str:
    """Save a line of a pack as a file of its own and return the file's name."""
    path = folder / entry.file_name(ending)
    if entry.issued:
        assert entry.line is not None
        return write_issued(bureau, actor, entry.line, path, ending).name
    if entry.edited:
        assert entry.line is not None
        return write_kept(bureau, actor, entry.line, path, ending).name
    assert entry.wish is not None
    return write_draft(bureau, actor, entry.wish, path, ending, blank=entry.blank).name


def note_run(
    bureau: Bureau, actor: Actor, ticked: tuple[tuple[Entry, int], ...], printer: str
) -> None:
    """Journal what is about to be printed, each paper with its copies.

    Raises ``NotAllowedError`` or ``StoreError``: then nothing is printed.
    """
    for entry, copies in ticked:
        if entry.line is not None:
            papers.note_print(bureau, actor, [entry.line.id], copies=copies, printer=printer)
            continue
        told = {"打印": entry.name, "份数": copies, "说明": _kind(entry)}
        if printer:
            told["打印机"] = printer
        traces.note(bureau, actor, traces.PRINTED, told, case_id=entry.case_id)


def _kind(entry: Entry) -> str:
    if entry.proof:
        return "送达回证，待签收"
    return "空白样式，手工填写" if entry.blank else "草稿，没有签发"
