"""A mailed code that is typed: only in a browser that asked for it, and after a hundred wrong ones
from strangers only in one that its owner used before.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import session

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_token
from scheduler.people import (
    Busy,
    CountedTry,
    count_try,
    note_nobodys_code,
    note_right_code,
    note_wrong_code,
    stopped_among,
    take_back_try,
    use_code,
    which_fits,
)
from scheduler.people.models import Person
from scheduler.web.auth.known_browser import forgive_asking, is_known_to

ASKING = "asking"
"""The browser's own number in the form's cookie."""


def asking_browser() -> str:
    """Return the number of the browser in hand, by which its codes are told from others'."""
    if ASKING not in session:
        session[ASKING] = new_token()
    return str(session[ASKING])


def shut_out_here(people: Iterable[Person]) -> set[str]:
    """Return the ids of those whose codes do not open this browser until the clinic lets them."""
    strangers = [person for person in people if not is_known_to(person)]
    return stopped_among(strangers)


def redeem_here(people: Iterable[Person], code: str, *, now: datetime) -> Person | None:
    """Return whose code was typed, once; a wrong one is counted for each whose browser this never
    was and whose code it could have been. Commits what is counted before it compares, with nothing
    open. Raises Busy, and then counts nothing.
    """
    asked = {person.id: person for person in people}
    shut = shut_out_here(asked.values())
    open_to = [person for person in asked.values() if person.id not in shut]
    strangers = {person.id for person in open_to if not is_known_to(person)}
    tried = count_try(open_to, browser=asking_browser(), now=now)
    db.session.commit()
    right = _compared(tried, code, own=len(strangers) < len(open_to))
    if right is not None and use_code(right, now=now):
        found = asked[right.person_id]
        note_right_code(found)
        forgive_asking(found)
        return found
    _note_guess([asked[one.person_id] for one in tried if one.person_id in strangers], now)
    return None


def _note_guess(people: Sequence[Person], now: datetime) -> None:
    """Count a wrong code for each of these; for nobody it costs the same."""
    for person in people:
        note_wrong_code(person, now=now)
    if not people:
        note_nobodys_code()


def _compared(tried: Sequence[CountedTry], code: str, *, own: bool) -> CountedTry | None:
    try:
        return which_fits(tried, code, own=own)
    except Busy:
        take_back_try(tried, browser=asking_browser())
        db.session.commit()
        raise
