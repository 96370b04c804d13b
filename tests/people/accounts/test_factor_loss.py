"""A lost telephone is mended by two people; what is sealed stays so."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, text

from cast import Cast, assemble
from scheduler import tasks
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import (
    Reported,
    ask_factor_reset,
    confirm_factor,
    confirm_factor_reset,
    factor_of,
    new_factor,
    report_factor_lost,
)
from scheduler.people.accounts.models import SecondFactor
from scheduler.people.accounts.totp import seal_secrets
from scheduler.people.models import Clinician, Person, PersonKind, Role

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


def with_factor(person: Person) -> str:
    secret = new_factor(person, now=NOW).secret
    assert confirm_factor(person, pyotp.TOTP(secret).at(NOW), now=NOW)
    db.session.commit()
    return secret


@pytest.fixture
def cast(app: Flask) -> Cast:
    cast = assemble()
    with_factor(cast.rivera)
    return cast


@pytest.fixture
def lee(cast: Cast) -> Person:
    """Somebody third, who has not asked."""
    person = Person(
        key="lee",
        kind=PersonKind.CLINICIAN,
        name="Lee",
        email="lee@hl.example",
        free=(),
    )
    db.session.add(person)
    db.session.commit()
    return person


def test_one_asks_and_another_confirms(cast: Cast, lee: Person) -> None:
    ask_factor_reset(cast.rivera, cast.sam, now=NOW)
    assert factor_of(cast.rivera) is not None

    confirm_factor_reset(cast.rivera, lee, now=NOW + timedelta(hours=23))
    assert factor_of(cast.rivera) is None


def test_whoever_asked_confirms_nothing_nor_asks_again_in_their_stead(
    cast: Cast, lee: Person
) -> None:
    ask_factor_reset(cast.rivera, cast.sam, now=NOW)
    ask_factor_reset(cast.rivera, lee, now=NOW)

    with pytest.raises(InputError):
        confirm_factor_reset(cast.rivera, cast.sam, now=NOW)
    with pytest.raises(InputError):
        confirm_factor_reset(cast.rivera, cast.rivera, now=NOW)
    assert factor_of(cast.rivera) is not None


def test_nobody_asks_for_themselves(cast: Cast) -> None:
    with pytest.raises(InputError):
        ask_factor_reset(cast.rivera, cast.rivera, now=NOW)


def test_what_was_asked_stands_for_a_day_and_once(cast: Cast, lee: Person) -> None:
    ask_factor_reset(cast.rivera, cast.sam, now=NOW)
    with pytest.raises(InputError):
        confirm_factor_reset(cast.rivera, lee, now=NOW + timedelta(days=1))

    confirm_factor_reset(cast.rivera, lee, now=NOW)
    with pytest.raises(InputError):
        confirm_factor_reset(cast.rivera, lee, now=NOW)


def an_administrator(person: Person) -> Person:
    """Let somebody look after the accounts, with a password."""
    account = person.clinician or Clinician(licences=(), buffer=10, away=())
    account.roles = (Role.ADMINISTRATOR,)
    account.password_hash = "some hash"
    person.clinician = account
    db.session.commit()
    return person


def noted() -> list[dict[str, object]]:
    """What the record says of losses."""
    entries = select(AuditEntry.details).where(AuditEntry.deed == "people.factor_lost")
    return list(db.session.scalars(entries))


def test_loss_reported_from_a_shell_waits_for_an_administrator(cast: Cast, lee: Person) -> None:
    an_administrator(lee)
    for _ in range(2):
        assert report_factor_lost(cast.rivera, operator="root", now=NOW) is Reported.ASKED
    assert factor_of(cast.rivera) is not None
    [task] = tasks.open_tasks(kind="factor_lost")
    assert (task.about_id, task.leads_to) == (cast.rivera.id, "accounts:")
    assert noted() == [{"operator": "root", "done": "waits for an administrator"}]

    confirm_factor_reset(cast.rivera, lee, now=NOW)
    assert factor_of(cast.rivera) is None
    assert tasks.open_tasks(kind="factor_lost") == []


def test_loss_that_nobody_else_could_confirm_is_mended_at_once(cast: Cast, lee: Person) -> None:
    account = an_administrator(lee).clinician
    assert account is not None
    account.password_hash = None

    assert report_factor_lost(cast.rivera, operator="root", now=NOW) is Reported.TAKEN
    assert factor_of(cast.rivera) is None
    assert noted() == [{"operator": "root", "done": "taken at once"}]
    [task] = tasks.open_tasks(kind="factor_lost")
    assert task.about_id == cast.rivera.id


def test_two_who_lost_theirs_do_not_wait_for_each_other(cast: Cast, lee: Person) -> None:
    an_administrator(cast.rivera)
    with_factor(an_administrator(lee))

    done = [report_factor_lost(who, operator="root", now=NOW) for who in (cast.rivera, lee)]
    assert done == [Reported.ASKED, Reported.TAKEN]


def test_nothing_is_reported_of_whoever_has_no_second_factor(cast: Cast, lee: Person) -> None:
    an_administrator(lee)
    assert report_factor_lost(lee, operator="root", now=NOW) is Reported.NOTHING
    assert noted() == []
    with pytest.raises(InputError, match="is not staff"):
        report_factor_lost(cast.jordan, operator="root", now=NOW)


def test_secret_of_a_telephone_stands_sealed_in_the_database(cast: Cast) -> None:
    secret = new_factor(cast.rivera, now=NOW).secret
    [(plain, sealed)] = db.session.execute(text("SELECT secret, sealed FROM second_factors")).all()

    assert plain == ""
    assert secret not in sealed
    assert len(secret) == 32


def test_secret_that_stood_open_goes_on_and_is_sealed(cast: Cast) -> None:
    opened = pyotp.random_base32()
    db.session.execute(
        text("UPDATE second_factors SET secret = :it, sealed = NULL"), {"it": opened}
    )
    db.session.expire_all()
    row = db.session.get(SecondFactor, cast.rivera.id)
    assert row is not None
    assert row.secret == opened

    assert seal_secrets() == 1
    [(plain, sealed)] = db.session.execute(text("SELECT secret, sealed FROM second_factors")).all()
    assert (plain, opened in sealed, row.secret) == ("", False, opened)
