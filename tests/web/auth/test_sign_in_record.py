"""The record of signing in: failures, refusals and sign-outs are written down."""

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from tests.web.house import post, sign_in_by_code, sign_in_staff


def entries(deed: str) -> list[tuple[str, str, dict[str, str]]]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == deed))
    return [(row.by, row.about, row.details) for row in rows]


def test_failed_password_is_written_down_for_known_and_unknown_alike(house: Flask) -> None:
    for address in ("sam@hl.example", "nobody@hl.example"):
        sign_in_staff(house.test_client(), "wrong", address)

    sam = person_by_key("desk").id
    assert entries("sign_in.failed") == [
        ("somebody", f"person {sam}", {"proof": "password"}),
        ("somebody", "nobody known", {"proof": "password"}),
    ]


def test_page_of_somebody_else_is_written_down(house: Flask) -> None:
    client = house.test_client()
    sign_in_by_code(client, "jordan@patient.example")

    assert client.get("/desk/letters").status_code == 403
    assert entries("refused") == [("jordan", "page letters.overview", {"method": "GET"})]


def test_signing_out_is_written_down(house: Flask) -> None:
    client = house.test_client()
    sign_in_staff(client)
    post(client, "/sign-out", "/desk/")

    assert entries("sign_out") == [("desk", f"person {person_by_key('desk').id}", {})]


def test_signing_in_is_written_down(house: Flask) -> None:
    sign_in_staff(house.test_client())

    assert entries("people.sign_in")[-1] == ("desk", "person desk", {})


def test_what_is_turned_away_is_a_line_with_its_route(
    house: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client = house.test_client()
    client.post("/password", data={"password": "x"})
    for _ in range(6):
        sign_in_staff(client, "wrong")
    lines = [record.__dict__["facts"] for record in caplog.records if record.msg == "visit"]
    turned_away = [(line["route"], line["status"]) for line in lines if line["status"] >= 400]

    assert turned_away == [("/password", 400)] + [("/password", 422)] * 5 + [("/password", 429)]
