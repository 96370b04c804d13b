"""What people type is cleaned before a page reads it."""

from collections.abc import Sequence

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from scheduler.web.parts.clean_request import add_clean_requests


@pytest.fixture
def pages() -> FlaskClient:
    app = Flask(__name__)
    add_clean_requests(app)

    @app.route("/<path:rest>", methods=["GET", "POST"])
    def said(rest: str) -> dict[str, list[str]]:
        fields = (*request.form.items(multi=True), *request.args.items(multi=True))
        return {"said": [value for _, value in fields]}

    return app.test_client()


@pytest.mark.parametrize("sign", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069")
def test_signs_that_turn_letters_round_are_dropped(pages: FlaskClient, sign: str) -> None:
    answer = pages.post("/page", data={"name": f"Dana{sign} Lee"}, query_string={"q": f"{sign}Lee"})

    assert answer.json == {"said": ["Dana Lee", "Lee"]}


def test_other_letters_arrive_as_they_are(pages: FlaskClient) -> None:
    said: Sequence[str] = ["Zoë\u200d", "دانا", "a\r\nb\t"]

    answer = pages.post("/page", data={"name": said})

    assert answer.json == {"said": said}
