"""A reply to a text message: STOP ends texting to that number at once; all else is for a person to
read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler import tasks
from scheduler.i18n import catalog
from scheduler.kernel.database import db
from scheduler.outbox import stop_texts
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sms.agreement import opt_out
from scheduler.sms.models import TextConsent
from scheduler.sms.opt_out_keywords import is_help, is_keyword_alone, is_opt_out
from scheduler.sms.phone_numbers import to_e164

READ = "Answered a text message: “{words}”. Nothing was changed by it; call if it matters."
READ_UNKNOWN = (
    "A text message came from {phone}, a number that nobody here has: “{words}”. Nothing was "
    "changed by it; find out whose it is."
)
ENDED = (
    "Asked for no more text messages. This is no withdrawal of a consent and no answer to an "
    "invitation: ask."
)
SAID = " What they wrote may ask for more: “{words}”."
ENDED_UNKNOWN = (
    "Somebody at {phone}, a number that nobody here has, asked for no more text messages: "
    "“{words}”. Find out whose number it is, and end text messages for them."
)
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """What follows from a reply: whether it stopped texting, the one confirming message, and
    letters held back.
    """

    stopped: bool
    answer: str | None
    held_back: tuple[str, ...] = ()


def receive_text(phone: str, words: str, *, reply_id: str, now: datetime) -> Reply:
    """Take a reply from a telephone number, written in any form.

    `reply_id` is the gateway's, so that the same one twice is one.
    """
    number = to_e164(phone) or phone.strip()[:32]
    people = _people_at(number)
    if is_opt_out(words):
        return _stop(number, people, words, now=now)
    if is_help(words):
        return Reply(False, _help(people))
    said = _shown(words)
    key = f"text_answered:{reply_id}"
    for person in people:
        task_key = f"{key}:{person.id}"[:255]
        _raise("text_answered", task_key, READ.format(words=said), person.id, now)
    if not people:
        unknown = READ_UNKNOWN.format(phone=number, words=said)
        _raise("text_answered", key[:255], unknown, None, now)
    return Reply(False, None)


def _stop(number: str, people: Sequence[Person], words: str, *, now: datetime) -> Reply:
    """End every agreement for this number; only what was ended is confirmed."""
    agreements = _agreements(number)
    for agreement in agreements:
        if agreement.ended_at is None:
            opt_out(agreement, by="reply", now=now)
    held_back = tuple(stop_texts(number))
    if not people and not agreements:
        unknown = ENDED_UNKNOWN.format(phone=number, words=_shown(words))
        _raise("texts_stopped", f"texts_stopped:{number}", unknown, None, now)
        return Reply(False, None, held_back)
    if is_keyword_alone(words):
        ended = ENDED
    else:
        ended = ENDED + SAID.format(words=_shown(words))
    # Asked twice is one matter; after another agreement it is a new one.
    matters = {person.id: number for person in people}
    for agreement in agreements:
        matters[agreement.person_id] = agreement.id
    for person_id, matter in matters.items():
        key = f"texts_stopped:{person_id}:{matter}"
        _raise("texts_stopped", key, ended, person_id, now)
    _ = catalog(_language(people))
    answer = _("{sender}: you will get no more text messages. Messages by mail go on.")
    return Reply(True, answer.format(sender=practice().outward_name), held_back)


def _shown(words: str) -> str:
    """Return words on one line, without signs that no database keeps."""
    signs = (sign if sign.isprintable() else " " for sign in words)
    return " ".join("".join(signs).split())[:MOST_WORDS]


def _help(people: Sequence[Person]) -> str:
    """Say who writes, where a person answers, and the way out (CTIA messaging principles)."""
    house = practice()
    _ = catalog(_language(people))
    words = _(
        "{sender}: text messages about appointments, at most one a day. Questions: {email}. "
        "Answer STOP to end them."
    )
    return words.format(sender=house.outward_name, email=house.outward_email)


def _language(people: Iterable[Person]) -> str | None:
    """Return the language of those who share a number, None where they differ."""
    languages = {person.language for person in people}
    if len(languages) == 1:
        return languages.pop()
    return None


def _people_at(number: str) -> list[Person]:
    rows = select(Person).where(Person.phone == number).order_by(Person.key)
    return list(db.session.scalars(rows).unique())


def _agreements(number: str) -> list[TextConsent]:
    """Return every agreement for this number, the newest last."""
    rows = select(TextConsent).where(TextConsent.phone == number)
    return list(db.session.scalars(rows.order_by(TextConsent.agreed_at)).unique())


def _raise(kind: str, key: str, words: str, about_id: str | None, now: datetime) -> None:
    tasks.raise_task(kind, key, words, about_id=about_id, now=now)
