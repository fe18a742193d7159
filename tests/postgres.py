# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL cluster of the tests' own: Debian's server in a temporary folder, on a socket only, stopped by its number."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

START_S = 30
_SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB", "max_connections": "60",
    "autovacuum": "off", "jit": "off", "max_wal_size": "128MB", "logging_collector": "off",
}  # fmt: skip


def binaries() -> Path | None:
    """Return the folder of the server's programs, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


class Cluster:
    """A running server. `schema()` gives the address of a fresh, empty place for one node."""

    def __init__(self) -> None:
        programs = binaries()
        assert programs is not None, "install the package postgresql"
        self.bin: Path = programs
        self.folder = Path(tempfile.mkdtemp(prefix="hamsaya-pg-", dir="/tmp"))  # a socket's path must be short
        self.owner = _unprivileged()
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self.data = self.folder / "data"
        self._count = 0
        self._run("initdb", "-D", str(self.data), "-U", "hamsaya", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in {**_SETTINGS, "unix_socket_directories": f"'{self.folder}'"}.items())
        (self.data / "pg_hba.conf").write_text("local all locked scram-sha-256\nlocal all all trust\n")
        self.server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = (self.folder / "log").open("ab")
        self.server = subprocess.Popen([self.bin / "postgres", "-D", self.data], stdout=log, stderr=log, cwd=self.folder, **self._as_owner())
        log.close()
        until = time.monotonic() + START_S
        while True:
            try:
                self.do("SELECT 1")
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server at once, as a failing machine would; what was committed is kept."""
        assert self.server is not None
        self.server.send_signal(signal.SIGQUIT if self.server.poll() is None else 0)
        self.server.wait(START_S)

    def end(self) -> None:
        """Stop the server and have its folder removed: hundreds of thousands of files, for which no test waits."""
        self.stop()
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["sh", "-c", 'rm -rf "$0" &', self.folder], check=True, start_new_session=True, **quiet)

    def address(self, database: str = "postgres", user: str = "hamsaya", **options: str) -> str:
        """Return the address of a database."""
        told = {"host": str(self.folder), "user": user, **options}
        return f"postgresql:///{database}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in told.items())

    def schema(self) -> str:
        """Return the address of a schema that holds nothing yet."""
        self._count += 1
        self.do(f"CREATE SCHEMA node{self._count}")
        return self.address(options=f"-csearch_path=node{self._count}")

    def do(self, statement: str, address: str = "") -> list[tuple]:
        """Run one statement outside of any transaction."""
        with psycopg.connect(address or self.address(), autocommit=True) as db:
            done = db.execute(statement)
            return done.fetchall() if done.description else []

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([self.bin / program, *arguments], check=False, capture_output=True, text=True, cwd=self.folder, **self._as_owner())
        assert done.returncode == 0, done.stdout + done.stderr

    def _as_owner(self) -> dict:
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if self.owner else {}


def _unprivileged() -> pwd.struct_passwd | None:
    """Return who the server runs as, where we are root: it refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("there is no user to run the server as")
