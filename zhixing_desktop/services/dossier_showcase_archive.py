"""The filled dossier on its way into the archive: printed, bound, scanned, proven, packaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.services import (
    dossier_archive,
    dossier_moves,
    people,
)
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_proof_types import ProofResult
from zhixing_desktop.services.dossier_separators import SeparatorWish, label_file, separator_file
from zhixing_desktop.services.dossier_showcase import Showcase
from zhixing_desktop.services.dossier_showcase_volumes import Bindery
from zhixing_desktop.services.dossier_spine import spine_labels
from zhixing_desktop.services.dossier_types import MAIN
from zhixing_desktop.workflow.errors import Problem, ZhixingError

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

    def run(self) -> Archived:
        """Do it."""
        bindery = Bindery(self._bureau, self._officer, self._case, self._folder, self._leave)
        bindery.all_volumes()
        self._sheets()
        package, faults = self._package()
        return Archived(tuple(bindery.printed), tuple(bindery.proofs), package, faults)

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
            bureau, self._officer, made.line.id, version=made.line.version,
            uploaded_on=bureau.database.now().date(),
        ).line  # fmt: skip
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
