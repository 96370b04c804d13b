"""The door for mailed replies handed over: LMTP on this machine, from the practice's own mail
server.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP

from scheduler import invitations, outbox
from scheduler.kernel import clock
from scheduler.kernel.errors import InputError
from scheduler.kernel.logs import Log
from scheduler.people import practice
from scheduler.worker.transactions import in_transaction

MOST_BYTES = 5 * 1024 * 1024
LATER = "451 4.3.0 try again later"
AT_ONCE = 2
"""Mails read at one time, each in a thread: one that takes long holds no other conversation."""

log = Log(__name__)


def take_in(content: bytes, server: str | None) -> bool:
    """Read one mail in a transaction of its own; False when it could not be kept and should come
    again.

    `server` is the name of our mail server in Authentication-Results. What cannot be understood is
    taken: a refusal would bounce the answer back to the relative, with our words in it.
    """
    try:
        in_transaction(
            lambda: invitations.receive(content, by="reply", now=clock.now(), server=server)
        )
    except InputError:
        log.warning("reply_not_read")
    except Exception as error:
        log.error("reply_not_kept", error=error)
        return False
    return True


def _with_its_way(addresses: list[str]) -> bytes:
    """Return fields that say to which of our tagged addresses a mail came, as mail servers do."""
    said = b""
    for address in addresses:
        if outbox.letter_behind(address) is not None:
            said += f"Delivered-To: {address}\r\n".encode()
    return said


class Replies:
    """Takes mail for the practice's outward address and hands it to invitations; everybody else is
    unknown here.
    """

    def __init__(
        self, context: Callable[[], AbstractContextManager[object]], server: str | None = None
    ) -> None:
        self.context = context
        self.server = server
        self.turns = asyncio.Semaphore(AT_ONCE)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Refuse every address but ours."""
        ours = await asyncio.to_thread(self._our_address)
        if outbox.without_tag(address).lower() != ours.lower():
            return "550 5.1.1 no such address here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Read one reply. What cannot be read is taken and noted: nobody is answered, so no loop
        can start.
        """
        content = _with_its_way(envelope.rcpt_tos) + bytes(envelope.original_content)
        async with self.turns:
            is_kept = await asyncio.to_thread(self._take_in, content)
        return "250 OK" if is_kept else LATER

    async def handle_exception(self, error: Exception) -> str:
        """Let a mail come again that could not be asked about, and tell its server nothing else."""
        log.error("reply_not_taken", error=error)
        return LATER

    def _our_address(self) -> str:
        with self.context():
            return in_transaction(lambda: practice().outward_email)

    def _take_in(self, content: bytes) -> bool:
        with self.context():
            return take_in(content, self.server)


class ReplyDoor(Controller):
    """Listens for LMTP on the address of MAIL_IN."""

    def __init__(
        self,
        context: Callable[[], AbstractContextManager[object]],
        url: str,
        server: str | None = None,
    ) -> None:
        parts = urlsplit(url)
        super().__init__(
            Replies(context, server),
            hostname=parts.hostname or "127.0.0.1",
            port=parts.port or 2424,
        )

    def factory(self) -> LMTP:
        """Return one conversation."""
        return LMTP(self.handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True)
