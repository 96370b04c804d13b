"""Every invariant, and what breaks it at this moment."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from scheduler import consents, invitations, outbox, reminders
from scheduler.kernel.database import database_now
from scheduler.outbox.models import Letter

STUCK = (
    "A letter has been on its way for minutes and no worker has taken it over. Look at the "
    "log, start the worker anew."
)
LEFT = (
    "A letter waits under a consent that no longer holds. It cannot leave, the database refuses "
    "it, but it should have "
    "been put aside by now. Look at the worker's log."
)
UNANSWERED = (
    "A letter counts as sent, but no answer of the server that took it was kept. Ask "
    "whether it arrived."
)
UNSAID = (
    "What this person was told is not what stands, and no letter about it waits. Look at the log "
    "for a job that fails, "
    "and tell them yourself if it is soon."
)
UNHEARD = (
    "A session within seven days changed and this person was not told. Look at the log for a job "
    "that fails, and tell them yourself if it is soon."
)
TWICE = (
    "One session was told to this person under two entries of their calendar. Tell them "
    "which one counts."
)
UNREMINDED = (
    "Reminders of this person's coming sessions are not in place. Look at the log for a "
    "job that fails."
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One invariant that does not hold: which, of what matter (nominal), about whom (id), and in
    words for staff.
    """

    invariant: str
    matter: str
    about_id: str
    words: str

    @property
    def key(self) -> str:
        """The name of the matter: the same as long as it is the same one."""
        return f"promise:{self.invariant}:{hashlib.sha256(self.matter.encode()).hexdigest()[:32]}"


def violations(*, now: datetime) -> list[Violation]:
    """Return every invariant that is broken at `now`; also what the worker, coming by, is about to
    mend.
    """
    return [violation for invariant in INVARIANTS for violation in invariant(now)]


def _taken_over(_: datetime) -> Iterator[Violation]:
    """No letter is on its way when its lease has run out twice over."""
    return _letters("taken_over", STUCK, outbox.stuck(moment=database_now()))


def _under_consent(now: datetime) -> Iterator[Violation]:
    """No letter waits under a consent that no longer holds; while the outbox is held, nothing is
    looked through.
    """
    if outbox.suspended() is None:
        found = consents.orphaned_letters(now=now)
    else:
        found = []
    return _letters("under_consent", LEFT, found)


def _answered(_: datetime) -> Iterator[Violation]:
    """No letter counts as sent without the server's answer."""
    return _letters("answered", UNANSWERED, outbox.unanswered())


def _told(now: datetime) -> Iterator[Violation]:
    """Nobody knows a session other than it stands while nothing about it waits."""
    for difference in invitations.out_of_sync(now=now):
        yield Violation(
            "told", f"{difference.uid} {difference.sequence}", difference.person_id, UNSAID
        )


def _heard(now: datetime) -> Iterator[Violation]:
    """Everybody has heard of what changed within their next seven days."""
    for person, session in invitations.unheard_changes(now=now):
        yield Violation("heard", f"{person} {session}", person, UNHEARD)


def _told_once(now: datetime) -> Iterator[Violation]:
    """Nobody is in one session twice, as far as their calendar shows."""
    for person, session in invitations.told_twice(now=now):
        yield Violation("told_once", f"{person} {session}", person, TWICE)


def _reminded(now: datetime) -> Iterator[Violation]:
    """No session is near without the reminders it needs."""
    for person, start in sorted(reminders.not_in_place(now=now).items()):
        yield Violation("reminded", f"{person} {start.isoformat()}", person, UNREMINDED)


def _letters(invariant: str, words: str, letters: Iterable[Letter]) -> Iterator[Violation]:
    return (
        Violation(
            invariant,
            f"{letter.id} {letter.fence}",
            letter.recipient_id,
            words,
        )
        for letter in letters
    )


INVARIANTS: tuple[Callable[[datetime], Iterator[Violation]], ...] = (
    _taken_over,
    _under_consent,
    _answered,
    _told,
    _heard,
    _told_once,
    _reminded,
)
