"""The filled dossier on its way into the archive: printed, bound, scanned, proven, packaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import (
    case_store,
    dossier_archive,
    dossier_moves,
    dossier_proving,
    people,
)
from zhixing_desktop.services import showcase_pictures as drawn
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_printing import prepare, record_print
from zhixing_desktop.services.dossier_proof_pages import bound_sides
from zhixing_desktop.services.dossier_proof_types import ProofResult
from zhixing_desktop.services.dossier_proof_views import proof_certificate
from zhixing_desktop.services.dossier_separators import SeparatorWish, label_file, separator_file
from zhixing_desktop.services.dossier_showcase import Showcase
from zhixing_desktop.services.dossier_spine import spine_labels
from zhixing_desktop.services.dossier_types import MAIN, SIDE
from zhixing_desktop.services.dossier_volume_rows import kept_volume, printed_plans
from zhixing_desktop.services.dossier_volumes import VolumeLine, bind, volumes
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.workflow.errors import Problem, ZhixingError

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Raster

_ACROSS = 1240
"""Pixels across a scanned page: A4 at 150 to the inch."""
_ARCHIVIST = "档案员"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of the dossier: its printed volumes, the proofs, the package and its faults."""

    printed: tuple[Path, ...]
    proofs: tuple[ProofResult, ...]
    package: Path | None
    faults: tuple[Problem, ...]


def to_the_archive(bureau: Bureau, shown: Showcase, folder: Path, tell: Tell) -> Archived:
    """Take a filled dossier to the archive and leave everything in ``folder``; takes seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    return _Way(bureau, shown, folder, tell).run()


class _Way:
    """The steps, by the officer of the case; the archivist takes the package."""

    def __init__(self, bureau: Bureau, shown: Showcase, folder: Path, tell: Tell) -> None:
        self._bureau, self._case, self._folder, self._tell = bureau, shown.case_id, folder, tell
        self._officer = people.find_person(bureau, shown.officer).actor()
        self._printed: list[Path] = []
        self._proofs: list[ProofResult] = []

    def run(self) -> Archived:
        """Do it."""
        for side in (MAIN, SIDE):
            for line in volumes(self._bureau, self._officer, self._case, side):
                self._volume(line)
        self._sheets()
        package, faults = self._package()
        return Archived(tuple(self._printed), tuple(self._proofs), package, faults)

    def _volume(self, line: VolumeLine) -> None:
        """Print a volume to a file, bind it, scan it and hold the scan against the dossier."""
        bureau, officer, side, number = self._bureau, self._officer, line.side, line.number
        name = line.title.partition("（")[0]
        out = self._folder / f"{name}.pdf"
        made = prepare(bureau, officer, self._case, side, number, out)
        kept = record_print(bureau, officer, made, printer="PDF")
        bind(bureau, officer, self._case, side, number, version=kept.version)
        self._printed.append(out)
        scan = drawn.scanned(self._bound(side, number, out))
        self._leave(f"{name}-扫描.pdf", scan)
        result = dossier_proving.prove_volume(bureau, officer, self._case, side, number, scan)
        self._proofs.append(result)
        proof = dossier_proving.record_proof(bureau, officer, result)
        certificate = proof_certificate(bureau, officer, proof.id)
        self._leave(f"{name}-核对证明.pdf", certificate.data)

    def _bound(self, side: str, number: int, out: Path) -> Iterator[Raster]:
        """Yield the pages of the bound volume: printed ones, and originals between them."""
        from zhixing_desktop.dossier.pdf_pages import page_raster

        bureau, folder = self._bureau, files_folder(self._bureau)
        with bureau.database.reading() as conn:
            case = case_store.find_case(conn, self._case)
            row = kept_volume(conn, case["id"], side, number)
            assert row is not None
            (plan,) = [p for p in printed_plans(conn, case["id"], side) if p.number == number]
            sides = bound_sides(bureau, conn, case, row, plan)
        printed, done = out.read_bytes(), 0
        for one in sides:
            page = one.page
            if page is None or not (page.on_paper_only or page.original):
                yield page_raster(printed, done, _ACROSS)
                done += 1
            elif one.pdf:
                kept = file_folder.path_of(folder, one.pdf, PDF).read_bytes()
                yield page_raster(kept, one.place, _ACROSS)
            else:
                yield _own_paper(one.words)

    def _sheets(self) -> None:
        """Separators, stick-on stamps, spine labels, the slip of a hand-over."""
        bureau, officer, case = self._bureau, self._officer, self._case
        wishes = [SeparatorWish(place=place) for place in (1, 2)]
        self._leave("分隔页.pdf", separator_file(bureau, officer, case, wishes).data)
        self._leave("粘贴用页标.pdf", label_file(bureau, officer, case, MAIN, 1).data)
        self._leave("卷脊标签.pdf", spine_labels(bureau, officer, case, MAIN).data)
        found = dossier_moves.where(bureau, officer, case)[0]
        move = dossier_moves.hand_over(
            bureau, officer, found.volume_id, "档案室", "移交归档", place="档案室",
            version=found.version,
        )  # fmt: skip
        self._leave("卷宗交接单.pdf", dossier_moves.slip(bureau, officer, move.id).data)

    def _package(self) -> tuple[Path | None, tuple[Problem, ...]]:
        """Make the package, verify it, hand it over; the archive takes it."""
        bureau = self._bureau
        try:
            made = make_package(bureau, self._officer, self._case, self._folder)
        except ZhixingError as refusal:
            self._tell(f"  归档包没有制作：{refusal.sentence}")
            return None, ()
        faults = dossier_archive.verify_package(made.path, digest=made.line.digest)
        handed = dossier_archive.hand_to_archive(
            bureau, self._officer, made.line.id, version=made.line.version
        ).line
        archivist = self._archivist()
        if archivist is not None:
            dossier_archive.receive(
                bureau, archivist, handed.id, f"执{handed.case_no[1:5]}-0001",
                version=handed.version, receipt="收讫",
            )  # fmt: skip
        return made.path, faults

    def _archivist(self) -> Actor | None:
        found = (p.actor() for p in people.all_people(self._bureau) if _ARCHIVIST in p.roles)
        return next(found, None)

    def _leave(self, name: str, data: bytes) -> None:
        (self._folder / name).write_bytes(data)
        self._tell(f"  {self._folder.name}/{name}")


def _own_paper(words: str) -> Raster:
    """Return a page that exists only on paper, as it lies in the volume."""
    from zhixing_desktop.dossier.picture_raster import picture_raster

    page = drawn.sheet("授权委托书", ["委托人、受托人、委托权限：略。", words], "王某某", "")
    return picture_raster(page, 0, _ACROSS)
