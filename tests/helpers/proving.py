"""A case whose volume was printed by the services: its sides on paper, and scans of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpers.bound_volumes import PRINTED_DPI, Picture, amounts, count, drawn, page_picture, scanned
from helpers.bureau import Office
from helpers.made_papers import listed, mixed, record, ruling
from helpers.paper_desk import paper_desk
from helpers.scanner import scanned_pdf
from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_printing import Prepared, prepare, record_print
from zhixing_desktop.services.dossier_proof_types import ProofResult
from zhixing_desktop.services.dossier_proving import prove_volume
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import MAIN, Filing, ItemLine, Medium, Piece

DPI = 150


@dataclass(slots=True)
class PrintedCase:
    """``sides`` are the sides as they lie on paper (300 dpi), as the printed PDF has them."""

    office: Office
    case: int
    folder: Path
    sides: list[Picture]
    items: dict[str, ItemLine]
    prepared: Prepared

    @property
    def first(self) -> int:
        """The place (from 0) of page 1."""
        return next(at for at, side in enumerate(self.prepared.plan.sides) if side.page)

    def at(self, page: int) -> int:
        """Return the place (from 0) of the side with a page number."""
        return next(
            at for at, side in enumerate(self.prepared.plan.sides) if side.number == str(page)
        )

    def proven(self, pictures: list[Picture]) -> ProofResult:
        """Hold a scan of these pictures against the volume."""
        path = self.folder / "扫描.pdf"
        path.write_bytes(scanned_pdf(pictures, DPI))
        return prove_volume(self.office.bureau, self.office.actor(), self.case, MAIN, 1, path)


def file_paper(
    office: Office,
    case: int,
    name: str,
    paper: Paper | bytes,
    place: int = 10,
    medium: Medium = Medium.BOTH,
) -> ItemLine:
    """File a made paper as if it had been scanned or written."""
    data = paper if isinstance(paper, bytes) else drawn(paper)
    taken = take_in(office.bureau, [Piece(f"{name}.pdf", data)])
    filing = Filing(name, place=place, medium=medium)
    return file_item(office.bureau, office.actor(), case, filing, taken).item


def file_only_on_paper(office: Office, case: int, name: str, pages: int, place: int) -> ItemLine:
    """Enter something that exists only on paper."""
    filing = Filing(name, place=place, medium=Medium.PAPER, paper_pages=pages)
    return file_item(office.bureau, office.actor(), case, filing).item


def print_volume(office: Office, case: int, folder: Path, *, duplex: bool = True) -> Prepared:
    """Print volume 1 whole to a PDF, and record it."""
    made = prepare(
        office.bureau, office.actor(), case, MAIN, 1, folder / f"{case}.pdf", duplex=duplex
    )
    record_print(office.bureau, office.actor(), made, printer="PDF")
    return made


def sides_of(path: Path) -> list[Picture]:
    """Return the sides of a printed file as they lie on paper."""
    data = path.read_bytes()
    return [page_picture(data, page, PRINTED_DPI) for page in range(count(data))]


def printed_case(folder: Path, *, duplex: bool = True) -> PrintedCase:
    """File some twelve pages for a case and print its volume."""
    office = paper_desk(folder)
    (case,) = office.case_ids
    things = {
        "执行申请书": (ruling(500, paragraphs=2), 6),
        "案款收付记录": (amounts(), 10),
        "谈话笔录": (record(24), 12),
        "财产清单": (listed(30), 14),
        "裁定书": (ruling(900, paragraphs=3), 20),
        "登记表": (mixed(5), 25),
    }
    items = {
        name: file_paper(office, case, name, paper, place)
        for name, (paper, place) in things.items()
    }
    made = print_volume(office, case, folder, duplex=duplex)
    return PrintedCase(office, case, folder, sides_of(made.path), items, made)


def scan_of(sides: list[Picture], seed: int = 1) -> list[Picture]:
    """Return sides as an office scanner delivers them: skewed, noisy, grey."""
    return scanned(sides, seed, DPI)
