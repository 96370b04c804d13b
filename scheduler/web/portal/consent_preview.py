"""What a relative would get until the end of a consent if it stood: the very letters, and the pages
behind them; and what one sees today.
"""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from markupsafe import Markup

from scheduler import homes
from scheduler.consents.model.models import Grant
from scheduler.i18n import catalog, language_for
from scheduler.invitations import Told, invitations_of
from scheduler.kernel.clock import now
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.rehearsals import ShownLetter, rehearse
from scheduler.web.auth.picked_language import language_name
from scheduler.web.auth.reader_language import reader_language, said_here
from scheduler.web.family.disclosure_log import carried_to
from scheduler.web.family.home.shown_dates import dates_of
from scheduler.web.family.invitation import disclosed
from scheduler.web.parts.family_times import day_in

SHOWN = 3
"""Letters and pages that are open at first; the others are a tap away."""


def rehearsed_page(
    give: Callable[[], Sequence[Grant]], person: Person, patient: Person, *, sender: str
) -> dict[str, Any]:
    """Return every letter to `person` until the end of the consent that `give` writes, and the
    pages they lead to; `sender` is the name that they come under.
    """
    pages: list[Markup] = []

    def look(told: Sequence[Told]) -> None:
        uids = {news.uid for news in told}
        pages.extend(pages_today(person, uids))

    with homes.as_if_unsaid(patient, now=now()):
        found = rehearse(
            give,
            person,
            patient,
            now=now(),
            look=look,
        )
    theirs = [_read(letter, person, sender) for letter in found.letters if letter.to == person.key]
    written = language_for(person.language)
    is_same = written == reader_language()
    return {
        "written": written,
        "written_words": "" if is_same else language_name(written, reader_language()),
        "letters": theirs[:SHOWN],
        "later": theirs[SHOWN:],
        "pages": pages,
    }


def pages_today(person: Person, uids: Collection[str] | None = None) -> list[Markup]:
    """Return what the pages of somebody's invitations (of these UIDs; None: all) tell now, by the
    code that tells it (42 CFR 2.32 and all), in the language of who looks.
    """
    found: list[dict[str, Any]] = []
    pages: list[Markup] = []
    with said_here(person):
        for invitation in invitations_of(person.id):
            is_asked_for = uids is None or invitation.uid in uids
            dates = dates_of(invitation, person, now()) if is_asked_for else []
            if dates and len(found) < SHOWN:
                found.append(disclosed(invitation, dates, carried_to))
        for told in found:
            page = render_template("family/preview.html", is_last=told is found[-1], **told)
            pages.append(Markup(page))  # noqa: S704 - a template's
    return pages


def _read(letter: ShownLetter, person: Person, sender: str) -> dict[str, str]:
    house = practice()
    # The secret of the reader's own page is for them alone.
    text = re.sub(
        r"/([ij])/[\w-]{14,}",
        r"/\1/…",
        letter.words,
    )
    local = letter.at.astimezone(ZoneInfo(person.zone or house.zone))
    return {
        "day": day_in(reader_language(), local.date()),
        "from": f"{sender} <{house.outward_email}>",
        "subject": letter.subject or catalog(person.language).gettext("Text message"),
        "text": text,
    }
