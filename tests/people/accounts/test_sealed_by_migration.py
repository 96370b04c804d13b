"""Migration 0068 seals the secrets of telephones that stood open before it."""

from collections.abc import Iterator
from types import ModuleType

import pyotp
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from cast import assemble
from conftest import settings
from scheduler.kernel.database import db
from scheduler.kernel.schema import migrate, sealed_text
from scheduler.people import new_factor
from scheduler.people.accounts.models import SecondFactor
from tests.people.accounts.test_totp import NOW

OPENED = pyotp.random_base32()
ROW = "SELECT secret, sealed FROM second_factors"


@pytest.fixture
def step() -> ModuleType:
    """The migration, whatever came after it."""
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    found = scripts.get_revision("0068")
    assert found is not None
    return found.module


@pytest.fixture
def stood_open(app: Flask) -> Iterator[str]:
    """A clinician whose secret stands open, as 0061 to 0067 left it."""
    rivera = assemble().rivera
    new_factor(rivera, now=NOW)
    db.session.execute(text("UPDATE second_factors SET secret = :s, sealed = NULL"), {"s": OPENED})
    db.session.commit()
    yield rivera.id
    app.extensions["hand_out_keys"](settings("sqlite:///x"))


def seal_as_in(step: ModuleType) -> tuple[str, str | None]:
    """Do what the migration does with rows; return what stands in the row then."""
    line = db.session.connection()
    with Operations.context(MigrationContext.configure(line)):
        step.upgrade_rows()
    plain, sealed = db.session.execute(text(ROW)).one()
    db.session.commit()
    return plain, sealed


def test_secret_is_sealed_and_opens_as_it_was(stood_open: str, step: ModuleType) -> None:
    plain, sealed = seal_as_in(step)
    row = db.session.get_one(SecondFactor, stood_open, populate_existing=True)

    assert plain == ""
    assert OPENED not in (sealed or "")
    assert row.secret == OPENED


def test_secret_stays_usable_where_a_migration_has_no_key(
    stood_open: str, step: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare migration cannot seal; the first change of keys does."""
    monkeypatch.setattr(sealed_text, "_keys", None)
    assert seal_as_in(step) == (OPENED, None)
    monkeypatch.undo()

    assert db.session.get_one(SecondFactor, stood_open, populate_existing=True).secret == OPENED
