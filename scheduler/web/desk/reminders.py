"""What each program reminds whom of, and who agreed to text messages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import reminders, sms
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.outbox import gateway
from scheduler.people import person_by_key, practice
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.programs.models import Program
from scheduler.reminders import Audience, Lead, Policy
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.desk.first_text import confirm_by_text
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("reminders", __name__, url_prefix="/desk")
Page = str | tuple[str, int] | Response
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
"""Rolls shown ahead."""
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
    program = db.session.scalars(
        select(Program).where(Program.key == said.get("program", ""))
    ).one_or_none()
    audience = next((one for one in Audience if one.value == said.get("audience")), None)
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
        return _programs(
            {f"hours-{program.key}-{audience.value}": f"Nothing was changed: {error}."}
        ), 422
    db.session.commit()
    flash(
        f"Kept for {program.name}: {WHO[audience].lower()}. It holds from now on, for what is "
        "planned already, too."
    )
    return redirect(url_for("reminders.programs"), 303)


def _programs(errors: dict[str, str]) -> str:
    """Return the page; with `errors`, with what was typed."""
    rows = db.session.scalars(select(Program).order_by(Program.key)).all()
    shown = [(row, {each: reminders.policy_of(row, each) for each in Audience}) for row in rows]
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
    rolls = reminders.next_batches(limit=NEXT)
    names = names_of({one for roll in rolls for one in roll.people.split(",")})
    return [
        {
            "when": moment_words(roll.due_at, zone),
            "which": LEADS[roll.lead],
            "start": moment_words(roll.starts_at, zone),
            "who": ", ".join(sorted(names[one] for one in roll.people.split(",") if one in names)),
        }
        for roll in rolls
    ]


def names_of(ids: set[str]) -> dict[str, str]:
    """Return the names of people by id."""
    return {
        row.id: row.name
        for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    }


@bp.get("/patients/<key>/texts")
@allow(*STAFF)
def agreements(key: str) -> Page:
    """Show who of a patient's circle agreed to text messages, in which words."""
    patient = _patient(key)
    sender = practice().outward_name
    shown = [
        (
            one,
            sms.standing_agreement(one),
            sms.wording(sender, one.phone) if one.phone else None,
            sms.ended(one),
        )
        for one in _circle(patient)
    ]
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
    patient = _patient(key)
    person = next((one for one in _circle(patient) if one.key == request.form.get("person")), None)
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


def _patient(key: str) -> Person:
    person = person_by_key(key)
    if person.kind is not PersonKind.PATIENT:
        raise NotFound(f"there is no patient with the key {key}")
    return person


def _circle(patient: Person) -> list[Person]:
    family = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
    )
    return [patient, *db.session.scalars(family.order_by(Person.name)).unique()]


def _hour(said: str | None) -> int:
    try:
        return int(said or "")
    except ValueError as error:
        raise InputError("the hours must be whole numbers") from error
