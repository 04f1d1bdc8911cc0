"""What the proof says of healthy and of damaged pages, in scans from good to hopeless.

    .venv/bin/python bench/bench_scans.py [--workers 2] [--only 150]

A table of the measures: for each kind of scan how many healthy pages are called equal, not clear
and different (false alarms), the highest measure of a healthy page, and how many damaged ones are
called equal (misses), not clear and different, with the lowest measure of a damaged one.  Pages
and damages are those of ``tests/helpers/damaged_pages.py``.  ``--only`` leaves out the scans whose
name does not have these letters.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from helpers.bound_volumes import PRINTED_DPI
from helpers.damaged_pages import Damage, Sheet, damages, pictures, texts
from helpers.scanner import Picture, Stain, scan
from zhixing_desktop.dossier.page_compare import Comparison, compare_pages

_USUAL: Mapping[str, Any] = {"noise": 5, "blur": 0.5, "contrast": 0.85, "jpeg_quality": 75}


def scans() -> dict[str, Mapping[str, Any]]:
    """Return the kinds of scans by their names: what :func:`helpers.scanner.scan` is told."""
    found: dict[str, Mapping[str, Any]] = {}
    for dpi in (100, 150, 200, 300):
        found[f"{dpi} dpi"] = {"dpi_to": dpi, "skew_degrees": 1.0}
        found[f"{dpi} dpi, 1 bit"] = {
            "dpi_to": dpi, "skew_degrees": -0.7, "black_white": True, "jpeg_quality": None,
            "contrast": 1.0,
        }  # fmt: skip
        for copies in (1, 2):
            found[f"{dpi} dpi, copied {copies}"] = {"dpi_to": dpi, "copies": copies}
    for skew in (-5, -3, 3, 5):
        found[f"150 dpi, {skew:+} degrees"] = {"skew_degrees": skew}
    found["150 dpi, noise 12"] = {"noise": 12, "skew_degrees": 0.5}
    found["150 dpi, noise 18"] = {"noise": 18, "skew_degrees": 0.5}
    found["150 dpi, contrast 0.5"] = {"contrast": 0.5}
    found["150 dpi, contrast 1"] = {"contrast": 1.0, "blur": 0.3}
    found["150 dpi, blur 1.2"] = {"blur": 1.2}
    found["150 dpi, blur 2"] = {"blur": 2.0}
    found["150 dpi, blur 3"] = {"blur": 3.0}
    found["150 dpi, JPEG 40, 5 degrees, faded"] = {
        "jpeg_quality": 40, "skew_degrees": 5, "contrast": 0.6,
    }  # fmt: skip
    found["150 dpi, coffee"] = {"stain": Stain(60, 60, 25, dark=0.4)}
    found["150 dpi, copied 1, 1 bit"] = {"copies": 1, "black_white": True, "jpeg_quality": None}
    found["75 dpi, copied 2"] = {"dpi_to": 75, "copies": 2}
    return found


def seen(sheet: Picture, how: Mapping[str, Any], seed: int) -> Picture:
    told = {**_USUAL, **how}
    return scan(sheet, PRINTED_DPI, told.pop("dpi_to", 150), seed=seed, **told)


def verdict(found: Comparison) -> str:
    """Return ``equal``, ``unclear`` or ``different``."""
    if found.same:
        return "equal"
    return "unclear" if found.unclear else "different"


def judged(
    work: Iterable[tuple[str, Sheet, Picture]], how: Mapping[str, Any], pool: ThreadPoolExecutor
) -> list[tuple[str, str, Comparison]]:
    def one(given: tuple[int, tuple[str, Sheet, Picture]]) -> tuple[str, str, Comparison]:
        seed, (kind, sheet, now) = given
        found = compare_pages(sheet.electronic, seen(now, how, seed))
        return kind, sheet.name, found

    return list(pool.map(one, enumerate(work)))


def row(name: str, found: Iterable[tuple[str, str, Comparison]], worst: Callable[..., Any]) -> str:
    known = list(found)
    counts = Counter(verdict(one) for _, _, one in known)
    limit = worst(one.left for _, _, one in known)
    cells = " ".join(f"{counts[word]:>5}" for word in ("equal", "unclear", "different"))
    return f"{name:36} {cells}   {limit:6.3f}"


def told(found: Iterable[tuple[str, str, Comparison]], wanted: str) -> None:
    """Print the pages that are not called what they should be."""
    for kind, page, one in found:
        if verdict(one) != wanted:
            print(f"      {kind}, {page}: {verdict(one)} {one.measure} {one.left}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    healthy = [("text", sheet, sheet.printed) for sheet in texts()]
    healthy += [("picture", sheet, sheet.printed) for sheet in pictures()]
    harmed: list[Damage] = list(damages())
    missed: dict[str, Counter[str]] = defaultdict(Counter)
    with ThreadPoolExecutor(asked.workers) as pool:
        print(f"{'':36} equal unclear different  measure")
        for name, how in scans().items():
            if asked.only not in name:
                continue
            good = judged(healthy, how, pool)
            bad = judged(((d.kind, d.was, d.now) for d in harmed), how, pool)
            for kind in ("text", "picture"):
                print(row(f"{name}: {kind}", (one for one in good if one[0] == kind), max))
            print(row(f"{name}: damaged", bad, min), flush=True)
            for kind, _, one in bad:
                missed[kind][verdict(one)] += 1
            if asked.verbose:
                told(good, "equal")
                told(bad, "different")
    for kind, counts in missed.items():
        print(f"{kind:36} " + ", ".join(f"{word} {count}" for word, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
