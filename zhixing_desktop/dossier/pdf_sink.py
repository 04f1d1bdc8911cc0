"""A PDF file written object by object: numbers, places, cross-reference table, digest.

What is handed in is written and hashed by a second thread while the caller makes what follows; at
most one part is under way, so that the memory taken does not grow with the file.  Hashing a volume
of scans takes as long as putting it together: it is left out where nobody asks for the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import BinaryIO

Piece = bytes | memoryview

_LARGE = 1 << 15

HEADER = b"%PDF-1.7\n%\xc7\xe5\xcf\xb5\n"
"""The second line tells other programs that the file is not text (ISO 32000-1, 7.5.2)."""


class PdfSink:
    """The objects of one PDF on their way into a file.

    Used as a context: leaving it waits for what is still being written.
    """

    def __init__(self, file: BinaryIO, *, hashed: bool = True) -> None:
        """Begin a PDF in an empty file that is open for writing; ``hashed`` for its SHA-256."""
        self._file = file
        self._hashed = hashed
        self._digest = hashlib.sha256()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="pdf-sink")
        self._under_way: Future[None] | None = None
        self._pieces: list[Piece] = []
        self._small = bytearray()
        self._places: list[int] = [0]
        self.size = 0
        self._put((HEADER,))

    def __enter__(self) -> PdfSink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.shutdown(wait=True)

    def reserve(self, count: int = 1) -> int:
        """Return the first of ``count`` new numbers in a row; their objects may come later."""
        first = len(self._places)
        self._places += [0] * count
        return first

    def put(self, number: int, *pieces: Piece) -> None:
        """Take the body of an object, without its number and ``endobj``."""
        self._places[number] = self.size
        self._put((b"%d 0 obj\n" % number, *pieces, b"\nendobj\n"))

    def add(self, *pieces: Piece) -> int:
        """Take the body of an object and return its new number."""
        number = self.reserve()
        self.put(number, *pieces)
        return number

    def add_stream(self, entries: bytes, data: bytes) -> int:
        """Take a stream: the entries of its dictionary but for its length, and its data."""
        head = b"<< /Length %d %b >>\nstream\n" % (len(data), entries)
        return self.add(head, data, b"\nendstream")

    def send(self) -> None:
        """Begin to write what was taken; waits for what was sent before.

        Raises ``OSError`` where that could not be written.
        """
        self._join()
        pieces, self._pieces = self._pieces, []
        self._wait()
        self._under_way = self._writer.submit(self._write, pieces)

    def finish(self, root: int, info: int) -> tuple[int, str]:
        """Write table and trailer; return the size in bytes and the SHA-256 of the whole file.

        ``root`` and ``info`` are the numbers of the catalogue and of the document's information.
        The file's identifier follows from what is in it (unhashed: from all but large streams, of
        which the length counts): the same parts give the same bytes.  The digest is empty for a
        file that is not hashed.  Raises ``OSError`` where the file does not take it.
        """
        self.send()
        self._wait()
        identifier = self._digest.hexdigest()[:32].encode()
        start = self.size
        count = len(self._places)
        table = [b"xref\n0 %d\n0000000000 65535 f \n" % count]
        table += [b"%010d 00000 n \n" % place for place in self._places[1:]]
        table.append(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%b> <%b>] >>\n"
            % (count, root, info, identifier, identifier)
        )
        table.append(b"startxref\n%d\n%%%%EOF\n" % start)
        self._put(table)
        self.send()
        self._wait()
        return self.size, self._digest.hexdigest() if self._hashed else ""

    def _put(self, pieces: Sequence[Piece]) -> None:
        # Small pieces are joined: each that the writing thread takes up by itself makes the other
        # one wait for Python's lock, which costs more than the copying.
        for piece in pieces:
            long = len(piece)
            self.size += long
            if long < _LARGE:
                self._small += piece
            else:
                self._join()
                self._pieces.append(piece)

    def _join(self) -> None:
        if self._small:
            self._pieces.append(bytes(self._small))
            self._small.clear()

    def _wait(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def _write(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            # What is large is a stream as it came; its dictionary, with the length, is hashed.
            if self._hashed or isinstance(piece, bytes):
                self._digest.update(piece)
            self._file.write(piece)
