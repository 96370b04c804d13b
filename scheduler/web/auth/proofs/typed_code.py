"""A mailed code that is typed: only in a browser that asked for it, and after a hundred wrong ones
from strangers only in one that its owner used before.
"""

from collections.abc import Iterable
from datetime import datetime

from flask import session

from scheduler.kernel.ids import new_token
from scheduler.people import note_right_code, note_wrong_code, redeem, stopped_among
from scheduler.people.models import Person
from scheduler.web.auth.known_browser import is_known_to

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
    was. Raises Busy.
    """
    asked = list(people)
    shut = shut_out_here(asked)
    open_to = [person for person in asked if person.id not in shut]
    own = any(is_known_to(person) for person in open_to)
    found = redeem(
        open_to,
        code,
        browser=asking_browser(),
        now=now,
        own=own,
    )
    if found is not None:
        note_right_code(found)
        return found
    for person in asked:
        if not is_known_to(person):
            note_wrong_code(person, now=now)
    return None
