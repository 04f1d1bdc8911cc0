"""The bureau's key: with it the journal's bundles are signed, so that outsiders know the sender.

RSA-3072.  The private half is a file beside the database (with PostgreSQL: in this workstation's
data folder), readable by its owner alone and protected by nothing else: whoever may read that
account's files can sign.  The public half and its fingerprint stand in the journal.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.models import upgrades
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import journal_rights, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.settings import data_dir
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS = 3072
MADE = "journal.key"
_META = "signing_key"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What everybody may know: fingerprint, PEM text, and the workstation that holds the rest."""

    fingerprint: str
    pem: str
    workstation: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key with which this workstation signs."""

    public: PublicKey
    private: RSAPrivateKey

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message: PKCS#1 v1.5 with SHA-256."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return self.private.sign(message, padding.PKCS1v15(), hashes.SHA256())


def key_file(bureau: Bureau) -> Path:
    """Return where the private half lies on this workstation."""
    path = bureau.database.path
    if path is not None:
        return path.with_name(f"{path.name}.key.pem")
    # One workstation may work with several servers.
    place = hashlib.sha256(bureau.database.place.encode()).hexdigest()
    return data_dir() / f"journal-{place[:12]}.key.pem"


def public_key(bureau: Bureau, conn: Connection | None = None) -> PublicKey | None:
    """Return the bureau's public key; ``None`` as long as none was made."""
    if conn is None:
        with bureau.database.reading() as own:
            return public_key(bureau, own)
    found = ask(conn, "SELECT value FROM meta WHERE key = ?", (_META,))
    return PublicKey(**json.loads(found[0][0])) if found else None


def fingerprint(bureau: Bureau) -> str:
    """Return the fingerprint to print on the daily sheet; empty as long as there is no key."""
    found = public_key(bureau)
    return found.fingerprint if found else ""


def grouped(digest: str) -> str:
    """Return a hash in groups of eight, as it is printed and compared by eye."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def signing_key(bureau: Bureau, actor: Actor) -> SigningKey:
    """Return the key; the first who asks makes it, which is journalled.

    Raises ``StoreError`` when the private half lies on another workstation, is not the bureau's,
    may be read by others, or cannot be read or written.
    """
    if public_key(bureau) is None:
        _make(bureau, actor)
    return _held(bureau)


def refuse_unsigned(bureau: Bureau, what: str) -> None:
    """Raise ``StoreError`` where this workstation cannot sign, before ``what`` is begun.

    Nothing is made: where the bureau has no key yet, whoever signs first makes it.  The sentence
    names the workstation on which it can be done.
    """
    if public_key(bureau) is None:
        return
    try:
        _held(bureau)
    except StoreError as error:
        if error.data.get("kind") != "key_elsewhere":
            raise
        where = error.data["workstation"]
        raise StoreError(
            f"{what}要由本局的私钥签名，私钥在工作站“{where}”上，这台电脑没有。"
            f"请在工作站“{where}”办理；私钥确已丢失的，由安全管理员重新生成"
            "（zhixing journal key --renew）。",
            data=error.data,
        ) from error


def _held(bureau: Bureau) -> SigningKey:
    public = public_key(bureau)
    path = key_file(bureau)
    if public is None or not path.exists():
        where = public.workstation if public else "？"
        raise StoreError(
            f"签名用的私钥不在这台电脑上（{path}）。它是在工作站“{where}”上生成的："
            "请在那里导出；确已丢失的，由安全管理员重新生成（zhixing journal key --renew）。",
            data={"kind": "key_elsewhere", "path": str(path), "workstation": where},
        )
    private = _read(path)
    if fingerprint_of(private) != public.fingerprint:
        raise StoreError(
            f"私钥文件（{path}）不是本局登记的那一把，没有签名。请放回原来的文件，"
            "或者由安全管理员重新生成（zhixing journal key --renew）。",
            data={"kind": "key_other", "path": str(path)},
        )
    return SigningKey(public, private)


def renew(bureau: Bureau, actor: Actor, reason: str) -> PublicKey:
    """Make a new key in the place of one that is lost or known to others; journalled.

    The old file is kept under another name.  Bundles signed before stay checkable: each carries its
    own public key.  Raises ``NotAllowedError`` and ``StoreError``.
    """
    with bureau.database.reading() as conn:
        journal_rights.ask(conn, bureau, actor, "journal.key")
    path = key_file(bureau)
    if path.exists():
        _put_aside(path)
    _make(bureau, actor, reason=reason, again=True)
    found = public_key(bureau)
    assert found is not None
    return found


def fingerprint_of(private: RSAPrivateKey) -> str:
    """Return the SHA-256 of the public half (DER, SubjectPublicKeyInfo)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _make(bureau: Bureau, actor: Actor, *, reason: str = "", again: bool = False) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    # Outside the transaction: it takes a second, and others want to write.
    fresh = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    path = key_file(bureau)
    with bureau.database.writing() as conn:
        before = public_key(bureau, conn)
        if before is not None and not again:
            return  # somebody else was faster
        if path.exists():
            private = _read(path)  # written, but the step did not end: a power cut
        else:
            private = fresh
            _write(path, fresh)
        public = _public(private, bureau.workstation)
        words = {"密钥指纹": public.fingerprint, "公钥": public.pem, "算法": f"RSA-{BITS}"}
        if before is not None:
            words["原密钥指纹"] = before.fingerprint
        if reason:
            words["理由"] = reason
        traces.note_in(conn, bureau, actor, MADE, words)
        content = {name: getattr(public, name) for name in ("fingerprint", "pem", "workstation")}
        upgrades.put_meta(conn, _META, json.dumps(content, ensure_ascii=False, sort_keys=True))


def _public(private: RSAPrivateKey, workstation: str) -> PublicKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(fingerprint_of(private), pem.decode(), workstation)


def _write(path: Path, private: RSAPrivateKey) -> None:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never readable by others, not even for a moment.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            f"签名用的私钥没有写成（{path}）。请检查文件夹能否写入、磁盘是否已满。",
            data={"kind": "key_unwritable", "path": str(path)},
        ) from error


def _read(path: Path) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey as Rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        mode = path.stat().st_mode
        if sys.platform != "win32" and stat.S_IMODE(mode) & 0o077:
            raise StoreError(
                f"私钥文件（{path}）别人也能读，没有签名。请把权限改为只有本人可读写（chmod 600），"
                "并由安全管理员考虑重新生成。",
                data={"kind": "key_open", "path": str(path)},
            )
        private = load_pem_private_key(path.read_bytes(), None)
        if isinstance(private, Rsa):
            return private
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(path) from error
    raise _unreadable(path)


def _unreadable(path: Path) -> StoreError:
    return StoreError(
        f"私钥文件（{path}）读不出来。请从备份放回，"
        "或者由安全管理员重新生成（zhixing journal key --renew）。",
        data={"kind": "key_torn", "path": str(path)},
    )


def _put_aside(path: Path) -> None:
    number = 1
    while (target := path.with_name(f"{path.name}.old{number}")).exists():
        number += 1
    try:
        path.rename(target)
    except OSError as error:
        raise StoreError(
            f"旧的私钥文件（{path}）移不开，没有生成新的。请检查文件夹能否写入。",
            data={"kind": "key_unwritable", "path": str(path)},
        ) from error
