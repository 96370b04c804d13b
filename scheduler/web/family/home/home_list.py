"""All that a relative has ahead as one list: what an invitation tells and what is at their calendar
address, each date once, with the answer to it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from scheduler.consents import agenda
from scheduler.invitations import ToldDate, answered_dates, dates_at_address, link_token, told_dates
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import language_of
from scheduler.web.family.home.shown_dates import SAID
from scheduler.web.parts.answer_words import your_old_answer
from scheduler.web.parts.family_times import time_words
from scheduler.web.parts.kind_words import kind_in


@dataclass(frozen=True, slots=True)
class HomeDate:
    """One date ahead, in words: what was answered to it as it stands (`answer`) or to an earlier
    time (`before`), and the secret of its page; None where none was begun yet.
    """

    session_id: str
    begins_at: datetime
    what: str
    when: str
    answer: str | None
    before: str | None
    may_answer: bool
    token: str | None = None


def home_list(person: Person, moment: datetime) -> list[HomeDate]:
    """Return each date that is not over and a relative may know of, in order."""
    pages = {}
    for told in [*dates_at_address([person.id]), *told_dates([person.id])]:
        pages[told.session_id] = link_token(told.uid)
    answers = {told.session_id: told for told in answered_dates([person.id])}
    found = []
    for session, _recipient in agenda(person, now=moment, since=moment):
        date = _date(session, person, answers.get(session.id), moment)
        found.append(replace(date, token=pages.get(session.id)))
    found.sort(key=attrgetter("begins_at", "session_id"))
    return found


def _date(session: Session, person: Person, told: ToldDate | None, moment: datetime) -> HomeDate:
    language = language_of(person)
    answer = None
    before = None
    if told is not None:
        before = your_old_answer(told, language, person.zone or practice().zone)
        if told.answer is not None and told.current:
            answer = SAID[told.answer]
    return HomeDate(
        session.id,
        session.starts_at,
        kind_in(language, session.kind),
        _when(session, person),
        answer,
        before,
        may_answer=session.starts_at > moment,
    )


def _when(session: Session, person: Person) -> str:
    reader = person.zone or practice().zone
    return time_words(
        language_of(person),
        session.starts_at,
        session.ends_at,
        session.zone,
        reader,
    )
