"""The pages of the invited: almost empty. Before the code nothing but times; behind it what they
may know.

Opening costs a POST (the code), so that no link scanner is told anything and nothing is answered by
a GET.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)

from scheduler.consents import Information, agenda
from scheduler.disclosures.models import Opened
from scheduler.i18n import N_, catalog
from scheduler.invitations import ToldDate, dates_told, invitations_of, link_token
from scheduler.invitations import answer as note_answer
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions import moved_from
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, home_of, known_here, me
from scheduler.web.auth.code_letter import mail_codes
from scheduler.web.auth.known_browser import attempt_of
from scheduler.web.auth.proofs.typed_code import redeem_here
from scheduler.web.auth.reader_language import language_of, reader_language, speak_to
from scheduler.web.auth.sign_in import BAD_CODE, let_in
from scheduler.web.family.disclosure_log import log_disclosure, start_fresh_transaction
from scheduler.web.family.family_calendar import is_to_choose
from scheduler.web.family.moved_dates import moved_dates, page_instead
from scheduler.web.family.nothing_here import invitation_behind, nothing_stands
from scheduler.web.family.room_hours import is_open
from scheduler.web.family.struck_dates import struck_dates
from scheduler.web.parts.answer_words import your_old_answer
from scheduler.web.parts.family_times import moved_words, time_words
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.missed_dates import missed_dates
from scheduler.web.parts.page import Page

bp = Blueprint("invitation", __name__)
Carry = Callable[..., dict[str, object]]
OWN = frozenset({Information.TOPIC, Information.CLINICIAN})
"""What patients read of their own appointments beside the time."""
SAID = {Answer.ACCEPTED: "yes", Answer.DECLINED: "no", Answer.TENTATIVE: "maybe"}
GIVEN = {word: answer for answer, word in SAID.items()}
BEGUN = N_(
    "It has begun, so there is nothing to answer any more. Your earlier answer stays as it was."
)
WAITING = timedelta(hours=1)
"""Who opens their page this long before a meeting is led to its door; the dates are a tap away."""
ANSWERS = {"yes": N_("yes"), "no": N_("no"), "maybe": N_("maybe")}


@dataclass(frozen=True, slots=True)
class Date:
    """One meeting of an invitation: its name within it, the words of its time, the answer to it so
    far, and what was answered to an earlier time, in words.
    """

    name: str
    begins_at: datetime
    words: str
    answer: str | None
    before: str | None
    may_answer: bool
    what: str
    topic: str | None = None
    leads: tuple[str, ...] = ()
    names_patient: bool = False
    dial_in: str | None = None
    at_the_door: bool = False
    """Whether who opens the page now most likely wants to go in."""
    moved: str | None = None


@bp.get("/family")
@allow(Who.RELATIVE)
def home() -> Page:
    """List what stands for a signed-in relative."""
    start_fresh_transaction()
    person = me()
    moment = now()
    shown = []
    for row in invitations_of(person.id):
        dates = dates_of(row, person, moment)
        if dates:
            shown.append({"token": link_token(row.uid), "what": dates[0].what, "dates": dates})
    shown.sort(key=_beginnings)
    missed = missed_dates(person, reader_language(), now=moment)
    carried = log_disclosure(person, Opened.HOME, now=moment) if shown or missed else {}
    said = answers_in(reader_language())
    carried = carried | {"asks_way": is_to_choose(person)}
    return render_template("family/home.html", said=said, shown=shown, missed=missed, **carried)


def _beginnings(shown: dict[str, Any]) -> list[datetime]:
    return [date.begins_at for date in shown["dates"]]


@bp.get("/i/<token>")
@allow(Who.TOKEN)
def page(token: str) -> Page:
    """Show times and a neutral title; to the person who has proved it is them, what it is."""
    onward = page_instead(token, now())
    if onward is not None:
        return redirect(url_for("invitation.page", token=onward))
    row, dates = _standing(token)
    if "dates" not in request.args and any(date.at_the_door for date in dates):
        return redirect(url_for("join.door", token=token))
    if known_here(row.person_id) is None:
        moved = moved_dates(row, row.person, language_of(row.person), now())
        return render_template("family/closed.html", token=token, dates=dates, moved=moved)
    start_fresh_transaction()
    row, dates = _standing(token)
    return render_template("family/invitation.html", **_open(row, dates, token), errors={})


@bp.post("/i/<token>/send")
@allow(Who.TOKEN)
def send(token: str) -> Page:
    """Mail a code to the person invited, at their own address."""
    row, _dates = _standing(token)
    attempt_of(row.person_id, "code for")
    mail_codes([row.person], now=now())
    db.session.commit()
    return redirect(url_for("invitation.ask", token=token), 303)


@bp.get("/i/<token>/code")
@allow(Who.TOKEN)
def ask(token: str) -> Page:
    """Ask for the code."""
    _standing(token)
    return render_template("family/code.html", token=token, errors={})


@bp.post("/i/<token>/code")
@allow(Who.TOKEN)
def check(token: str) -> Page:
    """Check the code and open the page."""
    row, _dates = _standing(token)
    attempt = attempt_of(row.person_id, "page of")
    db.session.commit()
    person = redeem_here(
        [row.person],
        request.form.get("code", ""),
        now=now(),
    )
    if person is None:
        db.session.commit()
        errors = {"code": catalog(reader_language())(BAD_CODE)}
        return render_template("family/code.html", token=token, errors=errors), 422
    attempt.succeeded = True
    return let_in(person, url_for("invitation.page", token=token))


@bp.post("/i/<token>/answer")
@allow(Who.TOKEN)
def answer(token: str) -> Page:
    """Note yes, no or maybe, to all dates or to one; it may be changed until the start."""
    row, dates = _standing(token)
    person = known_here(row.person_id)
    if person is None:
        return redirect(url_for("invitation.page", token=token), 303)
    _ = catalog(reader_language())
    name = request.form.get("date", "")
    given = GIVEN.get(request.form.get("answer", ""))
    if given is None:
        field = f"yes-{name}" if name else "yes"
        errors = {field: _("Choose yes, no or maybe.")}
        return _not_noted(row, dates, token, errors), 422
    chosen = _date_named(name, dates) if name else None
    if not any(date.may_answer for date in dates):
        return _not_noted(row, dates, token, {"main": _(BEGUN)}), 409
    recurrence = datetime.fromisoformat(name) if name else None
    note_answer(row, given, recurrence, by=person.key, now=now())
    db.session.commit()
    flash(_thanks(given, chosen, dates))
    return redirect(url_for("invitation.page", token=token, dates="all"), 303)


def _date_named(name: str, dates: list[Date]) -> Date:
    """Return the date that was answered for; one that cannot be answered any more is a 409."""
    answerable = {date.name: date for date in dates if date.may_answer}
    return answerable.get(name) or abort(409)


def _not_noted(row: Invitation, dates: list[Date], token: str, errors: dict[str, str]) -> str:
    shown = _open(row, dates, token)
    return render_template("family/invitation.html", **shown, errors=errors)


def _thanks(given: Answer, chosen: Date | None, dates: list[Date]) -> str:
    _ = catalog(reader_language())
    about = _("for all dates") if len(dates) > 1 else _("for this date")
    if chosen:
        about = _("for {date}").format(date=chosen.words)
    thanks = _("Thank you. Your answer {about}: {answer}. You can change it until the start.")
    return thanks.format(about=about, answer=_(ANSWERS[SAID[given]]))


def answers_in(language: str) -> dict[str, str]:
    """Return the words of each answer in a language."""
    return {name: catalog(language)(word) for name, word in ANSWERS.items()}


def dates_of(row: Invitation, person: Person, moment: datetime) -> list[Date]:
    """Return the dates of an invitation that stand, are not over, and that this person may know of
    at this moment.
    """
    live = {}
    for session, recipient in agenda(person, now=moment, since=moment):
        if recipient.about_id == row.patient_id:
            live[session.id] = session, recipient
    found = []
    for told in dates_told([row]):
        if told.session_id in live:
            session, recipient = live[told.session_id]
            says = recipient.says if recipient.patient_id else OWN
            found.append(_date(told, session, says, person, moment))
    return _with_moves(found, [session for session, _ in live.values()], person)


def _with_moves(dates: list[Date], sessions: list[Session], person: Person) -> list[Date]:
    """Return the dates, each that moved with where it was."""
    before = moved_from(sessions)
    language = language_of(person)
    reader = person.zone or practice().zone
    words = {}
    for session in sessions:
        if session.id in before:
            was = before[session.id]
            begins_at = session.starts_at
            words[begins_at] = moved_words(language, was, begins_at, session.zone, reader)
    return [replace(date, moved=words.get(date.begins_at)) for date in dates]


def _date(
    told: ToldDate,
    session: Session,
    says: Collection[Information],
    person: Person,
    moment: datetime,
) -> Date:
    """Return a date with what the consent lets be said of it; what it does not name stays out."""
    language = language_of(person)
    reader = person.zone or practice().zone
    leads = [lead.name for lead in session.leads] if Information.CLINICIAN in says else []
    return Date(
        name=told.recurrence.isoformat(),
        begins_at=session.starts_at,
        words=time_words(language, session.starts_at, session.ends_at, session.zone, reader),
        answer=SAID[told.answer] if told.answer and told.current else None,
        before=your_old_answer(told, language, reader),
        may_answer=session.starts_at > moment,
        what=kind_in(language, session.kind),
        topic=session.topic if Information.TOPIC in says else None,
        leads=tuple(leads),
        names_patient=Information.PARTICIPATION in says,
        dial_in=session.room.dial_in if session.room and is_open(session, moment) else None,
        at_the_door=session.room is not None and session.starts_at - WAITING <= moment,
    )


def _standing(token: str) -> tuple[Invitation, list[Date]]:
    """Return what stands behind a secret; unknown, over, cancelled and withdrawn are the same
    page.
    """
    moment = now()
    row = invitation_behind(token, now=moment)
    speak_to(row.person)
    dates = dates_of(row, row.person, moment)
    if not dates:
        nothing_stands()
    return row, dates


def _open(row: Invitation, dates: list[Date], token: str) -> dict[str, object]:
    answers = {date.answer for date in dates}
    return {
        "token": token,
        "answer": answers.pop() if len(answers) == 1 else None,
        "may_answer": any(date.may_answer for date in dates),
        "home": home_of(row.person),
        "said": answers_in(reader_language()),
        "moved": moved_dates(row, row.person, language_of(row.person), now()),
        "struck": struck_dates(row, row.person, language_of(row.person), now()),
    } | disclosed(row, dates, log_disclosure)


def disclosed(row: Invitation, dates: list[Date], carry: Carry) -> dict[str, Any]:
    """Return all that an invitation's page tells who is invited; `carry` notes the reading, gives
    what goes along.
    """
    patient = db.session.get(Person, row.patient_id)
    own = row.patient_id == row.person_id
    what = dates[0].what
    if patient is not None and all(date.names_patient for date in dates):
        said = catalog(language_of(row.person)).gettext("{what} with {patient}")
        what = said.format(what=what, patient=patient.name)
    leads: dict[str, None] = {}
    for date in dates:
        leads |= dict.fromkeys(date.leads)
    shown = {"what": what, "dates": dates, "leads": list(leads), "own": own}
    if own:
        return shown
    return shown | carry(row.person, Opened.INVITATION, about=row.uid, now=now())
