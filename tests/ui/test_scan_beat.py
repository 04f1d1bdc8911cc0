"""The workstation's scan folder, watched from the window: what comes is counted and said."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import pages
from zhixing_desktop import app
from zhixing_desktop.services.dossier_tray import waiting


def test_a_folder_that_is_set_is_looked_into_until_the_end(
    paper_office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "扫描"
    folder.mkdir()
    (folder / "0001.pdf").write_bytes(pages(2))
    beat = app.ScanBeat(paper_office.bureau, paper_office.clock)
    looks: list[object] = []
    beat.looked.connect(looks.append)
    beat.scheduler.tick()
    assert looks == []  # no folder is set
    beat.watch(f" {folder} ")
    beat.scheduler.tick()
    beat.scheduler.tick()
    assert len(looks) == 1
    assert [line.pages for line in waiting(paper_office.bureau, paper_office.actor())] == [2]
    beat.watch("")
    (folder / "0002.pdf").write_bytes(pages(1))
    beat.scheduler.tick()
    assert (folder / "0002.pdf").exists()
    beat.stop()
