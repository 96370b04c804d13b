"""The house in which two send forms at one moment."""

from pathlib import Path

import pytest
from flask import Flask

from tests.web.races.furnished import furnish


@pytest.fixture
def furnished(house: Flask, tmp_path: Path) -> Flask:
    furnish(house, tmp_path)
    return house
