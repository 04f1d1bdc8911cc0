"""Both pictures of what a finding speaks of, read off the window's thread, pair after pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import dossier_proof_views
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_proof_types import ProofLine, ProofResult, SideBySide, Spot
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.frame import Newest
from zhixing_desktop.ui.dossier.picture_pair import PicturePair
from zhixing_desktop.ui.page_images import page_image
from zhixing_desktop.ui.theme import SPOTS
from zhixing_desktop.workflow.errors import ZhixingError

_A4_ACROSS = 210.0
_CHOICE_MS = 80
"""While somebody runs through findings by keys, none of them is drawn."""


class ProofPictures(PicturePair):
    """``pictured`` when both pictures (or why there are none) stand there; ``words`` says which
    pair it is and what the boxes mean."""

    pictured = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._bureau, self._actor_of = bureau, actor_of
        self._newest = Newest(bridge, self)
        self._proof: ProofResult | ProofLine | None = None
        self._finding, self._pair, self.pairs = -1, 0, 1
        self.words = ""
        self._choice = QTimer(self)
        self._choice.setSingleShot(True)
        self._choice.setInterval(_CHOICE_MS)
        self._choice.timeout.connect(self._look)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show no pictures."""
        self._choice.stop()
        self._newest.forget()
        self._proof, self._finding, self._pair, self.pairs = None, -1, 0, 1
        self.words = ""
        self.show_pair(("电子卷宗", "扫描件"), (None, None), (), _A4_ACROSS)

    def show_finding(self, proof: ProofResult | ProofLine, finding: int) -> None:
        """Show the first pair of pages of a finding (from 0 on)."""
        self._proof, self._finding, self._pair, self.pairs = proof, finding, 0, 1
        self._choice.start()

    def turn(self, step: int) -> bool:
        """Go on to the next pair of pages or the one before; tell whether there was one."""
        at = self._pair + step
        if not 0 <= at < self.pairs:
            return False
        self._pair = at
        self._choice.start()
        return True

    def _look(self) -> None:
        proof, finding, pair = self._proof, self._finding, self._pair
        if proof is None or finding < 0:
            return
        bureau, actor = self._bureau, self._actor_of()
        wanted = proof if isinstance(proof, ProofResult) else proof.id

        def job() -> tuple[SideBySide, QImage | None, QImage | None]:
            both = dossier_proof_views.proof_pictures(bureau, actor, wanted, finding, pair)
            ours = page_image(both.electronic) if both.electronic is not None else None
            theirs = page_image(both.scanned) if both.scanned is not None else None
            return both, ours, theirs

        # By the writer: the look at somebody else's case is journalled.
        self._newest.write(job, lambda found: self._show(*found), self._lost)

    def _show(self, both: SideBySide, ours: QImage | None, theirs: QImage | None) -> None:
        self.pairs = both.pairs
        self.show_pair(
            (both.electronic_words, both.scanned_words), (ours, theirs), both.spots, both.across
        )
        which = f"第{self._pair + 1}对页，共{both.pairs}对　" if both.pairs > 1 else ""
        self.words = f"{which}{_legend(both.spots)}"
        self.pictured.emit()

    def _lost(self, error: Exception) -> None:
        words = error.sentence if isinstance(error, ZhixingError) else "画面没有打开。"
        self.clear(words)
        self.words = ""
        self.pictured.emit()


def _legend(spots: Sequence[Spot]) -> str:
    """Say what the boxes mean: sign, words, line."""
    found = {spot.kind: spot.label for spot in spots}
    looks = [(SPOTS.get(kind, SPOTS["added"]), words) for kind, words in found.items()]
    return "　".join(f"{look.sign} {words}（{look.line_word}框）" for look, words in looks)
