"""Many papers in one go: issued or exported one after another, each whole or not at all.

A paper that is refused does not keep the others back; a full disk or a database that cannot be
written does, since it would refuse every one.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from zhixing_desktop.services import traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.paper_files import known_ending
from zhixing_desktop.services.paper_issuing import issue, issue_draft
from zhixing_desktop.services.paper_types import (
    PDF_ENDING,
    BatchResult,
    Failure,
    PaperFile,
    PaperLine,
    PaperWish,
)
from zhixing_desktop.services.papers import PRINT, paper, paper_file
from zhixing_desktop.workflow.errors import StoreError, ZhixingError

Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and which one comes next."""
Cancelled = Callable[[], bool]
STOPPED = "已停止，其余的没有办理。"
_T = TypeVar("_T")


def issue_many(
    bureau: Bureau,
    actor: Actor,
    wishes: Sequence[PaperWish],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BatchResult:
    """Issue some papers, each in its own transaction.

    Raises nothing for a paper that is refused (it stands in ``failed``); what would refuse every
    one stops the rest (``stopped``).
    """
    batch = _Batch[PaperWish](progress, cancelled, lambda wish: f"{wish.form} {wish.about}".strip())
    return batch.run(wishes, lambda wish: (issue(bureau, actor, wish).paper, ""))


def issue_drafts(
    bureau: Bureau,
    actor: Actor,
    drafts: Sequence[PaperLine],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BatchResult:
    """Issue some kept drafts as they were shown; raises as :func:`issue_many`."""
    batch = _Batch[PaperLine](progress, cancelled, _title)
    return batch.run(
        drafts, lambda d: (issue_draft(bureau, actor, d.id, version=d.version).paper, "")
    )


def export_many(
    bureau: Bureau,
    actor: Actor,
    paper_ids: Sequence[int],
    folder: Path,
    ending: str = PDF_ENDING,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BatchResult:
    """Write issued papers into a folder, each under its own name and journalled first.

    A file that another program holds open, or one of that name that is there already, is one
    paper's failure; a full disk stops the rest.  ``files`` are the names that were written.
    """
    known = known_ending(ending)

    def one(paper_id: int) -> tuple[PaperLine, str]:
        line = paper(bureau, actor, paper_id)
        path = export(bureau, actor, line, folder, known)
        return line, path.name

    batch = _Batch[int](progress, cancelled, lambda number: f"第{number}号文书")
    return batch.run(paper_ids, one)


def export(
    bureau: Bureau, actor: Actor, line: PaperLine, folder: Path, ending: str = PDF_ENDING
) -> Path:
    """Write one issued paper into a folder and return where it lies.

    Raises ``NotAllowedError``, ``StoreError``: a file of that name is there, the folder or the disk
    does not take it, another program holds it.
    """
    found = paper_file(bureau, actor, line.id, ending)
    return write_out(bureau, actor, found, folder / found.name, line.case_id)


def write_out(bureau: Bureau, actor: Actor, file: PaperFile, path: Path, case_id: int) -> Path:
    """Write a paper's file, also a draft's, to a place where nothing is yet.

    The journal gets its note first, so that nothing leaves that is not journalled.  Raises as
    :func:`export`.
    """
    if path.exists():
        raise StoreError(
            f"“{path.name}”已经存在，为免覆盖没有写入。请换一个文件夹，或者先移走原来的文件。",
            data={"kind": "exists", "place": str(path)},
        )
    with traces.leaving(bureau, actor, PRINT, path, case_id=case_id) as (draft, told):
        told["导出"] = file.name
        draft.write_bytes(file.data)
    return path


def _title(line: PaperLine) -> str:
    return " ".join(part for part in (line.case_no, line.title, line.about_words) if part)


class _Batch(Generic[_T]):
    """One batch: what to call a thing, how to tell of it, when to stop."""

    def __init__(
        self,
        progress: Progress | None,
        cancelled: Cancelled | None,
        name: Callable[[_T], str],
    ) -> None:
        self._progress, self._cancelled, self._name = progress, cancelled, name
        self._done: list[PaperLine] = []
        self._failed: list[Failure] = []
        self._files: list[str] = []

    def run(self, things: Sequence[_T], one: Callable[[_T], tuple[PaperLine, str]]) -> BatchResult:
        """Do ``one`` for each thing until all are done or something stops the rest."""
        for place, thing in enumerate(things):
            if self._cancelled is not None and self._cancelled():
                return self._result(len(things) - place, STOPPED)
            what = self._name(thing)
            if self._progress is not None:
                self._progress(place, len(things), what)
            try:
                line, file = one(thing)
            except ZhixingError as error:
                self._failed.append(Failure(what, error.sentence))
                if _for_all(error):
                    return self._result(len(things) - place - 1, error.sentence)
                continue
            self._done.append(line)
            if file:
                self._files.append(file)
        if self._progress is not None:
            self._progress(len(things), len(things), "")
        return self._result(0, "")

    def _result(self, untried: int, stopped: str) -> BatchResult:
        files = tuple(self._files)
        return BatchResult(tuple(self._done), tuple(self._failed), untried, stopped, files)


def _for_all(error: ZhixingError) -> bool:
    """Whether what refused one would refuse every other: the disk is full, the database gone."""
    if not isinstance(error, StoreError):
        return False
    if isinstance(error.__cause__, OSError) and error.data.get("kind") is None:
        # A file that another program holds is one paper's; a disk that takes no more is not.
        return error.__cause__.errno in _NO_MORE
    return error.data.get("kind") not in _ONE_ALONE


_NO_MORE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EIO)
_ONE_ALONE = ("exists", "file_missing", "file_changed")
