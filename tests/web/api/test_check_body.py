"""A body beside its schema: the verdict of a foreign validator, and each fault at its place."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scheduler.web.api.door.check_body import problems_of
from scheduler.web.api.resources.patient_resource import ADMISSION
from scheduler.web.api.resources.session_changes import MOVE
from tests.web.api.caller import FORMATS

GOOD = {
    "name": "Kim",
    "email": "kim@patient.example",
    "clinician": "rivera",
    "cohort": "evening",
    "from": "2027-03-01",
    "free": [{"days": ["mon"], "from": "09:00", "to": "12:00"}],
}
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 500),
    st.floats(-5, 500),
    st.sampled_from(["", "mon", "09:00", "24:00", "2027-03-01", "2027-02-30", "rivera", "x y"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["days", "from", "to", "colour"]), inner, max_size=3),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("schema", [ADMISSION, MOVE], ids=["admission", "move"])
@settings(max_examples=40)
@given(data=st.data())
def test_verdict_is_that_of_a_foreign_validator(
    schema: dict[str, Any], data: st.DataObject
) -> None:
    names = st.sampled_from([*schema["properties"], "colour"])
    body = data.draw(st.one_of(VALUES, st.dictionaries(names, VALUES, max_size=3)))
    if isinstance(body, dict) and data.draw(st.booleans()):
        body = GOOD | body
    foreign = Draft202012Validator(schema, format_checker=FORMATS)

    assert (problems_of(schema, body) == []) is foreign.is_valid(body)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "colour: is no field here"),
        ({"name": ""}, "name: must not be empty"),
        ({"name": 5}, "name: must be string"),
        ({"born": "2027-02-30"}, "born: must be a day, as 2027-03-09"),
        (
            {"free": [{"days": ["mon"], "from": "09:00"}]},
            "free[0].to: is missing",
        ),
        (
            {"free": [{"days": ["day"], "from": "09:00", "to": "10:00"}]},
            "free[0].days[0]: must be one of mon, tue, wed, thu, fri, sat, sun",
        ),
    ],
)
def test_fault_is_named_by_its_place(change: dict[str, Any], said: str) -> None:
    assert [str(problem) for problem in problems_of(ADMISSION, GOOD | change)] == [said]
