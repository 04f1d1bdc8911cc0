"""What the small stamp on every printed page of a dossier says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """A printed content page of a paper volume.

    ``case_id`` is the case's row, ``case_mark`` the first four hexadecimal digits of the SHA-256 of
    its number (a restored or foreign database may know another case under the same row).
    ``side`` is ``main`` (正卷) or ``side`` (副卷), ``volume`` the 册 from 1 on, ``page`` the number
    printed on the page from 1 on, ``insert`` the number after the dash of an inserted page (12-1:
    1), else 0.  ``item_id`` and ``version`` (from 1 on) name the version of a dossier item,
    ``item_page`` the page within it from 1 on, ``digest`` the first six hexadecimal digits of the
    SHA-256 of the version's pages of record.  All hexadecimal digits are lower case.
    """

    case_id: int
    case_mark: str
    side: str
    volume: int
    page: int
    insert: int
    item_id: int
    version: int
    item_page: int
    digest: str
