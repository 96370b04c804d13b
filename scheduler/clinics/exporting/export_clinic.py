"""The whole clinic in the shape of a clinic file; loading it again changes nothing.

Revoked grants are not in it: a file never brings one back. Entries come in the order of their keys.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from scheduler.clinics.exporting.program_fields import (
    Fields,
    as_clock,
    given,
    program_fields,
    window_fields,
)
from scheduler.clinics.exporting.staff_fields import staff_fields
from scheduler.clinics.exporting.stay_fields import stay_fields
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people import (
    WEEKDAYS,
    Help,
    Marking,
    practice,
    standing_markings,
)
from scheduler.people.models import Person, PersonKind, Practice
from scheduler.programs import RoomService, all_programs
from scheduler.programs.models import Closure, Cohort, VideoRoom

Marked = Mapping[str, Collection[Marking]]
"""By person (id): hours in which nothing may arrive."""


def export() -> Fields:
    """Return the clinic as mappings, lists and plain values, dates as dates. Raises NotFound before
    the first load. Records of before, of who was entered twice, are not in it.
    """
    wanted = select(Person).where(Person.joined_into_id.is_(None)).order_by(Person.key)
    people = list(db.session.scalars(wanted).unique())
    house = house_fields(people)
    cohorts = [_of_newest(cohort, house["programs"]) for cohort in house["cohorts"]]
    return house | {"cohorts": cohorts, "patients": _patients(people)}


def _of_newest(cohort: Fields, programs: list[Fields]) -> Fields:
    """Return a cohort without who leads slots that only an earlier version of its program has."""
    slots = set()
    for program in programs:
        if program["key"] == cohort["program"]:
            slots = {group["key"] for group in program["groups"]}
    leads = {}
    for slot, leaders in cohort["leads"].items():
        if slot in slots:
            leads[slot] = leaders
    return cohort | {"leads": leads}


def house_fields(people: list[Person]) -> Fields:
    """Return all but the patients; the staff are those of `people` who are clinicians."""
    return {
        "version": 1,
        "practice": _practice(practice()),
        "video_rooms": [
            _room(row)
            for row in db.session.scalars(
                select(VideoRoom).where(VideoRoom.in_use).order_by(VideoRoom.key)
            )
        ],
        "clinicians": staff_fields(people),
        "programs": _programs(),
        "cohorts": [
            _cohort(row) for row in db.session.scalars(select(Cohort).order_by(Cohort.key))
        ],
    }


def _practice(row: Practice) -> Fields:
    closures = db.session.scalars(select(Closure).order_by(Closure.position))
    return given(
        {
            "name": row.name,
            "outward_name": row.outward_name,
            "outward_email": row.outward_email,
            "zone": row.zone,
            "part2": row.part2,
            "state": row.state,
            "closures": [_closure(closure) for closure in closures],
            "holidays": row.holidays,
            "help": _help(row.help) if row.help else None,
        }
    )


def _help(said: Help) -> Fields:
    return given({"phone": said.phone, "hours": said.hours, "words": said.words})


def _closure(row: Closure) -> Fields:
    one_day = row.first == row.last
    if one_day:
        days = {"on": row.first}
    else:
        days = {"from": row.first, "to": row.last}
    return given(days | {"note": row.note})


def _room(row: VideoRoom) -> Fields:
    is_fixed = row.service == RoomService.FIXED
    return given(
        {
            "key": row.key,
            "service": None if is_fixed else str(row.service),
            "url": row.url,
            "app_id": row.app_id,
            "secret_file": row.secret_file,
            "dial_in": row.dial_in,
            "shared": row.shared or None,
        }
    )


def _programs() -> list[Fields]:
    return [program_fields(row) for row in all_programs()]


def _cohort(row: Cohort) -> Fields:
    leads = {slot: keys[0] if len(keys) == 1 else list(keys) for slot, keys in row.leads.items()}
    return given(
        {
            "key": row.key,
            "program": row.program.root.key,
            "starts": row.starts,
            "zone": row.zone,
            "leads": leads,
        }
    )


def _patients(people: list[Person]) -> list[Fields]:
    """Return the patients by key; those who wait come last, in the order in which they wait."""
    stays, line = stay_fields()
    families: dict[str, list[Person]] = {}
    for person in people:
        if person.relative is not None:
            families.setdefault(person.relative.patient_id, []).append(person)
    papers = _papers()
    marked = standing_markings(people)
    keys = {person.id: person.key for person in people}
    patients = [person for person in people if person.kind is PersonKind.PATIENT]
    patients.sort(key=lambda person: line[person.id])
    return [
        _patient(
            person,
            stays[person.id],
            families.get(person.id, []),
            papers,
            keys,
            marked,
        )
        for person in patients
    ]


def _patient(
    person: Person,
    stays: Fields,
    family: list[Person],
    papers: Mapping[str, list[Fields]],
    keys: Mapping[str, str],
    marked: Marked,
) -> Fields:
    own = person.patient
    if own is None:
        raise ValueError(f"person {person.id} is a patient without a patient's row")
    relatives = []
    for relative in family:
        listed = papers.get(relative.id, [])
        relatives.append(_relative(relative, listed, keys, marked))
    return given(
        _common(person, keys, marked)
        | {"state": own.state, "born": own.born, "clinician": own.treating.key}
        | stays
        | {"family": relatives}
    )


def _relative(
    person: Person, papers: list[Fields], keys: Mapping[str, str], marked: Marked
) -> Fields:
    own = person.relative
    if own is None:
        raise ValueError(f"person {person.id} is a relative without a relative's row")
    return given(
        _common(person, keys, marked)
        | {
            "relationship": own.relationship_word,
            "ready": own.ready,
            "consents": papers,
        }
    )


def _common(person: Person, keys: Mapping[str, str], marked: Marked) -> Fields:
    """Return what patients and relatives share; `keys` are everybody's by id."""
    return {
        "key": person.key,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "zone": person.zone,
        "language": person.language,
        "free": None if person.free is None else window_fields(person.free),
        "unsafe_hours": _unsafe_hours(marked[person.id]),
        "same_as": None if person.body_id in (None, person.id) else keys[person.body_id],
    }


def _unsafe_hours(markings: Collection[Marking]) -> list[Fields] | None:
    """Return the hours in which nothing may arrive at somebody; None for no such hours."""
    found = []
    for marking in markings:
        days = [WEEKDAYS[day] for day in sorted(marking.days)]
        found.append(
            {
                "days": days,
                "from": as_clock(marking.begin),
                "to": as_clock(marking.end),
                "means": marking.means.value,
            }
        )
    return found or None


def _papers() -> dict[str, list[Fields]]:
    """Return every signed paper of which something still stands, by the relative, in an order of
    its own content.
    """
    papers: dict[tuple[str, str], list[Grant]] = {}
    for grant in db.session.scalars(select(Grant).where(Grant.revoked_at.is_(None))):
        papers.setdefault((grant.person_id, grant.statement), []).append(grant)
    found: dict[str, list[Fields]] = {}
    for (person, _), grants in papers.items():
        found.setdefault(person, []).append(_paper(grants))
    for listed in found.values():
        listed.sort(
            key=lambda paper: (
                paper["signed"],
                str(paper.get("expires", "")),
                paper["kinds"],
            )
        )
    return found


def _paper(grants: list[Grant]) -> Fields:
    one = grants[0]
    return given(
        {
            "kinds": sorted(grant.purpose.value for grant in grants),
            "signed": one.signed,
            "expires": one.expires,
            "expires_on": one.expires_on.value if one.expires_on else None,
            "signed_by": one.signed_by.value,
            "others": one.others,
        }
    )
