"""What each program reminds whom of, and who agreed to text messages."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import reminders, sms
from scheduler.i18n import N_, catalog, full_date
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.outbox import gateway
from scheduler.people import names_by_id, names_by_key, patient_by_key, practice, relatives_of
from scheduler.people.models import Person
from scheduler.programs import all_programs, program_by_key
from scheduler.reminders import Audience, Lead, Policy
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.first_text import confirm_by_text
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("reminders", __name__, url_prefix="/desk")
PARTS = (
    ("first_session", N_("The first session ever"), N_("72 and 24 hours before")),
    ("week_ahead", N_("The week ahead"), N_("Sunday at 5 PM, all of the week in one letter")),
    (
        "day_before",
        N_("The day before"),
        N_("24 hours before the day’s first session, all of the day in one letter"),
    ),
    (
        "soon",
        N_("One hour before"),
        N_("with the link to join; by text message where that was agreed"),
    ),
    (
        "ask",
        N_("Ask on while nobody answers"),
        N_("by mail, by text message, the other relatives, a task for the clinician"),
    ),
    (
        "only_unanswered",
        N_("Only those who have not answered"),
        N_("for the week ahead and the day before"),
    ),
)
LEADS = {
    Lead.FIRST_72H: N_("First session, 72 hours before"),
    Lead.FIRST_24H: N_("First session, 24 hours before"),
    Lead.WEEK_AHEAD: N_("The week ahead"),
    Lead.DAY_BEFORE: N_("The day before"),
    Lead.HOUR_BEFORE: N_("One hour before"),
    Lead.ASK_MAIL: N_("Asking by mail"),
    Lead.ASK_TEXT: N_("Asking by text message"),
    Lead.ASK_SECOND: N_("Asking the other relatives"),
    Lead.ASK_STAFF: N_("A task for the clinician"),
}
NEXT = 20
"""How many reminders are shown ahead."""
FOR_RELATIVES = {"ask", "only_unanswered"}
WHO = {
    Audience.PATIENT: N_("Patients"),
    Audience.RELATIVE: N_("Relatives who were invited"),
    Audience.CLINICIAN: N_("Clinicians"),
}
KEEP = {
    Audience.PATIENT: N_("Keep for patients"),
    Audience.RELATIVE: N_("Keep for relatives who were invited"),
    Audience.CLINICIAN: N_("Keep for clinicians"),
}
KEPT = {
    Audience.PATIENT: N_(
        "Kept for {program}: patients. It holds from now on, for what is planned already, too."
    ),
    Audience.RELATIVE: N_(
        "Kept for {program}: relatives who were invited. It holds from now on, for what is "
        "planned already, too."
    ),
    Audience.CLINICIAN: N_(
        "Kept for {program}: clinicians. It holds from now on, for what is planned already, too."
    ),
}


@bp.get("/reminders")
@allow(*STAFF)
def programs() -> Page:
    """Show every program's reminders, to change them, and what comes next."""
    return _programs({})


@bp.post("/reminders")
@allow(*STAFF)
def decide() -> Page:
    """Keep what a program sends to one audience."""
    _ = catalog(reader_language())
    said = request.form
    program = program_by_key(said.get("program", ""))
    audience = enum_field("audience", Audience)
    if program is None or audience is None:
        raise NotFound("there is no such program")
    try:
        ticked = {name: said.get(name) == "yes" for name, *_ in PARTS}
        policy = Policy(
            **ticked,
            earliest=_hour(said.get("earliest")),
            latest=_hour(said.get("latest")),
        )
        reminders.decide(
            program,
            audience,
            policy,
            by=me().key,
            now=now(),
        )
    except InputError as error:
        db.session.rollback()
        field = f"hours-{said['program']}-{audience.value}"
        unchanged = _("Nothing was changed: {reason}.").format(reason=error)
        return _programs({field: unchanged}), 422
    db.session.commit()
    flash(_(KEPT[audience]).format(program=program.name))
    return redirect(url_for("reminders.programs"), 303)


def _programs(errors: dict[str, str]) -> str:
    """Return the page; with `errors`, with what was typed."""
    shown = []
    for program in all_programs():
        policies = {audience: reminders.policy_of(program, audience) for audience in Audience}
        shown.append((program, policies))
    _ = catalog(reader_language())
    zone = practice().zone
    return render_template(
        "desk/reminders.html",
        shown=shown,
        parts=[(name, _(words), _(more)) for name, words, more in PARTS],
        who={audience: _(words) for audience, words in WHO.items()},
        keep={audience: _(words) for audience, words in KEEP.items()},
        only_relatives=FOR_RELATIVES,
        texting=gateway(),
        errors=errors,
        typed=request.form if errors else {},
        ahead=_ahead(zone),
        zone=zone_words(zone),
    )


def _ahead(zone: str) -> list[dict[str, str]]:
    batches = reminders.next_batches(now=now(), limit=NEXT)
    ids: set[str] = set()
    for batch in batches:
        ids.update(batch.people.split(","))
    names = names_by_id(ids)
    found = []
    for batch in batches:
        people = [names[person] for person in batch.people.split(",") if person in names]
        found.append(
            {
                "when": moment_words(batch.due_at, zone),
                "which": catalog(reader_language())(LEADS[batch.lead]),
                "start": moment_words(batch.starts_at, zone),
                "who": ", ".join(sorted(people)),
            }
        )
    return found


@bp.get("/patients/<key>/texts")
@allow(*STAFF)
def agreements(key: str) -> Page:
    """Show who of a patient's circle agreed to text messages, in which words."""
    patient = patient_by_key(key)
    sender = practice().outward_name
    shown = [_agreement(person, sender) for person in _circle(patient)]
    return render_template(
        "desk/sms.html",
        patient=patient,
        shown=shown,
        texting=gateway(),
    )


def _agreement(person: Person, sender: str) -> dict[str, Any]:
    """Return what stands between a person and text messages, in words; nobody's key is shown."""
    _ = catalog(reader_language())
    standing = sms.standing_agreement(person)
    ended = sms.ended(person)
    wording = sms.wording(sender, person.phone) if person.phone else None
    agreed_words = ended_words = ""
    if standing is not None:
        said = _("Agreed on {day}, recorded by {name}:")
        who = _name_of(standing.agreed_by)
        agreed_words = said.format(day=_day(standing.agreed_at), name=who)
        wording = standing.wording
    elif ended is not None:
        said = _("Ended on {day}, recorded by {name}.")
        if ended.ended_by == "reply":
            said = _("Ended on {day}, by a reply from the phone.")
        who = _name_of(ended.ended_by)
        ended_words = said.format(day=_day(ended.ended_at), name=who)
    return {"person": person, "agreed": agreed_words, "ended": ended_words, "wording": wording}


def _day(moment: datetime | None) -> str:
    """Return "9 March 2027" of a moment, where the practice is."""
    if moment is None:
        return ""
    day = practice().day_at(moment)
    return full_date(day, reader_language())


def _name_of(key: str | None) -> str:
    return names_by_key().get(key or "", catalog(reader_language()).gettext("the clinic"))


@bp.post("/patients/<key>/texts")
@allow(*STAFF)
def agree(key: str) -> Page:
    """Record that a person agreed to text messages, or end it."""
    circle = {person.key: person for person in _circle(patient_by_key(key))}
    person = circle.get(request.form.get("person", ""))
    if person is None:
        raise NotFound("there is nobody of that key here")
    _ = catalog(reader_language())
    standing = sms.standing_agreement(person)
    if request.form.get("what") == "agree":
        agreed = sms.opt_in(person, by=me().key, now=now())
        confirm_by_text(person, agreed.agreed_at, now=now())
        said = _("Recorded: {name} agreed to text messages.")
        flash(said.format(name=person.name))
    elif standing is not None:
        sms.opt_out(standing, by=me().key, now=now())
        said = _("{name} gets no more text messages. Mail goes on.")
        flash(said.format(name=person.name))
    db.session.commit()
    return redirect(url_for("reminders.agreements", key=key), 303)


def _circle(patient: Person) -> list[Person]:
    return [patient, *relatives_of(patient)]


def _hour(said: str | None) -> int:
    try:
        return int(said or "")
    except ValueError as error:
        raise InputError("the hours must be whole numbers") from error
