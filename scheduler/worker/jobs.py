"""What a tick does, in order: who came of age, what changed, feeds, reminders to put in place, the record's anchor."""

import logging
from collections.abc import Callable
from datetime import datetime

from scheduler import audit, consents, feeds, invitations, reminders
from scheduler.kernel import clock
from scheduler.worker.transactions import whole

BY = "worker"

log = logging.getLogger(__name__)


class Pace:
    """Once a minute: putting reminders in place looks at eight days, and none is due sooner than it is seen."""

    def __init__(self) -> None:
        self.minute: datetime | None = None

    def is_time(self, now: datetime) -> bool:
        """Say so at the first tick of each minute."""
        minute = now.replace(second=0, microsecond=0)
        new, self.minute = minute != self.minute, minute
        return new


DEEDS: tuple[tuple[str, Callable[[datetime, bool], object]], ...] = (
    ("birthdays", lambda now, _: consents.come_of_age(by=BY, now=now)),
    ("announce", lambda now, _: invitations.announce(by=BY, now=now)),
    ("feeds", lambda now, _: feeds.refresh(now=now)),
    ("reminders", lambda now, make: reminders.sweep(by=BY, now=now, make=make)),
    ("endings", lambda now, make: reminders.remind_of_endings(now=now) if make else 0),
    ("anchor", lambda now, _: audit.anchor(by=BY, now=now)),
)
"""Each is one transaction; a failing one does not stop the others."""


def do_deeds(*, make: bool = True) -> list[str]:
    """Do every deed once and name those that failed; `make` False leaves reminders ahead for another tick."""
    return [name for name, deed in DEEDS if not _done(name, deed, make)]


def _done(name: str, deed: Callable[[datetime, bool], object], make: bool) -> bool:
    try:
        whole(lambda: deed(clock.now(), make))
    except Exception:
        # Whatever went wrong, the next tick finds the same difference; the other deeds must not wait for it.
        log.exception("job %s failed", name)
        return False
    return True
