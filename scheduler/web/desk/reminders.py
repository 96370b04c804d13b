"""What each program reminds whom of, and who agreed to text messages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import reminders, sms
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.outbox import gateway
from scheduler.people import names_by_id, patient_by_key, practice, relatives_of
from scheduler.people.models import Person
from scheduler.programs import all_programs, program_by_key
from scheduler.reminders import Audience, Lead, Policy
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.desk.first_text import confirm_by_text
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("reminders", __name__, url_prefix="/desk")
PARTS = (
    ("first_session", "The first session ever", "72 and 24 hours before"),
    ("week_ahead", "The week ahead", "Sunday at 5 PM, all of the week in one letter"),
    (
        "day_before",
        "The day before",
        "24 hours before the day’s first session, all of the day in one letter",
    ),
    ("soon", "One hour before", "with the link to join; by text message where that was agreed"),
    (
        "ask",
        "Ask on while nobody answers",
        "by mail, by text message, the other relatives, a task for the clinician",
    ),
    (
        "only_unanswered",
        "Only those who have not answered",
        "for the week ahead and the day before",
    ),
)
LEADS = {
    Lead.FIRST_72H: "First session, 72 hours before",
    Lead.FIRST_24H: "First session, 24 hours before",
    Lead.WEEK_AHEAD: "The week ahead",
    Lead.DAY_BEFORE: "The day before",
    Lead.HOUR_BEFORE: "One hour before",
    Lead.ASK_MAIL: "Asking by mail",
    Lead.ASK_TEXT: "Asking by text message",
    Lead.ASK_SECOND: "Asking the other relatives",
    Lead.ASK_STAFF: "A task for the clinician",
}
NEXT = 20
"""How many reminders are shown ahead."""
FOR_RELATIVES = {"ask", "only_unanswered"}
WHO = {Audience.PATIENT: "Patients", Audience.RELATIVE: "Relatives who were invited"}


@bp.get("/reminders")
@allow(*STAFF)
def programs() -> Page:
    """Show every program's reminders, to change them, and what comes next."""
    return _programs({})


@bp.post("/reminders")
@allow(*STAFF)
def decide() -> Page:
    """Keep what a program sends to one audience."""
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
        reminders.decide(program, audience, policy, by=me().key, now=now())
    except InputError as error:
        db.session.rollback()
        field = f"hours-{said['program']}-{audience.value}"
        return _programs({field: f"Nothing was changed: {error}."}), 422
    db.session.commit()
    flash(
        f"Kept for {program.name}: {WHO[audience].lower()}. It holds from now on, for what is "
        "planned already, too."
    )
    return redirect(url_for("reminders.programs"), 303)


def _programs(errors: dict[str, str]) -> str:
    """Return the page; with `errors`, with what was typed."""
    shown = []
    for program in all_programs():
        policies = {audience: reminders.policy_of(program, audience) for audience in Audience}
        shown.append((program, policies))
    zone = practice().zone
    return render_template(
        "desk/reminders.html",
        shown=shown,
        parts=PARTS,
        who=WHO,
        only_relatives=FOR_RELATIVES,
        texting=gateway(),
        errors=errors,
        typed=request.form if errors else {},
        ahead=_ahead(zone),
        zone=zone_words(zone),
    )


def _ahead(zone: str) -> list[dict[str, str]]:
    batches = reminders.next_batches(limit=NEXT)
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
                "which": LEADS[batch.lead],
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
    shown = []
    for person in _circle(patient):
        wording = sms.wording(sender, person.phone) if person.phone else None
        shown.append((person, sms.standing_agreement(person), wording, sms.ended(person)))
    return render_template(
        "desk/sms.html",
        patient=patient,
        shown=shown,
        texting=gateway(),
    )


@bp.post("/patients/<key>/texts")
@allow(*STAFF)
def agree(key: str) -> Page:
    """Record that a person agreed to text messages, or end it."""
    circle = {person.key: person for person in _circle(patient_by_key(key))}
    person = circle.get(request.form.get("person", ""))
    if person is None:
        raise NotFound("there is nobody of that key here")
    standing = sms.standing_agreement(person)
    if request.form.get("what") == "agree":
        agreed = sms.opt_in(person, by=me().key, now=now())
        confirm_by_text(person, agreed.agreed_at, now=now())
        flash(f"Recorded: {person.name} agreed to text messages.")
    elif standing is not None:
        sms.opt_out(standing, by=me().key, now=now())
        flash(f"{person.name} gets no more text messages. Mail goes on.")
    db.session.commit()
    return redirect(url_for("reminders.agreements", key=key), 303)


def _circle(patient: Person) -> list[Person]:
    return [patient, *relatives_of(patient)]


def _hour(said: str | None) -> int:
    try:
        return int(said or "")
    except ValueError as error:
        raise InputError("the hours must be whole numbers") from error
