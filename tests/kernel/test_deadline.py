"""What one transaction may cost is bounded where it is asked for, on both engines."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from conftest import KEY
from scheduler.kernel.database import engine_options, prepare

ENDLESS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000000)
SELECT count(*) FROM numbers
"""
"""Longer than the bound by far, and yet it ends: whoever takes the bound away gets an answer."""


def bounded(url: str, seconds: float | None) -> Engine:
    engine = create_engine(url, **engine_options(url, KEY, seconds))
    prepare(engine, seconds)
    return engine


def test_endless_question_ends_with_an_error(database_url: str) -> None:
    engine = bounded(database_url, 0.2)

    with engine.begin() as connection, pytest.raises(OperationalError):
        connection.execute(text(ENDLESS))
    engine.dispose()


def test_next_transaction_has_its_whole_time_again(database_url: str) -> None:
    engine = bounded(database_url, 0.2)
    with engine.connect() as connection:
        with pytest.raises(OperationalError):
            connection.execute(text(ENDLESS))
        connection.rollback()
        answer = connection.execute(text("SELECT 1")).scalar_one()
    engine.dispose()

    assert answer == 1


def test_short_question_is_answered(database_url: str) -> None:
    engine = bounded(database_url, 60)
    with engine.connect() as connection:
        answer = connection.execute(text("SELECT 1")).scalar_one()
    engine.dispose()

    assert answer == 1
