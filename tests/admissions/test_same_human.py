"""One human entered as a relative of two patients: named at the desk as a clinic file names them.
The father without consent stays a stranger to it.
"""

from datetime import date

import pytest

from household import NOW, Household
from scheduler.admissions import human_named, name_same, part_again
from scheduler.clinics import dump, export, load, read
from scheduler.clinics.values import ClinicFile
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Licence
from scheduler.people.models import Person, Role


@pytest.fixture
def home(home: Household) -> Household:
    """The household as a clinic file can say it."""
    assert home.rivera.clinician is not None
    home.rivera.clinician.roles = (Role.COORDINATOR,)
    home.rivera.clinician.licences = (Licence("MA", date(2199, 1, 1)),)
    home.rivera.free = ()
    db.session.flush()
    return home


def same(person: Person, other: Person) -> bool:
    return name_same(person, other, by="rivera", now=NOW)


def exported() -> ClinicFile:
    return read(dump(export()).encode())


def test_two_rows_of_one_human_have_one_body(home: Household) -> None:
    assert (same(home.aunt, home.mother), same(home.aunt, home.mother)) == (True, False)
    bodies = [who.body_id for who in (home.aunt, home.mother, home.father)]
    assert bodies == [home.mother.id, home.mother.id, None]


@pytest.mark.parametrize(("own", "has"), [(None, "es"), ("pt-BR", "pt-BR")])
def test_who_has_no_language_of_their_own_takes_the_other_s(
    home: Household, own: str | None, has: str
) -> None:
    home.mother.language, home.aunt.language = "es", own

    same(home.aunt, home.mother)

    assert (home.aunt.language, home.father.language) == (has, None)


def test_load_of_an_export_changes_nothing(home: Household) -> None:
    same(home.aunt, home.mother)

    assert load(exported(), by="command", now=NOW).made == []


def test_older_file_leaves_what_the_desk_said(home: Household) -> None:
    older = exported()
    same(home.aunt, home.mother)

    changes = load(older, by="command", now=NOW)

    kept = [(change.what, change.deed) for change in changes.kept]
    assert (changes.made, kept) == ([], [("relative", "same_as")])
    assert (home.aunt.body_id, home.mother.body_id) == (home.mother.id, home.mother.id)


def test_who_is_named_after_a_third_is_refused(home: Household) -> None:
    same(home.father, home.aunt)

    with pytest.raises(InputError, match=f"name {home.aunt.key} here"):
        same(home.mother, home.father)


def test_relative_is_never_the_patient(home: Household) -> None:
    with pytest.raises(InputError, match="two people"):
        same(home.mother, home.jordan)


def test_patient_who_is_another_s_aunt_is_one_human_until_parted_again(home: Household) -> None:
    same(home.jordan, home.aunt)
    joined = [who.body_id for who in (home.jordan, home.aunt, home.father)]
    known = load(exported(), by="command", now=NOW).made
    part_again(home.jordan, by="rivera", now=NOW)

    assert (joined, known) == ([home.aunt.id, home.aunt.id, None], [])
    assert [who.body_id for who in (home.jordan, home.aunt)] == [None, None]


def test_patient_is_never_a_relative_of_their_own(home: Household) -> None:
    with pytest.raises(InputError, match="two people"):
        same(home.jordan, home.mother)


def test_relative_is_never_themselves(home: Household) -> None:
    with pytest.raises(InputError, match="this very person"):
        same(home.mother, home.mother)


def test_human_is_found_by_key_and_by_a_name_that_is_alone(home: Household) -> None:
    found = [human_named(words).id for words in (home.mother.key, home.aunt.name)]
    assert found == [home.mother.id, home.aunt.id]


@pytest.mark.parametrize(("words", "said"), [("nobody", "nobody is found"), ("a", "give the key")])
def test_human_that_is_not_one_is_refused(home: Household, words: str, said: str) -> None:
    db.session.commit()
    with pytest.raises(InputError, match=said):
        human_named(words)
