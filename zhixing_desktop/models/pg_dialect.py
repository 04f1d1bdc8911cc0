"""PostgreSQL, and what speaks its protocol.  Imported only when such a database is opened."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg


class Dialect(PGDialect_psycopg):
    """SQLAlchemy's own, but for the version.

    KingbaseES names itself in words that SQLAlchemy cannot read; the number comes with every
    connection and costs no question to the server.
    """

    supports_statement_cache = True

    def _get_server_version_info(self, connection: Any) -> tuple[int, int]:
        number: int = connection.connection.driver_connection.info.server_version
        return number // 10000, number % 10000
