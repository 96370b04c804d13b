"""Telling an address: one that is due is claimed, handed over (no rows), and settled.

At least once: a lease that ran out is taken over, and the same id says that it is the same thing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update

from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.http_answer import Unreachable
from scheduler.kernel.untrusted.safe_http import OPEN_INTERNET, Network, post
from scheduler.kernel.untrusted.sandbox import apart
from scheduler.outbox import signed
from scheduler.webhooks.models import DeliveryState, Webhook, WebhookDelivery

LEASE = timedelta(minutes=2)
"""How long a worker has for one delivery before another may take it."""
SOON = timedelta(seconds=30)
"""How long after a first failure it is tried again; each further one doubles it, up to `SLOWEST`.
"""
SLOWEST = timedelta(hours=4)
MOST_TRIES = 20
"""After these, two days and a half, it is given up."""
WALL = 20.0
"""Seconds for one answer, whatever the other side does."""
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to tell: where, what, and the try it is."""

    id: str
    address: str
    secret: str
    body: str
    tries: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What an address answered: its status, or why there is none."""

    status: int | None = None
    wrong: str | None = None

    @property
    def is_good(self) -> bool:
        """True if it was taken."""
        return self.status is not None and 200 <= self.status < 300


def claim(*, now: datetime) -> Due | None:
    """Take the delivery that is due longest, so that no other worker tells it meanwhile; None when
    none is due.
    """
    wanted = (
        select(WebhookDelivery, Webhook)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.due_at <= now,
            Webhook.ended_at.is_(None),
        )
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(1)
    )
    found = db.session.execute(wanted).first()
    if found is None:
        return None
    row, hook = found
    lease = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id == row.id, WebhookDelivery.due_at == row.due_at)
        .values(due_at=now + LEASE, tries=row.tries + 1)
        .returning(WebhookDelivery.tries)
    )
    tries = db.session.scalar(lease)
    if tries is None:
        return None
    return Due(
        row.id,
        hook.address,
        hook.secret,
        row.body,
        tries,
    )


def hand_over(
    due: Due, *, now: datetime, reach: Network = OPEN_INTERNET, wall: float = WALL
) -> Taken:
    """Tell an address, signed, in a child process with hard limits; no rows. Raises nothing: what
    went wrong is in the answer.
    """
    headers = signed(
        due.secret,
        due.body.encode(),
        now,
    ) | {"X-Kinfold-Event": due.id}
    question = partial(
        tell,
        body=due.body.encode(),
        headers=headers,
        reach=reach,
    )
    try:
        return apart(
            question,
            due.address.encode("ascii"),
            Taken,
            wall=wall,
        )
    except InputError as error:
        return Taken(wrong=str(error))


def tell(address: bytes, *, body: bytes, headers: dict[str, str], reach: Network) -> Taken:
    """POST to an address; what goes wrong is in the answer."""
    try:
        return Taken(
            post(
                address.decode("ascii"),
                body,
                headers,
                reach=reach,
            )
        )
    except Unreachable as error:
        return Taken(wrong=str(error))


def settle(due: Due, taken: Taken, *, now: datetime) -> None:
    """Write what a try came to; one that another worker has taken over since is left to it."""
    row = db.session.get(
        WebhookDelivery,
        due.id,
        populate_existing=True,
        with_for_update=True,
    )
    if row is None or row.tries != due.tries or row.state is not DeliveryState.WAITING:
        return
    words = taken.wrong or f"it answered {taken.status}"
    row.words = words[:MOST_WORDS]
    if taken.is_good:
        row.state = DeliveryState.SENT
        row.due_at = now
        return
    if row.tries >= MOST_TRIES:
        row.state = DeliveryState.GIVEN_UP
        return
    doublings = min(row.tries - 1, 9)
    row.due_at = now + min(SLOWEST, SOON * 2**doublings)
