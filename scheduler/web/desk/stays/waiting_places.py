"""Who waits for a place in a cohort: one is offered, held until a day, taken or let go. The letter
of an offer, and what accepting it does, is shown first.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import (
    Answer,
    InLine,
    Line,
    accept_place,
    leaders_ahead,
    let_place_go,
    line_of,
    offer_place,
)
from scheduler.i18n import N_, catalog
from scheduler.invitations import note_place
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import patient_by_key, practice
from scheduler.planning import cohort_by_key
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.desk.stays.stay_effects import day_shown, effects_shown
from scheduler.web.parts.form_fields import BadDay, bounded_date_field, enum_field
from scheduler.web.parts.page import Page, sentence
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("waiting_places", __name__, url_prefix="/desk/cohorts/<key>/places")
USUAL = timedelta(days=3)
"""How long a place is held where nothing else is said."""
WENT = {
    Answer.ACCEPTED: N_("Took a place, {day}."),
    Answer.DECLINED: N_("Declined a place, {day}."),
    Answer.TAKEN_BACK: N_("The offer was taken back, {day}."),
}


@bp.get("")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show the line, and who is to be asked next."""
    return _page(key, {})


@bp.post("/offer")
@allow(*STAFF)
def offer(key: str) -> Page:
    """Hold a place for somebody until a day, once was seen the letter that tells them."""
    patient = patient_by_key(request.form.get("person", ""))
    by, moment = me().key, now()
    name, phone = patient.name, patient.phone or patient.email
    person = patient.key

    def deed() -> None:
        held = offer_place(cohort_by_key(key), person, until, by=by, now=moment)
        note_place(patient_by_key(person), until, held.id, now=moment)

    try:
        until = bounded_date_field("until") or _today() + USUAL
        ahead = act_on_sight(deed, {patient.id}, by=by, now=moment)
    except (BadDay, InputError) as error:
        db.session.rollback()
        return _page(key, {f"until-{person}": sentence(error)}), 422
    return _offered(key, ahead, name, phone, until)


def _offered(key: str, ahead: Ahead, name: str, reached: str, until: date) -> Page:
    """Show the letter of an offer, or say that the place is held."""
    _ = catalog(reader_language())
    said = _("A place is held for {name} through {day}.").format(name=name, day=day_shown(until))
    if ahead.is_done:
        flash(said)
        return redirect(url_for(".page", key=key), 303)
    return ahead_page(
        ahead,
        title=_("A place for {name}").format(name=name),
        what=[
            said,
            _("They answer on their own page, or call them: {reached}.").format(reached=reached),
        ],
        deed=_("Offer the place"),
        back=url_for(".page", key=key),
        may_change=False,
    )


@bp.post("/accept")
@allow(*STAFF)
def accept(key: str) -> Page:
    """Give the place that is held once was seen what leaves."""
    patient = patient_by_key(request.form.get("person", ""))
    by, moment = me().key, now()
    what: list[str] = []

    def deed() -> None:
        done = accept_place(cohort_by_key(key), patient.key, by=by, now=moment)
        what[:] = [_from(key), *effects_shown(done)]

    people = circle_of(patient) | leaders_ahead(patient, now=moment)
    name = patient.name
    ahead = act_on_sight(deed, people, by=by, now=moment)
    _ = catalog(reader_language())
    if ahead.is_done:
        said = _("{name} has a place in {cohort}. Next: the plan.")
        flash(said.format(name=name, cohort=key))
        return redirect(url_for("cohorts.cohort", key=key), 303)
    return ahead_page(
        ahead,
        title=_("A place for {name}").format(name=name),
        what=what,
        deed=_("Give the place"),
        back=url_for(".page", key=key),
        may_change=False,
    )


@bp.post("/let-go")
@allow(*STAFF)
def let_go(key: str) -> Page:
    """Let a held place go: they declined, or the offer is taken back."""
    patient = patient_by_key(request.form.get("person", ""))
    name = patient.name
    answer = enum_field("answer", Answer)
    if answer not in (Answer.DECLINED, Answer.TAKEN_BACK):
        answer = Answer.TAKEN_BACK
    let_place_go(cohort_by_key(key), patient.key, answer, by=me().key, now=now())
    db.session.commit()
    _ = catalog(reader_language())
    flash(_("The place is free again; {name} stays in line.").format(name=name))
    return redirect(url_for(".page", key=key), 303)


def _from(key: str) -> str:
    _ = catalog(reader_language())
    said = _("They sit in {cohort} from today on, or from the first day they asked for.")
    return said.format(cohort=key)


def _page(key: str, errors: dict[str, str]) -> str:
    moment = now()
    zone = ZoneInfo(practice().zone)
    line = line_of(cohort_by_key(key), today=_today())
    following = line.next(moment)
    return render_template(
        "desk/stays/waiting_places.html",
        cohort=line.cohort,
        places=line.places,
        rows=[_row(line, someone, following, moment, zone) for someone in line.waiting],
        following=following,
        errors=errors,
        until=(_today() + USUAL).isoformat(),
    )


def _row(
    line: Line, someone: InLine, following: InLine | None, moment: datetime, zone: ZoneInfo
) -> dict[str, object]:
    """Return one of the line as the page shows them."""
    _ = catalog(reader_language())
    offer = someone.offer
    is_asked = someone.is_asked(moment)
    held = None
    if offer is not None and is_asked:
        held = _last_day(offer.ends_at, zone)
    return {
        "person": someone.person,
        "number": someone.number,
        "first": day_shown(someone.first),
        "held": day_shown(held) if held else "",
        "went": [] if is_asked else _went(someone, zone),
        "is_next": someone is following,
        "has_place": line.has_place(someone, moment),
    }


def _went(someone: InLine, zone: ZoneInfo) -> list[str]:
    """Return in sentences what became of what was offered to them."""
    _ = catalog(reader_language())
    lines = []
    for offer in someone.offers:
        if offer.answer is None:
            said = _("An offer lapsed at the end of {day}.")
            day = _last_day(offer.ends_at, zone)
        else:
            said = _(WENT[offer.answer])
            day = _last_day(offer.answered_at or offer.ends_at, zone)
        lines.append(said.format(day=day_shown(day)))
    return lines


def _last_day(moment: datetime, zone: ZoneInfo) -> date:
    before = moment - timedelta(seconds=1)
    return before.astimezone(zone).date()


def _today() -> date:
    return now().astimezone(ZoneInfo(practice().zone)).date()
