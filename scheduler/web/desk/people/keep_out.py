"""Keeping somebody out, whatever was consented, and letting them in again; for staff."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler import consents
from scheduler.consents import Revocation
from scheduler.consents.model.models import Barrier, BarrierKind
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import patient_by_key, relatives_of
from scheduler.people.models import Person
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page, previewed
from scheduler.web.portal.consent_summary import relative_by_key
from scheduler.web.portal.consent_withdraw import (
    BARRIERS,
    barred_name,
    follow_up,
)
from scheduler.web.portal.withdrawal_outcome import outcome_of, outcome_words
from scheduler.web.preview.form_turn import lead_second_to
from scheduler.web.preview.look_ahead import SHOWN, act_on_sight, ahead_page, look_ahead

bp = Blueprint("keep_out", __name__, url_prefix="/desk/patients")
AT_ONCE = "at_once"
"""The field of a form that asks for a barrier without looking first."""


@bp.post("/<key>/bar")
@allow(*STAFF)
def bar(key: str) -> Page:
    """Set a barrier, which overrides every consent: shown first, unless it is asked for at once.

    Once asked for it is never refused because other letters leave than were shown: it stops first,
    and the answer says what left.
    """
    patient = patient_by_key(key)
    kind = enum_field("kind", BarrierKind)
    person = relative_by_key(request.form.get("person", ""), patient)
    reason = request.form.get("reason", "").strip()
    lacking = _lacks(kind, person, reason)
    if lacking or kind is None:
        flash(lacking)
        return redirect(url_for("consent_withdraw.desk_ask", key=key), 303)
    moment = now()
    whom = None if kind is BarrierKind.DECEASED else person

    def deed() -> Barrier:
        return consents.add_barrier(
            patient=patient,
            person=whom,
            kind=kind,
            reason=reason if kind is BarrierKind.NEVER_INVITE else None,
            by=me().key,
            now=moment,
        )

    if SHOWN in request.form or AT_ONCE in request.form:
        return _bar_now(patient, whom, deed, moment)
    return _bar_ahead(patient, whom, kind, deed, moment)


def _bar_now(
    patient: Person, whom: Person | None, deed: Callable[[], Barrier], moment: datetime
) -> Page:
    stopped = consents.stopped_grants(patient, whom)
    kept_in = consents.waiting_under(stopped)
    barrier = deed()
    follow_up(patient, me().key)
    db.session.commit()
    done = Revocation(stopped, moment, kept_in)
    lead_second_to(url_for("consent_withdraw.desk_ask", key=patient.key))
    return render_template(
        "desk/consent_withdrawn.html",
        person=patient,
        who=barred_name(barrier),
        barrier=barrier,
        why=catalog(reader_language())(BARRIERS[barrier.kind]),
        **outcome_words(outcome_of([done]), reader_language()),
    )


def _bar_ahead(
    patient: Person,
    whom: Person | None,
    kind: BarrierKind,
    deed: Callable[[], Barrier],
    moment: datetime,
) -> Page:
    """Return the page that shows what a barrier lets leave and keeps in, before it is set."""
    _ = catalog(reader_language())
    who = whom.name if whom else _.gettext("The whole family")
    back = url_for("consent_withdraw.desk_ask", key=patient.key)
    with previewed():
        ahead = look_ahead(deed, _family(patient), by=me().key, now=moment)
    return ahead_page(
        ahead,
        title=_.gettext("Keep out {name}").format(name=who),
        what=[_(BARRIERS[kind])],
        deed=_.gettext("Keep out"),
        back=back,
        may_change=False,
    )


def _family(patient: Person) -> set[str]:
    return {patient.id, *(relative.id for relative in relatives_of(patient))}


def _lacks(kind: BarrierKind | None, person: Person | None, reason: str) -> str:
    """Return what a barrier cannot be set without, "" where it lacks nothing."""
    _ = catalog(reader_language())
    unknown = person is None and request.form.get("person", "") != ""
    nobody = person is None and kind is not BarrierKind.DECEASED
    if kind is None or unknown or nobody:
        return _("Choose who is kept out, and why.")
    if kind is BarrierKind.NEVER_INVITE and not reason:
        return _("Say on what ground they are never to be invited: an order, a safety plan.")
    return ""


@bp.post("/<key>/lift")
@allow(*STAFF)
def lift(key: str) -> Page:
    """Lift a barrier, once was seen what leaves; what stands beneath counts again."""
    patient = patient_by_key(key)
    row = db.session.get(Barrier, request.form.get("barrier", ""))
    if row is None or row.patient_id != patient.id:
        abort(404)
    by, moment = me().key, now()
    ahead = act_on_sight(
        lambda: consents.lift_barrier(row, by=by, now=moment),
        _family(patient),
        by=by,
        now=moment,
    )
    if ahead.is_done:
        return redirect(url_for("consent_withdraw.desk_ask", key=key), 303)
    return ahead_page(
        ahead,
        title=_lifting(row),
        what=[],
        deed=catalog(reader_language()).gettext("Lift this"),
        back=url_for("consent_withdraw.desk_ask", key=key),
        may_change=False,
    )


def _lifting(row: Barrier) -> str:
    said = catalog(reader_language()).gettext("Lift this for {name}")
    return said.format(name=barred_name(row))
