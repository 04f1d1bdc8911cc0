"""The words of a paper's number: 案号之一, （2024）豫0811执调令1号."""

from __future__ import annotations


def suffix_number(case_no: str, serial: int, *, first_plain: bool) -> str:
    """Return the number of the ``serial``-th (from 1) ruling or decision of a case.

    With ``first_plain`` the first bears the 案号 itself and the second 之一, as courts mostly
    write; else the first bears 之一.
    """
    # The table of articles is read with YAML, which a list of papers does not need.
    from zhixing_desktop.documents.laws import chinese_number

    place = serial - 1 if first_plain else serial
    return f"{case_no}之{chinese_number(place)}" if place else case_no


def series_number(year: int, court: str, series: str, serial: int) -> str:
    """Return the number of a paper in a bureau's series: year, 法院代字, series, running number."""
    return f"（{year}）{court}{series}{serial}号"
