"""/consents: what a patient lets one relative know; given by a signed paper, withdrawn for good."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler import consents
from scheduler.consents import Revocation, Signature
from scheduler.consents.model.models import Ending, Grant, Signer
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, InvalidFile, NotFound, Problem
from scheduler.people import Deed, Scope, names_by_id, practice, relatives_of, state_reason
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.web.api.door.answering import follow_up
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    DAY,
    ID,
    KEY,
    LINE,
    MOMENT,
    TEXT,
    TRUTH,
    list_schema,
    one_of,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import patient_asked, patient_in_reach, patients_seen
from scheduler.web.api.resources.typed_words import day_said
from scheduler.web.desk.people.family_circle import circle_of

CONSENT = record(
    {
        "id": ID,
        "patient": KEY,
        "person": KEY,
        "purpose": one_of(Kind),
        "others": TRUTH,
        "signed": DAY,
        "signed_by": one_of(Signer),
        "expires": or_null(DAY),
        "expires_on": or_null(one_of(Ending)),
        "given_at": MOMENT,
        "withdrawn_at": or_null(MOMENT),
        "holds": TRUTH,
        "paper": ID,
    }
)
PAPER = record(
    {
        "patient": KEY,
        "person": KEY,
        "purposes": {
            "type": "array",
            "items": one_of(FAMILY_KINDS),
            "minItems": 1,
            "maxItems": len(FAMILY_KINDS),
            "uniqueItems": True,
        },
        "signed": DAY,
        "expires": DAY,
        "expires_on": one_of(Ending),
        "signed_by": one_of(Signer),
        "others": TRUTH,
        "authorities": {"type": "array", "items": ID, "maxItems": 2, "uniqueItems": True},
        "copy_given": TRUTH,
    },
    needed=("patient", "person", "purposes", "signed"),
)
LETTER = record({"kind": LINE, "person": LINE, "sent_at": or_null(MOMENT)})
LETTERS = {"type": "array", "items": LETTER}
OUTCOME = record(
    {
        "consent": CONSENT,
        "nothing_further_leaves": TRUTH,
        "handed_over": LETTERS,
        "taken_out": LETTERS,
        "kept_in": LETTERS,
    }
)
SINCE = "was withdrawn after that day; a paper signed since brings it back"


@route(
    "GET",
    "/consents",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    asks={"patient": KEY},
    gives=list_schema(CONSENT),
    is_list=True,
)
def list_consents(call: Call) -> Answered:
    """List the consents of the patients within reach, or of one; ended ones, too."""
    whose = patient_asked(call.staff, call.args.get("patient"), now=call.now)
    near = patients_seen(call.staff, now=call.now) if whose is None else None
    after = call.after[0] if call.after else None
    grants = consents.grants_page(
        near,
        patient=whose,
        after=after,
        limit=call.limit + 1,
    )
    return page_of(
        call,
        grants,
        place=lambda grant: [grant.id],
        document=lambda grant: consent_document(grant, call),
    )


@route(
    "GET",
    "/consents/<key>",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    about=About.CONSENT,
    gives=CONSENT,
    is_row=True,
)
def consent(call: Call) -> Answered:
    """Return one consent."""
    return Answered(consent_document(_grant(call.key), call))


@route(
    "POST",
    "/consents",
    deed=Deed.CHANGE_PATIENT,
    scope=Scope.WRITE,
    takes=PAPER,
    gives=record({"items": {"type": "array", "items": CONSENT}}),
    status=201,
    rehearses=True,
)
def give_consent(call: Call) -> Answered:
    """Record a signed paper: a consent for each of its purposes."""
    body = call.body
    patient = patient_in_reach(
        call.staff,
        Deed.CHANGE_PATIENT,
        body["patient"],
        now=call.now,
    )
    person = _relative(patient, body["person"])
    purposes = [Kind(word) for word in body["purposes"]]
    _refuse_older(person, patient, purposes, call)
    consents.give(
        person=person,
        patient=patient,
        purposes=purposes,
        signed=_signed(call),
        expires=day_said(body, "expires", now=call.now),
        expires_on=Ending(body["expires_on"]) if "expires_on" in body else None,
        signed_by=Signer(body.get("signed_by", Signer.PATIENT)),
        others=body.get("others", False) and Kind.MULTI_FAMILY_GROUP in purposes,
        signature=_signature(patient, call),
        by=call.by,
        now=call.now,
    )
    follow_up(call, circle_of(patient))
    standing = consents.standing_grants(person, patient, purposes)
    return Answered({"items": [consent_document(grant, call) for grant in standing]})


@route(
    "POST",
    "/consents/<key>/withdraw",
    deed=Deed.STOP_SHARING,
    scope=Scope.WRITE,
    about=About.CONSENT,
    takes=record({"reason": TEXT, "silent": TRUTH}, needed=()),
    gives=OUTCOME,
    rehearses=True,
)
def withdraw_consent(call: Call) -> Answered:
    """Withdraw a consent for good; the answer comes when nothing more of it can leave."""
    grant = _grant(call.key)
    if grant.revoked_at is not None:
        raise InputError("this consent was withdrawn before")
    silent = call.body.get("silent", False)
    done = consents.revoke_grants(
        [grant],
        silent=silent,
        by=call.by,
        now=call.now,
    )
    if call.body.get("reason"):
        about = f"grant {grant.id}"
        state_reason(
            about,
            call.body["reason"],
            by=call.by,
            now=call.now,
        )
    follow_up(call, circle_of(grant.patient))
    outcome = _Outcome(grant, done, call)
    return Answered(outcome.document(quiet=True), afterwards=outcome.waited_for)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a withdrawal came to."""

    grant: Grant
    done: Revocation
    call: Call

    def waited_for(self) -> Document:
        """Return it once nothing under the consent is being handed over any more."""
        quiet = consents.wait_until_drained(self.done.grant_ids)
        return self.document(quiet=quiet)

    def document(self, *, quiet: bool) -> Document:
        """Return which letters left, which leave yet, and which never will."""
        ids = self.done.grant_ids
        left = consents.handed_over(ids, self.done.at)
        out = consents.taken_out(ids, self.done.at)
        kept_in = self.done.kept_in
        return {
            "consent": consent_document(self.grant, self.call),
            "nothing_further_leaves": quiet and not left,
            "handed_over": _letters(left),
            "taken_out": _letters(out),
            "kept_in": _letters(kept_in),
        }


def _letters(letters: Any) -> list[Document]:
    names = names_by_id({letter.recipient_id for letter in letters})
    found = []
    for letter in letters:
        sent_at = getattr(letter, "sent_at", None)
        row = {
            "kind": letter.kind,
            "person": names.get(letter.recipient_id, ""),
            "sent_at": sent_at.isoformat() if sent_at else None,
        }
        found.append(row)
    return found


def consent_document(grant: Grant, call: Call) -> Document:
    """Return what the API says of a consent."""
    return {
        "id": grant.id,
        "patient": grant.patient.key,
        "person": grant.person.key,
        "purpose": grant.purpose.value,
        "others": grant.others,
        "signed": grant.signed.isoformat(),
        "signed_by": grant.signed_by.value,
        "expires": grant.expires.isoformat() if grant.expires else None,
        "expires_on": grant.expires_on.value if grant.expires_on else None,
        "given_at": grant.given_at.isoformat(),
        "withdrawn_at": grant.revoked_at.isoformat() if grant.revoked_at else None,
        "holds": grant.revoked_at is None and consents.holds(grant, call.now),
        "paper": grant.statement,
    }


def _grant(grant_id: str) -> Grant:
    grant = db.session.get(Grant, grant_id)
    if grant is None:
        raise NotFound("there is no such consent")
    return grant


def _relative(patient: Person, key: str) -> Person:
    for person in relatives_of(patient):
        if person.key == key:
            return person
    raise InvalidFile([Problem("person", f"is no relative of {patient.key}")])


def _refuse_older(person: Person, patient: Person, purposes: list[Kind], call: Call) -> None:
    if consents.withdrawn_since(person, patient, purposes, _signed(call)) is not None:
        raise InvalidFile([Problem("signed", SINCE)])


def _signed(call: Call) -> date:
    """Return the day on the paper, today's where none is said. Raises InvalidFile."""
    said = day_said(
        call.body,
        "signed",
        now=call.now,
        years_back=consents.PAPERS_KEPT,
    )
    return said or practice().day_at(call.now)


def _signature(patient: Person, call: Call) -> Signature:
    wanted = call.body.get("authorities", [])
    recorded = consents.authorities_of(patient.id)
    held = [authority for authority in recorded if authority.id in wanted]
    if len(held) < len(wanted):
        raise InvalidFile([Problem("authorities", "names one that is not recorded")])
    return Signature(
        authority=held[0] if held else None,
        second=held[1] if len(held) == 2 else None,
        copy_given_at=call.now if call.body.get("copy_given") else None,
    )
