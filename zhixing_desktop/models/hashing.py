"""The hash of a journal row: which bytes are hashed, and by what."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from json.encoder import encode_basestring
from typing import Any, Protocol

from zhixing_desktop.models.failures import refuse

ALGORITHMS = ("sha256", "sm3")
GENESIS = "0" * 64


class Digest(Protocol):
    """What is used of a hash object of ``hashlib``."""

    def hexdigest(self) -> str:
        """Return the hash as small hexadecimal digits."""


Hasher = Callable[[bytes], Digest]


def available(algorithm: str) -> bool:
    """Tell whether this workstation can compute ``algorithm``."""
    return algorithm in ALGORITHMS and _find(algorithm) is not None


def hasher(algorithm: str) -> Hasher:
    """Return what hashes bytes.

    Raises ``StoreError`` (``algorithm``) for an algorithm that cannot be computed here.
    """
    found = _find(algorithm) if algorithm in ALGORITHMS else None
    if found is None:
        raise refuse("algorithm", algorithm=algorithm)
    return found


@cache
def _find(algorithm: str) -> Hasher | None:
    if algorithm == "sha256":
        return hashlib.sha256
    try:
        hashlib.new(algorithm)
    except ValueError:
        # Python's OpenSSL may have been built without SM3; the library for signatures brings its
        # own, which has it.
        return _brought_along()
    return lambda data: hashlib.new(algorithm, data)


def _brought_along() -> Hasher | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes

    class Sm3:
        def __init__(self, data: bytes) -> None:
            self._hash = hashes.Hash(hashes.SM3())
            self._hash.update(data)

        def hexdigest(self) -> str:
            return self._hash.copy().finalize().hex()

    try:
        Sm3(b"")
    except UnsupportedAlgorithm:
        return None
    return Sm3


RowText = Callable[..., bytes]


class _Remembered(dict[Any, bytes]):
    """Pieces of text that recur in thousands of rows, made once."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> bytes:
        if len(self) >= _MOST_PIECES:
            self.clear()
        piece = self[key] = self._make(key).encode()
        return piece


_MOST_PIECES = 10_000


def row_text() -> RowText:
    """Return what writes the canonical JSON of rows: keys sorted, the payload as it is.

    Its arguments are the columns in the order of the table, but the payload in bytes and no hash.
    It raises ``TypeError`` or ``ValueError`` for a value that the program never writes.  Written
    out, with what recurs remembered, because a verification does this a million times
    (bench/bench_journal.py).
    """
    text, join = encode_basestring, b"".join
    begin = _Remembered(
        lambda key: (
            f'{{"action":{text(key[0])},"actor":{text(key[1])},"algorithm":{text(key[2])},"at":'
        )
    )
    behalf = _Remembered(lambda key: f'{"null" if key is None else text(key)},"payload":')
    end = _Remembered(lambda key: f',"workstation":{text(key)}}}')

    def write(
        number: int,
        at: str,
        actor: str,
        on_behalf_of: str | None,
        workstation: str,
        action: str,
        case_id: int | None,
        payload: bytes,
        prev_hash: str,
        algorithm: str,
    ) -> bytes:
        case = case_id if type(case_id) is int else _null(case_id)
        return join(
            (
                begin[action, actor, algorithm],
                f'{text(at)},"case_id":{case},"id":{number},"on_behalf_of":'.encode(),
                behalf[on_behalf_of],
                payload,
                f',"prev_hash":{text(prev_hash)}'.encode(),
                end[workstation],
            )
        )

    return write


def _null(value: object) -> str:
    if value is not None:
        raise TypeError(f"not a whole number: {value!r}")
    return "null"


def row_hash(columns: Mapping[str, Any], payload: str) -> str:
    """Return the hash over the canonical JSON of all columns but ``hash``.

    ``columns`` holds everything but the payload, in stored form; ``payload`` is JSON already and
    goes in as it is, so that the text in the database is what was hashed.  Raises ``StoreError``
    (``algorithm``) when it cannot be computed here.
    """
    algorithm = columns["algorithm"]
    names = ("id", "at", "actor", "on_behalf_of", "workstation", "action", "case_id")
    values = [columns[name] for name in names]
    text = _write()(*values, payload.encode(), columns["prev_hash"], algorithm)
    return hasher(algorithm)(text).hexdigest()


@cache
def _write() -> RowText:
    return row_text()
