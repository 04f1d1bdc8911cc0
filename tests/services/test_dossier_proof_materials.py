"""Which material of a node the scanned proof of a paper's service is."""

from __future__ import annotations

import pytest

from helpers.bureau import rules
from zhixing_desktop.services.dossier_papers import proof_material


@pytest.mark.parametrize(
    ("node", "paper", "material"),
    [
        (7, "执行通知书", "执行通知书、报告财产令送达回证"),
        (7, "报告财产令", "执行通知书、报告财产令送达回证"),
        (7, "谈话笔录", ""),
        (13, "传票", "传票送达回证"),
        (17, "执行裁定书（冻结用）", "裁定书送达回证"),
        (17, "协助执行通知书", ""),
        (36, "限制消费令", "限制消费令送达回证"),
        (43, "终结本次执行程序裁定书", "终本裁定送达回证"),
        (43, "结案通知书", ""),
        (33, "领款通知书", ""),
    ],
)
def test_a_proof_is_the_material_that_the_rulebook_names_after_its_paper(
    node: int, paper: str, material: str
) -> None:
    assert proof_material(rules().book.nodes[node], paper) == material
