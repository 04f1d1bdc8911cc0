"""The pages of record: chosen, turned, put in order, joined into one clean PDF.

The same files and the same cuts give the same bytes, on any day.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from pathlib import Path

from zhixing_desktop.dossier.incoming import Examined, PageCut, Source, opened, refuse
from zhixing_desktop.dossier.intake import examine
from zhixing_desktop.dossier.media_types import PDF
from zhixing_desktop.dossier.page_parts import Part, pdf_part, picture_parts
from zhixing_desktop.dossier.pdf_joining import join_pages
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError


@dataclass(frozen=True, slots=True)
class Composed:
    """One clean PDF of ``pages`` pages: ``data``, or ``path`` where it was written to.

    ``untouched`` tells that it is the source itself, byte for byte.
    """

    pages: int
    data: bytes | None
    path: Path | None
    untouched: bool


def whole(source: int, pages: int) -> tuple[PageCut, ...]:
    """Return the cuts that take a source whole, in its own order, as it lies."""
    return tuple(PageCut(source, page) for page in range(pages))


def identity(cuts: Sequence[PageCut], pages: int | None = None) -> bool:
    """Tell whether cuts take one source from its first page on, in order, unturned.

    With ``pages`` also whether they take all of it.  A clean PDF stays the same file then.
    """
    if not cuts or (pages is not None and len(cuts) != pages):
        return False
    return all(
        cut.source == cuts[0].source and cut.page == place and cut.turn % 360 == 0
        for place, cut in enumerate(cuts)
    )


def compose(
    sources: Sequence[Source],
    cuts: Sequence[PageCut],
    target: Path | None = None,
    *,
    step: Callable[[int], None] = lambda _done: None,
) -> Composed:
    """Return the pages of record, in the order of ``cuts``, as bytes or written to ``target``.

    Scripts, actions, attachments and data about the file are dropped; fields, seals and comments
    that are seen are fixed on their page; pictures are laid on pages without loss.  Bytes of large
    sources are never all in the memory when ``target`` is given.  ``step`` is told after each page
    how many are done; what it raises ends the work and leaves no ``target``.

    Raises :class:`InputRefusedError` (a source has no pages; a cut names a page that is not there)
    and :class:`StoreError` (a file that cannot be read, a page that is torn, a full disk).
    """
    used = sorted({cut.source for cut in cuts})
    known = _examined(sources, cuts, used)
    if len(used) == 1 and known[used[0]].clean and identity(cuts, known[used[0]].pages):
        return _kept(sources[used[0]], len(cuts), target)
    folder = target.parent if target is not None else None
    try:
        with tempfile.TemporaryDirectory(prefix=".new-pages-", dir=folder) as work:
            place = Path(work) / "made.pdf"
            _make(sources, cuts, known, place, step)
            if target is None:
                return Composed(len(cuts), place.read_bytes(), None, untouched=False)
            place.replace(target)
    except OSError as error:
        raise _not_written(error) from error
    except Exception as error:
        if _torn(error):
            raise StoreError(
                "取出页面时发现文件有损坏，没有做成卷宗页。请重新导出或者重新扫描，再放入一次。",
                data={"kind": "file_damaged"},
            ) from error
        raise
    return Composed(len(cuts), None, target, untouched=False)


def _torn(error: Exception) -> bool:
    from pikepdf import DataDecodingError, PdfError, QpdfRuntimeError

    return isinstance(error, PdfError | DataDecodingError | QpdfRuntimeError)


def _examined(
    sources: Sequence[Source], cuts: Sequence[PageCut], used: Sequence[int]
) -> dict[int, Examined]:
    """What the used sources are; all that is wrong with them and the cuts at once."""
    if not cuts:
        raise InputRefusedError("一页也没有选。请至少选一页作为卷宗页。")
    known = {
        number: examine(sources[number].content, sources[number].name)
        for number in used
        if 0 <= number < len(sources)
    }
    refuse(list(known.values()))
    problems = [
        Problem(f"第{place}页", _wrong(cut, known))
        for place, cut in enumerate(cuts, start=1)
        if _wrong(cut, known)
    ]
    if problems:
        listed = "；".join(f"{one.where}：{one.sentence}" for one in problems)
        raise InputRefusedError(listed, problems)
    return known


def _wrong(cut: PageCut, known: Mapping[int, Examined]) -> str:
    source = known.get(cut.source)
    if source is None:
        return "没有这一份来源文件。"
    if source.pages == 0:
        return f"“{source.name}”没有可以入卷的页面，请补入由它转成的 PDF。"
    if not 0 <= cut.page < source.pages:
        return f"“{source.name}”只有{source.pages}页，没有第{cut.page + 1}页。"
    return "" if cut.turn % 90 == 0 else "只能按直角转动页面。"


def _kept(source: Source, pages: int, target: Path | None) -> Composed:
    if target is None:
        with opened(source.content) as file:
            return Composed(pages, file.read(), None, untouched=True)
    try:
        if isinstance(source.content, bytes):
            target.write_bytes(source.content)
        else:
            shutil.copyfile(source.content, target)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise _not_written(error) from error
    return Composed(pages, None, target, untouched=True)


def _make(
    sources: Sequence[Source],
    cuts: Sequence[PageCut],
    known: Mapping[int, Examined],
    place: Path,
    step: Callable[[int], None],
) -> None:
    """Write the pages to ``place``; what is needed on the way lies beside it."""
    done = count(1)
    parts: dict[int, list[Part]] = {}
    for number, about in known.items():
        own = [cut for cut in cuts if cut.source == number]
        folder = place.parent / str(number)
        folder.mkdir()
        parts[number] = _parts(
            sources[number],
            own,
            folder,
            lambda: step(next(done)),
            is_pdf=about.media_type == PDF,
            alone=len(known) == 1,
        )
    made = [part for several in parts.values() for part in several]
    if len(made) == 1:
        made[0].path.replace(place)
        return
    first = dict(zip(parts, accumulate(map(len, parts.values()), initial=0), strict=False))
    places = {number: _places(parts[number], first[number]) for number in parts}
    join_pages(made, [next(places[cut.source]) for cut in cuts], place)


def _parts(
    source: Source,
    cuts: Sequence[PageCut],
    folder: Path,
    step: Callable[[], None],
    *,
    is_pdf: bool,
    alone: bool,
) -> list[Part]:
    if is_pdf:
        return [pdf_part(source, cuts, folder / "0.pdf", step, alone=alone)]
    return picture_parts(source, cuts, folder, step)


def _places(parts: Sequence[Part], first: int) -> Iterator[tuple[int, int]]:
    """The pages of a source's parts in order: number of the part among all, page of it."""
    for number, part in enumerate(parts, start=first):
        for page in range(part.pages):
            yield number, page


def _not_written(error: OSError) -> StoreError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    why = "磁盘满了" if full else "文件读写出错"
    do = "清理磁盘" if full else "检查磁盘或者网络文件夹"
    return StoreError(
        f"{why}，卷宗页没有做成，原来的文件没有动。请{do}后再试一次。",
        data={"kind": "full" if full else "files_folder"},
    )
