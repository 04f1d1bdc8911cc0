"""Which places are network drives."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from zhixing_desktop.models import place
from zhixing_desktop.workflow.errors import StoreError

MOUNTS = r"""
/dev/vda / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
nas:/court /mnt/court nfs4 rw 0 0
//10.0.0.2/share /mnt/my\040share cifs rw 0 0
//10.0.0.2/share /mnt/共享 smb3 rw 0 0
judge@nas:/ /home/judge/nas fuse.sshfs rw 0 0
/dev/sdb1 /mnt/court/local ext4 rw 0 0
/dev/sdc1 /media/usb fuse.ntfs-3g rw 0 0
C:\134 /mnt/c 9p rw 0 0
nas:/old /data nfs rw 0 0
/dev/sdd1 /data xfs rw 0 0
short line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/judge/case.db", None),
        ("/home/judge/nas/case.db", "fuse.sshfs"),
        ("/home/judge/nasty/case.db", None),
        ("/mnt/court/case.db", "nfs4"),
        ("/mnt/court/local/case.db", None),
        ("/mnt/my share/case.db", "cifs"),
        ("/mnt/共享/案件/case.db", "smb3"),
        ("/media/usb/case.db", None),
        ("/mnt/c/case.db", "9p"),
        ("/data/case.db", None),
    ],
)
def test_the_mount_that_holds_a_path_decides(path: str, kind: str | None) -> None:
    assert place.linux_network(PurePosixPath(path), MOUNTS) == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (r"C:\zhixing\case.db", None),
        (r"\\?\C:\zhixing\case.db", None),
        (r"Z:\case.db", "DRIVE_REMOTE"),
        (r"\\nas\court\case.db", "UNC"),
        (r"\\?\UNC\nas\court\case.db", "UNC"),
    ],
)
def test_drives_of_windows(path: str, kind: str | None) -> None:
    types = {"C:\\": 3, "Z:\\": 4}
    assert place.windows_network(PureWindowsPath(path), types.__getitem__) == kind


def test_a_table_of_mounts_may_be_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place.refuse_network(tmp_path, mounts="")
    with pytest.raises(StoreError, match="网络盘"):
        place.refuse_network(tmp_path / "x.db", mounts="nas:/ / nfs rw 0 0")


def test_a_link_leads_where_it_leads(tmp_path: Path) -> None:
    target = tmp_path / "nas"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    mounts = f"/dev/sda / ext4 rw 0 0\nnas:/ {target} nfs rw 0 0"
    with pytest.raises(StoreError):
        place.refuse_network(tmp_path / "link" / "case.db", mounts=mounts)
