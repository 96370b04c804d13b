"""Members of staff as a clinic file has them, with what they have for a time where there is any."""

from collections.abc import Iterable
from datetime import date

from scheduler.clinics.exporting.program_fields import Fields, window_fields
from scheduler.people import Absence, Licence, covers_of, terms_of
from scheduler.people.accounts.models import Cover, RoleTerm
from scheduler.people.models import Person, PersonKind


def staff_fields(people: Iterable[Person]) -> list[Fields]:
    """Return those of `people` who are staff, in their order."""
    staff = [person for person in people if person.kind is PersonKind.CLINICIAN]
    found = {person.id: _clinician(person) for person in staff}
    for term in sorted(terms_of(staff), key=_days):
        lent = {"role": term.role.value, "from": term.first, "to": term.last}
        found[term.person_id].setdefault("roles_for_a_time", []).append(lent)
    keys = {person.id: person.key for person in staff}
    for row in sorted(covers_of(staff), key=_days):
        cover = {"clinician": keys[row.covering_id], "from": row.first, "to": row.last}
        found[row.away_id].setdefault("covered_by", []).append(cover)
    return list(found.values())


def _days(row: Cover | RoleTerm) -> tuple[date, date, str]:
    return row.first, row.last, row.id


def _clinician(person: Person) -> Fields:
    own = person.clinician
    if own is None:
        raise ValueError(f"person {person.id} is a clinician without a clinician's row")
    return {
        "key": person.key,
        "name": person.name,
        "email": person.email,
        "roles": [role.value for role in own.roles],
        "licences": [_licence(licence) for licence in own.licences],
        "buffer": own.buffer,
        "hours": window_fields(person.free or ()),
        "away": [_absence(absence) for absence in own.away],
    }


def _licence(licence: Licence) -> Fields:
    return {"state": licence.state, "until": licence.until}


def _absence(absence: Absence) -> Fields:
    return {"from": absence.first, "to": absence.last}
