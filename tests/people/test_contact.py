"""Changing how somebody is reached."""

from dataclasses import replace

import pytest

from household import NOW, Household
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import contact_of, edit_contact
from scheduler.provenance import Source, words_about


def test_only_what_changed_is_noted(home: Household) -> None:
    wanted = replace(contact_of(home.mother), phone="+16175550188", relationship="mother")

    changed = edit_contact(home.mother, wanted, by="rivera", now=NOW)

    words = words_about(["relative p-1-mother"])
    assert (changed, contact_of(home.mother)) == (["phone", "relationship"], wanted)
    assert sorted(field for _, field in words) == ["phone", "relationship"]


def test_what_somebody_says_of_themselves_is_their_own_word(home: Household) -> None:
    wanted = replace(contact_of(home.jordan), language="es")

    edit_contact(home.jordan, wanted, by="p-1", now=NOW)

    (word,) = words_about(["patient p-1"]).values()
    assert word.source is Source.PERSON


def test_nothing_different_is_no_word(home: Household) -> None:
    assert edit_contact(home.mother, contact_of(home.mother), by="rivera", now=NOW) == []
    assert words_about(["relative p-1-mother"]) == {}


def test_what_was_seen_must_still_stand(home: Household) -> None:
    seen = contact_of(home.mother)
    home.mother.email = "hers@new.example"

    with pytest.raises(Conflict):
        edit_contact(home.mother, replace(seen, phone="+1"), seen=seen, by="rivera", now=NOW)


def test_colleagues_are_changed_elsewhere(home: Household) -> None:
    with pytest.raises(InputError):
        edit_contact(home.rivera, contact_of(home.rivera), by="rivera", now=NOW)
