"""What had better be covered on a page does not depend on the order in which words are known."""

from __future__ import annotations

from io import BytesIO
from itertools import permutations

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from zhixing_desktop.dossier.masking_areas import proposals


def page(words: str) -> bytes:
    out = BytesIO()
    sheet = Canvas(out, pagesize=A4)
    sheet.setFont("Helvetica", 14)
    sheet.drawString(80, 700, words)
    sheet.save()
    return out.getvalue()


def test_a_part_of_a_longer_word_is_not_told_once_more() -> None:
    known = ("Hengtai Trading", "Hengtai", "Trading Company", "Hengtai Trading Company")
    content = page("seen at Hengtai Trading Company yesterday")
    found = {proposals(content, 0, known=order) for order in permutations(known)}
    ((proposal,),) = found
    assert proposal.words == "Hengtai Trading Company"
