"""Shared reads of people."""

import pytest
from flask import Flask

from cast import Cast, assemble
from scheduler.kernel.database import db
from scheduler.people import Help, people_by_address, practice, relatives_of, whom_to_ask


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def test_relatives_of_a_patient_come_by_name(cast: Cast) -> None:
    cast.dana.name = "Zoe Quellandrix"
    db.session.flush()

    assert relatives_of(cast.jordan) == [cast.miguel, cast.dana]


def test_relatives_of_somebody_who_is_no_patient_are_none(cast: Cast) -> None:
    assert relatives_of(cast.sam) == []


@pytest.mark.parametrize(
    "typed", ["dana@bücher.example", "DANA@xn--bcher-kva.example", " dana@Bücher.example "]
)
def test_somebody_is_found_by_any_spelling_of_their_domain(cast: Cast, typed: str) -> None:
    cast.dana.email = "dana@bücher.example"
    db.session.flush()

    assert people_by_address(typed) == [cast.dana]


def test_nobody_is_to_be_asked_before_a_practice_is_there(app: Flask) -> None:
    assert whom_to_ask() is None


def test_whom_to_ask_is_kept_as_it_was_said(cast: Cast) -> None:
    practice().help = Help("+16175550199", None, "The front desk")
    db.session.commit()
    db.session.expire_all()

    kept = Help("+16175550199", None, "The front desk", zone=practice().zone)
    assert whom_to_ask() == kept
