"""The hash of a journal row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from zhixing_desktop.models.failures import refuse
from zhixing_desktop.models.types import canonical_json

ALGORITHMS = ("sha256", "sm3")
GENESIS = "0" * 64


def available(algorithm: str) -> bool:
    """Tell whether this workstation can compute ``algorithm`` (sm3 depends on its OpenSSL)."""
    if algorithm not in ALGORITHMS:
        return False
    try:
        hashlib.new(algorithm)
    except ValueError:
        return False
    return True


def row_hash(columns: Mapping[str, Any], payload: str) -> str:
    """Return the hash over the canonical JSON of all columns but ``hash``.

    ``columns`` holds everything but the payload, in stored form; ``payload`` is JSON already and
    goes in as it is, so that the text in the database is what was hashed.  Raises ``StoreError``
    (``algorithm``) when it cannot be computed here.
    """
    algorithm = columns["algorithm"]
    try:
        digest = hashlib.new(algorithm)
    except ValueError as error:
        raise refuse("algorithm", algorithm=algorithm) from error
    before = {name: value for name, value in columns.items() if name < "payload"}
    after = {name: value for name, value in columns.items() if name > "payload"}
    text = f'{canonical_json(before)[:-1]},"payload":{payload},{canonical_json(after)[1:]}'
    digest.update(text.encode())
    return digest.hexdigest()
