"""What a change of stays does, in sentences, and what is wrong with one, by field."""

from collections.abc import Mapping
from datetime import date

from scheduler.admissions import StayOutcome, Stays
from scheduler.i18n import catalog
from scheduler.kernel.errors import InputError, InvalidFile
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import sentence
from scheduler.web.parts.time_words import day_words, span_words, title_words


def effects_shown(done: StayOutcome) -> list[str]:
    """Return in sentences who waits for a place, what ends, what goes on without them, and what
    takes them in again.
    """
    _ = catalog(reader_language())
    lines = _lines_of(done.stays)
    for session in done.cancelled:
        said = _("{what}, {when}, is cancelled.")
        lines.append(said.format(what=_title(session), when=_when(session)))
    if done.left:
        said = _.ngettext(
            "{count} session of many goes on without them.",
            "{count} sessions of many go on without them.",
            len(done.left),
        )
        lines.append(said.format(count=len(done.left)))
    if done.again:
        said = _.ngettext(
            "{count} session takes them in again.",
            "{count} sessions take them in again.",
            len(done.again),
        )
        lines.append(said.format(count=len(done.again)))
    if done.consents:
        said = _.ngettext(
            "{count} consent ends with the stay, on another day than before.",
            "{count} consents end with the stay, on another day than before.",
            done.consents,
        )
        lines.append(said.format(count=done.consents))
    return lines


def _lines_of(stays: Stays) -> list[str]:
    """Return who waits for a place after it."""
    _ = catalog(reader_language())
    lines = []
    for stay in stays:
        if stay.waits is not None:
            said = _(
                "{cohort} is full: from {day} they have no sessions in it until a place is free. "
                "Number {number} in line."
            )
            day = day_shown(stay.first)
            lines.append(said.format(cohort=stay.cohort, day=day, number=stay.waits))
    return lines


def errors_by_field(error: InputError, names: Mapping[str, str], usual: str) -> dict[str, str]:
    """Return what is wrong by the fields of a form: `names` is what a form calls what a deed names,
    `usual` the field of what is about none.
    """
    if not isinstance(error, InvalidFile):
        return {usual: sentence(error)}
    errors: dict[str, str] = {}
    for problem in error.problems:
        field = names.get(problem.place, usual)
        errors.setdefault(field, sentence(problem.message))
    return errors


def day_shown(day: date) -> str:
    """Return a day with its year."""
    return f"{day_words(day)} {day.year}"


def _title(session: Session) -> str:
    return title_words(
        session.kind,
        session.title,
        session.topic,
        reader_language(),
    )


def _when(session: Session) -> str:
    return span_words(
        session.starts_at,
        session.ends_at,
        session.zone,
        session.zone,
    )
