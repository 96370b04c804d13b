"""The practice on SQLite alone, for walks over every route."""

import pytest
from flask import Flask

from tests.web.house import move_in
from visitor import Browser
from warm import World
from watch import Watch


@pytest.fixture
def sqlite_house(sqlite_app: Flask, clock: Watch, world: World) -> Flask:
    """The practice, where the engine makes no difference."""
    world.begin(move_in)
    sqlite_app.test_client_class = Browser
    return sqlite_app
