"""The one rule at the claim: in hours that somebody marked nothing is taken up; it waits until they
end, and what cannot wait is told otherwise.

The outbox does not know who marked what, nor what a letter tells: it asks, and says what it held up
for too long.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.outbox.safe_contact.unsafe_hours import UnsafeHours, safe_from, safe_until

ASKED_FOR = ("code", "password")
"""Kinds of letter that somebody asks for at a page, and waits for: they come at once."""
NOT_SAFE = N_("it could not arrive in time in hours that are safe")
Ask = Callable[[Collection[tuple[str, str]], Channel], Mapping[tuple[str, str], list[UnsafeHours]]]
"""Asked of letters, each a recipient's id and an address: the hours that hold for each."""
Tell = Callable[[Letter, datetime], object]
"""Told of a letter that cannot arrive in time, and the moment."""

_ask: Ask | None = None
_tell: Tell | None = None


@dataclass(frozen=True, slots=True)
class DueLetter:
    """What holding up needs to know of a letter that is due."""

    id: str
    kind: str
    recipient_id: str
    address: str
    not_after: datetime | None
    needed_by: datetime | None
    safe_until: datetime | None
    """Until when it could leave, as was noted when it was looked at before."""


def ask_for_hours(ask: Ask, tell: Tell) -> None:
    """Tell this process whom to ask for hours, and whom to tell of what they hold up for too long;
    done by the factory, once.
    """
    global _ask, _tell
    _ask, _tell = ask, tell


def hours_for(
    letters: Collection[tuple[str, str]], channel: Channel
) -> Mapping[tuple[str, str], list[UnsafeHours]]:
    """Return the hours that hold for letters, each a recipient's id and an address."""
    if _ask is not None and letters:
        return _ask(letters, channel)
    return {}


def hold_up(letters: Sequence[DueLetter], channel: Channel, now: datetime) -> set[str]:
    """Let due letters wait that may not arrive now, and give their ids; note of the others until
    when they may leave.
    """
    asked = [letter for letter in letters if letter.kind not in ASKED_FOR]
    marked = hours_for([(letter.recipient_id, letter.address) for letter in asked], channel)
    held = set()
    for letter in asked:
        hours = marked.get((letter.recipient_id, letter.address), [])
        free = safe_from(now, hours)
        if free != now:
            _hold(letter, free, now)
            held.add(letter.id)
        elif hours:
            _note(letter.id, safe_until=safe_until(now, hours))
        elif letter.safe_until is not None:
            _note(letter.id, safe_until=None)  # the hours that it would have met were ended
    return held


def _hold(letter: DueLetter, free: datetime | None, now: datetime) -> None:
    """Let a letter wait until `free` (None: that never comes); when that is too late, say so."""
    if free is None:
        _note(
            letter.id,
            state=LetterState.SET_ASIDE,
            reason=NOT_SAFE,
        )
    elif letter.not_after is not None and letter.not_after <= free:
        _note(
            letter.id,
            state=LetterState.EXPIRED,
            reason=NOT_SAFE,
        )
    else:
        _note(letter.id, due_at=free)
        if letter.needed_by is None or letter.needed_by > free:
            return
    row = db.session.get(
        Letter,
        letter.id,
        populate_existing=True,
    )
    if row is not None and _tell is not None:
        row.needed_by = None
        _tell(row, now)


def _note(letter_id: str, **values: object) -> None:
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(**values))
