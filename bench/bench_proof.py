"""The proof of a bound volume: 400 scanned pages at 150 dpi held against their electronic pages.

    .venv/bin/python bench/bench_proof.py [--pages 400] [--workers 2] [--bare]

Everything counts: reading the pages of the scan's PDF, finding their stamps, drawing the electronic
pages from their PDF, comparing.  The goal is at most 50 ms a page on two cores.  Beside it, in the
same run and with as many threads: reading the scanned pages and drawing the electronic ones alone,
which is the least that any proof must do.  ``--bare``: a volume without any stamp, matched by its
pictures.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import pikepdf

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from helpers.bound_volumes import (
    PRINTED_DPI,
    amounts,
    drawn,
    page_picture,
    papers,
    stamp_of,
)
from helpers.scanner import Picture, scan, scanned_pdf
from zhixing_desktop.dossier.assembly import assemble
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.dossier.corners import Corner
from zhixing_desktop.dossier.page_marks import NumberSide
from zhixing_desktop.dossier.pdf_pictures import PdfPictures
from zhixing_desktop.dossier.proof import ExpectedPage
from zhixing_desktop.dossier.proving import prove
from zhixing_desktop.dossier.scanned_pages import scanned_pages
from zhixing_desktop.dossier.stamp import Stamp, encode, short_line

GOAL = 50.0


def electronic(pages: int) -> bytes:
    """Return so many pages of made papers as one PDF."""
    with pikepdf.new() as whole:
        shift = 0
        while len(whole.pages) < pages:
            for paper in (*papers(), amounts(shift), amounts(shift + 1)):
                with pikepdf.open(io.BytesIO(drawn(paper))) as one:
                    whole.pages.extend(one.pages)
            shift += 2
        del whole.pages[pages:]
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue()


def printed(folder: Path, data: bytes, stamps: Sequence[Stamp | None]) -> Iterator[Picture]:
    """Yield the pages of the printed volume as they come from the scanner."""
    out = folder / "volume.pdf"
    source = folder / "source.pdf"
    source.write_bytes(data)
    pages = [
        OutPage("a", at)
        if stamp is None
        else OutPage("a", at, str(at + 1), NumberSide.RIGHT, encode(stamp), short_line(stamp))
        for at, stamp in enumerate(stamps)
    ]
    assemble(out, {"a": source}, pages)
    volume = out.read_bytes()
    for at in range(len(stamps)):
        sheet = page_picture(volume, at, PRINTED_DPI)
        skew = (at % 9 - 4) * 0.4
        yield scan(sheet, PRINTED_DPI, 150, skew_degrees=skew, noise=5, blur=0.4, seed=at)


def threads(work: Callable[[int], object], count: int, workers: int) -> float:
    """Return how many ms a page it takes to do something with each."""
    begun = perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(count)))
    return (perf_counter() - begun) / count * 1000


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--bare", action="store_true", help="no page bears a stamp or a number")
    asked = parser.parse_args()
    data = electronic(asked.pages)
    stamps: list[Stamp | None] = [stamp_of(at + 1, 1, at + 1, data) for at in range(asked.pages)]
    if asked.bare:
        stamps = [None] * asked.pages
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "scan.pdf"
        file.write_bytes(scanned_pdf(list(printed(folder, data, stamps))))
        with PdfPictures(data) as pictures, PdfPictures(file) as scans:
            expected = [
                ExpectedPage(
                    str(at),
                    stamp,
                    partial(pictures.picture, at),
                    corner=Corner.BOTTOM_RIGHT,
                    number_side=NumberSide.RIGHT,
                )
                for at, stamp in enumerate(stamps)
            ]
            least = threads(pictures.picture, asked.pages, asked.workers)
            least += threads(scans.picture, asked.pages, asked.workers)
            begun, used = perf_counter(), process_time()
            proof = prove(expected, scanned_pages(file), workers=asked.workers)
            spent = (perf_counter() - begun) / asked.pages * 1000
            cpu = (process_time() - used) / asked.pages * 1000
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"{asked.pages} pages, {asked.workers} workers, {len(proof.findings)} findings")
    print(f"  reading and drawing alone  {least:6.1f} ms a page")
    print(f"  proof                      {spent:6.1f} ms a page (goal <= {GOAL:.0f})")
    print(f"  processor time             {cpu:6.1f} ms a page; load {busy}")
    return 0 if spent <= GOAL and proof.equal else 1


if __name__ == "__main__":
    sys.exit(main())
