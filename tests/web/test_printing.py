"""What leaves the desk on paper, or by command: who took it is written down, and a week shows no
group's people.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from tests.web.house import NOW, move_in, post, sign_in_by_code, sign_in_staff
from tests.web.test_accessible import enter

WEEKS = "/desk/cohorts/evening"
TOLD = "/desk/patients/jordan/disclosures"
ON_PAPER = "/desk/cohorts/evening/print"


def written(*deeds: str) -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.deed.in_(deeds)).order_by(AuditEntry.number)
    )
    return [(row.by, f"{row.deed} {row.about.split()[0]}") for row in rows]


def test_printing_a_week_is_written_down(house: Flask, visitor: FlaskClient) -> None:
    sign_in_staff(visitor)
    page = post(visitor, ON_PAPER, WEEKS, week="1", view="list")

    assert (page.status_code, "may-print" in page.text, "Week 1:" in page.text) == (200, True, True)
    assert written("printed") == [("desk", "printed cohort")]


def test_reading_an_accounting_is_written_down_and_so_is_printing_it(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)
    visitor.head(TOLD)
    assert written("accounting.read") == []

    visitor.get(TOLD)
    assert written("accounting.read", "printed") == [("desk", "accounting.read person")]
    page = post(visitor, TOLD, TOLD)
    assert "may-print" in page.text
    assert ("desk", "printed accounting") in written("printed")


def test_patient_who_reads_their_own_accounting_is_written_down_nowhere(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")
    visitor.get("/mine/disclosures")

    assert written("accounting.read", "printed") == []


@pytest.mark.parametrize(
    ("who", "own"), [("jordan@patient.example", "/mine/feed"), ("dana@family.example", "/family")]
)
def test_nobody_else_prints_from_the_desk(
    house: Flask, visitor: FlaskClient, who: str, own: str
) -> None:
    sign_in_by_code(visitor, who)
    answers = [post(visitor, address, own).status_code for address in (ON_PAPER, TOLD)]

    assert (answers, written("printed")) == ([403, 403], [])


def test_export_and_copy_by_command_are_written_down(
    house: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    db.session.remove()
    for words in (["clinic", "export"], ["sessions", "export"], ["backup", str(tmp_path / "copy")]):
        assert runner.invoke(args=words).exit_code == 0, words

    assert written("clinic.exported", "sessions.exported", "database.copied") == [
        ("command", "clinic.exported clinic"),
        ("command", "sessions.exported sessions"),
        ("command", "database.copied database"),
    ]


@pytest.mark.parametrize("layout", ["", "board", "list"])
def test_paper_of_a_week_names_no_group_member_and_a_page_without_the_button_nothing(
    sqlite_app: Flask, live_server: str, page: Any, layout: str
) -> None:
    with turned_to(lambda: NOW):
        move_in()
        enter(page, live_server, "desk")
        page.goto(f"{live_server}{WEEKS}?week=1&view={layout}")
        page.emulate_media(media="print")
        unasked = page.evaluate("document.querySelector('main').innerText")
        page.emulate_media(media="screen")
        page.click("text=Print week 1")
        page.wait_for_selector("body.may-print")
        page.emulate_media(media="print")
        paper = page.evaluate("document.querySelector('main').innerText")

    assert unasked.strip() == ""
    assert "Process group" in paper
    group = [line for line in paper.splitlines() if "Brannig" in line]
    assert (group, json.dumps(paper).count("Noemie")) == ([], 0)


def test_hours_stay_level_with_their_columns_where_a_heading_wraps(
    sqlite_app: Flask, live_server: str, page: Any
) -> None:
    with turned_to(lambda: NOW):
        move_in()
        enter(page, live_server, "desk")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{live_server}{WEEKS}?week=1")
        page.evaluate("document.querySelector('h3.head').append(' closed'.repeat(30))")
        tops = page.evaluate(
            "[...document.querySelectorAll('.board .slots')].map(one => "
            "Math.round(one.getBoundingClientRect().top))"
        )
    assert (len(tops), len(set(tops))) == (6, 1)
