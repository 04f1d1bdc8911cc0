"""The QR code of a stamp or a separator sheet, as rows of dark and light squares.

Measured with the scanner of the tests (``tests/helpers/scanner.py``), codes printed 13 mm square
*including* a quiet zone of two squares (so that a code 13 mm square without it has reserves), 22 to
25 characters, photocopied twice, turned up to 5 degrees, out of focus, grey, noisy, JPEG quality
60: at 150 dpi 40 of 40 were read plainly; at 100 dpi 40 of 40 by the stronger means of
``stamp_reading`` (11 mm: 10 %, 10 mm: none).  Version 2 with 25 squares is the best of what was
tried: version 1 (level L) has larger squares but 7 % of reserve against stains, holes and seals;
version 3 (level H) lost 30 % of the codes at 100 dpi.  Mask 5 was read plainly 99 times of 150
where the mask that ISO/IEC 18004 recommends was 67 times (pictures made bad on purpose), and
leaving out the choice saves most of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Squares = NDArray[np.bool_]

Matrix = tuple[tuple[bool, ...], ...]
"""Rows from the top, squares from the left, dark is true; without the white around it."""

QUIET = 4
"""Squares of white that belong around a code (ISO/IEC 18004); two are the least that works."""
_WRITABLE = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_MASK = 5
_VERSION = 2
_LARGEST = 12
_LEVELS = (("H", 20), ("Q", 29), ("M", 38))
"""How much may be lost: 30, 25, 15 %.  Less is not worth having on a page that is bound.

Beside each how many characters 25 squares a side have room for (ISO/IEC 18004, table 7).
"""
_DARK = 128


def matrix(text: str) -> Matrix:
    """Return the code of a text as rows of squares; see :func:`squares`."""
    return tuple(map(tuple, squares(text).tolist()))


def squares(text: str) -> Squares:
    """Return the code of a text of the QR alphanumeric mode: 25 squares a side up to 38 characters.

    As much error correction as that size has room for, at least level M; longer texts get a larger
    code.  An array of rows of truth values.  Raises ``ValueError`` for other characters and for
    more than 500 of them.
    """
    import numpy as np
    from zxingcpp import BarcodeFormat, create_barcode

    if not _WRITABLE.issuperset(text):
        raise ValueError(f"{text!r} has characters that a stamp cannot say")
    for version in range(_VERSION, _LARGEST + 1):
        for level, room in _LEVELS:
            if version == _VERSION and len(text) > room:
                continue
            try:
                code = create_barcode(
                    text, BarcodeFormat.QRCode, version=version, ec_level=level, data_mask=_MASK
                )
            except ValueError:
                continue  # too long for this size and level
            picture = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
            dark: Squares = picture < _DARK
            return dark
    raise ValueError(f"{len(text)} characters are too many for a stamp")
