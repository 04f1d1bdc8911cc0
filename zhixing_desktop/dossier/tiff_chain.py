"""The chain of a TIFF's pages, followed to its end: Pillow takes a broken one for a short one."""

from __future__ import annotations

import struct
from typing import BinaryIO

_MOST = 100_000


def chain_whole(file: BinaryIO, size: int) -> bool:
    """Tell whether the directories of all pages of a TIFF lie within its ``size`` bytes.

    Follows TIFF 6.0 and BigTIFF; a chain that runs in a circle is not whole.
    """
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    number, entry, link = ("Q", 20, "Q") if big else ("H", 12, "I")
    wide, length = struct.calcsize(number), struct.calcsize(link)
    try:
        (at,) = struct.unpack_from(f"{order}{link}", head, 8 if big else 4)
        seen: set[int] = set()
        while at:
            if at in seen or len(seen) > _MOST:
                return False
            seen.add(at)
            file.seek(at)
            (count,) = struct.unpack(f"{order}{number}", file.read(wide))
            after = at + wide + entry * count
            if after + length > size:
                return False
            file.seek(after)
            (at,) = struct.unpack(f"{order}{link}", file.read(length))
    except (struct.error, OverflowError, OSError):
        return False
    return True
