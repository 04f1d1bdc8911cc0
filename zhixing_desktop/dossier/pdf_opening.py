"""A PDF that came from outside, opened by qpdf: what it refuses, what it mends."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import size_of, unreadable
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from pikepdf import Pdf

_MAPPED = 64 * 1024 * 1024
"""Up to here a file is mapped into the memory, which is faster; a larger one is read in pieces."""


def open_pdf(content: Path | bytes) -> Pdf:
    """Return an opened PDF; whoever asked for it closes it.

    What is damaged is mended as far as qpdf can.  Raises :class:`StoreError` with
    ``data["kind"]``: ``file_locked`` (a password to open it), ``file_damaged``, ``unreadable``.
    """
    from pikepdf import AccessMode, DependencyError, PasswordError, Pdf, PdfError

    large = size_of(content) > _MAPPED
    mode = AccessMode.stream if large else AccessMode.default
    try:
        if isinstance(content, bytes):
            return Pdf.open(io.BytesIO(content))
        return Pdf.open(content, access_mode=mode)
    except PasswordError as error:
        raise StoreError(
            "这个 PDF 文件设有打开密码，不能取出页面。请向交来的人要密码，打开后另存为没有密码的"
            "文件，或者打印后扫描，再放入一次。",
            data={"kind": "file_locked"},
        ) from error
    except OSError as error:
        place = content if isinstance(content, Path) else Path()
        raise unreadable(place, error) from error
    except (PdfError, DependencyError, ValueError) as error:
        raise _damaged() from error


def _damaged() -> StoreError:
    return StoreError(
        "这个 PDF 文件已经损坏，读不出页面。请重新导出或者重新扫描，再放入一次。",
        data={"kind": "file_damaged"},
    )
