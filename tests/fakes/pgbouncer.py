"""A real PgBouncer before the tests' PostgreSQL: Debian's, in transaction or session mode."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from fakes.postgres import Postgres, free_port

PROGRAM = "/usr/sbin/pgbouncer"
SETTINGS = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
ignore_startup_parameters = options
"""


class PgBouncer:
    """One pooler in a temporary folder; as root it runs as `nobody`, which it insists on."""

    def __init__(self, server: Postgres, mode: str) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="kinfold-pgbouncer-"))
        settings = self.folder / "pgbouncer.ini"
        said = SETTINGS.format(server=server.port, port=self.port, mode=mode)
        settings.write_text(said.replace("* = ", "* = user=kinfold "))
        self.folder.chmod(0o755)
        settings.chmod(0o644)
        identity = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        self.process = subprocess.Popen(
            [PROGRAM, "-q", settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **identity,
        )

    def url(self, database: str) -> str:
        """Return the address of one database behind the pooler."""
        return f"postgresql://kinfold@127.0.0.1:{self.port}/{database}"

    def __enter__(self) -> "PgBouncer":
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        raise RuntimeError("PgBouncer did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
