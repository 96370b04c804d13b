"""Bringing each relative's grants up to the papers a clinic file lists for them, through the deeds
of consent only.
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
from scheduler.people.models import Person
from scheduler.programs import Kind

Said = tuple[Kind, date, date | None, Ending | None, Signer, bool]
"""What makes a grant the same grant: purpose, signed, its ending, the signer, and whether others
may see them.
"""


def load_consents(file: ClinicFile, people: Mapping[str, Person], writer: RecordWriter) -> None:
    """Return what is listed and new, revoke what is no longer listed; what was revoked is reported,
    never revived.
    """
    again = consents.recompute_validity(by=writer.by, now=writer.now)
    if again:
        writer.tell("consents", "", f"{again} derived again")
    grants: dict[str, list[Grant]] = {}
    for grant in db.session.scalars(select(Grant)):
        grants.setdefault(grant.person_id, []).append(grant)
    for patient in file.patients:
        for relative in patient.family:
            person = people[relative.key]
            known = grants.get(person.id, [])
            _revoke_unlisted(person, relative.consents, known, writer)
            _give_missing(
                person,
                people[patient.key],
                relative.consents,
                known,
                writer,
            )


def _revoke_unlisted(
    person: Person, papers: Iterable[Consent], known: list[Grant], writer: RecordWriter
) -> None:
    listed = {_of_paper(paper, kind) for paper in papers for kind in paper.kinds}
    unlisted = [
        grant for grant in known if grant.revoked_at is None and _of_grant(grant) not in listed
    ]
    if unlisted:
        revocation = consents.revoke_grants(
            unlisted,
            by=writer.by,
            now=writer.now,
        )
        writer.changes.revoked.extend(revocation.grant_ids)
    for grant in unlisted:
        writer.tell(
            "consent of",
            person.key,
            "revoked",
            *_told(grant.purpose, grant.signed),
        )


def _give_missing(
    person: Person,
    patient: Person,
    papers: Iterable[Consent],
    known: list[Grant],
    writer: RecordWriter,
) -> None:
    standing = {_of_grant(grant) for grant in known if grant.revoked_at is None}
    revoked = {_of_grant(grant) for grant in known} - standing
    for paper in papers:
        missing = []
        for kind in paper.kinds:
            said = _of_paper(paper, kind)
            if said in revoked:
                writer.keep(
                    "consent of",
                    person.key,
                    "stays revoked",
                    *_told(kind, paper.signed),
                )
            elif said not in standing:
                standing.add(said)
                missing.append(kind)
        if missing:
            _give(person, patient, paper, missing, writer)


def _give(
    person: Person, patient: Person, paper: Consent, kinds: list[Kind], writer: RecordWriter
) -> None:
    """Return one paper; one that nobody may act on (a guardian's for an adult) is reported and
    gives nothing.
    """
    try:
        consents.give(
            person=person,
            patient=patient,
            purposes=kinds,
            signed=paper.signed,
            expires=paper.expires,
            expires_on=paper.expires_on,
            signed_by=paper.signed_by,
            others=paper.others,
            by=writer.by,
            now=writer.now,
        )
    except InputError as why:
        writer.keep(
            "consent of",
            person.key,
            f"gives nothing: {why}",
            f"signed {paper.signed}",
        )
        return
    for kind in kinds:
        writer.tell(
            "consent of",
            person.key,
            "given",
            *_told(kind, paper.signed),
        )


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
