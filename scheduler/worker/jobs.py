"""What a tick does, in order: tell what changed, renew feeds, put reminders in place, anchor the record."""

import logging
from collections.abc import Callable
from datetime import datetime

from scheduler import audit, feeds, invitations, reminders
from scheduler.kernel import clock
from scheduler.worker.transactions import whole

BY = "worker"

log = logging.getLogger(__name__)

DEEDS: tuple[tuple[str, Callable[[datetime], object]], ...] = (
    ("announce", lambda now: invitations.announce(by=BY, now=now)),
    ("feeds", lambda now: feeds.refresh(now=now)),
    ("reminders", lambda now: reminders.sweep(by=BY, now=now)),
    ("anchor", lambda now: audit.anchor(by=BY, now=now)),
)
"""Each is one transaction; a failing one does not stop the others."""


def do_deeds() -> list[str]:
    """Do every deed once and name those that failed."""
    return [name for name, deed in DEEDS if not _done(name, deed)]


def _done(name: str, deed: Callable[[datetime], object]) -> bool:
    try:
        whole(lambda: deed(clock.now()))
    except Exception:
        # Whatever went wrong, the next tick finds the same difference; the other deeds must not wait for it.
        log.exception("job %s failed", name)
        return False
    return True
