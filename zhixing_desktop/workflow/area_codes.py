"""First four digits of administrative division codes (GB/T 2260), abolished ones included.

An identity number keeps the code of the place and time it was given, so the table is historical and
stops at the prefecture: counties change every year, and the check digit already finds typing
errors there.  Per province: ``"00-17 21-30 90"`` are the second pairs of digits ever in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_PREFECTURES: Mapping[str, str] = MappingProxyType(
    {
        "11": "00-02",
        "12": "00-02",
        "13": "00-11 21-30 90",
        "14": "00-11 21-27 90",
        "15": "00-09 21-29",
        "21": "00-14 21-22 90",
        "22": "00-08 21-26 90",
        "23": "00-12 21-27 90",
        "31": "00-02",
        "32": "00-13 21-27 90",
        "33": "00-11 21-28 90",
        "34": "00-18 21-29",
        "35": "00-09 21-27 90",
        "36": "00-11 21-26",
        "37": "00-17 21-29 90",
        "41": "00-17 21-30 90",
        "42": "00-13 21-29 90",
        "43": "00-13 21-31 90",
        "44": "00-29 51-53 90",
        "45": "00-14 21-28",
        "46": "00-04 90",
        "50": "00-03",
        "51": "00-39 90",
        "52": "00-06 21-27",
        "53": "00-09 21-35",
        "54": "00-06 21-27",
        "61": "00-10 21-27",
        "62": "00-12 21-30",
        "63": "00-02 21-28",
        "64": "00-05 21-22",
        "65": "00-05 21-32 40-43 90",
        "71": "00",
        "81": "00",
        "82": "00",
    }
)
# Residence permits of people from Hong Kong, Macau and Taiwan carry these instead of a place.
PERMIT_PREFIXES: Mapping[str, str] = MappingProxyType({"81": "香港", "82": "澳门", "83": "台湾"})


def is_known_province(code: str) -> bool:
    """Tell whether ``code`` begins with the two digits of a province."""
    return code[:2] in _PREFECTURES


def is_known_area(code: str) -> bool:
    """Tell whether ``code`` begins with four digits that are or were a prefecture's."""
    ranges = _PREFECTURES.get(code[:2])
    if ranges is None or not code[2:4].isdigit():
        return False
    pair = int(code[2:4])
    for part in ranges.split():
        low, _, high = part.partition("-")
        if int(low) <= pair <= int(high or low):
            return True
    return False
