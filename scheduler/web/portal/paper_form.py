"""A paper signed by hand, as staff typed it off: read, checked, and given."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import request

from scheduler import consents
from scheduler.consents import PAPERS_KEPT, Signature
from scheduler.consents.model.models import Ending, Signer
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import relatives_of
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.web.auth.access import me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.form_fields import bounded_date_field, enum_field
from scheduler.web.parts.time_words import day_words


@dataclass(frozen=True, slots=True)
class TypedPaper:
    """A paper as staff typed it off: None or empty where something is missing."""

    person: Person | None
    purposes: list[Kind]
    signed: date | None
    expires: date | None
    ending: Ending | None


def typed_paper(patient: Person) -> TypedPaper:
    relatives = {relative.key: relative for relative in relatives_of(patient)}
    chosen = request.form.getlist("purpose")
    return TypedPaper(
        person=relatives.get(request.form.get("person", "")),
        purposes=[kind for kind in sorted(FAMILY_KINDS) if kind.value in chosen],
        signed=bounded_date_field("signed", years_back=PAPERS_KEPT),
        expires=bounded_date_field("expires"),
        ending=enum_field("ending", Ending),
    )


def give_typed(paper: TypedPaper, patient: Person) -> None:
    """Record the consent of a paper that lacks nothing. Raises InputError."""
    if paper.person is None or paper.signed is None:
        raise InputError("the paper names nobody, or no day")
    moment = now()
    others = bool(request.form.get("others"))
    consents.give(
        person=paper.person,
        patient=patient,
        purposes=paper.purposes,
        signed=paper.signed,
        expires=None if paper.ending else paper.expires,
        expires_on=paper.ending,
        signed_by=Signer(request.form.get("signed_by", "patient")),
        others=others and Kind.MULTI_FAMILY_GROUP in paper.purposes,
        signature=_signature(patient, moment),
        by=me().key,
        now=moment,
    )


def lacking(paper: TypedPaper) -> dict[str, str]:
    """Return what a paper lacks, by field."""
    _ = catalog(reader_language())
    errors = {}
    if paper.person is None:
        errors["person"] = _("Choose whom the paper names.")
    if not paper.purposes:
        errors["purpose"] = _("Choose what the paper says.")
    if paper.signed is None:
        errors["signed"] = _("Give the day it was signed.")
    if paper.expires is None and paper.ending is None:
        errors["expires"] = _(
            "Give the last day, or what ends it: a consent without an end cannot be kept."
        )
    return errors


def too_old(paper: TypedPaper, patient: Person) -> dict[str, str]:
    """Return what is wrong where the patient withdrew since: an older paper brings nothing back."""
    if paper.person is None or paper.signed is None:
        return {}
    day = consents.withdrawn_since(paper.person, patient, paper.purposes, paper.signed)
    if day is None:
        return {}
    said = catalog(reader_language()).gettext(
        "What it says was withdrawn on {day}, after this paper was signed. If {name} wants it "
        "again, have a new paper signed."
    )
    withdrawn = f"{day_words(day)} {day.year}"
    return {"signed": said.format(day=withdrawn, name=patient.name)}


def _signature(patient: Person, moment: datetime) -> Signature:
    """Return by whose authority it was signed (nobody's, one's, both parents'), and whether a copy
    was given.
    """
    chosen = request.form.getlist("authority")
    recorded = consents.authorities_of(patient.id)
    held = [authority for authority in recorded if authority.id in chosen]
    if len(held) > 2:
        raise InputError("at most two sign by an authority")
    return Signature(
        authority=held[0] if held else None,
        second=held[1] if len(held) == 2 else None,
        copy_given_at=moment if request.form.get("copy") else None,
    )
