"""Links of text messages: short, for the door of one date and one person, ending with its day."""

import hashlib
import hmac
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from scheduler.invitations.model.links import link_settings
from scheduler.invitations.model.models import ShortLink
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash

LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without l, I and O, which are read as others: 49 letters."""
LENGTH = 23
"""49^23 is more than 2^129 (ASVS 5.0 11.5.1)."""
KEPT = timedelta(days=30)
"""How long a link that has ended is remembered; nobody is told the difference."""


def short_link(told: ShortLink, *, of: str) -> str:
    """Return the address for a text message (its key is `of`) about the date `told`, whose secret
    is filled in; the same message has the same link.
    """
    secret = _secret(of)
    told.token_hash = token_hash(secret)
    db.session.execute(delete(ShortLink).where(ShortLink.ends_at < told.made_at - KEPT))
    if (
        db.session.get(
            ShortLink,
            told.token_hash,
        )
        is None
    ):
        db.session.add(told)
        db.session.flush()
    return f"{link_settings().base_url}/j/{secret}"


def by_short_token(token: str, *, now: datetime) -> ShortLink | None:
    """Return what stands behind the secret of a text message's link; None when it has ended."""
    wanted = select(ShortLink).where(
        ShortLink.token_hash == token_hash(token),
        ShortLink.ends_at > now,
    )
    return db.session.scalar(wanted)


def end_of_day(at: datetime, zone: str) -> datetime:
    """Return the UTC instant at which the day of `at` is over in `zone`."""
    place = ZoneInfo(zone)
    after = at.astimezone(place).date() + timedelta(days=1)
    return datetime.combine(
        after,
        time(),
        place,
    ).astimezone(at.tzinfo)


def _secret(of: str) -> str:
    digest = hmac.new(
        link_settings().key,
        f"text:{of}".encode(),
        hashlib.sha256,
    ).digest()
    number = int.from_bytes(digest)
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(
            number,
            len(LETTERS),
        )
        letters.append(LETTERS[place])
    return "".join(letters)
