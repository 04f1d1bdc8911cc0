"""Proofs that were recorded, and both pictures of a page side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_proofs
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_front import volume_title
from zhixing_desktop.services.dossier_proof_types import (
    FoundLine,
    FoundPage,
    ProofLine,
    ProofResult,
    SideBySide,
)
from zhixing_desktop.services.dossier_types import SIDE, SIDES
from zhixing_desktop.services.dossier_volume_rows import volume_rows
from zhixing_desktop.services.file_pages import FilePages, PagePicture, file_pages
from zhixing_desktop.services.file_store import files_folder, kept_file, read_file
from zhixing_desktop.services.papers import looked, see_whole
from zhixing_desktop.services.permission import may, permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LYING = ("upside_down", "sideways")
"""Found in how a page lies: it is shown as it lies."""
_DPI = 150
_A4_ACROSS = 210.0


def proofs(bureau: Bureau, actor: Actor, case: str | int) -> tuple[ProofLine, ...]:
    """Return the proofs of a case's paper volumes, the newest first; 副卷 for who may see it.

    Raises ``NotAllowedError`` for a case that he may not see whole.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        see_whole(conn, bureau, actor, row["id"])
        inner = may(conn, bureau, actor, "dossier.side", case=row["id"])
        kept = rows_where(conn, dossier_proofs, "case_id", row["id"], order="id")
        now = {
            (side, volume["number"]): volume
            for side in SIDES
            for volume in volume_rows(conn, row["id"], side)
        }
        names = dict(map(tuple, ask(conn, _NAMES, (row["id"],))))
    found = []
    for one in reversed(kept):
        if one["side"] == SIDE and not inner:
            continue
        count = sum(side == one["side"] for side, _ in now)
        title = volume_title(one["side"], one["volume"], count)
        volume = now.get((one["side"], one["volume"]))
        current = volume is not None and volume["layout"] == one["expected"]
        found.append(proof_line(one, title, names.get(one["scan"], ""), current=current))
    return tuple(found)


_NAMES = (
    "SELECT DISTINCT f.digest, f.name FROM files f JOIN dossier_proofs p ON p.scan = f.digest "
    "WHERE p.case_id = ?"
)


def proof_line(row: Row, title: str, scan_name: str, *, current: bool) -> ProofLine:
    """Return a proof's row as people read it."""
    return ProofLine(
        id=row["id"],
        side=row["side"],
        number=row["volume"],
        title=title,
        who=row["who"],
        at=row["at"],
        same=bool(row["same"]),
        findings=tuple(FoundLine.from_json(one) for one in row["findings"]),
        scanned=row["scanned"],
        scan=row["scan"],
        scan_name=scan_name,
        certificate=row["certificate"],
        current=current,
    )


def proof_certificate(bureau: Bureau, actor: Actor, proof_id: int) -> FilePages:
    """Return the certificate of a proof to look at; raises as :func:`proof_pictures`."""
    row = _asked(bureau, actor, proof_id, "核对证明")
    kept, data = read_file(bureau, row["certificate"])
    return file_pages(kept.name, kept.media_type, data)


def proof_pictures(
    bureau: Bureau, actor: Actor, proof: ProofResult | int, finding: int, pair: int = 0
) -> SideBySide:
    """Return both pictures of the ``pair``-th pair of pages of a finding (both from 0 on).

    ``proof`` is a result that is not recorded yet, or the number of one that is.  Takes tenths of a
    second: not for the window's thread.  Raises ``NotAllowedError``, :class:`InputRefusedError` (no
    such proof or finding), ``StoreError`` (a file that is gone or torn).
    """
    if isinstance(proof, int):
        row = _asked(bureau, actor, proof, "核对结果")
        findings = tuple(FoundLine.from_json(one) for one in row["findings"])
        scan, kind = row["scan"], kept_file(bureau, row["scan"]).media_type
    else:
        _ask(bureau, actor, proof.case_id, proof.side, "核对结果")
        findings, scan, kind = proof.findings, proof.scan.digest, proof.scan.media_type
    if not 0 <= finding < len(findings):
        raise InputRefusedError("核对结果中没有这一处。", [Problem("核对结果", "请刷新后再试")])
    return _pair(bureau, findings[finding], pair, file_folder.path_of(
        files_folder(bureau), scan, kind
    ))  # fmt: skip


def _asked(bureau: Bureau, actor: Actor, proof_id: int, what: str) -> Row:
    with bureau.database.reading() as conn:
        rows = rows_where(conn, dossier_proofs, "id", proof_id)
        if not rows:
            raise InputRefusedError(
                f"没有第{proof_id}号核对记录。", [Problem("核对记录", "请核对编号")]
            )
    _ask(bureau, actor, rows[0]["case_id"], rows[0]["side"], what)
    return rows[0]


def _ask(bureau: Bureau, actor: Actor, case_id: int, side: str, what: str) -> None:
    with bureau.database.reading() as conn:
        sight = see_whole(conn, bureau, actor, case_id)
        _ask_side(conn, bureau, actor, case_id, side)
    looked(bureau, actor, case_id, sight, what)


def _ask_side(conn: Connection, bureau: Bureau, actor: Actor, case_id: int, side: str) -> None:
    if side == SIDE:
        permit(conn, bureau, actor, "dossier.side", case=case_id)


# ----------------------------------------------------------------------------------- the pictures


def _pair(bureau: Bureau, finding: FoundLine, pair: int, scan: Path) -> SideBySide:
    pairs = list(zip_longest(finding.pages, finding.scanned)) or [(None, None)]
    page, place = pairs[min(max(pair, 0), len(pairs) - 1)]
    ours = None if page is None or not page.pdf else _electronic(bureau, page)
    theirs = None if place is None else _scanned(scan, place)
    laid = None
    if ours is not None and theirs is not None and finding.kind not in _LYING:
        from zhixing_desktop.dossier.page_compare import aligned

        laid = aligned(ours, theirs)
    return SideBySide(
        electronic=_png(ours),
        electronic_words=_our_words(page),
        scanned=_png(theirs if laid is None else laid),
        scanned_words="扫描件中没有这一页" if place is None else f"扫描件第{place}页",
        spots=finding.spots if laid is not None or theirs is None else (),
        aligned=laid is not None,
        across=_A4_ACROSS if ours is None else ours.shape[1] * 25.4 / _DPI,
        pairs=len(pairs),
    )


def _our_words(page: FoundPage | None) -> str:
    if page is None:
        return "电子卷宗中没有对应的页"
    return f"电子卷宗{page.words}" if page.pdf else f"{page.words}（电子卷宗中没有画面）"


def _electronic(bureau: Bureau, page: FoundPage) -> NDArray[np.uint8]:
    from zhixing_desktop.dossier.pdf_pictures import PdfPictures

    path = file_folder.path_of(files_folder(bureau), page.pdf, PDF)
    with PdfPictures(path) as pictures:
        return pictures.picture(page.place)


def _scanned(scan: Path, place: int) -> NDArray[np.uint8] | None:
    from zhixing_desktop.dossier.proof import ScannedPage
    from zhixing_desktop.dossier.scanned_pages import scanned_pages

    every: Iterator[ScannedPage] = scanned_pages(scan)
    found = next((page for page in every if page.place == place), None)
    return None if found is None else found.picture()


def _png(picture: NDArray[np.uint8] | None) -> PagePicture | None:
    if picture is None:
        return None
    import cv2

    done, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return PagePicture(data.tobytes()) if done else None
