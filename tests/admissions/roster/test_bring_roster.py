"""A list is brought in whole or not at all, once, and taken back while nothing rests on it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from household import MONDAY, NOW, Household
from scheduler.admissions import Brought, Row, bring_roster, rows_of, table_of, take_back_roster
from scheduler.clinics import dump, export, load, read, typed_field
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox.models import Letter
from scheduler.people import Licence, person_by_key
from scheduler.people.models import Person, PersonKind, Relative, Role
from scheduler.programs.models import Enrolment

BY = {"by": "rivera", "now": NOW}
ROSTER = "a" * 32
USUAL = {"cohort": "march", "clinician": "rivera", "first": MONDAY.isoformat()}
GOOD = ("Zoe Hart,zoe@p.example,1990-05-02,p-8", "Yan Wu,yan@p.example,,p-9")


@pytest.fixture
def home(home: Household) -> Household:
    assert home.rivera.clinician is not None
    home.rivera.clinician.licences = (Licence("MA", date(2199, 1, 1)),)
    home.rivera.clinician.roles = (Role.COORDINATOR,)
    home.rivera.free = ()
    db.session.flush()
    return home


def rows(*lines: str) -> list[Row]:
    table = table_of("\n".join(["name,mail,born,key", *lines]))
    return rows_of(table, ["name", "email", "born", "key"], USUAL, None, typed_field)


def bring(*lines: str) -> Brought:
    return bring_roster(rows(*lines), ROSTER, **BY)


def count(model: type[Person] | type[Enrolment] | type[Letter]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_everybody_of_the_list_is_admitted_and_nobody_written_to(home: Household) -> None:
    before = count(Person)

    assert bring(*GOOD).brought is not None

    assert (count(Person), count(Letter)) == (before + 2, 0)


def test_same_list_sent_twice_is_brought_once(home: Household) -> None:
    bring(*GOOD)
    before = count(Person)

    bring(*GOOD)

    assert count(Person) == before


def test_what_an_admission_is_refused_for_stands_by_its_cell(home: Household) -> None:
    done = bring("Zoe Hart,zoe@p.example,,p-1", GOOD[1])

    assert done.brought is None
    assert [dict(row.errors) for row in done.rows] == [
        {"key": "somebody has the key p-1 already"},
        {},
    ]


def test_who_is_here_already_is_not_brought_again(home: Household) -> None:
    (row,) = bring("JORDAN LEE,j@p.example,1994-05-02,").rows

    assert row.errors == {"name": "Jordan Lee (p-1) with this birthday is here already"}


def test_list_is_taken_back_as_one(home: Household) -> None:
    before = count(Person), count(Enrolment)
    bring(*GOOD)

    assert take_back_roster(ROSTER, **BY) == 2
    assert (count(Person), count(Enrolment)) == before
    with pytest.raises(Conflict, match="taken back already"):
        take_back_roster(ROSTER, **BY)


def test_list_on_which_something_rests_stays_whole(home: Household) -> None:
    bring(*GOOD)
    kin = Person(key="kin", kind=PersonKind.RELATIVE, name="Kin", email="kin@family.example")
    patient = person_by_key("p-9")
    own = Relative(person=kin, patient_id=patient.id, relationship_word="aunt")
    db.session.add_all([kin, own])
    db.session.flush()
    before = count(Person)

    with pytest.raises(Conflict, match="something rests on one of them"):
        take_back_roster(ROSTER, **BY)

    assert count(Person) == before


def test_load_of_the_export_changes_nothing_after_a_list(home: Household) -> None:
    bring(*GOOD)

    assert len(load(read(dump(export()).encode()), by="command", now=NOW)) == 0
