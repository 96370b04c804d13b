"""Who may sign for a patient, for staff: whose authority is recorded, what was found, and what
follows today.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler import consents, feeds
from scheduler.consents.model.models import Authority, Circumstance, Licence, Signer
from scheduler.i18n import N_, catalog
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.day_bounds import A_CHILDHOOD, A_LIFE
from scheduler.people import patient_by_key, practice
from scheduler.people.models import Person
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.parts.form_fields import BadDay, bounded_date_field, enum_field
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import day_words
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

bp = Blueprint("signing", __name__, url_prefix="/desk/patients")
SIGNERS = {
    Signer.PATIENT: N_("the patient"),
    Signer.GUARDIAN: N_("a parent or guardian"),
    Signer.PROXY: N_("the health care proxy"),
    Signer.BOTH: N_("the patient and a parent, together"),
}
LICENCES = {
    Licence.UNSAID: N_("not said yet: who signed is taken from the paper"),
    Licence.SUBSTANCE_USE: N_("substance use, where a parent must consent"),
    Licence.MINOR_ALONE: N_("substance use, where a minor may consent alone"),
    Licence.MENTAL_HEALTH: N_("mental health"),
}
FOUND = {
    Circumstance.DEPENDENCE_FOUND: N_("Two physicians found this minor drug dependent"),
    Circumstance.MAINTENANCE: N_("In methadone maintenance"),
    Circumstance.EMANCIPATED: N_(
        "May consent alone: married, a parent, armed forces, pregnant, lives apart"
    ),
    Circumstance.MATURE: N_("Found mature enough to decide"),
    Circumstance.APPLIED_ALONE: N_("Admitted on their own application, from 16"),
    Circumstance.ADJUDICATED: N_("A court found this adult incapable"),
    Circumstance.INCAPABLE: N_("A physician’s written determination invokes the health care proxy"),
    Circumstance.OBJECTED: N_("The patient objects to the proxy"),
    Circumstance.STATE_CUSTODY: N_("In the state’s custody: its department signs, no parent"),
    Circumstance.SHARED_CUSTODY: N_("Parents living apart share legal custody: both sign"),
}


@bp.get("/<key>/signing")
@allow(*STAFF)
def overview(key: str) -> Page:
    """Show who may sign today, and why."""
    return _page(patient_by_key(key), {})


@bp.post("/<key>/authority")
@allow(*STAFF)
def authority(key: str) -> Page:
    """Record somebody's right to sign."""
    patient = patient_by_key(key)
    if request.form.get("capacity") == "proxy":
        capacity = Signer.PROXY
    else:
        capacity = Signer.GUARDIAN
    said = {name: request.form.get(name, "") for name in ("name", "evidence")}
    try:
        first = bounded_date_field("first", years_back=A_LIFE, years_ahead=A_CHILDHOOD)
        last = bounded_date_field("last", years_back=A_LIFE, years_ahead=A_CHILDHOOD)
        if first is None:
            raise InputError("give the first day it counts")
        consents.record_authority(
            patient=patient,
            capacity=capacity,
            first=first,
            last=last,
            by=me().key,
            now=now(),
            **said,
        )
    except InputError as error:
        return _refused(key, "name", error)
    recorded = N_("Recorded. A paper can be recorded under this authority now.")
    return _done(key, catalog(reader_language())(recorded))


@bp.post("/<key>/authority/end")
@allow(*STAFF)
def end(key: str) -> Page:
    """End an authority for good, and every consent that rests on it, once was seen what leaves."""
    row = db.session.get(Authority, request.form.get("authority", ""))
    if row is None or row.patient_id != patient_by_key(key).id:
        abort(404)
    by, moment = me().key, now()
    _ = catalog(reader_language())
    title = _("End the authority of {name}").format(name=row.name)

    def deed() -> int:
        return consents.end_authority(row, by=by, now=moment)

    return _on_sight(
        key,
        deed,
        _Ending(
            title=title,
            button=_("End it"),
            field="name",
            said=_ended,
            may_change=False,
        ),
        moment,
    )


@bp.post("/<key>/finding")
@allow(*STAFF)
def finding(key: str) -> Page:
    """Record what changes who may sign, once was seen what leaves."""
    patient = patient_by_key(key)
    if request.form.get("change"):
        return _page(patient, {})
    circumstance = enum_field("circumstance", Circumstance)
    try:
        first = bounded_date_field("since", years_back=A_LIFE, years_ahead=A_CHILDHOOD)
        last = bounded_date_field("until", years_back=A_LIFE, years_ahead=A_CHILDHOOD)
        if circumstance not in FOUND or first is None:
            raise InputError("choose what was found, and give the first day it counts")
    except InputError as error:
        return _refused(key, "ground", error)
    by, moment = me().key, now()
    _ = catalog(reader_language())

    def deed() -> int:
        return consents.record_finding(
            patient=patient,
            circumstance=circumstance,
            first=first,
            last=last,
            evidence=request.form.get("ground", ""),
            by=by,
            now=moment,
        )

    return _on_sight(
        key,
        deed,
        _Ending(
            title=_(FOUND[circumstance]),
            button=_("Record this"),
            field="ground",
            said=_recorded,
        ),
        moment,
    )


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a deed that may end consents is shown: its page, and what is said of how many ended."""

    title: str
    button: str
    field: str
    said: Callable[[int], str]
    may_change: bool = True


def _on_sight(key: str, deed: Callable[[], int], shown: _Ending, moment: datetime) -> Page:
    """Do a deed whose letters were seen, and show them where they were not."""
    ended: list[int] = []

    def counted() -> None:
        ended.append(deed())

    try:
        ahead = act_on_sight(
            counted,
            circle_of(patient_by_key(key)),
            by=me().key,
            now=moment,
        )
    except InputError as error:
        return _refused(key, shown.field, error)
    said = shown.said(ended[-1])
    back = url_for("signing.overview", key=key)
    if ahead.is_done:
        flash(said)
        return redirect(back, 303)
    return ahead_page(
        ahead,
        title=shown.title,
        what=[_ends(ended[-1])],
        deed=shown.button,
        back=back,
        may_change=shown.may_change,
    )


def _ends(many: int) -> str:
    """Return before it is done how many consents end with it."""
    said = catalog(reader_language()).ngettext(
        "{count} consent ends with it.",
        "{count} consents end with it.",
        many,
    )
    return said.format(count=many)


def _ended(many: int) -> str:
    said = catalog(reader_language()).ngettext(
        "Ended, with {count} consent that stood on it.",
        "Ended, with {count} consents that stood on it.",
        many,
    )
    return said.format(count=many)


def _recorded(many: int) -> str:
    _ = catalog(reader_language())
    if not many:
        return _("Recorded.")
    said = _.ngettext(
        "Recorded. {count} consent ended with it.",
        "Recorded. {count} consents ended with it.",
        many,
    )
    return said.format(count=many)


def _page(patient: Person, errors: dict[str, str]) -> str:
    today = practice().day_at(now())
    allowed = consents.signers_on(patient, today)
    _ = catalog(reader_language())
    may_sign = [_(words) for signer, words in SIGNERS.items() if signer in allowed]
    return render_template(
        "desk/signing.html",
        person=patient,
        errors=errors,
        said=request.form,
        may=_(" or ").join(may_sign),
        parents=consents.parents_of(patient, today),
        licence=_(LICENCES[consents.licence_of(patient.id)]),
        found={value.value: _(words) for value, words in FOUND.items()},
        authorities=[
            (authority, _days(authority.first, authority.last))
            for authority in consents.authorities_of(patient.id)
        ],
        findings=[
            (_(FOUND[finding.circumstance]), finding.evidence, _days(finding.first, finding.last))
            for finding in consents.findings_of(patient.id)
        ],
    )


def _refused(key: str, field: str, error: InputError) -> Page:
    db.session.rollback()
    if isinstance(error, BadDay):
        return _page(patient_by_key(key), {error.field: str(error)}), 422
    said = catalog(reader_language()).gettext("Not recorded: {reason}.")
    return _page(patient_by_key(key), {field: said.format(reason=error)}), 422


def _done(key: str, words: str) -> Page:
    """Let letters and feeds of the family follow, keep it, and say so."""
    circle = circle_of(patient_by_key(key))
    announce(by=me().key, now=now(), people=circle)
    feeds.refresh(now=now(), people=circle)
    db.session.commit()
    flash(words)
    return redirect(url_for("signing.overview", key=key), 303)


def _days(first: date, last: date | None) -> str:
    begin = f"{day_words(first)} {first.year}"
    _ = catalog(reader_language())
    if last is None:
        return _("from {day}").format(day=begin)
    return _("{first} to {last}").format(first=begin, last=f"{day_words(last)} {last.year}")
