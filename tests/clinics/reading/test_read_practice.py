"""Whom to ask, as a practice writes it in its file."""

import json

import pytest
from jsonschema import Draft202012Validator

from scheduler.clinics import clinic_schema, read
from scheduler.clinics.reading.yaml_tree import read_tree
from scheduler.people import Help
from tests.clinics.small_pines import changed, problems

PLACE = "  holidays: closed\n"


def asking(help_: str) -> bytes:
    return changed(PLACE, f"{PLACE}  help: {help_}\n")


def test_help_is_read() -> None:
    file = read(asking('{phone: "617 555 0199", hours: Mon to Fri, words: The front desk}'))

    assert file.practice.help == Help("+16175550199", "Mon to Fri", "The front desk")


@pytest.mark.parametrize("said", ['{phone: "+16175550199"}', "{words: The front desk}"])
def test_help_needs_a_number_or_words_only(said: str) -> None:
    assert problems(asking(said)) == []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("{hours: Mon to Fri}", "practice.help: write phone or words: whom people are to ask"),
        ("{}", "practice.help: write phone or words: whom people are to ask"),
        (
            "{words: Ask your therapist}",
            "practice.help.words: strangers will read this: say it without therap",
        ),
        (
            "{words: 'Small  pines practice, desk'}",
            "practice.help.words: strangers will read this: say it without Small Pines Practice",
        ),
        (
            '{phone: "+16175550199", hours: Clinic days}',
            "practice.help.hours: strangers will read this: say it without clinic",
        ),
        (
            "{words: x, mail: y}",
            "practice.help.mail: no such field here; there are phone, hours, words",
        ),
    ],
)
def test_help_that_may_not_be_shown_is_refused_by_name(said: str, problem: str) -> None:
    assert problems(asking(said)) == [problem]


@pytest.mark.parametrize("said", ["{hours: Mon to Fri}", "{}", "{words: x, mail: y}", "The desk"])
def test_what_the_schema_refuses_of_help_is_refused_by_load(said: str) -> None:
    tree, _ = read_tree(asking(said))
    document = json.loads(json.dumps(tree, default=str))

    assert not Draft202012Validator(clinic_schema()).is_valid(document)
    assert problems(asking(said)) != []
