"""What somebody answered to a date, in words: to the time that stands, or to an earlier one."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.i18n import N_, catalog, clock, glued, long_day
from scheduler.invitations import ToldDate
from scheduler.invitations.model.models import Answer
from scheduler.people.models import Person, PersonKind

YOURS = {
    Answer.ACCEPTED: N_("Your yes was for {time}. The time is new, so please answer again."),
    Answer.DECLINED: N_("Your no was for {time}. The time is new, so please answer again."),
    Answer.TENTATIVE: N_("Your maybe was for {time}. The time is new, so please answer again."),
}
YOURS_BEFORE = N_("Your answer was for an earlier time, so please answer again.")
THEIRS = {
    Answer.ACCEPTED: N_("no answer to this time; the yes was for {time}"),
    Answer.DECLINED: N_("no answer to this time; the no was for {time}"),
    Answer.TENTATIVE: N_("no answer to this time; the maybe was for {time}"),
}
THEIRS_BEFORE = N_("no answer to this time, only to an earlier one")
THEIR_WORDS = {
    Answer.ACCEPTED: N_("yes"),
    Answer.DECLINED: N_("no"),
    Answer.TENTATIVE: N_("maybe"),
}


def your_old_answer(told: ToldDate, language: str | None, reader: str) -> str | None:
    """Return what the reader said to an earlier time, "Your yes was for 7:00 PM"; None where
    nothing is to be said. `reader` is their zone.
    """
    if told.answer is None or told.current:
        return None
    _ = catalog(language)
    if told.answered_for is None:
        return _(YOURS_BEFORE)
    time = _time_of(told.answered_for, told.begins_at, language, reader)
    return _(YOURS[told.answer]).format(time=time)


def their_answer(told: ToldDate | None, zone: str, language: str | None) -> str:
    """Return what the desk reads of somebody's answer; times in `zone`."""
    _ = catalog(language)
    if told is None or told.answer is None:
        return _("no answer yet")
    if told.current:
        return _(THEIR_WORDS[told.answer])
    if told.answered_for is None:
        return _(THEIRS_BEFORE)
    time = _time_of(told.answered_for, told.begins_at, language, zone)
    return _(THEIRS[told.answer]).format(time=time)


def answers_shown(
    invited: Iterable[Person], told: Iterable[ToldDate], zone: str, language: str | None
) -> list[dict[str, str]]:
    """Return who is asked to a session, what each says to it, and the key by which staff note what
    they were told; "" for who is not asked by a family's ways.
    """
    by_person = {date.person_id: date for date in told}
    shown = []
    for person in invited:
        said = their_answer(by_person.get(person.id), zone, language)
        noted = "" if person.kind is PersonKind.CLINICIAN else person.key
        shown.append({"who": person.name, "said": said, "noted": noted})
    return shown


def _time_of(at: datetime, instead: datetime, language: str | None, zone: str) -> str:
    """Return "7:00 PM" of the same day as `instead`, else "Tue 9 March, 7:00 PM"."""
    local = at.astimezone(ZoneInfo(zone))
    time = glued(clock(local, language))
    if local.date() == instead.astimezone(ZoneInfo(zone)).date():
        return time
    return f"{long_day(local.date(), language)}, {time}"
