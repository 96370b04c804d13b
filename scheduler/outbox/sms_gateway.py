"""Handing text messages to the gateway: one signed POST each, and what its answers mean."""

import json
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from scheduler.outbox.delivery import HandedLetter
from scheduler.outbox.models import Letter
from scheduler.outbox.signature import signed
from scheduler.outbox.smtp import DeliveryStatus, Outcome

TIMEOUT = 20
PASSING = {408, 409, 425, 429}
MOST_WORDS = 300


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry a telephone number to an address nobody set up."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:  # the library's names
        """Follow none."""
        return


_opener = build_opener(_NoRedirects)


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where text messages go (`SMS_URL`), and the secret both sides sign with (`SMS_SECRET`)."""

    url: str
    secret: str


_gateway: Gateway | None = None


def use_gateway(gateway: Gateway | None) -> None:
    """Take the gateway; None: no text message is written or sent. Done by the factory, once."""
    global _gateway
    _gateway = gateway


def gateway() -> Gateway | None:
    """Return the gateway, None when text messages are not set up."""
    return _gateway


def text_body(letter_id: str, phone: str, words: str) -> bytes:
    """Return a finished text message as it is frozen, sent and repeated."""
    return json.dumps({"id": letter_id, "to": phone, "text": words}, ensure_ascii=False).encode()


def text_words(body: bytes) -> str:
    """Return the words of a finished text message."""
    return str(json.loads(body)["text"])


def hand_over_sms(letter: HandedLetter | Letter, *, now: datetime) -> Outcome:
    """Try to hand one text message over and say what became of it; its id keeps the gateway from
    doubling it.
    """
    if _gateway is None:
        return Outcome(DeliveryStatus.LATER, "SMS_URL is not set: text messages wait")
    code, words = post_signed(
        _gateway.url,
        _gateway.secret,
        letter.mime,
        key=letter.id,
        now=now,
    )
    if code is None:
        return Outcome(
            DeliveryStatus.UNKNOWN if words.startswith("no answer") else DeliveryStatus.LATER, words
        )
    if 200 <= code < 300:
        return Outcome(DeliveryStatus.SENT, f"{code} taken by the gateway")
    return Outcome(
        DeliveryStatus.LATER if code in PASSING or code >= 500 else DeliveryStatus.REFUSED,
        f"the gateway answered {code}",
    )


def post_signed(
    url: str, secret: str, body: bytes, *, key: str, now: datetime
) -> tuple[int | None, str]:
    """POST a signed body and give the answer's code and words; no code: it was not reached, or did
    not answer.
    """
    headers = {"Content-Type": "application/json", "Idempotency-Key": key} | signed(
        secret, body, now
    )
    request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - http and https alone, see config
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return int(answer.status), answer.read(4096).decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, ""
    except URLError as error:
        return None, f"the gateway cannot be reached: {error.reason}"[:MOST_WORDS]
    except (HTTPException, OSError) as error:
        return None, f"no answer from the gateway: {error}"[:MOST_WORDS]
