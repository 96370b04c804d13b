"""Bringing roles for a time and covers up to a clinic file, by the deeds of the desk.

A record that does not speak of them leaves them as they are. One that does has what it names, and
of what it does not name everything ends that is not over.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from scheduler.clinics.loading.upsert_record import RecordWriter
from scheduler.clinics.values import ClinicFile
from scheduler.kernel.errors import InputError
from scheduler.people import cover, covers_of, end_early, give_role_for, record_name, terms_of
from scheduler.people.accounts.models import Cover, RoleTerm
from scheduler.people.models import Person, Role
from scheduler.provenance import drop_word

WHAT = "clinician"
Term = tuple[str, date, date]
"""A role, or who stands in (a key); the first day and the last."""
Row = Cover | RoleTerm


def load_terms(file: ClinicFile, people: Mapping[str, Person], writer: RecordWriter) -> None:
    """Give what the file names and does not stand, and end what it does not name."""
    staff = [people[said.key] for said in file.clinicians]
    roles, covers = _roles_of(staff), _covers_of(staff, people.values())
    for said in file.clinicians:
        terms = _Terms(people[said.key], people, writer)
        if said.roles_for_a_time is not None:
            wanted = [(term.role.value, term.first, term.last) for term in said.roles_for_a_time]
            terms.settle("roles_for_a_time", wanted, roles[terms.person.id], terms.give_role)
        if said.covered_by is not None:
            wanted = [(term.clinician, term.first, term.last) for term in said.covered_by]
            terms.settle("covered_by", wanted, covers[terms.person.id], terms.cover)


def _roles_of(staff: Iterable[Person]) -> dict[str, dict[Term, Row]]:
    """Return by person (id) the roles they have for a time."""
    people = list(staff)
    found: dict[str, dict[Term, Row]] = {person.id: {} for person in people}
    for row in terms_of(people):
        found[row.person_id][row.role.value, row.first, row.last] = row
    return found


def _covers_of(staff: Iterable[Person], known: Iterable[Person]) -> dict[str, dict[Term, Row]]:
    """Return by person (id) by whom they are covered."""
    people = list(staff)
    keys = {person.id: person.key for person in known}
    found: dict[str, dict[Term, Row]] = {person.id: {} for person in people}
    for row in covers_of(people):
        found[row.away_id][keys[row.covering_id], row.first, row.last] = row
    return found


class _Terms:
    """What one member of staff has for a time."""

    def __init__(self, person: Person, people: Mapping[str, Person], writer: RecordWriter) -> None:
        self.person = person
        self.people = people
        self.writer = writer

    def settle(
        self,
        field: str,
        wanted: Collection[Term],
        standing: Mapping[Term, Row],
        give: Callable[[Term], None],
    ) -> None:
        """Make what stands what is wanted, unless the desk's word stays."""
        new = [term for term in dict.fromkeys(wanted) if term not in standing]
        gone = self._no_longer(wanted, standing)
        is_settled = not new and not gone
        if is_settled or self.writer.stays(WHAT, self.person.key, field):
            return
        for row in gone:
            end_early(
                self.person,
                row.id,
                by=self.writer.by,
                now=self.writer.now,
            )
        if self._give(field, new, give) or gone:
            drop_word(record_name(self.person), field)  # the deeds of the desk have noted it
            self.writer.tell(WHAT, self.person.key, "changed", field)

    def _no_longer(self, wanted: Collection[Term], standing: Mapping[Term, Row]) -> list[Row]:
        """Return what stands, is not wanted and is not over."""
        today = self.writer.day_of(self.writer.now)
        gone = []
        for term, row in standing.items():
            if term not in wanted and row.last.isoformat() >= today:
                gone.append(row)
        return gone

    def _give(self, field: str, new: Iterable[Term], give: Callable[[Term], None]) -> bool:
        """Give what can be given; say whether anything was."""
        given = False
        for term in new:
            try:
                give(term)
                given = True
            except InputError as error:
                self.writer.refuse(field, self.person.key, str(error))
        return given

    def give_role(self, term: Term) -> None:
        role, first, last = term
        give_role_for(
            self.person,
            Role(role),
            first=first,
            last=last,
            by=self.writer.by,
            now=self.writer.now,
        )

    def cover(self, term: Term) -> None:
        who, first, last = term
        cover(
            self.person,
            self.people[who],
            first=first,
            last=last,
            by=self.writer.by,
            now=self.writer.now,
        )
