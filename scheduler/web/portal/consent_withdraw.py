"""Withdrawing consent, by the patient in two taps or by staff: final at once, answered when nothing
more can leave.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import consents, feeds
from scheduler.consents import HandedOver, Revocation
from scheduler.consents.model.models import Barrier, BarrierKind
from scheduler.i18n import N_, catalog
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.try_again import past_deadlocks
from scheduler.people import person_by_key, practice
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.programs import Kind
from scheduler.web.auth.access import STAFF, Who, allow, me, parts_of
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import moment_in
from scheduler.web.parts.kind_words import KIND_WORDS, kind_in
from scheduler.web.parts.time_words import moment_words
from scheduler.web.portal.consent_summary import shared_with

bp = Blueprint("consent_withdraw", __name__)
Page = str | tuple[str, int] | Response
LETTERS = {
    "invitation": N_("an appointment"),
    "update": N_("a changed appointment"),
    "cancellation": N_("no longer on their calendar"),
    "reminder": N_("a reminder"),
}
EVERYBODY = "*"
"""What the desk says for all of a family; a person's key has no such sign."""
BARRIERS = {
    BarrierKind.NEVER_INVITE: "Never to be invited (court order, safety)",
    BarrierKind.DO_NOT_CONTACT: "Not to be contacted (the patient's wish)",
    BarrierKind.DECEASED: "The patient has died: nobody of the family is told anything",
}


@bp.get("/mine/sharing")
@allow(Who.PATIENT)
def sharing() -> Page:
    """Show a patient who may know what."""
    return render_template(
        "portal/sharing.html",
        shown=shared_with(me(), reader_language()),
        language=reader_language(),
    )


@bp.get("/mine/sharing/stop")
@allow(Who.PATIENT)
def ask_all() -> Page:
    """Ask once more before everybody is told no more, with the choice of what their calendars
    show.
    """
    names = [one.person.name for one in shared_with(me())]
    if not names:
        return _nobody_to_stop()
    return render_template(
        "portal/consent_withdraw_all.html", names=names, language=reader_language()
    )


@bp.post("/mine/sharing/stop")
@allow(Who.PATIENT)
def stop_all() -> Page:
    """Withdraw all there is, wait for what is being handed over, and say what that came to."""
    patient = me()
    people = [one for one in _family(patient) if consents.standing_grants(one, patient, _chosen())]
    if not people:
        return _nobody_to_stop()
    done = _withdraw(people, patient, by=patient.key)
    language = reader_language()
    return render_template(
        "portal/consent_withdrawn.html", **_outcome(done, language), language=language
    )


@bp.get("/mine/sharing/<person_key>/stop")
@allow(Who.PATIENT)
def ask(person_key: str) -> Page:
    """Ask once more, with the choice of purposes and of what their calendar shows."""
    shown = [one for one in shared_with(me()) if one.person.key == person_key]
    if not shown:
        abort(404)
    language = reader_language()
    found = sorted({each.purpose for each in consents.standing_grants(shown[0].person, me())})
    purposes = [(each.value, kind_in(language, each)) for each in found]
    return render_template(
        "portal/consent_withdraw.html", one=shown[0], purposes=purposes, language=language
    )


@bp.post("/mine/sharing/<person_key>/stop")
@allow(Who.PATIENT)
def stop(person_key: str) -> Page:
    """Withdraw, wait for what is being handed over, and say what that came to."""
    patient = me()
    person = _relative(person_key, patient)
    if person is None or not consents.standing_grants(person, patient):
        abort(404)
    done = _withdraw([person], patient, by=patient.key)
    language = reader_language()
    return render_template(
        "portal/consent_withdrawn.html", **_outcome(done, language), language=language
    )


@bp.get("/desk/patients/<key>/stop")
@allow(*STAFF)
def desk_ask(key: str) -> Page:
    """Offer staff to withdraw for one person or all, for one purpose or all, and to set or lift a
    barrier.
    """
    patient = _patient(key)
    bars = [(row, BARRIERS[row.kind], _name(row)) for row in consents.barriers_of(patient.id)]
    return render_template(
        "desk/consent_withdraw.html",
        person=patient,
        shown=shared_with(patient),
        family=_family(patient),
        kinds=KIND_WORDS,
        purposes=sorted(
            {
                each.purpose
                for one in _family(patient)
                for each in consents.standing_grants(one, patient)
            }
        ),
        bars=bars,
        barriers=BARRIERS,
        everybody=EVERYBODY,
        may_see_why=Who.CLINICIAN in parts_of(me()),
    )


@bp.post("/desk/patients/<key>/stop")
@allow(*STAFF)
def desk_stop(key: str) -> Page:
    """Withdraw on the patient's word; the answer names what already left."""
    patient = _patient(key)
    chosen = request.form.get("person", "")
    people = [one for one in _family(patient) if chosen in (EVERYBODY, one.key)]
    people = [one for one in people if consents.standing_grants(one, patient, _chosen())]
    if not people:
        flash("There is no such consent to withdraw." if chosen else "Choose who is told no more.")
        return redirect(url_for("consent_withdraw.desk_ask", key=key), 303)
    done = _withdraw(people, patient, by=me().key)
    return render_template(
        "desk/consent_withdrawn.html", person=patient, who=_names(people), **_outcome(done)
    )


@bp.post("/desk/patients/<key>/bar")
@allow(*STAFF)
def bar(key: str) -> Page:
    """Set a barrier: it overrides every consent at once."""
    patient = _patient(key)
    kind = next((one for one in BarrierKind if one.value == request.form.get("kind")), None)
    chosen = request.form.get("person", "")
    person = _relative(chosen, patient) if chosen else None
    if (
        kind is None
        or (chosen and person is None)
        or (kind is not BarrierKind.DECEASED and person is None)
    ):
        flash("Choose who is kept out, and why.")
        return redirect(url_for("consent_withdraw.desk_ask", key=key), 303)
    reason = request.form.get("reason", "").strip() if kind is BarrierKind.NEVER_INVITE else ""
    if kind is BarrierKind.NEVER_INVITE and not reason:
        flash("Say on what ground they are never to be invited: an order, a safety plan.")
        return redirect(url_for("consent_withdraw.desk_ask", key=key), 303)
    moment = now()
    whom = None if kind is BarrierKind.DECEASED else person
    row = consents.add_barrier(
        patient=patient, person=whom, kind=kind, reason=reason or None, by=me().key, now=moment
    )
    _follow_up(me().key)
    db.session.commit()
    done = Revocation(consents.stopped_grants(row), moment, 0)
    about = {"who": _name(row), "barrier": row, "why": BARRIERS[kind]}
    return render_template(
        "desk/consent_withdrawn.html", person=patient, **about, **_outcome([done])
    )


@bp.post("/desk/patients/<key>/lift")
@allow(*STAFF)
def lift(key: str) -> Page:
    """Lift a barrier; what stands beneath counts again."""
    patient = _patient(key)
    row = db.session.get(Barrier, request.form.get("barrier", ""))
    if row is None or row.patient_id != patient.id:
        abort(404)
    consents.lift_barrier(row, by=me().key, now=now())
    _follow_up(me().key)
    db.session.commit()
    return redirect(url_for("consent_withdraw.desk_ask", key=key), 303)


def _nobody_to_stop() -> Response:
    said = catalog(reader_language())
    flash(said.gettext("Nobody is told anything about you, so there was nothing to stop."))
    return redirect(url_for("consent_withdraw.sharing", lang=request.values.get("lang")), 303)


def _withdraw(people: list[Person], patient: Person, *, by: str) -> list[Revocation]:
    """Withdraw and commit before anything is waited for: from then on nothing new is taken."""
    silent = request.form.get("calendar") == "leave"
    grants = consents.grants_to_withdraw(people, patient, _chosen())

    def withdraw() -> Revocation:
        revocation = consents.revoke_grants(grants, silent=silent, by=by, now=now())
        _follow_up(by)
        db.session.commit()
        return revocation

    return [past_deadlocks(withdraw)]


def _follow_up(by: str) -> None:
    announce(by=by, now=now())
    feeds.refresh(now=now())


def _outcome(done: list[Revocation], language: str | None = None) -> dict[str, object]:
    ids = [each for one in done for each in one.grant_ids]
    quiet = consents.wait_until_drained(ids)
    left = consents.handed_over(ids, min(one.at for one in done)) if ids else ()
    return {
        "quiet": quiet,
        "left": [_words(one, language) for one in left],
        "stopped": sum(one.stopped for one in done),
    }


def _words(letter: HandedOver, language: str | None) -> str:
    """Say whom a letter told, what kind it was and when it left; to staff (no language) in the
    words of the desk.
    """
    person, zone = db.session.get(Person, letter.recipient_id), practice().zone
    name = person.name if person else "Somebody"
    if language is None:
        return (
            f"{name}, {letter.kind}: "
            f"{moment_words(letter.sent_at, zone) if letter.sent_at else 'may have arrived'}"
        )
    _ = catalog(language)
    when = moment_in(language, letter.sent_at, zone) if letter.sent_at else _("may have arrived")
    kind = _(LETTERS[letter.kind]) if letter.kind in LETTERS else letter.kind
    return f"{name}, {kind}: {when}"


def _chosen() -> list[Kind] | None:
    said = request.form.get("purpose", "")
    found = [one for one in Kind if one.value == said]
    return found or None


def _family(patient: Person) -> list[Person]:
    rows = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
    )
    return list(db.session.scalars(rows.order_by(Person.name, Person.key)).unique())


def _relative(key: str, patient: Person) -> Person | None:
    return next((one for one in _family(patient) if one.key == key), None)


def _patient(key: str) -> Person:
    person = person_by_key(key)
    if person.kind is not PersonKind.PATIENT:
        abort(404)
    return person


def _names(people: list[Person]) -> str:
    return ", ".join(one.name for one in people)


def _name(row: Barrier) -> str:
    person = db.session.get(Person, row.person_id) if row.person_id else None
    return person.name if person else "The whole family"
