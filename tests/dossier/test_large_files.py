"""Files of two gigabytes, of five thousand pages, of six hundred scans: the memory stays small."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pikepdf import Pdf

from helpers.foreign_files import heavy_pdf
from helpers.pictures_made import tiff_of
from zhixing_desktop.dossier.composing import compose, whole
from zhixing_desktop.dossier.incoming import PageCut, Source
from zhixing_desktop.dossier.intake import examine

MOST = 500
"""Megabytes a process may take, whatever the size of the file."""

WORK = """
import json, sys
from pathlib import Path
from zhixing_desktop.dossier.composing import compose
from zhixing_desktop.dossier.incoming import PageCut, Source
from zhixing_desktop.dossier.intake import examine
place, target, first, last = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
about = examine(place, "large.pdf")
compose([Source(place, "large.pdf")], [PageCut(0, n) for n in range(last, first, -1)], target)
# Not getrusage: a new process inherits the peak of the one that started it.
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps([about.pages, about.size, sorted(about.kinds()), peak]))
"""


def worked(place: Path, target: Path, first: int, last: int) -> tuple[int, int, list[str], int]:
    """Examine and compose in a process of its own; return pages, size, notes, megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(place), str(target), str(first), str(last)],
        check=True,
        capture_output=True,
        text=True,
    )
    pages, size, kinds, peak = json.loads(done.stdout)
    return pages, size, kinds, peak


def first_bytes(place: Path) -> list[int]:
    """Return the number that is written in the picture of each page."""
    with Pdf.open(place) as pdf:
        return [
            int.from_bytes(page.obj.Resources.XObject.I.read_bytes()[:4], "big")
            for page in pdf.pages
        ]


def test_two_gigabytes_are_examined_and_cut_without_being_read_whole(tmp_path: Path) -> None:
    place, target = tmp_path / "large.pdf", tmp_path / "made.pdf"
    heavy_pdf(place, 5000, 2 * 1024**3)
    pages, size, kinds, peak = worked(place, target, 2400, 2600)
    assert (pages, kinds) == (5000, ["coarse", "long"])
    assert size > 2 * 1024**3
    assert peak < MOST
    assert first_bytes(target) == list(range(2600, 2400, -1))


def test_five_thousand_pages_are_put_in_order_in_little_memory(tmp_path: Path) -> None:
    place, target = tmp_path / "large.pdf", tmp_path / "made.pdf"
    heavy_pdf(place, 5000, 400 * 1024**2)
    _, _, _, peak = worked(place, target, -1, 4999)
    # Less than the file itself: it never was in the memory.
    assert peak < 200
    assert first_bytes(target) == list(range(4999, -1, -1))


def test_a_tiff_of_six_hundred_pages_becomes_six_hundred_pages(tmp_path: Path) -> None:
    place, target = tmp_path / "scan.tif", tmp_path / "made.pdf"
    place.write_bytes(tiff_of(600, (413, 585), dpi=(50, 50)))
    about = examine(place, "scan.tif")
    assert about.pages == 600
    assert about.shapes[599].width == pytest.approx(594.7, abs=0.1)
    cuts = [PageCut(0, 599), *whole(0, 600)[:-1]]
    assert compose([Source(place, "scan.tif")], cuts, target).pages == 600
    again = examine(target, "made.pdf")
    assert (again.pages, again.clean) == (600, True)
    # Each page bears its mark a little lower than the one before.
    assert mark_at(target, [0, 1, 300, 599]) == pytest.approx([0.99, 0.01, 0.5, 0.99], abs=0.02)


def mark_at(place: Path, pages: list[int]) -> list[float]:
    """Return how far down the black mark of some pages stands, in parts of the height."""
    import numpy as np

    from zhixing_desktop.dossier.pdf_pages import page_rasters
    from zhixing_desktop.dossier.pictures import gray

    found = []
    for raster in page_rasters(place, pages, 300):
        rows = np.flatnonzero(gray(raster)[:, 20] < 128)
        found.append(float(rows.mean()) / raster.height)
    return found
