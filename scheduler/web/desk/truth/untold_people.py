"""Who hears nothing of a publication, and why: relatives by their consent, and patients who have no
calendar address and chose no invitations.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from scheduler.consents import Judged, judged
from scheduler.feeds import with_address
from scheduler.i18n import N_, catalog, relation
from scheduler.people import calendar_choices
from scheduler.people.models import Person, PersonKind, Way
from scheduler.planning import every_session
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.kind_words import kind_in

NO_ADDRESS = N_(
    "not told: no calendar address, and no invitations chosen. Ask them to make one on their page, "
    "under My calendar, or call them."
)


class UntoldLine(NamedTuple):
    """One line: who, about what, how many sessions, why, and for a patient the key of their page;
    "" for a relative.
    """

    who: str
    kind: str
    many: int
    why: str
    patient: str = ""


def untold_people(cohort: str, told: Collection[str], *, now: datetime) -> list[UntoldLine]:
    """Return a line for everybody of a cohort (key) who is not told of what is ahead; `told` are
    those (ids) to whom a letter leaves.
    """
    ahead = {}
    for session in every_session(cohort):
        if session.ends_at > now:
            ahead[session.id] = session
    found = judged(ahead.values(), now=now)
    return [*_without_address(found.values(), told), *_relatives(found, ahead)]


def _without_address(found: Iterable[Judged], told: Collection[str]) -> list[UntoldLine]:
    """Return the patients whom neither a letter nor a calendar tells."""
    counted: Counter[str] = Counter()
    people = {}
    for judgement in found:
        for recipient in judgement.told:
            if recipient.role is PersonKind.PATIENT:
                people[recipient.person.id] = recipient.person
                counted[recipient.person.id] += 1
    reached = {*told, *with_address(list(people))}
    for person_id, choice in calendar_choices(list(people)).items():
        if choice.way is Way.INVITATIONS:
            reached.add(person_id)
    _ = catalog(reader_language())
    lines = []
    for person_id in sorted(people.keys() - reached):
        patient = people[person_id]
        line = UntoldLine(
            patient.name,
            _("All their sessions"),
            counted[person_id],
            _(NO_ADDRESS),
            patient.key,
        )
        lines.append(line)
    return sorted(lines)


def _relatives(found: Mapping[str, Judged], ahead: Mapping[str, Session]) -> list[UntoldLine]:
    language = reader_language()
    _ = catalog(language)
    counted: Counter[tuple[str, str, str]] = Counter()
    for session_id, judgement in found.items():
        kind = kind_in(language, ahead[session_id].kind)
        for untold in judgement.untold:
            name = _name_of(untold.person, language)
            counted[name, kind, _(untold.reason)] += 1
    lines = []
    for (name, kind, reason), many in sorted(counted.items()):
        lines.append(UntoldLine(name, kind, many, reason))
    return lines


def _name_of(person: Person, language: str | None) -> str:
    """Return name and relationship of a relative."""
    related = ""
    if person.relative is not None:
        word = person.relative.relationship_word
        related = relation(word, language)
    return f"{person.name} ({related})"
