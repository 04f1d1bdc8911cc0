"""A stack that was scanned in one go: each page goes to the thing that its mark names.

Pages with the stamps of one thing become its new version (unless they only show what it shows
already), pages behind a separator go where it says, all others wait in the tray.  Each part is one
transaction; a part that is refused waits in the tray with the reason.  The same scan again changes
nothing: what it brought is recognised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from zhixing_desktop.dossier.separators import Separator
from zhixing_desktop.dossier.stack import (
    LeftOut,
    PageMarks,
    Replacement,
    Separated,
    StackPage,
    StackPart,
    Unplaced,
    split_stack,
)
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_arrivals import KeptScan, arrive_kept, keep_scan_file
from zhixing_desktop.services.dossier_filing import Also, file_item, replace_item
from zhixing_desktop.services.dossier_rows import catalogue_of, version_rows
from zhixing_desktop.services.dossier_store import (
    Cancelled,
    Progress,
    path_of,
    path_of_kept,
    take_in,
)
from zhixing_desktop.services.dossier_tray_rows import TraySource, filed_pages
from zhixing_desktop.services.dossier_types import SIDES, Cut, Filed, Filing, Medium, Piece
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.stack_sameness import WHY, Sameness
from zhixing_desktop.services.stack_targets import (
    NewVersion,
    UnclearError,
    mark_words,
    marked_case,
    marked_item,
    new_version,
)
from zhixing_desktop.services.stack_types import Fate, Sorted, SortedPart
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
    ZhixingError,
)

_TORN = "file_damaged"
_TRIES = 3


class _AlreadyThereError(ZhixingError):
    """These pages of this file are in the dossier already; carries the item's number."""

    def __init__(self, item_id: int) -> None:
        super().__init__("这几页已经入卷")
        self.item_id = item_id


def _nothing(_done: int, _total: int, _what: str) -> None:
    """Show no progress."""


def _never() -> bool:
    return False


def sort_stack(
    bureau: Bureau,
    actor: Actor,
    piece: Piece,
    progress: Progress = _nothing,
    cancelled: Cancelled = _never,
    *,
    source: TraySource = TraySource.STACK,
    double_sided: bool = False,
    keep_blanks: bool = False,
) -> Sorted:
    """Sort the pages of a scan to things and places; what is not clear waits in the tray.

    Nothing of it is refused and nothing lost: a file of which no pages can be made lies in the tray
    whole.  ``double_sided``: front and back follow one another, so the back of a separator that lay
    face down is left out.  ``progress`` counts pages.  Takes 50 to 100 milliseconds a page.  Raises
    ``NotAllowedError``, and ``StoreError`` (disk full, database gone; stopped while the pages were
    still being read): what was filed by then stays filed, and the same scan can be given again.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "dossier.tray")
    kept = keep_scan_file(bureau, piece)
    sorting = _Sorting(bureau, actor, kept, source, cancelled)
    if kept.seen.errors or not kept.seen.pages:
        return sorting.whole("")
    try:
        marks = _read(bureau, kept, progress, cancelled)
    except StoreError as refusal:
        if refusal.data.get("kind") != _TORN:
            raise
        return sorting.whole(refusal.sentence)
    parts = split_stack(marks, double_sided=double_sided, keep_blanks=keep_blanks)
    return sorting.all(parts, progress, cancelled)


def _read(
    bureau: Bureau, kept: KeptScan, progress: Progress, cancelled: Cancelled
) -> tuple[PageMarks, ...]:
    from zhixing_desktop.dossier.stack_reading import stack_marks

    def step(done: int) -> None:
        if cancelled():
            raise StoreError("已经停止，没有收取。", data={"kind": "cancelled"})
        progress(done, kept.seen.pages, "识别页标")

    path = path_of_kept(bureau, kept.file)
    return stack_marks(path, kept.seen, step)


class _Sorting:
    """One stack on its way."""

    def __init__(
        self,
        bureau: Bureau,
        actor: Actor,
        kept: KeptScan,
        source: TraySource,
        cancelled: Cancelled,
    ) -> None:
        self._bureau, self._actor, self._kept, self._source = bureau, actor, kept, source
        path = path_of_kept(bureau, kept.file)
        self._sameness = Sameness(bureau, path, cancelled)
        self._same: dict[tuple[int, str], list[StackPage]] = {}
        self._piece = Piece(kept.file.name, path, kept.file.digest)

    def whole(self, hint: str) -> Sorted:
        """Put the whole file into the tray."""
        part = self._to_tray(tuple(StackPage(cut.page) for cut in self._kept.cuts), hint)
        return Sorted(self._kept.file.name, self._kept.seen.pages, (part,))

    def all(self, parts: Sequence[StackPart], progress: Progress, cancelled: Cancelled) -> Sorted:
        """Do all parts, each by itself."""
        done: list[SortedPart] = []
        left_out: list[tuple[str, tuple[int, ...]]] = []
        forgotten: list[str] = []
        rest: list[StackPage] = []
        for place, part in enumerate(parts):
            if isinstance(part, LeftOut):
                left_out.append((part.why.words, _numbers(part.pages)))
            elif isinstance(part, Separated) and not part.pages:
                forgotten.append(self._separator_words(part.separator))
            elif rest or cancelled():
                rest += part.pages
            else:
                progress(place, len(parts), "归入卷宗")
                done += self._parted(part, rest)
        done += [self._aside(*case, pages) for case, pages in self._same.items()]
        if rest:
            rest.sort(key=lambda page: page.at)
            done.append(self._to_tray(tuple(rest), "整理中途停止"))
        if not done:
            done.append(self.whole("没有可以归入的页面").parts[0])
            left_out = []
        return Sorted(
            self._kept.file.name,
            self._kept.seen.pages,
            tuple(done),
            tuple(left_out),
            tuple(forgotten),
            stopped=bool(rest),
            unchanged=tuple(self._same),
        )

    def _parted(
        self, part: Replacement | Separated | Unplaced, rest: list[StackPage]
    ) -> Iterator[SortedPart]:
        """Do a part; one that was stopped while it was compared belongs to the rest."""
        try:
            made = self._part(part)
        except StoreError as stop:
            if stop.data.get("kind") != "cancelled":
                raise
            rest += part.pages
            return
        if made is not None:
            yield made

    def _part(self, part: Replacement | Separated | Unplaced) -> SortedPart | None:
        if isinstance(part, Unplaced):
            return self._to_tray(part.pages, _unplaced_words(self._bureau, part))
        try:
            return self._tried(part)
        except _AlreadyThereError as known:
            return SortedPart(
                Fate.THERE, _numbers(part.pages), "相同的页面已经入卷", item_id=known.item_id
            )
        except UnclearError as unclear:
            return self._to_tray(part.pages, unclear.sentence, unclear.case_id)
        except (RuleRefusedError, InputRefusedError, StaleEditError) as refusal:
            return self._to_tray(part.pages, refusal.sentence, self._case_of(part))
        except StoreError as refusal:
            if refusal.data.get("kind") != _TORN:
                raise
            return self._to_tray(part.pages, refusal.sentence, self._case_of(part))

    def _tried(self, part: Replacement | Separated) -> SortedPart | None:
        """File a part; where somebody else files to the same thing meanwhile, look again."""
        for left in reversed(range(_TRIES)):
            try:
                if isinstance(part, Replacement):
                    return self._replacement(part)
                return self._separated(part)
            except StaleEditError:
                if not left:
                    raise
        raise AssertionError  # unreachable: the last try raises or returns

    def _case_of(self, part: Replacement | Separated) -> int | None:
        mark = part.stamp if isinstance(part, Replacement) else part.separator
        with self._bureau.database.reading() as conn:
            try:
                return int(marked_case(conn, mark)["id"])
            except UnclearError:
                return None

    # --------------------------------------------------------------------------- ways to go

    def _replacement(self, part: Replacement) -> SortedPart | None:
        pages = tuple(sorted(page.at for page in part.pages))
        with self._bureau.database.reading() as conn:
            self._refuse_known(conn, pages)
            made = new_version(conn, part.stamp, part.pages)
        if self._sameness.holds(made, part.stamp):
            self._same.setdefault((made.case["id"], made.case["case_no"]), []).extend(part.pages)
            return None
        return self._new_version(made, _numbers(part.pages))

    def _new_version(self, made: NewVersion, numbers: tuple[int, ...]) -> SortedPart:
        pieces = [self._piece]
        if not all(page.scanned for page in made.pages):
            before = path_of(self._bureau, made.before)
            pieces.append(Piece(f"{made.item['name']}.pdf", before, made.before))
        cuts = [Cut(0 if page.scanned else 1, page.page, page.turn) for page in made.pages]
        done = self._replaced(made.item, pieces, cuts, made.reason)
        words = f"{made.case['case_no']} {made.item['name']}，第{done.item.current}版"
        if len(pieces) > 1:
            words += "，未扫描的页沿用上一版"
        return SortedPart(Fate.VERSION, numbers, words, made.case["id"], done.item.id)

    def _replaced(
        self, item: Row, pieces: Sequence[Piece], cuts: Sequence[Cut], reason: str
    ) -> Filed:
        taken = take_in(self._bureau, pieces, cuts)
        return replace_item(
            self._bureau,
            self._actor,
            item["id"],
            taken,
            reason,
            version=item["version"],
            medium=Medium.ORIGINAL,
            also=self._once([cut.page for cut in cuts if cut.source == 0]),
        )

    def _separated(self, part: Separated) -> SortedPart:
        separator = part.separator
        with self._bureau.database.reading() as conn:
            self._refuse_known(conn, tuple(sorted(page.at for page in part.pages)))
            case = marked_case(conn, separator)
            item, newest = None, None
            if separator.item_id is not None:
                item = marked_item(conn, case, separator.item_id)
                newest = version_rows(conn, item["id"])[-1]
        cuts = [Cut(0, page.at, page.turn) for page in part.pages]
        numbers = _numbers(part.pages)
        if item is not None and newest is not None:
            words = f"{case['case_no']} {item['name']}"
            reason = "补入扫描件（分隔页）" if not newest["pdf"] else "重新扫描（分隔页）"
            done = self._replaced(item, [self._piece], cuts, reason)
            words += f"，第{done.item.current}版"
            return SortedPart(Fate.VERSION, numbers, words, case["id"], done.item.id)
        if separator.place is None:
            hint = f"{case['case_no']}的分隔页，没有写明归入哪一项"
            return self._to_tray(part.pages, hint, case["id"])
        side, number = separator.place.side, separator.place.number
        place = catalogue_of(self._bureau, case, side).item(number).name
        filing = Filing(place, place=number, side=side, medium=Medium.ORIGINAL)
        taken = take_in(self._bureau, [self._piece], cuts)
        also = self._once([cut.page for cut in cuts])
        done = file_item(self._bureau, self._actor, case["id"], filing, taken, also=also)
        words = f"{case['case_no']} {SIDES[side]}第{number}项 {place}"
        return SortedPart(Fate.NEW, numbers, words, case["id"], done.item.id)

    def _to_tray(
        self, pages: Sequence[StackPage], hint: str, case_id: int | None = None
    ) -> SortedPart:
        cuts = [Cut(0, page.at, page.turn) for page in pages]
        came = arrive_kept(self._bureau, self._actor, self._kept, self._source, cuts, case_id, hint)
        fate = Fate.THERE if came.again else Fate.TRAY
        words = came.sentence if came.again else (came.line.hint or "请确定归入哪一件")
        return SortedPart(fate, _numbers(pages), words, case_id, tray_id=came.line.id)

    def _aside(self, case_id: int, case_no: str, pages: Sequence[StackPage]) -> SortedPart:
        """Set pages aside that brought nothing new: kept, told, and to be fetched back."""
        lying = sorted(pages, key=lambda page: page.at)
        cuts = [Cut(0, page.at, page.turn) for page in lying]
        came = arrive_kept(
            self._bureau, self._actor, self._kept, self._source, cuts, case_id, aside=WHY
        )
        words = came.sentence if came.again else f"{case_no}，{WHY}"
        return SortedPart(Fate.SAME, _numbers(lying), words, case_id, tray_id=came.line.id)

    # ------------------------------------------------------------------- the same scan again

    def _refuse_known(self, conn: Connection, pages: tuple[int, ...]) -> None:
        for known, item_id in filed_pages(conn, self._kept.file.digest).items():
            if tuple(sorted(known)) == pages:
                raise _AlreadyThereError(item_id)

    def _once(self, pages: Sequence[int]) -> Also:
        """Ask once more in the transaction: another workstation may be taking the same scan."""

        def ask(conn: Connection, _record: Recorder, _item_id: int) -> None:
            self._refuse_known(conn, tuple(sorted(pages)))

        return ask

    def _separator_words(self, separator: Separator) -> str:
        with self._bureau.database.reading() as conn:
            return mark_words(conn, separator)


def _unplaced_words(bureau: Bureau, part: Unplaced) -> str:
    if part.after is None:
        return part.reason.words
    with bureau.database.reading() as conn:
        return f"{part.reason.words.rstrip('。')}；它前面是{mark_words(conn, part.after)}"


def _numbers(pages: Sequence[StackPage]) -> tuple[int, ...]:
    return tuple(sorted(page.at + 1 for page in pages))
