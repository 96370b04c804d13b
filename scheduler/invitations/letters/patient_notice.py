"""A short neutral letter to a patient: there is something to read behind the sign-in; never
what.
"""

from datetime import date, datetime

from scheduler.i18n import N_, catalog, long_day
from scheduler.invitations.letters.message_body import Reader, bare
from scheduler.invitations.model.links import home_link
from scheduler.outbox import (
    Ground,
    MailWords,
    Posting,
    Sender,
    hold_until,
    is_queued,
    post,
    take_back_letter,
)
from scheduler.outbox.models import Letter
from scheduler.people import practice, whom_to_ask
from scheduler.people.models import Person

COPY = "copy"
WELCOME = "welcome"
WORDS = {
    COPY: (
        N_("Your copy"),
        N_("Your copy of what you signed is ready. Open your page to read, print or keep it."),
    ),
    WELCOME: (
        N_("Your page is ready"),
        N_(
            "Welcome. Your page is ready. It shows your appointments, and there you join them. "
            "You also say there who may know of them. You need no password: type this mail "
            "address, and a code comes to it."
        ),
    ),
}
"""Subject and words of what says the same to everybody, by kind."""


def note_copy(person: Person, statement_id: str, *, now: datetime) -> str | None:
    """Queue the letter that says a signed copy is ready (45 CFR 164.508(c)(4)), once;
    return its id.
    """
    return _note(person, COPY, f"{COPY}:{statement_id}", now)


def note_welcome(person: Person, *, now: datetime) -> str | None:
    """Queue the letter that welcomes somebody and says what their page is for, once; return its
    id.
    """
    return _note(person, WELCOME, f"{WELCOME}:{person.id}", now)


def write_notice_anew(letter: Letter, person: Person, *, now: datetime) -> str | None:
    """Write one of these letters that waits in its reader's language as it is now, in its place;
    return the id of the new one, None for a letter of another kind or one that may have left.
    """
    if letter.kind not in WORDS or not take_back_letter(letter.id):
        return None
    key = f"{letter.dedupe_key}:{letter.id}"
    anew = _note(person, letter.kind, key, now)
    if anew is not None:
        hold_until([anew], letter.due_at)
    return anew


def _note(person: Person, kind: str, key: str, now: datetime) -> str | None:
    _ = catalog(person.language)
    subject, opening = WORDS[kind]
    return _send(person, kind, key, _(subject), _(opening), now)


def note_ending(person: Person, last: date, key: str, *, now: datetime) -> str | None:
    """Queue the letter that says something ends after `last`, once for each `key`; return its
    id.
    """
    _ = catalog(person.language)
    day = long_day(last, person.language)
    subject = _("Something ends on {day}").format(day=day)
    opening = _(
        "Something you set up ends on {day}. Open your page to see what it is, and to go on with "
        "it if you wish. If you do nothing, it ends by itself."
    ).format(day=day)
    return _send(person, "ending", f"ending:{key}", subject, opening, now)


def note_place(person: Person, last: date, key: str, *, now: datetime) -> str | None:
    """Queue the letter that says something is kept for somebody through `last`, once for each
    `key`; return its id.
    """
    _ = catalog(person.language)
    day = long_day(last, person.language)
    subject = _("We wait for your answer until {day}").format(day=day)
    opening = _(
        "Something is kept for you until {day}. Open your page to see what it is. There you say "
        "yes or no."
    ).format(day=day)
    return _send(person, "place", f"place:{key}", subject, opening, now)


def _send(
    person: Person, kind: str, key: str, subject: str, opening: str, now: datetime
) -> str | None:
    if is_queued(key):  # asked at every turn of the worker, and mostly so
        return None
    house = practice()
    sender = Sender(house.outward_name, house.outward_email)
    reader = Reader(person.language, house.zone, whom_to_ask())
    said = bare(subject, opening, sender=sender.name, link=home_link(), reader=reader)
    posting = Posting(
        kind=kind,
        key=key,
        recipient_id=person.id,
        address=person.email,
        ground=Ground(),
        due_at=now.replace(second=0, microsecond=0),
    )
    words = MailWords(said.subject, said.text, said.html)
    letter = post(posting, words, sender=sender, now=now)
    return letter.id if letter else None
