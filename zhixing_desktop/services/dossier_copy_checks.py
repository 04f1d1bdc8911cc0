"""What may be copied for a party, and what is wrong with a wish for a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_copy_types import CopyWish
from zhixing_desktop.services.dossier_rows import current_pdfs, item_row
from zhixing_desktop.services.dossier_types import FILED, MAIN
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.papers import see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import (
    Cite,
    InputRefusedError,
    Problem,
    RuleRefusedError,
)

COPY = "dossier.copy"
CITE = Cite("人民法院诉讼文书立卷归档办法", "副卷单独装订，不对外公开；当事人可以查阅、复制正卷")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class CopySource:
    """The pages of record of a thing of the 正卷."""

    path: Path
    version: int
    pages: int
    name: str


def asked_case(conn: Connection, bureau: Bureau, actor: Actor, case: str | int) -> Row:
    row = case_store.find_case(conn, case)
    permit(conn, bureau, actor, COPY, case=row["id"])
    see_whole(conn, bureau, actor, row["id"])
    return row


def copy_sources(
    conn: Connection, bureau: Bureau, case: Row, items: Sequence[int]
) -> Mapping[int, CopySource]:
    pdfs = current_pdfs(conn, case["id"])
    folder = files_folder(bureau)
    found = {}
    for number in dict.fromkeys(items):
        row = item_row(conn, number)
        if row["case_id"] != case["id"] or row["side"] != MAIN:
            raise RuleRefusedError(
                "复制件只能从本案正卷中复制，副卷不对外提供。请重新选择页面。",
                cite=CITE,
                data={"kind": "not_main", "item": number},
            )
        if row["state"] != FILED or not pdfs.get(number):
            raise RuleRefusedError(
                f"“{row['name']}”没有可以复制的页面（已经撤出，或者仅有纸质、没有页面）。",
                data={"kind": "no_pages", "item": number},
            )
        path = file_folder.path_of(folder, pdfs[number], PDF)
        found[number] = CopySource(path, row["current"], row["pages"], row["name"])
    return found


def refuse_wish(wish: CopyWish, out: Path) -> None:
    found = []
    for where, words in (("提供给谁", wish.recipient), ("依据", wish.basis)):
        if not words.strip() or len(words) > _LONGEST:
            found.append(Problem(where, f"请填写“{where}”，不超过{_LONGEST}个字"))
    if not wish.pages:
        found.append(Problem("页面", "请选择要复制的页面"))
    if any(not area.sound for page in wish.pages for area in page.areas):
        found.append(Problem("遮盖", "有遮盖的范围不在页面之内，请重新画"))
    if out.exists():
        found.append(Problem("文件", f"这个位置已经有同名的文件（{out}），请换一个名称"))
    if not out.parent.is_dir():
        found.append(Problem("文件", f"没有这个文件夹（{out.parent}），请换一个位置"))
    if found:
        listed = "；".join(problem.sentence for problem in found)
        raise InputRefusedError(f"没有制作复制件：{listed}。", found)


def refuse_pages(wish: CopyWish, sources: Mapping[int, CopySource]) -> None:
    bad = [
        f"“{sources[page.item].name}”没有第{page.page + 1}页"
        for page in wish.pages
        if not 0 <= page.page < sources[page.item].pages
    ]
    if bad:
        problems = [Problem("页面", words) for words in bad]
        raise InputRefusedError(f"没有制作复制件：{'；'.join(bad)}。", problems)
