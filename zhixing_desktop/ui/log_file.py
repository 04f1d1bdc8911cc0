"""The program's log without anybody's numbers: what a line says is covered before it is written."""

from __future__ import annotations

import logging

from zhixing_desktop.workflow.masking import cover_numbers

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class CoveringFormatter(logging.Formatter):
    """Covers 证件号, 账号 and 电话 in the whole of a line, its traceback included."""

    def __init__(self) -> None:
        super().__init__(LINE)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be written."""
        return cover_numbers(super().format(record))
