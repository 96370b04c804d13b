"""Debian's Postfix on this machine alone, with settings, queue and log of its own: what letters are
handed to, and what sends them back. It is started by root, as everywhere.
"""

import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from socket import create_connection

from fakes.postgres import free_port

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.sp-cal.example
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
alias_database =
relay_domains = family.example, sp-cal.example
relay_recipient_maps =
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
recipient_delimiter = +
transport_maps = inline:{{
  {{sp-cal.example=lmtp:inet:127.0.0.1:{ours}}},
  {{family.example=lmtp:inet:127.0.0.1:{theirs}}} }}
"""
SERVICES = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One mail server: takes letters at `smtp`, hands ours to the port `ours`, a family's to
    `theirs` (both LMTP).
    """

    def __init__(self, folder: Path, *, ours: int, theirs: int) -> None:
        self.program = shutil.which("postfix") or "/usr/sbin/postfix"
        if not Path(self.program).exists():
            raise RuntimeError("Postfix is missing: apt-get install postfix")
        self.smtp = free_port()
        self.settings = folder / "settings"
        self.log = folder / "log"
        folder.chmod(0o755)
        for name in ("settings", "queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        main = MAIN.format(folder=folder, ours=ours, theirs=theirs)
        (self.settings / "main.cf").write_text(main)
        (self.settings / "master.cf").write_text(SERVICES.format(smtp=self.smtp))
        self._do("start")
        self._wait()

    @property
    def url(self) -> str:
        """The address for SMTP_URL."""
        return f"smtp://127.0.0.1:{self.smtp}?starttls=off"

    def _do(self, deed: str) -> None:
        done = subprocess.run(
            [self.program, "-c", str(self.settings), deed],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode != 0:
            raise RuntimeError(f"postfix {deed}: {done.stderr}")

    def _wait(self) -> None:
        for _ in range(1200):
            with suppress(OSError):
                create_connection(("127.0.0.1", self.smtp), 1).close()
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(self.log.read_text() if self.log.exists() else "postfix did not start")

    def stop(self) -> None:
        """End it."""
        with suppress(RuntimeError):
            self._do("stop")
