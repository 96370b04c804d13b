"""Withdrawing consent, by the patient in two taps or by staff: final at once, answered when nothing
more can leave.
"""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import consents, feeds
from scheduler.consents import Revocation
from scheduler.consents.model.models import Barrier, BarrierKind
from scheduler.i18n import N_, catalog
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.try_again import past_deadlocks
from scheduler.people import Deed, patient_by_key, relatives_of
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.web.auth.access import STAFF, Who, allow, may_now, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page
from scheduler.web.portal.consent_summary import relative_by_key, shared_with
from scheduler.web.portal.what_was_stopped import kinds_of, nothing_to_stop, remember
from scheduler.web.portal.withdrawal_outcome import (
    outcome_of,
    outcome_words,
    unsaid_outcome,
    what_follows,
    withdrawal_ahead,
)
from scheduler.web.preview.form_turn import lead_second_to
from scheduler.web.preview.look_ahead import Ahead

bp = Blueprint("consent_withdraw", __name__)
EVERYTHING = "all"
"""What a patient's form says for every purpose."""
EVERYBODY = "*"
"""What the desk says for all of a family; a person's key has no such sign."""
BARRIERS = {
    BarrierKind.NEVER_INVITE: N_("Never to be invited (court order, safety)"),
    BarrierKind.DO_NOT_CONTACT: N_("Not to be contacted (the patient's wish)"),
    BarrierKind.DECEASED: N_("The patient has died: nobody of the family is told anything"),
}

OWN_WISH = N_(
    "Not to be contacted, by their own wish. Lift it only if they ask. Tell nobody of the family."
)


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
    return _asked_of_all()


@bp.post("/mine/sharing/stop/look")
@allow(Who.PATIENT)
def look_all() -> Page:
    """Show what would end and leave by what is chosen; nothing is done."""
    return _asked_of_all()


def _asked_of_all() -> Page:
    people = [shared.person for shared in shared_with(me(), reader_language())]
    if not people:
        return nothing_to_stop(me())
    return render_template(
        "portal/consent_withdraw_all.html",
        names=[person.name for person in people],
        **_ahead_of(people),
    )


@bp.post("/mine/sharing/stop")
@allow(Who.PATIENT)
def stop_all() -> Page:
    """Withdraw all there is, wait for what is being handed over, and say what that came to."""
    patient = me()
    people = _told_about(patient, relatives_of(patient))
    if not people:
        return nothing_to_stop(me())
    return _stopped(people, patient)


@bp.get("/mine/sharing/<person_key>/stop")
@allow(Who.PATIENT)
def ask(person_key: str) -> Page:
    """Ask once more, with the choice of purposes and of what their calendar shows."""
    return _asked_of_one(person_key)


@bp.post("/mine/sharing/<person_key>/stop/look")
@allow(Who.PATIENT)
def look(person_key: str) -> Page:
    """Show what would end and leave by what is chosen; nothing is done."""
    return _asked_of_one(person_key)


def _asked_of_one(person_key: str) -> Page:
    """Show the choice; what follows stands below it once there is nothing left to choose."""
    by_key = {shared.person.key: shared for shared in shared_with(me(), reader_language())}
    shared = by_key.get(person_key)
    if shared is None:
        return nothing_to_stop(relative_by_key(person_key, me()))
    kinds = {grant.purpose for grant in consents.standing_grants(shared.person, me())}
    is_chosen = len(kinds) == 1 or bool(request.form.get("purpose"))
    errors = {}
    if request.method == "POST" and not is_chosen:
        errors["purpose"] = catalog(reader_language()).gettext("Choose what ends.")
    shown: dict[str, object] = {"language": reader_language(), "is_left": _is_left()}
    if is_chosen:
        shown = _ahead_of([shared.person])
    page = render_template(
        "portal/consent_withdraw.html",
        one=shared,
        purposes=_kind_options(kinds),
        errors=errors,
        **shown,
    )
    return (page, 422) if errors else page


def _ahead_of(people: list[Person]) -> dict[str, object]:
    chosen = _chosen()
    shown = what_follows(
        people,
        me(),
        chosen,
        silent=_is_left(),
        language=reader_language(),
    )
    return shown | {"purpose": chosen[0].value if chosen else EVERYTHING}


@bp.post("/mine/sharing/<person_key>/stop")
@allow(Who.PATIENT)
def stop(person_key: str) -> Page:
    """Withdraw, wait for what is being handed over, and say what that came to."""
    patient = me()
    person = relative_by_key(person_key, patient)
    if person is None or not _told_about(patient, [person]):
        return nothing_to_stop(person)
    return _stopped([person], patient)


def _stopped(people: list[Person], patient: Person) -> Response:
    """Withdraw on the patient's own word; what it came to reads as if nobody had asked staff for
    silence.
    """
    moment = now()
    unsaid = unsaid_outcome(
        people,
        patient,
        _chosen(),
        silent=_is_left(),
        now=moment,
    )
    ended = kinds_of(people, patient, _chosen())
    done = _withdraw(people, patient, by=patient.key)
    remember(
        patient,
        ended,
        outcome_of(done, unsaid),
        silent=_is_left(),
        at=moment,
    )
    asked = request.values.get("lang")
    return redirect(url_for("what_was_stopped.page", lang=asked), 303)


@bp.get("/desk/patients/<key>/stop")
@allow(*STAFF)
def desk_ask(key: str) -> Page:
    """Offer staff to withdraw for one person or all, for one purpose or all, and to set or lift a
    barrier.
    """
    patient = patient_by_key(key)
    family = relatives_of(patient)
    purposes: set[Kind] = set()
    for relative in family:
        grants = consents.standing_grants(relative, patient)
        purposes.update(grant.purpose for grant in grants)
    language = reader_language()
    _ = catalog(language)
    shown = shared_with(patient, language)
    told = [shared.person for shared in shown]
    choose = ("", _("Choose"))
    everybody = (EVERYBODY, _("Everybody"))
    return render_template(
        "desk/consent_withdraw.html",
        person=patient,
        shown=shown,
        ahead=_ahead_at_desk(told, patient),
        family=family,
        who_options=[choose, *[_option(shared.person) for shared in shown], everybody],
        purpose_options=[("", _("Everything")), *_kind_options(purposes)],
        family_options=[choose, *[_option(relative) for relative in family]],
        bars=barriers_shown(patient),
        barriers={kind.value: _(words) for kind, words in BARRIERS.items()},
        may_see_why=may_now(Deed.READ_NOTES),
    )


def _ahead_at_desk(told: list[Person], patient: Person) -> Ahead | None:
    """Return what withdrawing everything from these would let leave, None for nobody."""
    if not told:
        return None
    return withdrawal_ahead(told, patient, by=me().key, language=reader_language())


def barriers_shown(patient: Person) -> list[tuple[Barrier, str, str]]:
    """Return each barrier with its kind in words and the name of whom it keeps out."""
    _ = catalog(reader_language())
    own = {silence.id for silence in consents.own_silences([patient.id])}
    shown = []
    for barrier in consents.barriers_of(patient.id):
        words = OWN_WISH if barrier.id in own else BARRIERS[barrier.kind]
        shown.append((barrier, _(words), barred_name(barrier)))
    return shown


def _option(person: Person) -> tuple[str, str]:
    return person.key, person.name


def _kind_options(kinds: Iterable[Kind]) -> list[tuple[str, str]]:
    language = reader_language()
    return [(kind.value, kind_in(language, kind)) for kind in sorted(kinds)]


@bp.post("/desk/patients/<key>/stop")
@allow(*STAFF)
def desk_stop(key: str) -> Page:
    """Withdraw on the patient's word; the answer names what already left."""
    patient = patient_by_key(key)
    chosen = request.form.get("person", "")
    family = relatives_of(patient)
    meant = [relative for relative in family if chosen in (EVERYBODY, relative.key)]
    people = _told_about(patient, meant)
    if not people:
        _ = catalog(reader_language())
        nothing = _("There is no such consent to withdraw.")
        flash(nothing if chosen else _("Choose who is told no more."))
        return redirect(url_for("consent_withdraw.desk_ask", key=key), 303)
    done = _withdraw(people, patient, by=me().key)
    lead_second_to(url_for("consent_withdraw.desk_ask", key=key))
    return render_template(
        "desk/consent_withdrawn.html",
        person=patient,
        who=_names(people),
        **outcome_words(outcome_of(done), reader_language()),
    )


def _withdraw(people: list[Person], patient: Person, *, by: str) -> list[Revocation]:
    """Withdraw and commit before anything is waited for: from then on nothing new is taken."""
    silent = _is_left()
    grants = consents.grants_to_withdraw(people, patient, _chosen())

    def withdraw() -> Revocation:
        revocation = consents.revoke_grants(grants, silent=silent, by=by, now=now())
        follow_up(patient, by)
        db.session.commit()
        return revocation

    return [past_deadlocks(withdraw)]


def _is_left() -> bool:
    """True if calendars are to be left as they are."""
    return request.form.get("calendar") == "leave"


def follow_up(patient: Person, by: str) -> None:
    """Let letters and feeds of a patient and the family follow."""
    family = {patient.id, *(relative.id for relative in relatives_of(patient))}
    announce(by=by, now=now(), people=family)
    feeds.refresh(now=now(), people=family)


def _chosen() -> list[Kind] | None:
    """Return the one purpose that was chosen, None for all of them."""
    purpose = enum_field("purpose", Kind)
    return [purpose] if purpose else None


def _told_about(patient: Person, people: list[Person]) -> list[Person]:
    """Return those of `people` who may know of what was chosen."""
    chosen = _chosen()
    return [person for person in people if consents.standing_grants(person, patient, chosen)]


def _names(people: list[Person]) -> str:
    return ", ".join(person.name for person in people)


def barred_name(row: Barrier) -> str:
    """Return whom a barrier keeps out: a name, or the whole family."""
    person = db.session.get(Person, row.person_id) if row.person_id else None
    return person.name if person else catalog(reader_language()).gettext("The whole family")
