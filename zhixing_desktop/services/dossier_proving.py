"""A paper volume held against the electronic dossier, page by page, by a scan of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.dossier.whole_files import room
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_proofs
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_certificate import certificate
from zhixing_desktop.services.dossier_front import volume_title
from zhixing_desktop.services.dossier_proof_pages import (
    BoundSide,
    Pictures,
    bound_sides,
    expected_pages,
    stamps_on_paper,
)
from zhixing_desktop.services.dossier_proof_types import (
    FoundLine,
    FoundPage,
    ProofLine,
    ProofResult,
    Spot,
)
from zhixing_desktop.services.dossier_proof_views import proof_line
from zhixing_desktop.services.dossier_sheets import Cancelled, Progress, case_mark
from zhixing_desktop.services.dossier_store import KeptPiece, enter_rows
from zhixing_desktop.services.dossier_types import SIDE, SIDES
from zhixing_desktop.services.dossier_volume_rows import kept_volume, printed_plans, volume_rows
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.papers import see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    StaleEditError,
    StoreError,
)

if TYPE_CHECKING:
    from zhixing_desktop.dossier.proof import Finding, Proof

_PRINT = "dossier.print"
_OTHER_CASE = "other_case"


def prove_volume(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    side: str,
    number: int,
    scan: Path | bytes,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ProofResult:
    """Hold the scan of a bound volume against what was printed last; nothing is recorded.

    ``scan`` is a PDF, a picture, a TIFF of many pages (its bytes or where it lies), or a folder of
    them.  It is kept first: what was looked at is what will be recorded.  Takes some 50 ms a page:
    not for the thread of the window.  Raises ``NotAllowedError``, :class:`InputRefusedError` (never
    printed), ``StoreError`` (no scan, torn, locked; ``data["kind"] == "cancelled"`` where
    ``cancelled`` said so).
    """
    from zhixing_desktop.dossier.proof_measure import ProofMeasure
    from zhixing_desktop.dossier.proving import ProofCancelledError, prove
    from zhixing_desktop.dossier.scanned_pages import scanned_pages

    pictures = Pictures(bureau)
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        see_whole(conn, bureau, actor, row["id"])
        _permitted(conn, bureau, actor, row["id"], side)
        volume = kept_volume(conn, row["id"], side, number)
        if volume is None:
            raise InputRefusedError(
                f"{SIDES[side]}第{number}册还没有由程序打印过，没有可以核对的。",
                [Problem("册次", "请先打印这一册")],
            )
        count = len(volume_rows(conn, row["id"], side))
        (plan,) = [p for p in printed_plans(conn, row["id"], side) if p.number == number]
        sides = bound_sides(bureau, conn, row, volume, plan)
        expected = expected_pages(conn, row, side, sides, pictures)
        on_paper = stamps_on_paper(row, side, sides)
    kept, path = _keep_scan(bureau, scan)
    measure = ProofMeasure()
    try:
        proof = prove(
            expected, scanned_pages(path), measure, progress, cancelled, on_paper=on_paper
        )
    except ProofCancelledError:
        raise StoreError("已经停止，没有核对完。", data={"kind": "cancelled"}) from None
    finally:
        pictures.close()
    return _result(bureau, row, side, volume, count, kept, sides, proof, asdict(measure))


def record_proof(bureau: Bureau, actor: Actor, result: ProofResult) -> ProofLine:
    """Record what a proof has found, with its scan and its certificate (核对证明).

    Raises ``StaleEditError`` where the volume was printed anew since, ``NotAllowedError``,
    ``StoreError``.
    """
    with bureau.database.reading() as conn:
        _permitted(conn, bureau, actor, result.case_id, result.side)
        moment = bureau.database.now(conn)
        paper = certificate(conn, bureau, actor, result, moment)
    digest = file_folder.keep(files_folder(bureau), paper, PDF)
    kept = KeptPiece(digest, f"核对证明-{result.title}.pdf", PDF, len(paper))
    with bureau.database.writing() as conn:
        case_store.find_case(conn, result.case_id, lock=True)
        _permitted(conn, bureau, actor, result.case_id, result.side)
        volume = kept_volume(conn, result.case_id, result.side, result.number)
        if volume is None or volume["layout"] != result.layout:
            raise StaleEditError(
                f"核对以后，{result.title}又打印过，核对结果没有登记。请用现在的纸质卷宗重新核对。",
                data={"kind": "stale", "yours": result.version},
            )
        with recorder(conn, bureau, actor, "dossier.prove", result.case_id) as record:
            enter_rows(conn, record, bureau, actor, (result.scan, kept))
            row = {
                "id": record.new_id(dossier_proofs),
                "case_id": result.case_id,
                "side": result.side,
                "volume": result.number,
                "scan": result.scan.digest,
                "expected": volume["layout"],
                "scanned": result.scanned,
                "findings": [finding.as_json() for finding in result.findings],
                "same": result.same,
                "measure": dict(result.measure),
                "certificate": digest,
                "who": actor.name,
                "at": moment,
            }
            record.insert(dossier_proofs, row)
    return proof_line(row, result.title, result.scan.name, current=True)


def _permitted(conn: Connection, bureau: Bureau, actor: Actor, case_id: int, side: str) -> None:
    permit(conn, bureau, actor, _PRINT, case=case_id)
    if side == SIDE:
        permit(conn, bureau, actor, "dossier.side", case=case_id)


# --------------------------------------------------------------------------------------- the scan


def _keep_scan(bureau: Bureau, scan: Path | bytes) -> tuple[KeptPiece, Path]:
    """Keep a scan as it came; a folder of pictures as one PDF of them."""
    from zhixing_desktop.dossier.media_types import media_type_of
    from zhixing_desktop.dossier.scanned_pages import scan_files

    folder = files_folder(bureau)
    if isinstance(scan, bytes):
        with room(folder) as place:
            lying = place / "扫描件"
            lying.write_bytes(scan)
            return _keep_scan(bureau, lying)
    files = scan_files(scan)
    if scan.is_dir():
        return _keep_folder(folder, scan.name, [path for path, _ in files])
    kind = media_type_of(scan)
    digest, size = file_folder.keep_from(folder, scan, kind)
    return KeptPiece(digest, scan.name, kind, size), file_folder.path_of(folder, digest, kind)


def _keep_folder(folder: Path, name: str, files: Sequence[Path]) -> tuple[KeptPiece, Path]:
    from zhixing_desktop.dossier.composing import compose
    from zhixing_desktop.dossier.incoming import PageCut, Source, refuse
    from zhixing_desktop.dossier.intake import examine

    found = [examine(path, path.name) for path in files]
    refuse(found)
    cuts = [PageCut(at, page) for at, one in enumerate(found) for page in range(one.pages)]
    with room(folder) as place:
        made = place / "scan.pdf"
        compose([Source(path, path.name) for path in files], cuts, made)
        digest, size = file_folder.keep_from(folder, made, PDF)
    return KeptPiece(digest, f"{name}.pdf", PDF, size), file_folder.path_of(folder, digest, PDF)


# ------------------------------------------------------------------------------------- the result


def _result(
    bureau: Bureau, case: Row, side: str, volume: Row, count: int, scan: KeptPiece,
    sides: Sequence[BoundSide], proof: Proof, measure: Mapping[str, float],
) -> ProofResult:  # fmt: skip
    from zhixing_desktop.dossier.paper_counting import PaperPage, count_paper

    papers = [
        PaperPage(one.key, one.words, one.page.item_id, one.page.item_page)
        for one in sides
        if one.paper_only and one.page is not None
    ]
    counted = count_paper(proof, [one.key for one in sides], papers)
    known = {one.key: one for one in sides}
    with bureau.database.reading() as conn:
        found = tuple(
            _line(finding, known, _named(conn, finding)) for finding in counted.proof.findings
        )
    return ProofResult(
        case_id=case["id"],
        case_no=case["case_no"],
        side=side,
        number=volume["number"],
        title=volume_title(side, volume["number"], count),
        version=volume["version"],
        scan=scan,
        layout=volume["layout"],
        findings=found,
        expected=counted.proof.expected,
        scanned=proof.scanned,
        matched=len(proof.matched),
        counted=len(counted.places),
        measure=measure,
    )


def _line(finding: Finding, known: Mapping[str, BoundSide], sentence: str) -> FoundLine:
    pages = [known[key] for key in finding.expected]
    return FoundLine(
        finding.kind.value,
        finding.kind.label,
        sentence,
        tuple(FoundPage(page.words, page.pdf, page.place) for page in pages),
        finding.scanned,
        tuple(
            Spot(
                region.kind.value, region.kind.label, round(region.box.left, 1),
                round(region.box.top, 1), round(region.box.wide, 1), round(region.box.high, 1),
            )
            for region in finding.regions
        ),
    )  # fmt: skip


def _named(conn: Connection, finding: Finding) -> str:
    """Return the sentence; a page of another case with that case's number, where it is known."""
    if finding.kind.value != _OTHER_CASE:
        return finding.sentence
    rows = ask(conn, "SELECT case_no FROM cases WHERE id = ?", (finding.data.get("case_id"),))
    names = [no for (no,) in rows if case_mark(no) == finding.data.get("case_mark")]
    if not names:
        return finding.sentence
    return finding.sentence.replace("另一个案件", f"另一个案件{names[0]}")
