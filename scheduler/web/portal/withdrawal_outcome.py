"""What a withdrawal does, before it is done; and what it came to: what had left already, what
leaves yet, and what never will.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler import consents, homes
from scheduler.consents import HandedOver, KeptIn, Revocation
from scheduler.i18n import N_, catalog, language_for
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.people import names_by_id, practice
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.web.parts.family_times import moment_in
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.letters_shown import TEXT_MESSAGE
from scheduler.web.parts.page import previewed
from scheduler.web.preview.look_ahead import Ahead, look_ahead

LETTERS = {
    "invitation": N_("an appointment"),
    "update": N_("a changed appointment"),
    "cancellation": N_("no longer on their calendar"),
    "reminder": N_("a reminder"),
    "code": N_("a code for their page"),
}
OTHER = N_("a message")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be withdrawn: of whom, which purposes (None: all), whether calendars stay."""

    people: Collection[Person]
    patient: Person
    purposes: Collection[Kind] | None
    silent: bool


def withdrawal_ahead(
    people: Collection[Person],
    patient: Person,
    *,
    purposes: Collection[Kind] | None = None,
    silent: bool = False,
    by: str,
    language: str,
) -> Ahead:
    """Return what withdrawing these purposes (None: all) from these relatives would let leave, and
    keep in: done, read, and undone; each subject is said in `language` (a tag of ours) as well.
    The patient reads it as if nobody had asked staff for silence. Raises InputError as
    `grants_to_withdraw` does.
    """
    readers = (patient, *people)
    theirs = {person.name: language_for(person.language) for person in readers}
    asked = _Asked(people, patient, purposes, silent)
    ahead = _ahead(asked, by, None)
    said = {}
    if set(theirs.values()) != {language}:
        translated = _ahead(asked, by, language)
        said = {leaf.key: leaf.subject for leaf in translated.leaves}
    leaves = []
    for leaf in ahead.leaves:
        subject = said.get(leaf.key, leaf.subject)
        if subject == TEXT_MESSAGE:
            subject = catalog(language)(TEXT_MESSAGE)
        leaves.append(replace(leaf, said=subject, language=theirs.get(leaf.person, language)))
    return replace(ahead, leaves=leaves)


def what_follows(
    people: Collection[Person],
    patient: Person,
    purposes: Collection[Kind] | None,
    *,
    silent: bool,
    language: str,
) -> dict[str, object]:
    """Return what a patient reads before stopping these purposes (None: all): which consents end,
    and what leaves. Raises InputError as `grants_to_withdraw` does.
    """
    ahead = withdrawal_ahead(
        people,
        patient,
        purposes=purposes,
        silent=silent,
        by=patient.key,
        language=language,
    )
    ends = []
    for person in people:
        grants = consents.standing_grants(person, patient, purposes)
        kinds = sorted({grant.purpose for grant in grants})
        ends.append((person.name, [kind_in(language, kind) for kind in kinds]))
    return {
        "ahead": ahead,
        "ends": ends,
        "is_left": silent,
        "language": language,
    }


def _ahead(asked: _Asked, by: str, language: str | None) -> Ahead:
    """Return what would leave; with `language`, as if all of them were written to in it."""
    moment = now()
    patient, people = asked.patient, asked.people
    concerned = {patient.id, *(person.id for person in people)}
    grants = consents.grants_to_withdraw(people, patient, asked.purposes)

    def withdraw() -> None:
        for person in (patient, *people):
            person.language = language or person.language
        consents.revoke_grants(grants, silent=asked.silent, by=by, now=moment)

    with previewed():
        if by == patient.key:
            with homes.as_if_unsaid(patient, now=moment):
                return look_ahead(withdraw, concerned, by=by, now=moment)
        return look_ahead(withdraw, concerned, by=by, now=moment)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a withdrawal would come to at those relatives (ids) who asked staff for silence: what
    the patient reads, who is not told that they did.
    """

    people: frozenset[str] = frozenset()
    leaving: tuple[HandedOver, ...] = ()
    kept_in: tuple[KeptIn, ...] = ()


def unsaid_outcome(
    people: Collection[Person],
    patient: Person,
    purposes: Collection[Kind] | None,
    *,
    silent: bool,
    now: datetime,
) -> Unsaid:
    """Return what withdrawing these purposes (None: all) would come to if no relative had asked for
    silence, for those who did: done, read, and undone.
    """
    asked = {silence.person_id for silence in consents.own_silences([patient.id])}
    silenced = [person for person in people if person.id in asked]
    if not silenced:
        return Unsaid()
    ids = frozenset(person.id for person in silenced)
    with previewed(), homes.as_if_unsaid(patient, now=now):
        grants = consents.grants_to_withdraw(silenced, patient, purposes)
        done = consents.revoke_grants(grants, silent=silent, by=patient.key, now=now)
        announce(by=patient.key, now=now, people=ids)
        taken_out = consents.taken_out(done.grant_ids, now)
    # What counts as sent here belongs to the silence, not to the withdrawal.
    leaving = tuple(letter for letter in taken_out if letter.sent_at is None)
    return Unsaid(ids, leaving, done.kept_in)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a withdrawal came to: letters that had left, that leave yet, and that never will;
    `quiet` is False while one is still being handed over.
    """

    quiet: bool
    left: tuple[HandedOver, ...]
    leaving: tuple[HandedOver, ...]
    kept_in: tuple[KeptIn, ...]


def outcome_of(done: list[Revocation], unsaid: Unsaid | None = None) -> Outcome:
    """Return what a withdrawal came to, once nothing of it is being handed over any more; of those
    who asked for silence as it would have been `unsaid`.
    """
    pretended = unsaid or Unsaid()
    ids: list[str] = []
    kept_in = list(pretended.kept_in)
    for revocation in done:
        ids += revocation.grant_ids
        told = [kept for kept in revocation.kept_in if kept.recipient_id not in pretended.people]
        kept_in += told
    quiet = consents.wait_until_drained(ids)
    since = min(revocation.at for revocation in done)
    left, will = _left_and_leaving(ids, since)
    leaving = (*will, *pretended.leaving)
    return Outcome(quiet, tuple(left), leaving, tuple(kept_in))


def outcome_words(outcome: Outcome, language: str) -> dict[str, object]:
    """Return what a page says of what a withdrawal came to."""
    left = [_words(letter, language) for letter in outcome.left]
    leaving = [_going(letter, language) for letter in outcome.leaving]
    return {
        "quiet": outcome.quiet,
        "left": left,
        "will": sorted(leaving),
        "never": _never(outcome.kept_in, language),
    }


def _left_and_leaving(
    grant_ids: list[str], since: datetime
) -> tuple[list[HandedOver], list[HandedOver]]:
    """Return the letters under these grants that left, and those that leave yet because they take
    something out of a calendar.
    """
    if not grant_ids:
        return [], []
    left = list(consents.handed_over(grant_ids, since))
    will = []
    for letter in consents.taken_out(grant_ids, since):
        if letter.sent_at:
            left.append(letter)
        else:
            will.append(letter)
    return left, will


def _words(letter: HandedOver, language: str) -> str:
    """Return whom a letter told, what kind it was and when it left."""
    _ = catalog(language)
    when = _("may have arrived")
    if letter.sent_at:
        when = moment_in(language, letter.sent_at, practice().zone)
    return f"{_going(letter, language)}: {when}"


def _going(letter: HandedOver, language: str) -> str:
    """Return whom a letter tells, and what kind it is."""
    name = names_by_id([letter.recipient_id]).get(letter.recipient_id)
    _ = catalog(language)
    somebody = name or _("Somebody")
    kind = _kind(letter.kind, language)
    return f"{somebody}, {kind}"


def _never(letters: Collection[KeptIn], language: str) -> list[str]:
    """Return the letters that never leave, in words: those alike once, with their number."""
    names = names_by_id({letter.recipient_id for letter in letters})
    counted: Counter[str] = Counter()
    for letter in letters:
        name = names.get(letter.recipient_id, "")
        kind = _kind(letter.kind, language)
        counted[f"{name}, {kind}"] += 1
    lines = []
    for line, many in sorted(counted.items()):
        if many > 1:
            line = f"{line} ({many})"
        lines.append(line)
    return lines


def _kind(kind: str, language: str) -> str:
    return catalog(language)(LETTERS.get(kind, OTHER))
