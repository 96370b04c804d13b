"""The style guide: every macro of templates/ui, in the demo alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conftest import settings
from scheduler import create_app
from scheduler.kernel.database import db

UI = Path(__file__).resolve().parents[3] / "templates" / "ui"
GUIDE = UI.parent / "demo" / "styleguide.html"
PARTS_OF_OTHERS = {"csrf", "described", "error_of", "checkbox"}
"""Macros that stand within others."""


@pytest.fixture
def demo(database_url: str) -> Iterator[Flask]:
    app = create_app(replace(settings(database_url), demo=True))
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_guide_shows_every_macro(demo: Flask) -> None:
    macros = set()
    for path in UI.glob("*.html"):
        macros |= set(re.findall(r"{% macro (\w+)\(", path.read_text()))

    shown = set(re.findall(r"{[{%](?: call)? (\w+)\(", GUIDE.read_text()))
    buttons = set(re.findall(r"(button)\(", GUIDE.read_text()))
    assert macros - PARTS_OF_OTHERS == (shown | buttons) & macros
    assert demo.test_client().get("/demo/styleguide").status_code == 200


def test_the_guide_is_the_demos_alone(client: FlaskClient) -> None:
    assert client.get("/demo/styleguide").status_code == 404
