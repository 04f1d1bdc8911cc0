"""The QR code of a stamp as rows of dark and light squares."""

from __future__ import annotations

Matrix = tuple[tuple[bool, ...], ...]

def matrix(text: str, error: str = "q", least: int = 2) -> Matrix:
    import segno
    for version in range(least, 12):
        try:
            code = segno.make(text, error=error, version=version, mode="alphanumeric", boost_error=True, micro=False)
        except segno.DataOverflowError:
            continue
        return tuple(tuple(bool(c) for c in row) for row in code.matrix)
    raise ValueError("too long")
