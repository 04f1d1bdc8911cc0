"""A bureau with its people on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.bureau import Office
from helpers.offices import beside, make_office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An empty bureau at 9 o'clock on Friday, 1 March 2024."""
    made = make_office(database_url)
    yield made
    made.close()


@pytest.fixture
def second(office: Office, database_url: str) -> Iterator[Office]:
    """Another workstation on the same database."""
    made = beside(office, database_url)
    yield made
    made.close()
