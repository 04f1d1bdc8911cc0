"""The check of papers: each that was issued has its files in the bureau's keeping."""

from __future__ import annotations

from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Bureau

_WITHOUT = (
    "SELECT c.case_no, p.id, p.name, p.number FROM papers p JOIN cases c ON c.id = p.case_id "
    "LEFT JOIN files f ON f.digest = p.pdf LEFT JOIN files d ON d.digest = p.docx "
    "WHERE p.issued_at IS NOT NULL "
    "AND ((p.pdf <> '' AND f.digest IS NULL) OR d.digest IS NULL) ORDER BY p.id"
)


def paper_problems(bureau: Bureau) -> list[str]:
    """Return one sentence for each issued paper of which a file was never entered.

    One whose text of record is a Word file may have no PDF yet.  That the bytes are there and
    unchanged is asked of every kept file (``store_health``).
    """
    with bureau.database.reading() as conn:
        rows = ask(conn, _WITHOUT)
    return [
        f"{case_no}：第{number}号文书《{name}》{words}已签发，但没有保存它的文件，请从备份恢复。"
        for case_no, number, name, words in rows
    ]
