"""A volume of 1,000 pages put together, beside pikepdf merging the same files plain.

    .venv/bin/python bench/bench_dossier.py [--pages 1000] [--large 5000] [--rounds 5]

Half of the pages are scans of about 0.8 MB, half are text, ten to a file.  Ours draws a page number
and a stamp on each, as for the printer; the plain merge does not.  (A volume that is kept is hashed
and forced to the disk besides.)
The goals: at most twice the time of the plain merge, and at most 500 MB of memory whatever the size
(``--large`` measures it once more with so many pages; 0 leaves that out).  Each measurement is a
process of its own that has imported everything and put ten pages together before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time

import cv2
import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from zhixing_desktop.dossier.assembly import assemble
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.dossier.page_marks import NumberSide
from zhixing_desktop.dossier.pdf_document import Metadata, OutlineEntry
from zhixing_desktop.dossier.stamp import Stamp, encode, short_line

TIME_GOAL = 2.0
MEMORY_GOAL = 500
_EACH = 10
_WIDE, _HIGH = 1654, 2339
"""A4 at 200 dpi."""


def scan(seed: int) -> bytes:
    """Return a page as a scanner delivers it: letters, noise, JPEG."""
    noise = np.random.default_rng(seed).normal(0, 9, (_HIGH, _WIDE))
    page = np.full((_HIGH, _WIDE), 245, np.uint8)
    for row in range(40):
        words = f"{row} of {seed} {'abcdefg' * 5}"
        cv2.putText(page, words, (100, 120 + row * 50), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 2)
    noisy = np.clip(page + noise, 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 75])[1])


def files(folder: Path, pages: int) -> None:
    """Write PDFs of ten pages each; every scan has some bytes of its own."""
    scans = [scan(seed) for seed in range(8)]
    for first in range(0, pages, _EACH):
        with Pdf.new() as made:
            for number in range(first, first + _EACH):
                page = text_page(made, number) if number % 2 else scan_page(made, scans, number)
                made.pages.append(pikepdf.Page(made.make_indirect(page)))
            made.save(folder / f"{first:06}.pdf")


def scan_page(made: Pdf, scans: Sequence[bytes], number: int) -> Dictionary:
    taken = scans[number % len(scans)]
    comment = os.urandom(60_000)
    jpeg = taken[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + taken[2:]
    picture = made.make_stream(
        jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=_WIDE,
        Height=_HIGH,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    return _page(made, b"q 595 0 0 842 0 0 cm /I Do Q", XObject=Dictionary(I=picture))


def text_page(made: Pdf, number: int) -> Dictionary:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    rows = b"".join(
        b"(line %d of page %d: the court and the debtor) Tj T* " % (row, number)
        for row in range(45)
    )
    content = b"BT /F 11 Tf 14 TL 60 780 Td " + rows + b"ET"
    return _page(made, content, Font=Dictionary(F=made.make_indirect(font)))


def _page(made: Pdf, content: bytes, **resources: Dictionary) -> Dictionary:
    return Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, 595, 842]),
        Contents=made.make_stream(content),
        Resources=Dictionary({f"/{name}": one for name, one in resources.items()}),
    )


def plain(folder: Path, out: Path, limit: int) -> None:
    """Merge as pikepdf's own pages tell."""
    with Pdf.new() as merged:
        for path in sorted(folder.glob("*.pdf"))[:limit]:
            with Pdf.open(path) as source:
                merged.pages.extend(source.pages)
        merged.save(out)


def ours(folder: Path, out: Path, limit: int) -> None:
    """Put the volume together with numbers, stamps, outline and labels."""
    sources = {path.stem: path for path in sorted(folder.glob("*.pdf"))[:limit]}
    pages = [
        page(key, number, at * _EACH + number + 1, at + 1)
        for at, key in enumerate(sources)
        for number in range(_EACH)
    ]
    outline = [OutlineEntry(f"第{n + 1}件", n * _EACH) for n in range(len(sources))]
    assemble(out, sources, pages, kept=False, outline=outline, metadata=Metadata("正卷第1册"))


def page(key: str, place: int, number: int, item: int) -> OutPage:
    stamp = Stamp(7, "1a2b", "main", 1, number, 0, item, 1, place + 1, "3c4d5e")
    side = NumberSide.RIGHT if number % 2 else NumberSide.LEFT
    return OutPage(key, place, str(number), side, encode(stamp), short_line(stamp))


WAYS: dict[str, Callable[[Path, Path, int], None]] = {"plain": plain, "ours": ours}


def peak() -> float:
    """Return the most memory this process has taken, in MB."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def once(way: str, folder: Path) -> None:
    """Measure one way in this process and print what was measured."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        WAYS[way](folder, Path(place) / "warm.pdf", 1)
        cpu, begun = process_time(), perf_counter()
        WAYS[way](folder, Path(place) / "volume.pdf", sys.maxsize)
        took, busy = perf_counter() - begun, process_time() - cpu
        size = (Path(place) / "volume.pdf").stat().st_size
    print(json.dumps({"s": took, "cpu": busy, "mb": peak(), "size": size / 1e6}))


def measured(way: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, "--folder", str(folder)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def compared(folder: Path, rounds: int) -> bool:
    """Measure both ways in turn; say whether the goals are met."""
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, found in runs.items():
            found.append(measured(way, folder))
    for way, found in runs.items():
        middle = {key: statistics.median(run[key] for run in found) for key in found[0]}
        print(
            f"  {way:6} {middle['s']:6.2f} s ({middle['cpu']:.2f} s of processor), "
            f"{middle['mb']:4.0f} MB of memory, a file of {middle['size']:.0f} MB"
        )
    # Processor time of the least disturbed run of each: other programs only ever add to it.
    ratio = min(run["cpu"] for run in runs["ours"]) / min(run["cpu"] for run in runs["plain"])
    most = max(run["mb"] for run in runs["ours"])
    print(f"  ratio  {ratio:6.2f} (goal <= {TIME_GOAL}), memory {most:.0f} MB (<= {MEMORY_GOAL})")
    return ratio <= TIME_GOAL and not most > MEMORY_GOAL


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--large", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.way:
        once(given.way, given.folder)
        return 0
    met = []
    for count, rounds in ((given.pages, given.rounds), (given.large, 1)):
        if not count:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "items"
            folder.mkdir()
            files(folder, count)
            print(f"{count} pages:")
            met.append(compared(folder, rounds))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
