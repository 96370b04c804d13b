"""Sealing the secrets of webhooks with the newest key."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from scheduler.kernel.database import db
from scheduler.webhooks.models import Webhook


def sealed_webhooks() -> int:
    """Count the secrets that `seal_webhooks` would seal."""
    return len(_with_secret())


def seal_webhooks() -> int:
    """Seal every secret with the newest key, also one that stood open; return how many."""
    rows = _with_secret()
    for row in rows:
        secret, row.plain = row.secret, ""
        row.sealed = secret
        flag_modified(row, "sealed")
    db.session.flush()
    return len(rows)


def _with_secret() -> list[Webhook]:
    return list(db.session.scalars(select(Webhook).where(Webhook.ended_at.is_(None))))
