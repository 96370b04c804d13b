"""A conversation with a mail server that ends at a moment, however slowly the server speaks."""

import io
import smtplib
import time
from typing import Any

TIMEOUT = 30
"""Seconds to wait for one answer."""


class SmtpConnection(smtplib.SMTP):
    """smtplib's, which waits so long for each byte; this one has until `until` (monotonic seconds)
    for all of them.
    """

    def __init__(self, *said: Any, until: float, **more: Any) -> None:
        self.until = until
        super().__init__(*said, **more)

    def be_patient(self) -> None:
        """Wait for the next bytes no longer than there is time. Raises TimeoutError when there is
        none.
        """
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server was too slow")
        if self.sock is not None:
            self.sock.settimeout(min(TIMEOUT, left))

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Heard(self))
        return super().getreply()


class SecureSmtpConnection(SmtpConnection, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Heard(io.RawIOBase):
    """What the server says, as far as there is time to listen."""

    def __init__(self, conversation: SmtpConnection) -> None:
        super().__init__()
        self.conversation = conversation

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.conversation.be_patient()
        assert self.conversation.sock is not None
        return self.conversation.sock.recv_into(buffer)
