"""Whether a consent is filled out completely: what is facially incomplete is never acted on (42 CFR
2.31(c)). Pure.
"""

from datetime import date
from typing import Protocol

from scheduler.consents.model.models import Ending, Method, Signer


class Signed(Protocol):
    """What was signed about one named person."""

    @property
    def patient_name(self) -> str: ...
    @property
    def discloser(self) -> str: ...
    @property
    def information(self) -> str: ...
    @property
    def person_name(self) -> str: ...
    @property
    def wording(self) -> str: ...
    @property
    def signer_name(self) -> str: ...
    @property
    def capacity(self) -> Signer: ...
    @property
    def method(self) -> Method: ...
    @property
    def proof(self) -> str | None: ...


def missing_elements(
    paper: Signed | None, *, signed: date | None, expires: date | None, ending: Ending | None
) -> list[str]:
    """Name every element that is not there, with its place in the rule; empty when the consent is
    complete.

    An ending is needed: "none" is no ending for a family (42 CFR 2.31(a)(7)).
    """
    if paper is None:
        return ["a signed statement (42 CFR 2.31(a))"]
    wanted = (
        (paper.patient_name, "the patient's name (42 CFR 2.31(a)(1))"),
        (paper.discloser, "who may disclose (2.31(a)(2))"),
        (paper.information, "what may be disclosed (2.31(a)(3))"),
        (paper.person_name, "to whom (2.31(a)(4))"),
        (paper.wording, "the statement that was signed (2.31(a)(6))"),
        (paper.signer_name, "who signed (2.31(a)(8))"),
        (
            paper.method is Method.PAPER or paper.proof,
            "what shows that it was the signer (2.31(a)(8))",
        ),
    )
    found = [
        name
        for value, name in wanted
        if not value or (isinstance(value, str) and not value.strip())
    ]
    if (expires is None) == (ending is None):
        found.append("one ending, a date or an event (2.31(a)(7))")
    if signed is None:
        found.append("the day it was signed (2.31(a)(9))")
    return found
