"""Making the archive package of a case (节点四十四): checked, imaged, packed, then recorded.

All files are written beside their place first.  In the transaction that records the package the
dossier is held against what was packed, and last of all the package gets its name: a package that
has its name is whole, and one that was acknowledged is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.dossier.package import PackingCancelledError, package_name, write_package
from zhixing_desktop.dossier.package_parts import (
    CasePackage,
    JournalFile,
    Packaged,
    PackedItem,
    PackedVolume,
    SourceFile,
)
from zhixing_desktop.dossier.packing_place import packing, put, refuse_existing
from zhixing_desktop.dossier.retention import Retention
from zhixing_desktop.dossier.volume import VolumePlan
from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import case_store, journal_keys
from zhixing_desktop.services.archive_check import (
    check_of,
    current_plans,
    newest_package,
    refuse_unready,
    side_lines,
)
from zhixing_desktop.services.archive_content import (
    Versions,
    archive_record,
    packed_case,
    packed_items,
    sources_of,
    versions_of,
)
from zhixing_desktop.services.archive_images import PROGRAM, ImageMade, Imaging, image_volumes
from zhixing_desktop.services.archive_node import entered, of_package
from zhixing_desktop.services.archive_rows import package_line
from zhixing_desktop.services.archive_types import (
    MADE,
    PACK,
    RETURNED,
    SIGNED,
    ArchiveCheck,
    Packed,
)
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_types import SIDES, ItemLine
from zhixing_desktop.services.journal_export import JournalExportCancelledError, archive_bundle
from zhixing_desktop.services.papers import open_case, see_whole
from zhixing_desktop.services.permission import Permit, permit
from zhixing_desktop.services.steps import take_under
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StaleEditError
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.views import CaseView

JOURNAL_FILE = "日志验证包.zip"
Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]


def make_package(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    folder: Path,
    *,
    zipped: bool = False,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Cancelled = lambda: False,
) -> Packed:
    """Make the archive package of a case below ``folder``, as a folder or as one ZIP file.

    ``progress`` is told what is done, of how much, and in words what it is.  Takes long: not for
    the window's thread.  Raises ``NotAllowedError``, ``RuleRefusedError`` naming all that the check
    has found, ``StoreError`` (disk full, something of that name is there, a file is not what was
    kept, the journal's key is elsewhere), ``StaleEditError`` where the dossier was changed
    meanwhile, ``PackingCancelledError``; after each of them nothing is left below ``folder``.
    """
    if not folder.is_dir():
        raise InputRefusedError(
            f"没有这个文件夹（{folder}），归档包没有制作。", [Problem("文件夹", "请另选文件夹")]
        )
    job = _gathered(bureau, actor, case)
    journal_keys.refuse_unsigned(bureau, SIGNED)
    target = folder / package_name(job.case["case_no"], zipped=zipped)
    refuse_existing(target)
    with packing(target) as place:
        return _Packing(bureau, actor, job, target, place, progress, cancelled).run(zipped=zipped)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What is packed of a case, as its rows stood when the packing began."""

    case: Row
    ctx: Context
    found: ArchiveCheck
    court: str
    duplex: bool
    retention: Retention
    lines: dict[str, tuple[ItemLine, ...]]
    plans: dict[str, tuple[VolumePlan, ...]]
    items: tuple[PackedItem, ...]
    versions: Versions


def _gathered(bureau: Bureau, actor: Actor, case: str | int) -> _Gathered:
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        permit(conn, bureau, actor, PACK, case=row["id"])
        see_whole(conn, bureau, actor, row["id"])
        # The package has both sides whole.
        permit(conn, bureau, actor, "dossier.side", case=row["id"])
        opened = open_case(conn, bureau, row["id"])
        found = check_of(bureau, conn, row, opened.ctx, opened.view)
        refuse_unready(found)
        court = read_settings(conn)
        lines = {side: side_lines(bureau, conn, row, side) for side in SIDES}
        plans = {side: current_plans(bureau, conn, row, side) for side in SIDES}
        versions = versions_of(conn, (*lines["main"], *lines["side"]))
        find = sources_of(conn, bureau)
        items = [
            item
            for side in SIDES
            for item in packed_items(conn, lines[side], plans[side], versions, find)
        ]
    return _Gathered(
        row,
        opened.ctx,
        found,
        court.court.name,
        court.dossier.printing == "duplex",
        Retention(court.dossier.retention),
        lines,
        plans,
        tuple(items),
        versions,
    )


class _Packing:
    """One package on its way."""

    def __init__(
        self,
        bureau: Bureau,
        actor: Actor,
        job: _Gathered,
        target: Path,
        place: Path,
        progress: Progress,
        cancelled: Cancelled,
    ) -> None:
        self._bureau, self._actor, self._job = bureau, actor, job
        self._target, self._place = target, place
        self._progress, self._cancelled = progress, cancelled
        self._row: Row = {}
        self._notes: tuple[str, ...] = ()
        self._again = False
        self._done: Packaged | None = None

    def run(self, *, zipped: bool) -> Packed:
        """Make it, record it, give it its name."""
        from zhixing_desktop.dossier.assembly import AssemblyCancelledError

        try:
            images = self._images()
            journal = self._journal()
        except (AssemblyCancelledError, JournalExportCancelledError) as stopped:
            raise PackingCancelledError from stopped
        made = self._place / self._target.name
        self._done = write_package(
            made,
            self._package(images, journal),
            zipped=zipped,
            progress=lambda done, total: self._progress(done, total, "写入归档包"),
            cancelled=self._cancelled,
        )
        case = self._job.case["id"]
        # What the package says must be what the rows say when it is acknowledged.
        take_under(self._bureau, self._actor, case, PACK, self.facts, beside=self)
        notes = (*(note for image in images for note in image.notes), *self._notes)
        line = package_line(self._row, self._job.case["case_no"])
        return Packed(line, self._target, self._done.files, notes)

    def _images(self) -> list[ImageMade]:
        job = self._job
        room = self._place / "images"
        room.mkdir()
        about = Imaging(
            case=job.case,
            court=job.court,
            retention=job.retention.label,
            made_on=job.ctx.now.date(),
            numbers={
                line.id: number
                for side in SIDES
                for number, line in enumerate(job.lines[side], start=1)
            },
            names={line.id: line.name for side in SIDES for line in job.lines[side]},
            versions=job.versions,
            duplex=job.duplex,
        )
        found: list[ImageMade] = []
        for side in SIDES:
            found += image_volumes(
                self._bureau, self._actor, about, side, job.plans, room,
                self._progress, self._cancelled,
            )  # fmt: skip
        return found

    def _journal(self) -> JournalFile:
        self._progress(0, 0, "导出本案日志")
        path = self._place / JOURNAL_FILE
        archive_bundle(
            self._bureau, self._actor, path, self._job.case["id"], cancelled=self._cancelled
        )
        return JournalFile(JOURNAL_FILE, path.read_bytes())

    def _filed_by(self) -> str:
        """Return who bound the dossier: the case's clerk, else who packs it (法发〔2006〕11号)."""
        return str(self._job.ctx.header.get("clerk") or "") or self._actor.name

    def _package(self, images: Sequence[ImageMade], journal: JournalFile) -> CasePackage:
        job = self._job
        case = packed_case(job.ctx, job.case, job.court)
        today = job.ctx.now.date()
        return CasePackage(
            case=case,
            archive=archive_record(job.retention, case.closed_on, today, self._filed_by(), ""),
            items=job.items,
            volumes=tuple(
                PackedVolume(
                    image.side,
                    image.volume,
                    image.pages,
                    SourceFile(image.path, image.digest, image.bytes),
                )
                for image in images
            ),
            journal=(journal,),
            made_on=today,
            made_by=self._actor.name,
            program=PROGRAM,
        )

    # ---------------------------------------------------------------------- in the transaction

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """See that the dossier is still what was packed."""
        self._conn = conn
        case = case_store.find_case(conn, self._job.case["id"])
        lines = {side: side_lines(self._bureau, conn, case, side) for side in SIDES}
        if lines != self._job.lines:
            raise StaleEditError(
                "制作归档包的时候，卷宗又有材料入卷或者变动，归档包没有留下。请核对后重新制作。",
                data={"kind": "stale", "case": case["id"]},
            )
        refuse_unready(check_of(self._bureau, conn, case, ctx, view))
        last = newest_package(conn, case["id"])
        self._again = last is not None and last["state"] == RETURNED

    def facts(self, ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        """Return what the package brings at node 44."""
        job = self._job
        filed = [line.filed_at for lines in job.lines.values() for line in lines]
        values: dict[str, Any] = of_package(
            job.found, ctx, job.retention, self._filed_by(), again=self._again,
            first_filed=min(filed, default=None),
        )  # fmt: skip
        made, self._notes = entered(
            self._conn, self._bureau, self._actor, ctx, view, values
        )  # fmt: skip
        return made

    def write(self, conn: Connection, record: Recorder, _new: Sequence[Fact]) -> None:
        """Write the package's row; then, last before the commit, give the package its name."""
        assert self._done is not None
        self._row = {
            "id": record.new_id(archive_packages),
            "case_id": self._job.case["id"],
            "state": MADE,
            "name": self._target.name,
            "digest": self._done.digest,
            "content": [
                [line.id, line.current] for side in SIDES for line in self._job.lines[side]
            ],
            "bytes": self._done.bytes,
            "retention": self._job.retention.value,
            "archive_number": "",
            "made_by": self._actor.name,
            "made_at": self._bureau.database.now(conn),
            "handed_by": None,
            "handed_at": None,
            "settled_by": None,
            "settled_at": None,
            "receipt": "",
            "points": [],
            "version": 1,
        }
        record.insert(archive_packages, self._row)
        put(self._place / self._target.name, self._target)
