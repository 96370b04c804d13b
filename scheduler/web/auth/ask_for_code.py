"""Asking for a one-time code: one row of one shape whosever address it is; the worker makes the
code and its letter, so that known and unknown look alike in time.
"""

from datetime import datetime

from scheduler.people import ask_for_code
from scheduler.people.models import Person
from scheduler.web.auth.known_browser import is_known_as, is_known_to
from scheduler.web.auth.proofs.typed_code import asking_browser
from scheduler.web.auth.reader_language import asked_language, language_of_browser


def ask_by_address(address: str, *, now: datetime) -> None:
    """Write down that somebody asked for the code of an address that they typed."""
    ask_for_code(
        address,
        browser=asking_browser(),
        known=is_known_as(address),
        asked_language=asked_language(),
        language=language_of_browser(),
        now=now,
    )


def ask_for_person(person: Person, *, now: datetime) -> None:
    """Write down that a code was asked for behind a person's own link or on their own page."""
    ask_for_code(
        person.email,
        person_id=person.id,
        browser=asking_browser(),
        known=is_known_to(person),
        asked_language=asked_language(),
        language=language_of_browser(),
        now=now,
    )
