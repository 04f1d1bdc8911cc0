"""A print job of several papers: its pages in the order in which they leave the printer.

Pages are drawn at the printer's own resolution, within bounds: sharp on paper, and a job of a
hundred pages still fits the memory, since each page is drawn when its turn comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from zhixing_desktop.services.file_pages import FilePages, PagePicture
from zhixing_desktop.ui.page_images import page_image
from zhixing_desktop.workflow.errors import StoreError

LEAST_DPI, MOST_DPI = 300, 400
_A4_INCHES = 210 / 25.4
_BLANK = -1
_BANDS, _OVERLAP = 24, 4
Stopped = Callable[[], bool]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A paper within a job, and how many copies of it."""

    pages: FilePages
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Run(FilePages):
    """A job as one file to look at: ``plan`` names paper and page of each side that is printed."""

    parts: tuple[FilePages, ...] = ()
    plan: tuple[tuple[int, int], ...] = ()

    def picture(self, page: int, width: int) -> PagePicture:
        """Return a side of the job as a picture; an empty side is white."""
        part, at = self.plan[page]
        if part == _BLANK:
            return _white(width)
        return self.parts[part].picture(at, width)


def run_of(name: str, parts: Sequence[Part], *, duplex: bool = False) -> Run:
    """Return the sides of a job: copy after copy, paper after paper.

    On both sides of the sheet each copy of each paper begins on a sheet of its own.
    """
    plan: list[tuple[int, int]] = []
    for number, part in enumerate(parts):
        for _ in range(part.copies):
            plan += [(number, page) for page in range(part.pages.count)]
            if duplex and len(plan) % 2:
                plan.append((_BLANK, 0))
    if plan and plan[-1][0] == _BLANK:
        del plan[-1]
    media = parts[0].pages.media_type if parts else ""
    return Run(name, media, len(plan), b"", tuple(part.pages for part in parts), tuple(plan))


def prepare(printer: QPrinter, name: str) -> None:
    """Set a printer to whole sheets of A4; whatever margins there are stand in the papers."""
    printer.setDocName(name)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))


def print_run(
    printer: QPrinter,
    run: Run,
    told: Progress | None = None,
    stopped: Stopped | None = None,
) -> int:
    """Print a job and return how many sides went to the printer; not for the window's thread.

    The copies that a printer does not make itself are sent one after the other; a range of pages
    is kept to.  Raises :class:`StoreError` when the printer is gone or takes no more.
    """
    times = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
    wanted = list(_sides(printer, run)) * times
    dpi = min(max(printer.resolution(), LEAST_DPI), MOST_DPI)
    width = round(_A4_INCHES * dpi)
    job = _Job(printer)
    try:
        for side in wanted:
            if stopped is not None and stopped():
                printer.abort()
                break
            # Drawn before the sheet is begun: a page that cannot be read spoils none.
            job.add(page_image(run.picture(side, width)))
            if told is not None:
                told(job.done, len(wanted))
    except StoreError:
        printer.abort()
        raise
    finally:
        job.end()
    return job.done


class _Job:
    """One job at a printer; ``done`` sides are there."""

    def __init__(self, printer: QPrinter) -> None:
        self._printer, self._painter = printer, QPainter()
        self.done = 0

    def add(self, image: QImage) -> None:
        """Send a side; :class:`StoreError` where the printer does not take it."""
        painter, printer = self._painter, self._printer
        there = printer.newPage() if painter.isActive() else painter.begin(printer)
        if not there:
            raise _lost(printer, self.done)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
        for top, band in _bands(image):
            scale = sheet.height() / image.height()
            place = QRectF(sheet.x(), top * scale, sheet.width(), band.height() * scale)
            painter.drawImage(place, band)
        if printer.printerState() is QPrinter.PrinterState.Error:
            raise _lost(printer, self.done)
        self.done += 1

    def end(self) -> None:
        """Let the printer have it; :class:`StoreError` where it cannot."""
        if self._painter.isActive() and not self._painter.end():
            raise _lost(self._printer, self.done)


def _sides(printer: QPrinter, run: Run) -> range:
    first, last = printer.fromPage(), printer.toPage()
    if printer.printRange() is not QPrinter.PrintRange.PageRange or not first:
        return range(run.count)
    return range(first - 1, min(last or run.count, run.count))


def _bands(image: QImage) -> Iterator[tuple[int, QImage]]:
    """Cut a page into bands, each with the row it begins at.

    The window stands still while one picture is handed to the printer: so it is handed over in
    small ones.  Each reaches a little into the next, so that no line shows between them.
    """
    step = max(image.height() // _BANDS, 1)
    for top in range(0, image.height(), step):
        height = min(step + _OVERLAP, image.height() - top)
        yield top, _lean(image.copy(0, top, image.width(), height))


def _lean(image: QImage) -> QImage:
    """Return a picture without colours where it has none: a quarter of the data for the printer."""
    return image.convertToFormat(QImage.Format.Format_Grayscale8) if image.allGray() else image


def _white(width: int) -> PagePicture:
    height = round(width * 297 / 210)
    return PagePicture(b"\xff" * (4 * width * height), 0, width, height, 4 * width)


def _lost(printer: QPrinter, done: int) -> StoreError:
    name = printer.printerName() or printer.outputFileName() or "打印机"
    where = f"第{done + 1}页" if done else "开始打印时"
    return StoreError(
        f"{where}“{name}”没有响应，打印没有完成。请检查打印机是否开机、联机、有纸，"
        "或者换一台打印机，再从没有打出的一页起打印。",
        data={"kind": "printer", "printed": done},
    )
