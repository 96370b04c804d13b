"""What stands around a session on its page: who is there, who is invited and what they say."""

from collections.abc import Sequence

from scheduler.homes import who_cannot_come
from scheduler.invitations import answers_to, asked_to, were_invited_to
from scheduler.kernel.clock import now
from scheduler.people.models import Person
from scheduler.programs import RECORDED_KINDS
from scheduler.sessions.models import Session, Status
from scheduler.tech_checks import who_will_phone
from scheduler.web.auth.access import me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.changes.form_words import who_sits
from scheduler.web.desk.changes.other_leader import leaders_before
from scheduler.web.parts.answer_words import answers_shown


def _answers(row: Session, asked: Sequence[Person]) -> list[dict[str, str]]:
    """Return what everybody who is asked says to the session as it stands."""
    told = answers_to(row.id, {person.id for person in asked})
    return answers_shown(asked, told, row.zone, reader_language())


def _were_invited(row: Session) -> list[str]:
    """Return the names of who was invited to a session that was cancelled."""
    if row.status is not Status.CANCELLED:
        return []
    return [person.name for person in were_invited_to(row, now=now())]


def around(row: Session) -> dict[str, object]:
    """Return who is there and who cannot come, what the invited say, who of them phones, and
    whether the session can have a recording.
    """
    moment = now()
    asked = asked_to(row, now=moment)
    ids = [person.id for person in asked]
    phoning = [person.name for person in who_will_phone(ids)]
    answers = _answers(row, asked)
    absent = [patient.name for patient in who_cannot_come(row)]
    is_over = row.ends_at <= moment
    return {
        "who": who_sits(row),
        "is_mine": me().id in {lead.id for lead in row.leads},
        "answers": answers,
        "people_asked": [(said["noted"], said["who"]) for said in answers if said["noted"]],
        "were_invited": _were_invited(row),
        "led_before": leaders_before(row),
        "cannot_come": ", ".join(absent),
        "phoning": ", ".join(phoning),
        "recordable": is_over and row.kind in RECORDED_KINDS,
    }
