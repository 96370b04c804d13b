"""Bringing each relative's grants up to the papers a clinic file lists for them, through the deeds
of consent only.

A file takes back only what a file brought: a consent recorded at the desk or signed by the patient
stays, and what was withdrawn is never given again by a paper signed before.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from scheduler import consents
from scheduler.clinics.loading.upsert_record import RecordWriter
from scheduler.clinics.values import ClinicFile, Consent
from scheduler.consents.model.models import Ending, Grant, Signer
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind, all_cohorts, all_programs

FILE = "clinic file"
"""Who gives and withdraws where a file does; no person's key has a space."""
Said = tuple[Kind, date, date | None, Ending | None, Signer, bool]
"""What makes a grant the same grant: purpose, signed, its ending, the signer, and whether others
may see them.
"""


def load_consents(file: ClinicFile, people: Mapping[str, Person], writer: RecordWriter) -> None:
    """Give what is listed and new, revoke what a file brought and lists no longer; what was
    revoked is reported, never revived.
    """
    again = consents.recompute_validity(by=writer.by, now=writer.now)
    if again:
        writer.tell("consents", "", f"{again} derived again")
    writer.hold([practice(), *all_programs(), *all_cohorts()])
    grants: dict[str, list[Grant]] = {}
    for grant in db.session.scalars(select(Grant)):
        grants.setdefault(grant.person_id, []).append(grant)
    for patient in file.patients:
        for relative in patient.family:
            person = people[relative.key]
            known = grants.get(person.id, [])
            withdrawn = _withdrawals(known, writer)
            _revoke_unlisted(person, relative.consents, known, writer)
            for paper in relative.consents:
                missing = _missing(person, paper, known, withdrawn, writer)
                if missing:
                    known += _give(person, people[patient.key], paper, missing, writer)


def _revoke_unlisted(
    person: Person, papers: Iterable[Consent], known: list[Grant], writer: RecordWriter
) -> None:
    listed = {_of_paper(paper, kind) for paper in papers for kind in paper.kinds}
    brought = []
    for grant in known:
        if grant.revoked_at is not None or _of_grant(grant) in listed:
            continue
        if grant.given_by == FILE:
            brought.append(grant)
        else:
            _keep(person, grant, writer)
    if not brought:
        return
    revocation = consents.revoke_grants(
        brought,
        by=FILE,
        now=writer.now,
    )
    writer.changes.revoked.extend(revocation.grant_ids)
    for grant in brought:
        told = _told(grant.purpose, grant.signed)
        writer.tell("consent of", person.key, "revoked", *told)


def _keep(person: Person, grant: Grant, writer: RecordWriter) -> None:
    """Tell of a consent that no file brought, and that stands although this one does not list
    it.
    """
    what, signed = _told(grant.purpose, grant.signed)
    writer.keep(
        "consent of",
        person.key,
        "stands, though the file does not list it",
        what,
        signed,
        f"recorded {writer.day_of(grant.given_at)}",
    )


def _withdrawals(known: Iterable[Grant], writer: RecordWriter) -> dict[Kind, str]:
    """Return the last day (ISO) on which each purpose was withdrawn by a person; where nothing
    stands any more, all that a relative might know was.

    What a file took back to say it otherwise is no withdrawal.
    """
    days: dict[Kind, str] = {}
    for grant in known:
        if grant.revoked_at is not None and grant.revoked_by != FILE:
            day = writer.day_of(grant.revoked_at)
            days[grant.purpose] = max(day, days.get(grant.purpose, ""))
    if days and all(grant.revoked_at is not None for grant in known):
        return dict.fromkeys(FAMILY_KINDS, max(days.values())) | days
    return days


def _missing(
    person: Person,
    paper: Consent,
    known: Iterable[Grant],
    withdrawn: Mapping[Kind, str],
    writer: RecordWriter,
) -> list[Kind]:
    """Return the purposes of a paper that are to be given; those withdrawn since it was signed are
    reported.
    """
    standing = {_of_grant(grant) for grant in known if grant.revoked_at is None}
    revoked = {_of_grant(grant) for grant in known} - standing
    signed = paper.signed.isoformat()
    missing = []
    for kind in paper.kinds:
        said = _of_paper(paper, kind)
        if said in standing:
            continue
        if said in revoked or withdrawn.get(kind, "") > signed:
            told = _told(kind, paper.signed)
            writer.keep("consent of", person.key, "stays revoked", *told)
        else:
            missing.append(kind)
    return missing


def _give(
    person: Person, patient: Person, paper: Consent, kinds: list[Kind], writer: RecordWriter
) -> list[Grant]:
    """Give one paper and return its grants; one that nobody may act on (a guardian's for an adult)
    is reported and gives nothing.
    """
    try:
        given = consents.give(
            person=person,
            patient=patient,
            purposes=kinds,
            signed=paper.signed,
            expires=paper.expires,
            expires_on=paper.expires_on,
            signed_by=paper.signed_by,
            others=paper.others,
            by=FILE,
            now=writer.now,
        )
    except InputError as why:
        writer.refuse(
            "consent of",
            person.key,
            f"gives nothing: {why}",
            f"signed {paper.signed}",
        )
        return []
    for kind in kinds:
        writer.tell(
            "consent of",
            person.key,
            "given",
            *_told(kind, paper.signed),
        )
    return given


def _of_paper(paper: Consent, kind: Kind) -> Said:
    return kind, paper.signed, paper.expires, paper.expires_on, paper.signed_by, paper.others


def _of_grant(grant: Grant) -> Said:
    return (
        grant.purpose,
        grant.signed,
        grant.expires,
        grant.expires_on,
        grant.signed_by,
        grant.others,
    )


def _told(kind: Kind, signed: date) -> tuple[str, str]:
    return kind.value, f"signed {signed}"
