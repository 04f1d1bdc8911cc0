"""The ground the database tests stand on: two real databases, fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_gets_an_empty_one(engine: sa.Engine, turn: str) -> None:
    assert sa.inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE visit (turn TEXT)"))
        connection.execute(sa.text("INSERT INTO visit VALUES (:turn)"), {"turn": turn})


def test_names_beyond_the_common_characters_come_back(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.literal("张𬭚喆堃"))).scalar_one() == "张𬭚喆堃"


def test_the_server_does_not_share_the_zone_of_the_court(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SHOW timezone")).scalar_one() == "UTC"
    engine.dispose()
