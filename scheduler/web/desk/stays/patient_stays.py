"""A patient's stays: earlier, current and later ones; a later one added, other days, another
cohort, a pause, one taken back, the last change undone. What ends is shown before it does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler.admissions import (
    StayDays,
    StayOutcome,
    add_stay,
    change_stay,
    cohort_runs,
    end_of,
    leaders_ahead,
    move_to_cohort,
    pause_stay,
    stays_before,
    stays_now,
    take_back_stay,
    undo_stays,
)
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import patient_by_key, practice
from scheduler.people.models import Person
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.desk.people.typed_person import form_key
from scheduler.web.desk.stays.stay_effects import day_shown, effects_shown, errors_by_field
from scheduler.web.parts.form_fields import BadDay, bounded_date_field
from scheduler.web.parts.page import Page
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("patient_stays", __name__, url_prefix="/desk/patients")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form said; `stay` is the id of the stay it is about, `new_id` of one it may make."""

    stay: str
    new_id: str
    cohort: str
    days: dict[str, date | None]

    def day(self, name: str) -> date:
        """Return a day that the form must say."""
        day = self.days[name]
        assert day is not None
        return day


Act = Callable[[Person, Typed, str, datetime], StayOutcome]


@dataclass(frozen=True, slots=True)
class Form:
    """A deed of this page: its words, the days it asks (those that may be left empty last), whether
    it asks for a cohort, and what it does.
    """

    title: str
    button: str
    act: Act
    days: tuple[str, ...] = ()
    may_lack: tuple[str, ...] = ()
    asks_cohort: bool = False


def _add(patient: Person, typed: Typed, by: str, moment: datetime) -> StayOutcome:
    new = StayDays(typed.new_id, typed.cohort, typed.day("first"), typed.days["last"])
    return add_stay(patient, new, by=by, now=moment)


def _move(patient: Person, typed: Typed, by: str, moment: datetime) -> StayOutcome:
    first = typed.day("first")
    return move_to_cohort(patient, typed.cohort, first, typed.new_id, by=by, now=moment)


def _pause(patient: Person, typed: Typed, by: str, moment: datetime) -> StayOutcome:
    first, until = typed.day("first"), typed.day("until")
    return pause_stay(patient, first, until, typed.new_id, by=by, now=moment)


def _days(patient: Person, typed: Typed, by: str, moment: datetime) -> StayOutcome:
    first, last = typed.day("first"), typed.days["last"]
    return change_stay(patient, typed.stay, first, last, by=by, now=moment)


def _back(patient: Person, typed: Typed, by: str, moment: datetime) -> StayOutcome:
    return take_back_stay(patient, typed.stay, by=by, now=moment)


def _undo(patient: Person, _: Typed, by: str, moment: datetime) -> StayOutcome:
    return undo_stays(patient, by=by, now=moment)


FORMS: dict[str, Form] = {
    "add": Form(
        N_("Add a later stay of {name}"),
        N_("Add this stay"),
        _add,
        ("first", "last"),
        ("last",),
        asks_cohort=True,
    ),
    "move": Form(
        N_("Another cohort for {name}"),
        N_("Move"),
        _move,
        ("first",),
        asks_cohort=True,
    ),
    "pause": Form(N_("A pause for {name}"), N_("Pause"), _pause, ("first", "until")),
    "days": Form(
        N_("Other days of a stay of {name}"),
        N_("Change the days"),
        _days,
        ("first", "last"),
        ("last",),
    ),
    "back": Form(N_("Take back a stay of {name}"), N_("Take back"), _back),
    "undo": Form(N_("Undo the last change of the stays of {name}"), N_("Undo"), _undo),
}
OF_ONE = frozenset({"days", "back"})
"""What is about one stay."""
FIELDS = {"from": "first", "to": "last", "until": "until", "cohort": "cohort"}
"""What the form calls what a deed names."""
MISSING = {
    "first": N_("Give the first day."),
    "until": N_("Give the last day of the pause."),
    "cohort": N_("Choose a cohort."),
}


@bp.get("/<key>/stays")
@allow(*STAFF)
def listed(key: str) -> Page:
    """List a patient's stays with what can be done."""
    patient = patient_by_key(key)
    return render_template(
        "desk/stays/patient_stays.html",
        patient=patient,
        stays=_shown(patient),
        may_undo=stays_before(patient) is not None,
    )


@bp.get("/<key>/stays/<any(pause, move, add, days, back, undo):kind>")
@allow(*STAFF)
def show(key: str, kind: str) -> Page:
    """Ask what a change of the stays needs."""
    patient = patient_by_key(key)
    stay_id = request.args.get("stay", "")
    if kind in OF_ONE and _stay(patient, stay_id) is None:
        abort(404)
    return _form(patient, kind, stay_id, {})


@bp.post("/<key>/stays/<any(pause, move, add, days, back, undo):kind>")
@allow(*STAFF)
def change(key: str, kind: str) -> Page:
    """Do it once was seen what ends with it, and what leaves."""
    patient = patient_by_key(key)
    form = FORMS[kind]
    stay_id = request.form.get("stay", "")
    if request.form.get("change"):
        return _form(patient, kind, stay_id, {})
    typed, errors = _typed(form, stay_id)
    if typed is None:
        return _form(patient, kind, stay_id, errors), 422
    what: list[str] = []
    try:
        ahead = _done(patient, form, typed, what)
    except InputError as error:
        usual = form.days[0] if form.days else "stay"
        errors = errors_by_field(error, FIELDS, usual)
        return _form(patient_by_key(key), kind, stay_id, errors), 422
    return _answer(patient_by_key(key), form, ahead, what)


def _answer(patient: Person, form: Form, ahead: Ahead, what: list[str]) -> Page:
    """Return the page that shows what would be done, or lead back to the stays."""
    _ = catalog(reader_language())
    place = url_for("patient_stays.listed", key=patient.key)
    if ahead.is_done:
        flash(_("The stays of {name} are changed.").format(name=patient.name))
        return redirect(place, 303)
    heading = _(form.title)
    return ahead_page(
        ahead,
        title=heading.format(name=patient.name),
        what=what,
        deed=_(form.button),
        back=place,
        may_change=bool(form.days),
    )


def _done(patient: Person, form: Form, typed: Typed, what: list[str]) -> Ahead:
    """Do it where it was seen, else look; `what` takes in sentences what it does."""
    by, moment = me().key, now()
    people = circle_of(patient) | leaders_ahead(patient, now=moment)
    key = patient.key

    def act() -> None:
        done = form.act(patient_by_key(key), typed, by, moment)
        what[:] = [*map(_words, done.stays), *effects_shown(done)]

    return act_on_sight(act, people, by=by, now=moment)


def _typed(form: Form, stay_id: str) -> tuple[Typed | None, dict[str, str]]:
    """Return what was typed, or None with what is wrong, by field."""
    _ = catalog(reader_language())
    errors = {}
    days: dict[str, date | None] = {}
    for name in form.days:
        try:
            days[name] = bounded_date_field(name)
        except BadDay as error:
            errors[name] = str(error)
            continue
        if days[name] is None and name not in form.may_lack:
            errors[name] = _(MISSING[name])
    cohort = request.form.get("cohort", "")
    if form.asks_cohort and not cohort:
        errors["cohort"] = _(MISSING["cohort"])
    if errors:
        return None, errors
    return Typed(stay_id, form_key(), cohort, days), {}


def _form(patient: Person, kind: str, stay_id: str, errors: dict[str, str]) -> str:
    form = FORMS[kind]
    said = dict(request.form.items())
    stay = _stay(patient, stay_id)
    if stay is not None and request.method != "POST":
        said["first"] = stay.first.isoformat()
        said["last"] = stay.last.isoformat() if stay.last else ""
    _ = catalog(reader_language())
    heading = _(form.title)
    return render_template(
        "desk/stays/stay_form.html",
        patient=patient,
        kind=kind,
        form=form,
        title=heading.format(name=patient.name),
        words=_words(stay) if stay is not None else "",
        stay_id=stay_id if stay is not None else "",
        said=said,
        errors=errors,
        form_key=form_key(),
        cohorts=_cohorts(),
    )


def _cohorts() -> list[tuple[str, str]]:
    """Return the cohorts that are not over, with their days, the one that starts first first."""
    today = _today()
    _ = catalog(reader_language())
    found = [("", "")]
    for key, run in sorted(cohort_runs().items(), key=lambda item: item[1].starts):
        if run.ends >= today:
            said = _("{cohort}, from {first} to {last}")
            days = (day_shown(run.starts), day_shown(run.ends))
            found.append((key, said.format(cohort=key, first=days[0], last=days[1])))
    return found


def _stay(patient: Person, stay_id: str) -> StayDays | None:
    return next((stay for stay in stays_now(patient) if stay.id == stay_id), None)


def _words(stay: StayDays) -> str:
    _ = catalog(reader_language())
    first = day_shown(stay.first)
    if stay.last is None:
        said = _("{cohort}, from {first} to its end")
        return said.format(cohort=stay.cohort, first=first)
    said = _("{cohort}, from {first} to {last}")
    return said.format(cohort=stay.cohort, first=first, last=day_shown(stay.last))


def _shown(patient: Person) -> list[dict[str, object]]:
    """Return each stay with its days and whether it is earlier, current or later."""
    runs = cohort_runs()
    today = _today()
    shown: list[dict[str, object]] = []
    for stay in stays_now(patient):
        last = end_of(stay, runs)
        row: dict[str, object] = {
            "id": stay.id,
            "cohort": stay.cohort,
            "first": day_shown(stay.first),
            "last": day_shown(last),
            "when": _when(stay, last, today),
            "waits": stay.waits,
            "can_go_back": stay.first > today,
        }
        shown.append(row)
    return shown


def _when(stay: StayDays, last: date, today: date) -> str:
    _ = catalog(reader_language())
    if last < today:
        return _("earlier")
    return _("later") if stay.first > today else _("now")


def _today() -> date:
    return practice().day_at(now())
