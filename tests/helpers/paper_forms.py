"""A few small forms of papers, so that tests of their life do not hang on the court's own texts.

``lend`` puts them in the place of the program's forms; articles, layout and fonts stay its own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zhixing_desktop import paths
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.forms import PaperRules

NOTICE, ORDER, RULING = "07-notice", "07-order", "17-ruling"
INQUIRY, RESTRICTION, RECORD = "16-inquiry", "36-restriction", "07-record"
TRANSFER = "04-transfer"

_FORMS = {
    NOTICE: """---
name: 执行通知书
kind: notice
nodes: [7]
subject: debtor
number: case
signs: 承办人
seal: 院印
served_on: [debtor]
dossier: {first: 8, resumed: 8, preservation: 11}
basis: 试验用
carries:
  - {node: 7, item: 1, paper: 执行通知书, issued: [notice_issued_on], served: [served_on], \
number: notice_number}
asks:
  - {name: duty, label: 应当履行的义务, type: longtext, remember: case, example: 支付借款50000元}
  - {name: contact, label: 联系地点, remember: bureau, required: false, example: 执行局一楼}
---
@title
@flush {{ debtor.name }}：
{{ case.cause }}一案于{{ case.filed_on }}立案执行。依照{{ law("民诉法.划拨") }}，责令你履行：
{{ ask.duty|paragraphs }}
联系地点：{{ ask.contact|optional }}
@sign
@day
@seal 院印
@end
""",
    ORDER: """---
name: 报告财产令
kind: order
nodes: [7]
subject: debtor
number: case
signs: 承办人
seal: 院印
served_on: [debtor]
dossier: {first: 8, resumed: 8, preservation: 11}
basis: 试验用
carries:
  - {node: 7, item: 1, paper: 报告财产令, issued: [report_ordered_on]}
---
@title
@flush {{ debtor.name }}：
责令你报告财产情况。
@sign
@day
@end
""",
    RECORD: """---
name: 谈话笔录
kind: record
nodes: [7]
number: none
signs: 承办人
dossier: {first: 11, resumed: 11, preservation: 6}
basis: 试验用
asks:
  - {name: place, label: 地点, example: 执行局谈话室}
---
@name 谈话笔录
地点：{{ ask.place }}
电话：{{ court.phone }}
""",
    RULING: """---
name: 查封裁定书
title: 执行裁定书
kind: ruling
nodes: [17]
subject: asset
number: suffix
signs: 承办人
seal: 院印
served_on: [creditor, debtor]
dossier: {first: 19, resumed: 19, preservation: 3}
basis: 试验用
---
@title
查封{{ asset.name }}。
@sign
审判员: {{ officer.name }}
@day
@end
""",
    INQUIRY: """---
name: 律师调查令
kind: order
nodes: [16]
number: series
series: 执调令
signs: 承办人
dossier: {first: 12, resumed: 12, preservation: 7}
basis: 试验用
---
@title
准予持令调查。
@sign
@day
@end
""",
    TRANSFER: """---
name: 案件移送单
kind: table
nodes: [4]
number: none
signs: 立案人员
dossier: {first: 1, resumed: 1, preservation: 1}
basis: 试验用
carries:
  - {node: 4, item: 1, paper: 案件移送单}
---
@name 案件移送单
移送{{ case.number }}案件。
""",
    RESTRICTION: """---
name: 限制消费令
kind: order
nodes: [36]
subject: debtor
number: suffix
signs: 院长
seal: 院印
approval: consumption_restriction
served_on: [debtor]
dossier: {first: 15, resumed: 15, preservation: 12}
basis: 试验用
---
@title
限制{{ debtor.name }}消费。
@sign
院　长: {{ president.name }}
@day
@end
""",
}


@cache
def _court() -> PaperRules:
    return PaperRules(paths.resources_dir())


def court_forms(bureau: Bureau) -> None:
    """Let a bureau use the program's own forms, read once for all tests."""
    bureau.papers = _court()


def lend(bureau: Bureau, folder: Path, **more: str) -> None:
    """Let a bureau use the small forms; ``more`` are further ones, or others under their keys."""
    program = paths.resources_dir()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("law", "layout", "fonts"):
        if not (folder / name).exists():
            (folder / name).symlink_to(program / name, target_is_directory=True)
    (folder / "forms").mkdir(exist_ok=True)
    for key, text in {**_FORMS, **more}.items():
        (folder / "forms" / f"{key}.form").write_text(text, encoding="utf-8")
    bureau.papers = PaperRules(folder)
