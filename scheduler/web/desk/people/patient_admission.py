"""Admitting a patient in one page; what the planner sees of the stay is said before it is saved."""

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import Admission, admit, stay_to_end
from scheduler.i18n import catalog
from scheduler.invitations import note_welcome
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import all_clinicians, patients_alike, practice
from scheduler.people.models import Person
from scheduler.planning import AdmissionOutlook, admission_outlook, begin, missed_words
from scheduler.programs import state_names
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.typed_person import (
    contact_from,
    form_key,
    languages,
    shared_address,
    typed_values,
    zones,
)
from scheduler.web.desk.stays.free_cohorts import cohorts_shown, nearest_place
from scheduler.web.desk.stays.stay_effects import day_shown
from scheduler.web.own.week_grid import typed_week, week_shown
from scheduler.web.parts.form_fields import BadDay, bounded_date_field
from scheduler.web.parts.page import Page, sentence
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

bp = Blueprint("patient_admission", __name__, url_prefix="/desk/people")
FIELDS = ["name", "email", "phone", "zone", "language", "state", "key"]
OLDEST = 120
"""Years back that somebody may be born."""


@bp.get("/admit")
@allow(*STAFF)
def show() -> Page:
    """Ask who comes, and from when."""
    return _form({})


@bp.post("/admit")
@allow(*STAFF)
def take_in() -> Page:
    """Admit them once was seen what the planner sees."""
    if request.form.get("change"):
        return _form({})
    said, errors = _typed()
    if said is None:
        return _form(errors), 422
    moment, person_id = now(), form_key()
    what = _alike(said, person_id)
    keys = []

    def deed() -> None:
        person = _welcomed(said, person_id, moment)
        keys.append(person.key)
        what.extend(_outlook(person, said, moment))

    try:
        ahead = act_on_sight(deed, {person_id}, by=me().key, now=moment)
    except InputError as error:
        return _form(_refused(said, error)), 422
    _ = catalog(reader_language())
    name = said.contact.name
    if ahead.is_done:
        flash(_("{name} is admitted. Next: the relatives, then the plan.").format(name=name))
        return redirect(url_for("patients.patient", key=keys[0]), 303)
    return ahead_page(
        ahead,
        title=_("Admit {name}").format(name=name),
        what=what,
        deed=_("Admit"),
        back=url_for("people_search.search"),
    )


def _welcomed(said: Admission, person_id: str, moment: datetime) -> Person:
    """Admit somebody and write them a first letter."""
    person = admit(said, person_id, by=me().key, now=moment)
    note_welcome(person, now=moment)
    return person


def _refused(said: Admission, error: InputError) -> dict[str, str]:
    """Return what is wrong by its field; of a full cohort, which one has a place."""
    place, words = _place(str(error)), sentence(error)
    if place == "cohort":
        words = " ".join([words, *nearest_place(said.cohort, said.first)])
    return {place: words}


def _place(words: str) -> str:
    """Return the field that an error of the deed is about."""
    if "the key" in words:
        return "key"
    if "licence" in words or "clinician" in words:
        return "clinician"
    return "first" if "first day" in words else "cohort"


def _typed() -> tuple[Admission | None, dict[str, str]]:
    """Return who was typed in, or None with what is wrong, by field."""
    _ = catalog(reader_language())
    values, errors = typed_values(FIELDS)
    born = _day("born", errors, years_back=OLDEST, years_ahead=0)
    first = _day("first", errors)
    if first is None and "first" not in errors:
        errors["first"] = _("Give the first day of the stay.")
    free = None
    try:
        free = typed_week()
    except InputError as error:
        errors["free"] = str(error)
    cohort, clinician = (request.form.get(name, "") for name in ("cohort", "clinician"))
    if not cohort:
        errors["cohort"] = _("Choose a cohort.")
    if not clinician:
        errors["clinician"] = _("Choose whose patient they are.")
    if errors or first is None:
        return None, errors
    admission = Admission(
        contact=contact_from(values),
        state=values["state"],
        born=born,
        clinician=clinician,
        cohort=cohort,
        first=first,
        free=free,
        key=values["key"],
    )
    return admission, {}


def _day(
    name: str, errors: dict[str, str], *, years_back: int = 2, years_ahead: int = 2
) -> date | None:
    try:
        return bounded_date_field(name, years_back=years_back, years_ahead=years_ahead)
    except BadDay as error:
        errors[name] = str(error)
        return None


def _alike(said: Admission, person_id: str) -> list[str]:
    """Say who is like the newcomer: a twin, somebody entered already, a shared mailbox."""
    _ = catalog(reader_language())
    lines = shared_address(said.contact)
    for other in patients_alike(said.contact.name, said.born) if said.born else ():
        if other.id != person_id:
            told = _("{name} ({key}) has the same name and birthday: a twin, or the same person?")
            lines.append(told.format(name=other.name, key=other.key))
    return lines


def _outlook(person: Person, said: Admission, moment: datetime) -> list[str]:
    """Say what the planner sees of the stay, or that they wait and where there is a place."""
    _ = catalog(reader_language())
    begins = _("The stay in {cohort} begins on {day}.")
    lines = [begins.format(cohort=said.cohort, day=day_shown(said.first))]
    stay = stay_to_end(person)
    if stay is not None and stay.waits is not None:
        waits = _("{cohort} is full: they wait, number {number} in line.")
        lines.append(waits.format(cohort=said.cohort, number=stay.waits))
        return [*lines, *nearest_place(said.cohort, said.first)]
    problem = begin(said.cohort, now=moment).problem
    return [*lines, *_course(admission_outlook(problem, person.key))]


def _course(outlook: AdmissionOutlook) -> list[str]:
    _ = catalog(reader_language())
    lines = []
    if outlook.ends is not None:
        ends = _("Projected end: {day}, the day of the last session that is due.")
        lines.append(ends.format(day=day_shown(outlook.ends)))
    for week in outlook.short:
        short = _("Week {week} holds at most {hours} of {least} hours.")
        words = short.format(
            week=week.week,
            hours=f"{week.hours:.3g}",
            least=f"{week.least:.3g}",
        )
        lines.append(words)
    if outlook.missed:
        missed = _("Topics this stay does not see: {topics}.")
        lines.append(missed.format(topics=missed_words(outlook.missed)))
    return lines


def _form(errors: dict[str, str]) -> str:
    return render_template(
        "desk/people/patient_admission.html",
        errors=errors,
        said=request.form,
        form_key=form_key(),
        cohorts=cohorts_shown(today=practice().day_at(now())),
        clinicians=[(person.key, person.name) for person in all_clinicians()],
        states=_states(),
        zones=zones(),
        languages=languages(),
        week=week_shown(None),
    )


def _states() -> list[tuple[str, str]]:
    states = sorted(state_names().items(), key=lambda state: state[1])
    usual = catalog(reader_language()).gettext("as the clinic")
    return [("", usual), *states]
