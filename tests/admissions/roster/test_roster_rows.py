"""A row is a patient, or says beside the cell what is wrong; a day that may be two is asked."""

from datetime import date

import pytest

from scheduler.admissions.roster.roster_days import Order, day_of, order_of
from scheduler.admissions.roster.roster_rows import Row, asks_order, rows_of
from scheduler.admissions.roster.roster_text import table_of
from scheduler.clinics import typed_field
from scheduler.kernel.errors import InputError

FIELDS = ["name", "email", "born", "key"]
USUAL = {"cohort": "march", "clinician": "rivera", "first": "2027-03-01"}
FOURTH = date(2027, 3, 4)


def read(*lines: str, order: Order | None = None) -> list[Row]:
    table = table_of("\n".join(["name,mail,dob,key", *lines]))
    return rows_of(table, FIELDS, USUAL, order, typed_field)


@pytest.mark.parametrize(
    "cell",
    ["2027-03-04", "4.3.2027", "March 4, 2027", "Mar 4 2027", "4th march 2027", "04.03.2027"],
)
def test_day_is_read_as_people_write_it(cell: str) -> None:
    assert day_of(cell, None) == FOURTH


@pytest.mark.parametrize(
    ("order", "day"), [(Order.MONTH, date(2027, 3, 4)), (Order.DAY, date(2027, 4, 3))]
)
def test_day_with_slashes_goes_by_what_was_said(order: Order, day: date) -> None:
    assert day_of("3/4/2027", order) == day


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("3/4/2027", "may be two days"),
        ("30.2.2027", "there is no day"),
        ("3/4/27", "the year with four digits"),
        ("Marzo 4, 2027x", "is no day"),
        ("soon", "is no day"),
    ],
)
def test_what_is_no_day_or_two_is_refused(cell: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        day_of(cell, None)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2027", "25/3/2027"], Order.DAY),
        (["3/4/2027", "3/25/2027"], Order.MONTH),
        (["25/3/2027", "3/25/2027"], None),
        (["3/4/2027"], None),
    ],
)
def test_order_is_told_by_a_day_that_can_be_one_only(cells: list[str], order: Order | None) -> None:
    assert order_of(cells) is order


@pytest.mark.parametrize(("day", "asks"), [("3/4/1990", True), ("3/3/1990", False), ("", False)])
def test_order_is_asked_where_nothing_tells(day: str, asks: bool) -> None:
    table = table_of(f"name,mail,dob,key\nZoe,z@p.example,{day},x\n")

    assert asks_order(table, FIELDS) is asks


def test_row_is_a_patient_with_what_holds_for_all() -> None:
    (row,) = read("Zoe Hart,zoe@p.example,1990-05-02,p-9")

    assert row.said is not None
    assert (row.said.contact.name, row.said.born, row.said.key) == (
        "Zoe Hart",
        date(1990, 5, 2),
        "p-9",
    )
    assert (row.said.cohort, row.said.first) == ("march", date(2027, 3, 1))


def test_errors_stand_by_their_cells_and_other_rows_are_read() -> None:
    wrong, good = read(",no mail,1/2/1990,Bad Key", "Yan,y@p.example,,")

    assert sorted(wrong.errors) == ["born", "email", "key", "name"]
    assert (wrong.said, good.errors) == (None, {})


def test_key_twice_in_one_list_is_wrong_the_second_time() -> None:
    first, second = read("Zoe,z@p.example,,p-9", "Yan,y@p.example,,p-9")

    assert (first.errors, second.errors) == ({}, {"key": "p-9 stands twice in this list"})


def test_list_of_five_thousand_rows_is_refused_before_any_is_judged() -> None:
    lines = ["Zoe,zoe@p.example,1990-01-01,zoe", *["Zoe,no,soon,?"] * 4_999]

    with pytest.raises(InputError, match="the list has 5000 rows: bring at most 500 at once"):
        read(*lines)


def test_all_but_one_of_five_hundred_rows_say_what_is_wrong_beside_their_cells() -> None:
    rows = read("Zoe,zoe@p.example,1990-01-01,zoe", *["Zoe,no,soon,Z?"] * 499)

    assert [row.line for row in rows if row.said is not None] == [2]
    assert {tuple(row.errors) for row in rows[1:]} == {("email", "born", "key")}
