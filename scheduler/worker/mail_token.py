"""The token by which a mailbox lets us in where it takes no password (XOAUTH2): what a command
prints, kept until a server refuses it.
"""

import subprocess

PATIENCE = 30.0
"""Seconds a command may take."""
LONGEST = 16 * 1024
"""Octets of a token: the largest of providers have about 4,000."""


class NoToken(OSError):
    """The command gave nothing that could be a token."""


class TokenCommand:
    """Asks a command (words, no shell) for a token, when none is known or the last was refused."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self._kept: str | None = None

    @property
    def has_kept_one(self) -> bool:
        """True if a token is known that was taken before; it may be too old by now."""
        return self._kept is not None

    def token(self) -> str:
        """Return the token. Raises NoToken."""
        if self._kept is None:
            self._kept = _asked(self.words)
        return self._kept

    def forget(self) -> None:
        """Ask anew next time."""
        self._kept = None


def xoauth2(user: str, token: str, challenge: bytes) -> bytes:
    """Return what to answer a server: the token at first, nothing to its reasons for a refusal
    (Google, XOAUTH2 protocol: the client sends an empty response, and the refusal follows).
    """
    if challenge:
        return b""
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()


def _asked(words: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the settings name it
            words, capture_output=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoToken(f"MAIL_TOKEN_COMMAND: {type(error).__name__}") from error
    if done.returncode != 0:
        raise NoToken(f"MAIL_TOKEN_COMMAND ended with {done.returncode}")
    # What it printed stays out of logs and tasks: it may hold secrets.
    said = done.stdout[:LONGEST].decode("ascii", "replace").strip()
    if not said.isprintable() or " " in said or not said:
        raise NoToken("MAIL_TOKEN_COMMAND: want one token on one line of standard output")
    return said
