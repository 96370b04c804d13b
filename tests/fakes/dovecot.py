"""Debian's Dovecot on this machine alone: mail goes in by LMTP and is read by IMAP, as at a
practice's own server.
"""

import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from socket import create_connection

from fakes.postgres import free_port

USER, PASSWORD = "calendar", "pass/word@home"
OLD = """
base_dir = {run}
state_dir = {run}/state
log_path = {log}
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
mail_uid = nobody
mail_gid = nogroup
mail_location = maildir:{home}/mail
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
protocols = imap lmtp
recipient_delimiter = +
auth_username_format = %Ln
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home} allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
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
NEW = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {run}
state_dir = {run}/state
log_path = {log}
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
mail_uid = nobody
mail_gid = nogroup
mail_driver = maildir
mail_path = {home}/mail
ssl = no
auth_allow_cleartext = yes
listen = 127.0.0.1
protocols = imap lmtp
recipient_delimiter = +
auth_username_format = %{{user | username | lower}}
passdb static {{
  password = {password}
}}
userdb static {{
  allow_all_users = yes
  fields {{
    uid = nobody
    gid = nogroup
    home = {home}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    listen = 127.0.0.1
    port = {lmtp}
  }}
}}
"""
"""Dovecot 2.4 (Debian 13)."""


class Dovecot:
    """One server with one mailbox; `imap` and `lmtp` are its ports."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        if not Path(program).exists():
            raise RuntimeError("Dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd")
        self.imap, self.lmtp = free_port(), free_port()
        self.log = folder / "log"
        home = folder / "home"
        home.mkdir()
        folder.chmod(0o755)
        shutil.chown(home, "nobody", "nogroup")
        version = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
        form = NEW if version.startswith("2.4") else OLD
        config = folder / "dovecot.conf"
        said = {
            "run": folder / "run",
            "log": self.log,
            "home": home,
            "imap": self.imap,
            "lmtp": self.lmtp,
        }
        config.write_text(form.format(password=PASSWORD, **said))
        self.process = subprocess.Popen([program, "-F", "-c", config])
        self._wait()

    @property
    def url(self) -> str:
        """The address for MAIL_IN."""
        from urllib.parse import quote

        return f"imap://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.imap}/INBOX"

    def _wait(self) -> None:
        for _ in range(600):
            if self.process.poll() is not None:
                break
            with suppress(OSError):
                for port in (self.imap, self.lmtp):
                    create_connection(("127.0.0.1", port), 1).close()
                return
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(self.log.read_text() if self.log.exists() else "dovecot did not start")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(60)
