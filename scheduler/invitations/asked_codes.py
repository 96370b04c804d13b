"""Codes that were asked for: the worker finds out whose address it was, makes the code and writes
its letter; for nobody, and for relatives without consent, it does nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from scheduler.consents import ground_for, may_have_code, standing_grant
from scheduler.i18n import choose
from scheduler.invitations.letters.code_letter import code_words
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.kernel.logs import Log
from scheduler.outbox import Posting, Sender, post
from scheduler.people import (
    CODE_LASTS,
    new_code,
    people_by_address,
    people_by_id,
    practice,
    sender_name,
    stopped_among,
    take_code_asks,
    whom_to_ask,
)
from scheduler.people.models import Person
from scheduler.people.proofs.models import CodeAsk

log = Log(__name__)


def send_asked_codes(*, now: datetime) -> int:
    """Write a letter to everybody whose code was asked for and who may have one; return how many.

    However often they were asked for since, it is one letter a person, and its code opens in every
    browser that asked. What was asked for longer ago than a code lasts is let go of.
    """
    written = 0
    for person, asks in _by_person(take_code_asks(), now):
        try:
            with db.session.begin_nested():
                _mail(person, asks, now)
        except InputError as error:  # an address no letter can bear keeps nobody else waiting
            log.error("code_not_written", error=error)
        else:
            written += 1
    return written


def _by_person(asks: Iterable[CodeAsk], now: datetime) -> Iterator[tuple[Person, list[CodeAsk]]]:
    """Yield who may have a code, with what was asked for them, oldest first."""
    asked: dict[tuple[str, str | None], list[CodeAsk]] = defaultdict(list)
    for ask in asks:
        if now - ask.asked_at < CODE_LASTS:
            asked[ask.address.lower(), ask.person_id].append(ask)
    theirs: dict[str, list[CodeAsk]] = defaultdict(list)
    people: dict[str, Person] = {}
    for (address, person_id), same in asked.items():
        for person in _people(address, person_id):
            people[person.id] = person
            theirs[person.id] += same
    for person in people.values():
        if may_have_code(person, now):
            yield person, theirs[person.id]


def _people(address: str, person_id: str | None) -> list[Person]:
    if person_id is None:
        return people_by_address(address)
    return list(people_by_id([person_id]).values())


def _mail(person: Person, asks: list[CodeAsk], now: datetime) -> None:
    """Mail the code, or that there is none for these browsers until the clinic was asked."""
    stopped = bool(stopped_among([person]))
    served = [ask for ask in asks if ask.known or not stopped]
    code, ends_at = None, now + CODE_LASTS
    if served:
        browsers = {ask.browser_hash for ask in served}
        made = new_code(person, browsers=browsers, now=now)
        code, ends_at = made.digits, made.ends_at
    sender = Sender(sender_name(person), practice().outward_email)
    posting = Posting(
        kind="code",
        key=f"code:{new_id()}",
        recipient_id=person.id,
        address=person.email,
        ground=ground_for(standing_grant(person, now)),
        due_at=now,
        not_after=ends_at,
    )
    newest = (served or asks)[-1]
    language = newest.asked_language or choose(person.language, newest.language, ())
    words = code_words(code, sender.name, language, whom_to_ask())
    post(posting, words, sender=sender, now=now)
