#!/usr/bin/env python3
"""Check a bundle of the journal; needs Python 3.8 or later and nothing else.

    python3 verify_journal.py bundle.zip
    python3 verify_journal.py folder            (the unpacked bundle)
    python3 verify_journal.py bundle.zip --head 1234:0f3a... --fingerprint 9c1e...

``--head`` is a number and a hash from a printed daily sheet (the first 16 digits will do; several
may be given), ``--fingerprint`` the printed fingerprint of the bureau's key.  Exit code 0 when
everything fits, 1 when something does not, 2 for wrong use.

What is proven: each line of journal.jsonl hashes to what hashes.txt says (SHA-256 or SM3, as the
line itself names it), each line carries the hash of the one before, and the signature over the
manifest, which names the digest of every file, was made with the private half of public_key.pem.
That this key is the bureau's is proven by the printed fingerprint alone.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from contextlib import closing
from pathlib import Path

FORMAT = "zhixing-journal-1"
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "public_key.pem"
ROWS, HASHES, HEADS = "journal.jsonl", "hashes.txt", "heads.txt"
SEAL = b"sha256:"
SEAL_LENGTH = len(SEAL) + 64
LEAST_KEY_BITS = 3072
SHORTEST_HEAD = 16
NAMES = [
    "action", "actor", "algorithm", "at", "case_id", "id", "on_behalf_of", "payload", "prev_hash",
    "workstation",
]  # fmt: skip


class Misfit(Exception):  # noqa: N818 - what is found, no failure of the program
    """Something does not fit; the text says what."""


# --------------------------------------------------------------------------------------- hashing


def hash_of(name, data):
    """Return the hash of some bytes by SHA-256 or SM3."""
    if name == "sha256":
        return hashlib.sha256(data).hexdigest()
    if name != "sm3":
        raise Misfit(f"不认识的杂凑算法“{name}”")
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:  # this Python's OpenSSL has none
        return sm3(data)


def _turn(word, by):
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def sm3(data):
    """Return the SM3 hash (GB/T 32905-2016)."""
    state = [
        0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
        0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
    ]  # fmt: skip
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64)
    padded += (len(data) * 8).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        state = _sm3_block(state, padded[start : start + 64])
    return "".join(f"{word:08x}" for word in state)


def _sm3_block(state, block):
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        x ^= _turn(x, 15) ^ _turn(x, 23)
        w.append(x ^ _turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        s = _turn((_turn(a, 12) + e + _turn(constant, j)) & 0xFFFFFFFF, 7)
        if j < 16:
            left, right = a ^ b ^ c, e ^ f ^ g
        else:
            left, right = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        t = (left + d + (s ^ _turn(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        u = (right + h + s + w[j]) & 0xFFFFFFFF
        a, b, c, d = t, a, _turn(b, 9), c
        e, f, g, h = u ^ _turn(u, 9) ^ _turn(u, 17), e, _turn(f, 19), g
    return [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905 - Python 3.8


# ------------------------------------------------------------------------------------- signature


def key_of(pem):
    """Return modulus, exponent and fingerprint of an RSA key in a PEM file."""
    found = re.search(b"-----BEGIN PUBLIC KEY-----(.+?)-----END PUBLIC KEY-----", pem, re.DOTALL)
    if found is None:
        raise Misfit(f"{KEY} 不是公钥文件")
    der = base64.b64decode(b"".join(found.group(1).split()), validate=True)
    whole = _inside(der, 0, 0x30)[0]
    algorithm, end = _inside(whole, 0, 0x30)
    if _inside(algorithm, 0, 0x06)[0] != bytes.fromhex("2a864886f70d010101"):
        raise Misfit(f"{KEY} 不是 RSA 公钥")
    numbers = _inside(_inside(whole, end, 0x03)[0][1:], 0, 0x30)[0]
    modulus, end = _inside(numbers, 0, 0x02)
    exponent, _ = _inside(numbers, end, 0x02)
    return (
        int.from_bytes(modulus, "big"),
        int.from_bytes(exponent, "big"),
        hashlib.sha256(der).hexdigest(),
    )


def _inside(der, place, kind):
    """Return the content of the DER element at ``place`` and where the next begins."""
    if der[place] != kind:
        raise Misfit(f"{KEY} 的结构不对")
    length, place = der[place + 1], place + 2
    if length & 0x80:
        count = length & 0x7F
        length, place = int.from_bytes(der[place : place + count], "big"), place + count
    return der[place : place + length], place + length


def check_signature(message, signature, pem):
    """Check an RSA signature (PKCS#1 v1.5, SHA-256); return the key's fingerprint."""
    modulus, exponent, fingerprint = key_of(pem)
    size = (modulus.bit_length() + 7) // 8
    if modulus.bit_length() < LEAST_KEY_BITS or exponent < 3:
        raise Misfit("公钥太弱，不能证明什么")
    digest = bytes.fromhex("3031300d060960864801650304020105000420")
    digest += hashlib.sha256(message).digest()
    wanted = b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= modulus:
        raise Misfit("签名与清单不符：清单、签名或公钥被改动过")
    if pow(number, exponent, modulus) != int.from_bytes(wanted, "big"):
        raise Misfit("签名与清单不符：清单、签名或公钥被改动过")
    return fingerprint


# ---------------------------------------------------------------------------------------- bundle


class Folder:
    """An unpacked bundle."""

    def __init__(self, path):
        self.path = path

    def names(self):
        """Return the names of its files."""
        skipped = ("__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini")
        return sorted(entry.name for entry in self.path.iterdir() if entry.name not in skipped)

    def open(self, name):
        """Open one of them."""
        return (self.path / name).open("rb")

    def close(self):
        """Nothing is held."""


class Zip:
    """A bundle as it was handed over."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)

    def names(self):
        """Return the names of its files, twice what is in it twice."""
        return sorted(self.zip.namelist())

    def open(self, name):
        """Open one of them."""
        return self.zip.open(name)

    def close(self):
        """Close the file."""
        self.zip.close()


def check_seal(path):
    """Hold the whole file against the digest in its last bytes: no byte of it has changed."""
    size, digest = path.stat().st_size, hashlib.sha256()
    with path.open("rb") as file:
        left = size - SEAL_LENGTH
        while left > 0:
            part = file.read(min(1 << 20, left))
            if not part:
                break
            left -= len(part)
            digest.update(part)
        seal = file.read()
    if left != 0 or seal != SEAL + digest.hexdigest().encode():
        raise Misfit("整个文件与末尾的校验值不符：文件在途中变过，或者不是原件")


def read_all(bundle, name):
    """Return the bytes of one file."""
    with closing(bundle.open(name)) as file:
        return file.read()


def digest_of(bundle, name):
    """Return the SHA-256 of one file."""
    digest = hashlib.sha256()
    with closing(bundle.open(name)) as file:
        while True:
            part = file.read(1 << 20)
            if not part:
                return digest.hexdigest()
            digest.update(part)


def check_files(bundle, manifest):
    """Yield what is wrong with the files that the manifest names."""
    listed = manifest["files"]
    there = bundle.names()
    for name in sorted(set(there) - set(listed) - {MANIFEST, SIGNATURE}):
        yield f"多出清单上没有的文件“{name}”"
    for name in there:
        if there.count(name) > 1:
            yield f"文件“{name}”不止一个"
    for name in sorted(listed):
        if name not in there:
            yield f"缺少清单上的文件“{name}”"
            continue
        try:
            same = digest_of(bundle, name) == listed[name]
        except Exception as error:
            yield f"文件“{name}”读不出来（{error}）"
        else:
            if not same:
                yield f"文件“{name}”与清单上的校验值不符：它被改动过"


# ------------------------------------------------------------------------------------------ rows


class Chain:
    """The walk along the rows; ``last`` is the number of the last one that fits."""

    def __init__(self, manifest, heads):
        self.manifest, self.heads = manifest, heads
        self.last, self.hash = manifest["first_id"] - 1, manifest["first_prev_hash"]
        self.carried = self.left_out = 0

    def follow(self, hashes, lines):
        """Walk; the first row that does not fit ends it with ``Misfit``."""
        waiting = self._next(lines)
        for text in hashes:
            found = re.match(rb"([0-9]+) ([0-9a-f]{64})\n$", text)
            if found is None or int(found.group(1)) != self.last + 1:
                raise Misfit(f"第 {self.last + 1} 条：{HASHES} 中缺少它的校验值")
            number, digest = int(found.group(1)), found.group(2).decode()
            if waiting is not None and waiting[0]["id"] <= number:
                self._check(waiting, number, digest)
                waiting = self._next(lines)
            elif self.manifest["case"] is None:
                raise Misfit(f"第 {number} 条：缺少这一条，它被删除了")
            else:
                self.left_out += 1
            self._hold(number, digest)
            self.last, self.hash = number, digest
        if waiting is not None:
            raise Misfit(f"第 {waiting[0]['id']} 条：它排在链尾之后，是多出来的")
        self._end()

    def _next(self, lines):
        text = next(lines, None)
        if text is None:
            return None
        try:
            row = json.loads(text.decode("utf-8"))
            whole = text.endswith(b"\n") and list(row) == NAMES and isinstance(row["id"], int)
        except (ValueError, AttributeError):
            whole = False
        if not whole:
            raise Misfit(f"第 {self.last + 1} 条或其后一条：这一行不是日志，它被改动过")
        return row, text[:-1]

    def _check(self, waiting, number, digest):
        row, text = waiting
        if row["id"] != number:
            raise Misfit(f"第 {row['id']} 条：编号不按次序，它是换来的或者插入的")
        if row["prev_hash"] != self.hash:
            raise Misfit(f"第 {number} 条：与前一条接不上，它或前一条被替换、插入或改动过")
        if hash_of(row["algorithm"], text) != digest:
            raise Misfit(f"第 {number} 条：内容与校验值不符，这一条被改动过")
        self.carried += 1

    def _hold(self, number, digest):
        if number in self.heads and not digest.startswith(self.heads[number]):
            raise Misfit(f"第 {number} 条：与打印的每日校验值不符，链条被重写过")

    def _end(self):
        manifest = self.manifest
        if (self.last, self.hash) != (manifest["last_id"], manifest["last_hash"]):
            raise Misfit(f"第 {self.last + 1} 条：链尾与清单不符，末尾被截去或者改动过")
        if self.carried != manifest["rows"]:
            raise Misfit(f"日志条数与清单不符：清单 {manifest['rows']} 条")
        beyond = sorted(number for number in self.heads if number > self.last)
        if beyond:
            raise Misfit(
                f"第 {self.last + 1} 条：打印的每日校验值已到第 {beyond[-1]} 条，包内没有："
                "末尾被截去，或者打印在导出之后"
            )
        early = [number for number in self.heads if number < manifest["first_id"]]
        if early:
            raise Misfit(f"打印的第 {early[0]} 条早于本包的第一条，无法对照")


def check_heads(bundle, manifest):
    """Hold the printed form of the days' heads against the hashes."""
    wanted = {}
    with closing(bundle.open(HEADS)) as file:
        for line in file:
            _day, number, digest = line.decode("utf-8").split()
            wanted[int(number)] = digest
    with closing(bundle.open(HASHES)) as file:
        for line in file:
            number, digest = line.decode("ascii").split()
            if wanted.pop(int(number), digest) != digest:
                raise Misfit(f"第 {number} 条：与 {HEADS} 中的每日校验值不符")
    first = manifest["first_id"]
    if [number for number in wanted if number >= first]:
        raise Misfit(f"{HEADS} 中有包内没有的日志")


# --------------------------------------------------------------------------------------- verdict


class Finding:
    """What does not fit, and what there is to say."""

    def __init__(self):
        self.problems, self.words = [], []

    def attempt(self, what, job):
        """Do a part; whatever keeps it from being done is a problem of the bundle."""
        try:
            return job()
        except Misfit as found:
            self.problems.append(str(found))
        except Exception as error:
            self.problems.append(f"{what}读不出来：包已损坏（{error}）")
        return None


def check(path, heads=None, fingerprint=""):
    """Check a bundle; return whether all fits, and what is to be said, line by line."""
    path, found, key = Path(path), Finding(), None
    if not path.is_dir():
        found.attempt("文件", lambda: check_seal(path))
    bundle = found.attempt("验证包", lambda: Folder(path) if path.is_dir() else Zip(path))
    if bundle is not None:
        with closing(bundle):
            key = check_inside(bundle, found, dict(heads or {}))
    if key:
        found.words.append(f"签名密钥指纹：{key}")
        if not fingerprint:
            words = "请把指纹与法院打印的每日清单核对：只有相同，签名才是这个法院的。"
            found.words.append(words)
        elif key != fingerprint:
            found.problems.append("签名密钥的指纹与给出的不同：这个包不是那个法院签的")
    if found.problems:
        return False, found.words + [f"不符：{words}。" for words in found.problems]
    return True, [*found.words, "结论：全部相符，日志没有被改动。"]


def check_inside(bundle, found, heads):
    """Check the parts of an open bundle; return the key's fingerprint when the signature fits."""
    raw = found.attempt("清单", lambda: read_all(bundle, MANIFEST))
    if not raw:
        return None
    key = found.attempt(
        "签名",
        lambda: check_signature(raw, read_all(bundle, SIGNATURE), read_all(bundle, KEY)),
    )
    manifest = found.attempt("清单", lambda: _manifest(raw))
    if manifest:
        found.attempt("文件", lambda: found.problems.extend(check_files(bundle, manifest)))
        chain = found.attempt("清单", lambda: Chain(manifest, heads))
        if chain:
            found.attempt("日志", lambda: _walk(bundle, chain))
            found.attempt("清单", lambda: found.words.extend(_summary(manifest, chain)))
        found.attempt("每日校验值", lambda: check_heads(bundle, manifest))
        if key and key != manifest.get("key"):
            found.problems.append("清单上的密钥指纹与公钥不符")
    return key


def _manifest(raw):
    manifest = json.loads(raw.decode("utf-8"))
    if manifest["format"] != FORMAT:
        raise Misfit("清单的格式是“{}”，这个脚本只认识“{}”".format(manifest["format"], FORMAT))
    return manifest


def _walk(bundle, chain):
    with closing(bundle.open(HASHES)) as hashes, closing(bundle.open(ROWS)) as lines:
        chain.follow(iter(hashes), iter(lines))


def _summary(manifest, chain):
    yield "法院：{}　导出：{}　程序：{}".format(
        manifest["bureau"] or "（未登记名称）",
        manifest["created"],
        manifest["program"],
    )
    if manifest["case"]:
        yield "范围：案件{}".format(manifest["case"])
    yield (
        f"链条：第 {manifest['first_id']} 至第 {manifest['last_id']} 条，"
        f"已核对到第 {chain.last} 条；"
        f"含内容的 {chain.carried} 条，只含校验值的 {chain.left_out} 条"
    )


def read_head(text):
    """Read ``number:hash`` as it is printed; blanks do not matter."""
    number, mark, digest = "".join(text.split()).lower().replace("：", ":").partition(":")
    if not mark or not number.isdigit() or not SHORTEST_HEAD <= len(digest) <= 64:
        raise argparse.ArgumentTypeError(f"应当写成 编号:校验值（至少前 {SHORTEST_HEAD} 位）")
    return int(number), digest


def main():
    """Read the command line, check, print, return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console may lack a character
    parser = argparse.ArgumentParser(description="核对执行案件日志的验证包。")
    here = str(Path(__file__).resolve().parent)
    parser.add_argument("bundle", nargs="?", default=here, help="验证包（ZIP 文件或解压的文件夹）")
    parser.add_argument(
        "--head", action="append", type=read_head, default=[], metavar="编号:校验值",
        help="每日清单上打印的末条编号和校验值，可以写几次",
    )  # fmt: skip
    parser.add_argument("--fingerprint", default="", help="每日清单上打印的密钥指纹")
    options = parser.parse_args()
    plain = "".join(sign for sign in options.fingerprint.lower() if sign in "0123456789abcdef")
    fits, lines = check(options.bundle, dict(options.head), plain)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
