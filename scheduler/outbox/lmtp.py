"""Handing an answer to the door for mailed replies, as the practice's own mail server would (LMTP,
RFC 2033).
"""

from smtplib import LMTP, SMTPException
from urllib.parse import urlsplit

from scheduler.kernel.errors import KinfoldError

PATIENCE = 10
"""Seconds to wait for the door."""


def hand_over_reply(url: str, *, sender: str, recipient: str, mime: bytes) -> None:
    """Hand one message to `lmtp://host:port`. Raises KinfoldError when it is not taken."""
    parts = urlsplit(url)
    try:
        with LMTP(
            parts.hostname or "127.0.0.1",
            parts.port or 24,
            timeout=PATIENCE,
        ) as door:
            refused = door.sendmail(sender, [recipient], mime)
    except (OSError, SMTPException) as error:
        raise KinfoldError("the door for replies did not take the answer") from error
    if refused:
        raise KinfoldError("the door for replies refused the answer")
