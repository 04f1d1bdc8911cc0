"""Loading the rules: rulebook, calendar and charts from the program's files.

The rulebook that the bureau has adopted may be another one than the program's own: then it is read
from the texts that the bureau keeps.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.workflow.calendar import CalendarOverride, CalendarSheet, CourtCalendar
from zhixing_desktop.workflow.calendar_sheet import parse_calendar_csv
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

if TYPE_CHECKING:
    from zhixing_desktop.workflow.authority import Matrix
    from zhixing_desktop.workflow.rulebook import Rulebook

COVERAGE_FILE = "coverage.yaml"


class BookReading:
    """A rulebook that is read once, by whoever asks first; whoever asks meanwhile waits.

    From any thread.  The list of cases can be used before the rulebook has been read.
    """

    def __init__(self, resources: Path) -> None:
        self._resources = resources
        self._lock = threading.Lock()
        self._book: Rulebook | None = None
        self._matrix: Matrix | None = None

    @classmethod
    def ready(cls, resources: Path, book: Rulebook, matrix: Matrix) -> BookReading:
        """Return one that has been read already."""
        made = cls(resources)
        made._book, made._matrix = book, matrix
        return made

    def book(self) -> Rulebook:
        """Return the rulebook; raise what :func:`load_rulebook` raises, each time anew."""
        if self._book is None:
            with self._lock:
                if self._book is None:
                    self._book = self._read()
        return self._book

    def matrix(self) -> Matrix:
        """Return the authority matrix, read once as the rulebook is; raises what reading raises."""
        if self._matrix is None:
            book = self.book()
            with self._lock:
                if self._matrix is None:
                    self._matrix = self._read_matrix(book)
        return self._matrix

    def hash(self) -> str:
        """Return the hash of the texts, without reading them as rules."""
        if self._book is not None:
            return self._book.hash
        from zhixing_desktop.workflow.rulebook_reader import texts_hash

        return texts_hash(rulebook_texts(self._resources))

    def _read(self) -> Rulebook:
        return load_rulebook(self._resources)

    def _read_matrix(self, book: Rulebook) -> Matrix:
        return load_matrix(self._resources, book)


class AdoptedReading(BookReading):
    """The rulebook that a bureau has adopted, known by its hash.

    Where the program's ``own`` files are the same they are used, and what the bureau keeps is not
    looked at; else it is read from there (``texts``).
    """

    def __init__(
        self,
        resources: Path,
        own: BookReading,
        number: str,
        wanted: str,
        texts: Callable[[], Mapping[str, str]],
    ) -> None:
        super().__init__(resources)
        self._own, self._number, self._wanted, self._texts = own, number, wanted, texts
        self._same: bool | None = None

    def book(self) -> Rulebook:
        """Return the rulebook.

        Raises ``StoreError``: ``rulebook_altered`` where the kept texts are not what was adopted,
        ``rulebook_unreadable`` where this program cannot work by them; and what reading the
        program's own raises.
        """
        return self._own.book() if self._is_own() else super().book()

    def matrix(self) -> Matrix:
        """Return the authority matrix as it is under this rulebook; raises as ``book``."""
        return self._own.matrix() if self._is_own() else super().matrix()

    def hash(self) -> str:
        """Return the hash of what was adopted."""
        return self._wanted

    def _is_own(self) -> bool:
        if self._same is None:
            try:
                self._same = self._own.hash() == self._wanted
            except StoreError:  # damaged files of the program are not those that were adopted
                self._same = False
        return self._same

    def _read(self) -> Rulebook:
        texts = self._texts()
        refuse_altered(self._number, self._wanted, texts)
        try:
            return book_of_texts(texts)
        except InputRefusedError as error:
            raise _unreadable(self._number, error) from error

    def _read_matrix(self, book: Rulebook) -> Matrix:
        try:
            return super()._read_matrix(book)
        except InputRefusedError as error:
            raise _unreadable(self._number, error) from error


_WAY_OUT = (
    "请改用原来版本的程序；或者由院长用命令 zhixing rulebook adopt 核准本程序自带的规则"
    "（先用 zhixing rulebook compare 查看差异）。"
)


def refuse_altered(number: str, wanted: str, texts: Mapping[str, str]) -> None:
    """Raise ``StoreError`` (``rulebook_altered``) where texts are not those of the hash."""
    from zhixing_desktop.workflow.rulebook_reader import texts_hash

    if texts_hash(texts) != wanted:
        raise StoreError(
            f"本局核准的节点规则（版本{number}）在数据库中的文本被人绕过程序改动过，"
            "程序不按它办案。请保留这个数据库，用最近一次备份恢复，并通知安全管理员和审计员；"
            "或者由院长用命令 zhixing rulebook adopt 重新核准本程序自带的规则。",
            data={"kind": "rulebook_altered", "number": number, "hash": wanted},
        )


def _unreadable(number: str, error: InputRefusedError) -> StoreError:
    problems = [f"{p.where}：{p.sentence}" for p in error.problems]
    first = f"，如“{problems[0]}”" if problems else ""
    return StoreError(
        f"本程序不能按本局核准的节点规则（版本{number}）办案：有{len(problems)}处不认识"
        f"{first}。{_WAY_OUT}",
        data={"kind": "rulebook_unreadable", "number": number, "problems": problems},
    )


@dataclass(frozen=True, slots=True)
class AdoptedBook:
    """A rulebook that the bureau works by, or worked by once."""

    number: str
    adopted_at: datetime
    reading: BookReading


@dataclass(frozen=True, slots=True)
class Rules:
    """The rulebook and the court's calendar, ready for the engine.

    ``adopted`` are all rulebooks that the bureau has adopted, the last of them ``reading``: a case
    that was closed under an earlier one stays under it.  Empty without a bureau.
    """

    reading: BookReading
    calendar: CourtCalendar
    adopted: tuple[AdoptedBook, ...] = ()

    @property
    def book(self) -> Rulebook:
        """The rulebook; asked for too early it is waited for, so not on the GUI thread."""
        return self.reading.book()

    @property
    def matrix(self) -> Matrix:
        """Who may do what; waited for as the rulebook is."""
        return self.reading.matrix()

    def book_at(self, moment: datetime) -> Rulebook:
        """Return the rulebook that the bureau worked by at a moment; raises as ``book``."""
        for entry in reversed(self.adopted):
            if entry.adopted_at <= moment:
                return entry.reading.book()
        return self.adopted[0].reading.book() if self.adopted else self.book

    def book_of(self, number: str) -> Rulebook:
        """Return the rulebook of a number; of an unknown one that of today.  Raises as ``book``."""
        for entry in reversed(self.adopted):
            if entry.number == number:
                return entry.reading.book()
        return self.book


def read_text(path: Path) -> str:
    """Read one of the program's files; :class:`StoreError` when it is missing or torn."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"程序文件“{path.name}”缺失或者损坏，请重新安装程序。", data={"path": str(path)}
        ) from error


def rulebook_texts(resources: Path) -> dict[str, str]:
    """Return the texts of the program's own rulebook by name, the guideline's among them."""
    from zhixing_desktop.workflow.rulebook_reader import GUIDELINE_FILE

    return {**texts_in(resources / "rulebook"), GUIDELINE_FILE: guideline_text(resources)}


def texts_in(folder: Path) -> dict[str, str]:
    """Return the texts of a rulebook's files in a folder; raises as :func:`read_text`."""
    names = sorted(folder.glob("*.yaml"))
    return {path.name: read_text(path) for path in names if path.name != COVERAGE_FILE}


def load_rulebook(resources: Path) -> Rulebook:
    """Read and check the program's own; :class:`InputRefusedError` lists every fault."""
    return book_of_texts(rulebook_texts(resources))


def book_of_texts(texts: Mapping[str, str]) -> Rulebook:
    """Read a rulebook and hold it against itself and the guideline that is among its texts.

    :class:`InputRefusedError` lists every fault.
    """
    # With YAML and the names of all rules a tenth of a second: not before somebody needs them.
    from zhixing_desktop.workflow.rulebook_checks import check
    from zhixing_desktop.workflow.rulebook_reader import GUIDELINE_FILE, read_rulebook

    book = read_rulebook(texts)
    check(book, texts.get(GUIDELINE_FILE, ""))
    return book


def load_matrix(resources: Path, book: Rulebook) -> Matrix:
    """Read and check the authority matrix; :class:`InputRefusedError` lists every fault."""
    from zhixing_desktop.workflow.authority_acts import ACTS
    from zhixing_desktop.workflow.authority_reader import read_matrix

    text = read_text(resources / "authority" / "authority.yaml")
    return read_matrix(text, book, guideline_text(resources), acts=ACTS)


def guideline_text(resources: Path) -> str:
    """Return the guideline as it was published."""
    return read_text(resources / "guideline" / "guideline.txt")


def load_calendar(
    resources: Path,
    overrides: Iterable[CalendarOverride] = (),
    notices: Iterable[CalendarSheet] = (),
) -> CourtCalendar:
    """Build the calendar: published years, provisional statutory days, the court's own edits.

    ``notices`` are the yearly notices that the court has entered after the program was made.
    """
    published = parse_calendar_csv(
        read_text(resources / "calendar" / "published.csv"), where="已公布日历"
    )
    return CourtCalendar.build([published, *notices], statutory_days(resources), overrides)


def statutory_days(resources: Path) -> CalendarSheet:
    """Return the statutory days of the years without a notice."""
    text = read_text(resources / "calendar" / "statutory.csv")
    return parse_calendar_csv(text, where="暂定法定节日", provisional=True)


def load_rules(
    resources: Path, overrides: Iterable[CalendarOverride] = (), *, book_later: bool = False
) -> Rules:
    """Load everything the engine needs; with ``book_later`` the rulebook when it is asked for."""
    reading = BookReading(resources)
    if not book_later:
        reading.book()
    return Rules(reading, load_calendar(resources, overrides))
