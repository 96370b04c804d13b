"""Rehearsing a consent: it is given, everything until its end is done by the code that does it, and
all is undone.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy

from scheduler import feeds
from scheduler.consents import Information, agenda
from scheduler.consents.model.models import Grant
from scheduler.invitations import Told, announce, told_dates
from scheduler.kernel.database import db
from scheduler.outbox import letter_subject, letter_words, letters_waiting
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people import marked_hours, people_by_address
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.rehearsals.rehearsal import Entry, PageDate, Rehearsal, ShownLetter
from scheduler.rehearsals.steps import known_ahead, walk
from scheduler.reminders import remind_of_endings, sweep

BY = "rehearsal"
Give = Callable[[], Sequence[Grant]]
Look = Callable[[Sequence[Told]], object]
ENDING = "ending"
SECRET = re.compile(r"/[ijg]/[\w-]+")


def rehearse(
    give: Give,
    person: Person,
    patient: Person,
    *,
    now: datetime,
    look: Look | None = None,
) -> Rehearsal:
    """Return all that the grants which `give` writes would cause until their end, if nobody answers
    and the plan stays; nothing of it is kept.

    `look` is called once, as everything stands after the first letters, with what they tell. Raises
    what `give` raises.
    """
    names = {person.id: person.key, patient.id: patient.key}
    trial = db.session.begin_nested()
    try:
        grants = list(give())
        _set_hours_aside(person, now)
        walk_on = _Walk(person, patient, grants, names, look, now)
        found = walk_on.to_the_end()
    finally:
        trial.rollback()
        db.session.expire_all()
    if walk_on.own:
        return _with_own_letters(found, walk_on)
    return found


def _with_own_letters(found: Rehearsal, walked: "_Walk") -> Rehearsal:
    """Return the same with those of the patient's own letters that would not come, or not so,
    without the grants: in a group of several families they sit only with somebody of theirs.
    """
    trial = db.session.begin_nested()
    try:
        _set_hours_aside(walked.person, walked.now)
        usual = _Walk(walked.person, walked.patient, (), walked.names, None, walked.now)
        usual.ahead = walked.ahead
        usual.people = walked.people
        usual.to_the_end()
    finally:
        trial.rollback()
        db.session.expire_all()
    without = Counter(map(_said, usual.own))
    letters = list(found.letters)
    for letter in walked.own:
        said = _said(letter)
        if without[said] > 0:
            without[said] -= 1
        else:
            letters.append(letter)
    in_order = sorted(letters, key=lambda letter: (letter.at, _rank(letter)))
    return replace(found, letters=tuple(in_order))


def _said(letter: ShownLetter) -> tuple[str, str, str, str]:
    """Return what a letter says, but for the secrets of its addresses."""
    words = SECRET.sub("/…", letter.words)
    return letter.channel, letter.kind, letter.subject, words


def _set_hours_aside(person: Person, now: datetime) -> None:
    """Let no marked hours hold: they are told to nobody, and what comes later because of them would
    tell.
    """
    for owner in (person, *people_by_address(person.email)):
        for hours in marked_hours(owner):
            hours.ended_at = now
    db.session.flush()


class _Walk:
    """From one moment to the next until the grants end, and what came of it; `own` are letters to
    the patient that stand on no grant.
    """

    def __init__(
        self,
        person: Person,
        patient: Person,
        grants: Sequence[Grant],
        names: dict[str, str],
        look: Look | None,
        now: datetime,
    ) -> None:
        self.person = person
        self.patient = patient
        self.names = names
        self.look = look
        self.now = now
        self.grants = {grant.id for grant in grants}
        self.ahead = known_ahead(person, grants, now) if grants else [now]
        self.people = {person.id}
        if any(grant.purpose == Kind.MULTI_FAMILY_GROUP for grant in grants):
            self.people.add(patient.id)
        self.own: list[ShownLetter] = []

    def to_the_end(self) -> Rehearsal:
        """Do all deeds at all moments, and return what came of them."""
        waited = {letter.id for letter in letters_waiting(list(self.names))}
        letters: list[ShownLetter] = []
        pages: tuple[PageDate, ...] = ()
        entries: list[Entry] = []
        for moment in walk(self.ahead, self.people, self.now):
            told = self._do_deeds(moment)
            if moment == self.now:
                pages = _pages(self.person, self.patient, moment)
                entries = _entries(self.person, moment)
                if self.look is not None:
                    self.look(told)
            letters += self._leave(waited, moment)
        address = feeds.may_have_address(self.person)
        return Rehearsal(
            letters=tuple(letters),
            pages=pages,
            feed=tuple(entries),
            has_address=address,
        )

    def _do_deeds(self, moment: datetime) -> list[Told]:
        """Do what the worker's turn does for those whom the grants concern."""
        told = announce(
            by=BY,
            now=moment,
            people=self.people,
        )
        sweep(
            by=BY,
            now=moment,
            relatives=self.people,
        )
        remind_of_endings(now=moment, patients={self.patient.id})
        return told

    def _leave(self, waited: Collection[str], moment: datetime) -> list[ShownLetter]:
        """Let what is due leave but for what `waited` before, and give what of it stands on the
        grants.
        """
        found = []
        own = []
        for letter in letters_waiting(list(self.names)):
            if letter.due_at > moment or letter.id in waited:
                continue
            letter.state, letter.sent_at = LetterState.SENT, moment
            shown = _shown(letter, self.names[letter.recipient_id], moment)
            if letter.grant_id in self.grants or letter.kind == ENDING:
                found.append(shown)
            elif letter.recipient_id == self.patient.id:
                own.append(shown)
        db.session.flush()
        self.own += sorted(own, key=_rank)
        return sorted(found, key=_rank)


def _rank(letter: ShownLetter) -> tuple[str, str, str, str]:
    return letter.to, letter.kind, letter.subject, letter.words


def _shown(letter: Letter, to: str, moment: datetime) -> ShownLetter:
    return ShownLetter(
        moment,
        to,
        letter.channel.value,
        letter.kind,
        letter_subject(letter),
        letter_words(letter),
        _calendar(letter),
    )


def _calendar(letter: Letter) -> str:
    """Return the calendar part of a letter, "" without one."""
    if letter.channel is Channel.TEXT:
        return ""
    message = message_from_bytes(letter.mime, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            return bytes(content).decode("utf-8")
    return ""


def _pages(person: Person, patient: Person, now: datetime) -> tuple[PageDate, ...]:
    """Return the dates that their pages would show, with what the consent lets be said of each."""
    told = {date.session_id for date in told_dates([person.id])}
    found = []
    for session, recipient in agenda(person, now=now, since=now):
        if session.id not in told or recipient.about_id != patient.id:
            continue
        says = recipient.says
        if Information.CLINICIAN in says:
            leads = [lead.name for lead in session.leads]
        else:
            leads = []
        date = PageDate(
            session=session.key,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            kind=session.kind.value,
            topic=session.topic if Information.TOPIC in says else None,
            leads=tuple(leads),
            names_patient=Information.PARTICIPATION in says,
        )
        found.append(date)
    return tuple(found)


def _entries(person: Person, now: datetime) -> list[Entry]:
    """Return what their calendar address would show of what lies ahead."""
    if not feeds.may_have_address(person):
        return []
    entries = []
    for known in feeds.shown_to(person, now=now):
        is_ahead = known.ends_at > now
        if is_ahead and known.struck_until is None:
            entry = Entry(
                known.starts_at,
                known.ends_at,
                known.title,
            )
            entries.append(entry)
    return entries
