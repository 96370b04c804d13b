"""The application with people in it, on a day before the cohort starts."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.kernel.clock import turned_to
from tests.web.house import NOW, begin_anew, move_in
from visitor import Browser
from warm import World
from watch import Watch


@pytest.fixture
def clock() -> Iterator[Watch]:
    """The clock of everything, on that day."""
    clock = Watch(NOW)
    with turned_to(clock):
        yield clock


@pytest.fixture
def house(app: Flask, clock: Watch, world: World) -> Flask:
    """The practice, on both engines."""
    world.begin(move_in)
    app.test_client_class = Browser
    return app


@pytest.fixture
def new_house(app: Flask, clock: Watch, world: World) -> Flask:
    """The practice before anything is planned."""
    world.begin(begin_anew)
    app.test_client_class = Browser
    return app


@pytest.fixture
def visitor(house: Flask) -> FlaskClient:
    return house.test_client()
