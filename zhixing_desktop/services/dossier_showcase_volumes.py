"""The paper volumes of the sample's case: printed to files, bound, scanned, proven equal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import case_store, dossier_proving
from zhixing_desktop.services import showcase_pictures as drawn
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_printing import Prepared, prepare, record_print
from zhixing_desktop.services.dossier_proof_pages import bound_sides
from zhixing_desktop.services.dossier_proof_types import ProofResult
from zhixing_desktop.services.dossier_proof_views import proof_certificate
from zhixing_desktop.services.dossier_types import MAIN, SIDE
from zhixing_desktop.services.dossier_volume_rows import BOUND, kept_volume, printed_plans
from zhixing_desktop.services.dossier_volumes import VolumeLine, bind, volumes
from zhixing_desktop.services.file_store import files_folder

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Raster

_ACROSS = 1240
"""Pixels across a scanned page: A4 at 150 to the inch."""
_SWAPPED, _ERASED, _MISSING = 2, 6, 12
"""What is wrong with a damaged scan: places behind its front matter, the first page being 0."""
Leave = Callable[[str, bytes], None]


class Bindery:
    """Prints, binds and proves the volumes of one case; ``leave`` takes what else comes of it."""

    def __init__(
        self, bureau: Bureau, officer: Actor, case_id: int, folder: Path, leave: Leave
    ) -> None:
        self._bureau, self._officer, self._case = bureau, officer, case_id
        self._folder, self._leave = folder, leave
        self.printed: list[Path] = []
        self.proofs: list[ProofResult] = []
        self.lead = 0
        """How many sides cover and catalogue take in the volume that was scanned last."""

    def all_volumes(self, bound: Collection[str] = (MAIN, SIDE)) -> None:
        """Print every volume, bind those of some sides, hold a scan of each against the files."""
        for side in (MAIN, SIDE):
            for line in volumes(self._bureau, self._officer, self._case, side):
                self._volume(line, bound)

    def scan(self, side: str, number: int) -> bytes:
        """Return a scan of a printed volume (PDF), as the office's scanner makes it."""
        out = self._folder / f"{side}-{number}.pdf"
        self._whole(side, number, out)
        return drawn.scanned(self._bound(side, number, out))

    def _volume(self, line: VolumeLine, bound: Collection[str]) -> None:
        bureau, officer, side, number = self._bureau, self._officer, line.side, line.number
        name = line.title.partition("（")[0]
        out = self._folder / f"{name}.pdf"
        # Also of a bound volume: its cover and its closing note say how the case has ended.
        kept = record_print(bureau, officer, self._whole(side, number, out), printer="PDF")
        if line.state != BOUND and side in bound:
            bind(bureau, officer, self._case, side, number, version=kept.version)
        self.printed.append(out)
        scan = drawn.scanned(self._bound(side, number, out))
        self._leave(f"{name}-扫描.pdf", scan)
        result = dossier_proving.prove_volume(bureau, officer, self._case, side, number, scan)
        self.proofs.append(result)
        proof = dossier_proving.record_proof(bureau, officer, result)
        self._leave(f"{name}-核对证明.pdf", proof_certificate(bureau, officer, proof.id).data)

    def _whole(self, side: str, number: int, out: Path) -> Prepared:
        return prepare(self._bureau, self._officer, self._case, side, number, out)

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
        self.lead = next((at for at, one in enumerate(sides) if one.page is not None), 0)
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


def damaged(scan: bytes, lead: int) -> bytes:
    """Return a scan (PDF) with three faults: a page missing, two swapped, one with words erased.

    ``lead`` is how many sides stand before the first page (:attr:`Bindery.lead`).
    """
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(scan)) as pdf:
        moved = pdf.pages[lead + _SWAPPED]
        del pdf.pages[lead + _SWAPPED]
        pdf.pages.insert(lead + _SWAPPED + 1, moved)
        pdf.pages[lead + _ERASED].contents_add(b"q 1 1 1 rg 90 520 330 60 re f Q")
        del pdf.pages[lead + _MISSING]
        made = BytesIO()
        pdf.save(made, deterministic_id=True)
        return made.getvalue()


def _own_paper(words: str) -> Raster:
    """Return a page that exists only on paper, as it lies in the volume."""
    from zhixing_desktop.dossier.picture_raster import picture_raster

    page = drawn.sheet("授权委托书", ["委托人、受托人、委托权限：略。", words], "王某某", "")
    return picture_raster(page, 0, _ACROSS)
