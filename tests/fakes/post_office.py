"""A real SMTP server that keeps what it is handed, and can be told to refuse."""

import email
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Arrived:
    """One letter as it came: envelope, bytes, and the message they mean."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the message, decoded."""
        parsed = email.message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def calendar(self) -> bytes | None:
        """Return the decoded calendar part, when there is one."""
        for part in self.message.walk():
            if part.get_content_type() == "text/calendar":
                return bytes(part.get_payload(decode=True))
        return None

    def part(self, subtype: str) -> str:
        """Return the decoded text of the `plain` or `html` part."""
        found = self.message.get_body(preferencelist=(subtype,))
        assert found is not None
        return str(found.get_content())


@dataclass
class PostOffice:
    """The fake at the edge: `refuse` maps an address to the answer its RCPT gets, `answer` is given
    after the dot.
    """

    messages: list[Arrived] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    answer: str = "250 kept"
    url: str = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Refuse who is to be refused."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the letter when the answer is a yes."""
        if self.answer.startswith("2"):
            self.messages.append(
                Arrived(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content)
            )
        return self.answer

    def to(self, address: str) -> list[Arrived]:
        """Return what came for one address, in order."""
        return [letter for letter in self.messages if letter.recipients == [address]]


def open_post_office(port: int, *, wide: bool = True) -> tuple[PostOffice, Controller]:
    """Start a post office on 127.0.0.1, `wide` if it takes addresses beyond ASCII (RFC 6531); stop
    the controller when done.
    """
    office = PostOffice(url=f"smtp://127.0.0.1:{port}?starttls=off")
    controller = Controller(office, hostname="127.0.0.1", port=port, enable_SMTPUTF8=wide)
    controller.start()
    return office, controller
