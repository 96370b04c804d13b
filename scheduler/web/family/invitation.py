"""The pages of the invited: almost empty. Before the code nothing but times; behind it what they
may know.

Opening costs a POST (the code), so that no link scanner is told anything and nothing is answered by
a GET.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from scheduler.disclosures.models import Opened
from scheduler.i18n import N_, catalog
from scheduler.invitations import answer as note_answer
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow, home_of, known_here, me
from scheduler.web.auth.ask_for_code import ask_for_person
from scheduler.web.auth.known_browser import ASKING, attempt_of
from scheduler.web.auth.picked_language import written_in
from scheduler.web.auth.proofs.typed_code import redeem_here
from scheduler.web.auth.reader_language import language_of, reader_language, speak_to
from scheduler.web.auth.sign_in import BAD_CODE, let_in
from scheduler.web.family.disclosure_log import log_disclosure, start_fresh_transaction
from scheduler.web.family.doorway import knows_more_at_the_door
from scheduler.web.family.family_calendar import is_to_choose
from scheduler.web.family.home.answer_note import is_note_only, keep_note, note_error
from scheduler.web.family.home.home_list import home_list
from scheduler.web.family.home.other_time import times_asked_for
from scheduler.web.family.home.shown_dates import (
    SAID,
    Date,
    dates_for_all,
    dates_of,
    has_single,
    why_no_answer,
)
from scheduler.web.family.home.stop_contact import stopped_words
from scheduler.web.family.moved_dates import moved_dates, page_instead
from scheduler.web.family.nothing_here import invitation_behind, nothing_stands
from scheduler.web.family.struck_dates import struck_dates
from scheduler.web.parts.missed_dates import missed_dates
from scheduler.web.parts.page import Page

bp = Blueprint("invitation", __name__)
Carry = Callable[..., dict[str, object]]
GIVEN = {word: answer for answer, word in SAID.items()}
NOTE_SENT = N_("Your note was sent to the clinic. It changed no answer.")
BY_LETTER = "by_letter"
"""In the session of a browser that a letter's own link led here: the sign-in says whom to ask."""
ANSWERS = {"yes": N_("yes"), "no": N_("no"), "maybe": N_("maybe")}


@bp.get("/family")
@allow(Who.RELATIVE)
def home() -> Page:
    """List what stands for a signed-in relative."""
    start_fresh_transaction()
    person = me()
    moment = now()
    dates = home_list(person, moment)
    missed = missed_dates(person, reader_language(), now=moment)
    carried = log_disclosure(person, Opened.HOME, now=moment) if dates or missed else {}
    said = answers_in(reader_language())
    stopped = stopped_words(person)
    carried = carried | {"asks_way": is_to_choose(person), "written": written_in(person)}
    return render_template(
        "family/home.html",
        said=said,
        dates=dates,
        missed=missed,
        stopped=stopped,
        **carried,
    )


@bp.get("/i/<token>")
@allow(Who.TOKEN)
def page(token: str) -> Page:
    """Show times and a neutral title; to the person who has proved it is them, what it is."""
    onward = page_instead(token, now())
    if onward is not None:
        return redirect(url_for("invitation.page", token=onward))
    if knows_more_at_the_door(token, now()):
        return redirect(url_for("join.door", token=token))
    row, dates = _standing(token)
    if "dates" not in request.args and any(date.at_the_door for date in dates):
        return redirect(url_for("join.door", token=token))
    if known_here(row.person_id) is None:
        session[BY_LETTER] = True
        moved = moved_dates(
            row,
            row.person,
            language_of(row.person),
            now(),
        )
        return render_template("family/closed.html", token=token, dates=dates, moved=moved)
    start_fresh_transaction()
    row, dates = _standing(token)
    return render_template(
        "family/invitation.html",
        **_open(row, dates, token),
        errors={},
    )


@bp.post("/i/<token>/send")
@allow(Who.TOKEN)
def send(token: str) -> Page:
    """Mail a code to the person invited, at their own address."""
    row, _dates = _standing(token)
    attempt_of(row.person_id, ASKING)
    ask_for_person(row.person, now=now())
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
    """Note yes, no or maybe, to one date or to all that were not answered one by one, or a note
    alone; it may be changed until the start.
    """
    row, dates = _standing(token)
    if known_here(row.person_id) is None:
        return redirect(url_for("invitation.page", token=token), 303)
    if is_note_only():
        return _note_alone(row, dates, token)
    name = request.form.get("date", "")
    given = GIVEN.get(request.form.get("answer", ""))
    errors = _answer_errors(given, name)
    if given is None or errors:
        return _not_noted(row, dates, token, errors), 422
    chosen = _date_named(name, dates) if name else None
    refusal = why_no_answer(chosen, dates)
    if refusal:
        return _not_noted(
            row,
            dates,
            token,
            {"main": refusal},
        ), 409
    recurrence = datetime.fromisoformat(name) if name else None
    _keep_answer(row, given, recurrence, keeps_single=chosen is None and len(dates) > 1)
    flash(_thanks(given, chosen, dates))
    return redirect(url_for("invitation.page", token=token, dates="all"), 303)


def _keep_answer(
    row: Invitation, given: Answer, recurrence: datetime | None, *, keeps_single: bool
) -> None:
    by = row.person.key
    note_answer(
        row,
        given,
        recurrence,
        by=by,
        now=now(),
        keeps_single=keeps_single,
    )
    keep_note(row, given, recurrence, by=by, now=now())
    db.session.commit()


def _note_alone(row: Invitation, dates: list[Date], token: str) -> Page:
    """Keep a note that came without an answer; no answer changes."""
    errors = note_error()
    if errors:
        return _not_noted(row, dates, token, errors), 422
    keep_note(
        row,
        None,
        None,
        by=row.person.key,
        now=now(),
    )
    db.session.commit()
    flash(catalog(reader_language())(NOTE_SENT))
    return redirect(url_for("invitation.page", token=token, dates="all"), 303)


def _answer_errors(given: Answer | None, name: str) -> dict[str, str]:
    """Return what is wrong with an answer to one date (`name`) or all, by field."""
    errors = note_error(f"note-{name}" if name else "note")
    if given is None:
        field = f"yes-{name}" if name else "yes"
        errors[field] = catalog(reader_language()).gettext("Choose yes, no or maybe.")
    return errors


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
    if has_single(dates):
        about = _("for all dates but those you answered one by one")
    if chosen:
        about = _("for {date}").format(date=chosen.words)
    thanks = _("Thank you. Your answer {about}: {answer}. You can change it until the start.")
    return thanks.format(about=about, answer=_(ANSWERS[SAID[given]]))


def answers_in(language: str) -> dict[str, str]:
    """Return the words of each answer in a language."""
    return {name: catalog(language)(word) for name, word in ANSWERS.items()}


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
        "asked": times_asked_for(row),
        "rest": dates_for_all(dates),
        "some_alone": has_single(dates),
        "may_answer": any(date.may_answer for date in dates),
        "home": home_of(row.person),
        "said": answers_in(reader_language()),
        "moved": moved_dates(
            row,
            row.person,
            language_of(row.person),
            now(),
        ),
        "struck": struck_dates(
            row,
            row.person,
            language_of(row.person),
            now(),
        ),
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
    return shown | carry(
        row.person,
        Opened.INVITATION,
        about=row.uid,
        now=now(),
    )
