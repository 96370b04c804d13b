"""What a tick does, in order: forgotten passwords, who came of age, what changed, feeds, reminders
to put in place, plans that no longer hold, what programs are told, the record's anchor.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler import (
    audit,
    consents,
    feeds,
    invitations,
    needs,
    people,
    planning,
    reminders,
    webhooks,
)
from scheduler.change_tracking import take_unfed, take_untold
from scheduler.kernel import clock
from scheduler.kernel.logs import Log
from scheduler.worker.put_out import put_out
from scheduler.worker.transactions import in_transaction

BY = "worker"

log = Log(__name__)


class Pace:
    """Once a minute: putting reminders in place looks at eight days, and none is due sooner than it
    is seen.
    """

    def __init__(self) -> None:
        self.minute: datetime | None = None

    def is_time(self, now: datetime) -> bool:
        """Say so at the first tick of each minute."""
        minute = now.replace(second=0, microsecond=0)
        new, self.minute = minute != self.minute, minute
        return new


@dataclass(frozen=True, slots=True)
class Turn:
    """One round of deeds: `make` also reminders that lie ahead, and let changes wait for others for
    `patience`; `done` is when each deed was last done by who asks, so that only those are compared
    whom something changed for since.
    """

    make: bool = True
    patience: timedelta = timedelta()
    done: dict[str, datetime] = field(default_factory=dict)


def _announce(now: datetime, turn: Turn) -> object:
    concerned = take_untold(since=turn.done.get("announce"), now=now)
    return invitations.announce(
        by=BY,
        now=now,
        patience=turn.patience,
        concerned=concerned,
    )


def _refresh_feeds(now: datetime, turn: Turn) -> object:
    concerned = take_unfed(since=turn.done.get("feeds"), now=now)
    return feeds.refresh(now=now, concerned=concerned)


DEEDS: tuple[tuple[str, Callable[[datetime, Turn], object]], ...] = (
    (
        "passwords",
        lambda now, _: people.answer_asks(invitations.front_link(), now=now),
    ),
    ("birthdays", lambda now, _: consents.come_of_age(by=BY, now=now)),
    ("announce", _announce),
    ("feeds", _refresh_feeds),
    ("rooms", lambda now, _: put_out(by=BY, now=now)),
    ("reminders", lambda now, turn: reminders.sweep(by=BY, now=now, make=turn.make)),
    ("answers", lambda now, turn: invitations.look_at_answers(now=now) if turn.make else None),
    ("addresses", lambda now, turn: invitations.take_off_mended(now=now) if turn.make else None),
    ("plans", lambda now, _: planning.follow_facts(by=BY, now=now)),
    ("endings", lambda now, turn: reminders.remind_of_endings(now=now) if turn.make else 0),
    ("needs", lambda now, turn: needs.look_for_needs(now=now) if turn.make else 0),
    ("webhooks", lambda now, _: webhooks.note_events(now=now)),
    ("anchor", lambda now, _: audit.anchor(by=BY, now=now)),
    ("tries", lambda now, turn: people.forget_old_tries(now=now) if turn.make else 0),
)
"""Each is one transaction; a failing one does not stop the others."""


def do_deeds(turn: Turn | None = None) -> list[str]:
    """Do every deed once and name those that failed; without a turn for everybody, and nothing
    waits.
    """
    turn = turn or Turn()
    found = []
    for name, deed in DEEDS:
        if not _done(name, deed, turn):
            found.append(name)
    return found


def make_codes() -> int:
    """Make the codes that were asked for, and their letters; return how many. A failure stops
    nothing else: what was asked for still stands in its row.
    """
    try:
        return in_transaction(lambda: invitations.send_asked_codes(now=clock.now()))
    except Exception as error:
        log.error("codes_not_made", error=error)
        return 0


def _done(name: str, deed: Callable[[datetime, Turn], object], turn: Turn) -> bool:
    now = clock.now()
    try:
        in_transaction(lambda: deed(now, turn))
    except Exception as error:
        # Whatever went wrong, the next tick finds the same difference; the other deeds must not
        # wait for it.
        log.error("job_failed", job=name, error=error)
        return False
    turn.done[name] = now
    return True
