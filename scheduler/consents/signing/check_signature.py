"""Whether a signature counts: the signer may sign for this patient, with a recorded authority that
stands that day.
"""

from datetime import date

from scheduler.consents.model.models import Authority, Licence, Signer
from scheduler.consents.model.validity import FOR_MINORS, Paper, birthday
from scheduler.consents.signing.recompute_validity import born_on
from scheduler.consents.signing.signing_rules import needs_authority
from scheduler.consents.signing.who_may_sign import (
    in_state_custody_since,
    licence_of,
    parents_of,
    signers_under,
)
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person


def refuse_unauthorised_signer(
    paper: Paper, patient: Person, authority: Authority | None, second: Authority | None
) -> None:
    """Raise InputError for a signer who may not sign (42 CFR 2.14, 2.15), or without the authority
    it takes.

    `second` is the other parent's, wanted where two share legal custody.
    """
    licence = licence_of(patient.id)
    _refuse_capacity(paper, patient, licence)
    if authority is None:
        if second is not None or needs_authority(licence, paper.signed_by):
            raise InputError(
                f"record the {paper.signed_by}'s authority first: its dates and its evidence"
            )
        return
    _refuse_unsound(authority, paper, patient)
    if second is not None:
        _refuse_unsound(second, paper, patient)
    _refuse_wrong_number(paper, patient, authority, second)


def _refuse_wrong_number(
    paper: Paper, patient: Person, authority: Authority, second: Authority | None
) -> None:
    """Raise InputError for one parent where two must sign, and for two where one is enough."""
    takes_both = paper.signed_by in FOR_MINORS and parents_of(patient, paper.signed) > 1
    if takes_both and (second is None or _is_one_person(authority, second)):
        raise InputError(
            "both parents share legal custody: it takes the authorities of both, and both "
            "signatures"
        )
    if second is not None and not takes_both:
        raise InputError("one authority is enough here")


def _refuse_capacity(paper: Paper, patient: Person, licence: Licence) -> None:
    may = signers_under(licence, patient, paper.signed)
    if paper.signed_by in may:
        return
    if not may:
        raise InputError("nobody can sign for this patient any more")
    born = born_on(patient.id)
    grown = (
        paper.signed_by is Signer.GUARDIAN and born is not None and paper.signed >= birthday(born)
    )
    wanted = " or ".join(sorted(may))
    raise InputError(
        "a guardian cannot sign for an adult"
        if grown
        else f"{paper.signed_by} may not sign here, only {wanted}"
    )


def _refuse_unsound(authority: Authority, paper: Paper, patient: Person) -> None:
    if paper.signed_by is Signer.PROXY:
        wanted_as = Signer.PROXY
    else:
        wanted_as = Signer.GUARDIAN
    sound = authority.patient_id == patient.id and authority.capacity is wanted_as
    if not sound or paper.signed_by is Signer.PATIENT:
        raise InputError("this authority is for another patient, or to sign as something else")
    if not is_authorised(authority, paper.signed) or authority.ended_at is not None:
        raise InputError("this authority does not stand on the day of the signature")
    since = in_state_custody_since(patient.id, paper.signed)
    if since is not None and authority.first < since:
        raise InputError(
            "the patient is in the state's custody: only an authority of its department counts"
        )


def is_authorised(authority: Authority, day: date) -> bool:
    """True if `day` lies within the days of an authority."""
    return authority.first <= day and (authority.last is None or authority.last >= day)


def _is_one_person(authority: Authority, other: Authority) -> bool:
    return authority.id == other.id or authority.name.casefold() == other.name.casefold()
