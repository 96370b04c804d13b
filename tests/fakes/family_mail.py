"""A family's mail server: Debian's Dovecot with Sieve, which knows some users, gives some no room
and lets some be on holiday.
"""

import shutil
import subprocess
import time
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from socket import create_connection

from fakes.postgres import free_port

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run/state
log_path = {folder}/log
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
mail_uid = nobody
mail_gid = nogroup
mail_location = maildir:{folder}/home/%n/mail
mail_plugins = quota
ssl = no
listen = 127.0.0.1
protocols = lmtp
hostname = mx.family.example
postmaster_address = postmaster@family.example
auth_username_format = %Ln
submission_host = 127.0.0.1:{post}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
  default_fields = uid=nobody gid=nogroup home={folder}/home/%n
}}
plugin {{
  sieve = file:{folder}/%n.sieve
  quota = count:User quota
  quota_vsizes = yes
}}
protocol lmtp {{
  mail_plugins = quota sieve
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""
"""Dovecot 2.3 (Debian 12)."""


class FamilyMail:
    """Takes letters at the port `lmtp`; what it writes itself goes to the SMTP port `post`."""

    def __init__(self, folder: Path, *, lmtp: int, post: int) -> None:
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        if not Path(program).exists():
            raise RuntimeError("Dovecot is missing: apt-get install dovecot-lmtpd dovecot-sieve")
        self.folder = folder
        self.lmtp = lmtp
        folder.chmod(0o777)
        (folder / "home").mkdir()
        shutil.chown(folder / "home", "nobody", "nogroup")
        self.knows({})
        config = folder / "dovecot.conf"
        config.write_text(CONFIG.format(folder=folder, post=post, lmtp=lmtp))
        self.process = subprocess.Popen([program, "-F", "-c", config])
        self._wait()

    def knows(self, users: dict[str, str]) -> None:
        """Have these users alone, each with further fields of theirs; Dovecot looks once a second
        whether the file has changed.
        """
        lines = [f"{user}:{{PLAIN}}x::::::{more}\n" for user, more in users.items()]
        written = self.folder / "users.new"
        written.write_text("".join(lines))
        written.chmod(0o644)
        written.replace(self.folder / "users")
        time.sleep(1.1)

    def sorts(self, user: str, script: str) -> None:
        """Let a user's letters go by a Sieve script (RFC 5228)."""
        file = self.folder / f"{user}.sieve"
        file.write_text(script)
        file.chmod(0o644)

    def letters(self, user: str) -> list[Message]:
        """Return what has come for a user and was not opened."""
        new = self.folder / "home" / user / "mail" / "new"
        return [message_from_bytes(file.read_bytes()) for file in sorted(new.glob("*"))]

    def _wait(self) -> None:
        for _ in range(1200):
            with suppress(OSError):
                create_connection(("127.0.0.1", self.lmtp), 1).close()
                return
            time.sleep(0.05)
        self.stop()
        log = self.folder / "log"
        raise RuntimeError(log.read_text() if log.exists() else "dovecot did not start")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(60)


def ports() -> tuple[int, int]:
    """Return two free ports."""
    return free_port(), free_port()
