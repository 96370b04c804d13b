"""A consent that is not filled out completely names what is missing and is never acted on."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from household import Household
from scheduler import consents
from scheduler.consents import Signature, missing_elements
from scheduler.consents.model.models import Ending, Grant, Method, Signer, Statement
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError


@dataclass(frozen=True)
class Paper:
    patient_name: str = "Jordan Lee"
    discloser: str = "Small Pines Practice"
    information: str = "times"
    person_name: str = "Dana Lee"
    wording: str = "paper"
    signer_name: str = "Jordan Lee"
    capacity: Signer = Signer.PATIENT
    method: Method = Method.PAPER
    proof: str | None = None


SIGNED = date(2027, 2, 20)
DATE = date(2027, 6, 30)


def lacking(paper: Paper | None, **said: object) -> list[str]:
    usual: dict[str, object] = {"signed": SIGNED, "expires": DATE, "ending": None}
    return [
        each.partition(" (")[2].removesuffix(")")
        for each in missing_elements(paper, **(usual | said))
    ]  # type: ignore[arg-type]


def test_complete_consent_lacks_nothing() -> None:
    assert lacking(Paper()) == []
    assert lacking(Paper(), expires=None, ending=Ending.DISCHARGE) == []
    assert lacking(Paper(method=Method.TYPED, proof="code 7")) == []


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("patient_name", "42 CFR 2.31(a)(1)"),
        ("discloser", "2.31(a)(2)"),
        ("information", "2.31(a)(3)"),
        ("person_name", "2.31(a)(4)"),
        ("wording", "2.31(a)(6)"),
        ("signer_name", "2.31(a)(8)"),
    ],
)
@pytest.mark.parametrize("nothing", ["", "  "])
def test_each_element_that_is_missing_is_named(field: str, place: str, nothing: str) -> None:
    assert lacking(replace(Paper(), **{field: nothing})) == [place]  # type: ignore[arg-type]


@pytest.mark.parametrize("proof", [None, "", " "])
def test_electronic_signature_needs_proof(proof: str | None) -> None:
    assert lacking(Paper(method=Method.TYPED, proof=proof)) == ["2.31(a)(8)"]


def test_no_ending_is_no_ending_and_two_are_none() -> None:
    assert lacking(Paper(), expires=None) == ["2.31(a)(7)"]
    assert lacking(Paper(), ending=Ending.PROGRAM_END) == ["2.31(a)(7)"]


def test_undated_paper_and_no_paper_are_incomplete() -> None:
    assert lacking(Paper(), signed=None) == ["2.31(a)(9)"]
    assert lacking(None) == ["42 CFR 2.31(a)"]


def test_incomplete_consent_is_refused_and_nothing_is_written(home: Household) -> None:
    with pytest.raises(InputError, match="not filled out completely"):
        home.consent(signature=Signature(method=Method.TYPED))
    assert (db.session.query(Grant).count(), db.session.query(Statement).count()) == (0, 0)


def test_consent_keeps_every_element_of_what_was_signed(home: Household) -> None:
    (grant,) = home.consent()
    paper = grant.paper

    assert paper is not None
    assert (paper.patient_name, paper.person_name, paper.discloser) == (
        "Jordan Lee",
        "Dana Lee",
        "Small Pines Practice",
    )
    assert (paper.information, paper.wording) == ("clinician,participation,times", "paper")
    assert (paper.signer_name, paper.capacity, paper.method) == (
        "Jordan Lee",
        Signer.PATIENT,
        Method.PAPER,
    )


def test_copy_is_noted_once(home: Household) -> None:
    (grant,) = home.consent()

    noted = [consents.copy_given(grant.statement, by="p-1", now=grant.given_at) for _ in range(2)]
    assert noted == [True, False]
