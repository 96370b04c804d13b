"""What a relative would get at once if a consent stood: the very letters, and the pages behind
them.
"""

import re
from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from scheduler.invitations import Told, invitations_of
from scheduler.kernel.clock import now
from scheduler.outbox import letter_subject, letter_words, letters_by_id
from scheduler.outbox.models import Letter
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.web.auth.reader_language import language_of
from scheduler.web.family.disclosure_log import carried_to
from scheduler.web.family.invitation import dates_of, disclosed

SHOWN = 3
"""Letters and pages that are shown whole."""


def letters_and_pages(person: Person, told: Sequence[Told]) -> dict[str, list[Any]]:
    """Return the first letters of what is told to `person`, and the pages they lead to."""
    ids = [news.letter_id for news in told if news.letter_id][:SHOWN]
    letters = letters_by_id(ids)
    return {
        "letters": [_read(letters[letter_id]) for letter_id in ids],
        "pages": _pages(person, {news.uid for news in told}),
    }


def _pages(person: Person, uids: set[str]) -> list[Markup]:
    """Return what the pages of these invitations would tell, by the code that tells it (42 CFR 2.32
    and all).
    """
    language = language_of(person)
    pages: list[Markup] = []
    for invitation in invitations_of(person.id):
        dates = dates_of(invitation, person, now()) if invitation.uid in uids else []
        if dates and len(pages) < SHOWN:
            told = disclosed(invitation, dates, carried_to)
            page = render_template("family/preview.html", language=language, **told)
            pages.append(Markup(page))  # noqa: S704 - a template's
    return pages


def _read(letter: Letter) -> dict[str, str]:
    house = practice()
    # The secret of the reader's own page is for them alone.
    text = re.sub(
        r"/i/[\w-]{20,}",
        "/i/…",
        letter_words(letter),
    )
    return {
        "from": f"{house.outward_name} <{house.outward_email}>",
        "subject": letter_subject(letter),
        "text": text,
    }
