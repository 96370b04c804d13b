"""A list as spreadsheets save it is read; what cannot be is said by its line."""

import pytest

from scheduler.admissions.roster.roster_columns import matched, unsure
from scheduler.admissions.roster.roster_text import LARGEST, decoded, table_of
from scheduler.kernel.errors import InputError

TEXT = "Name;E-Mail\r\nZoë Ångström;zoe@p.example\r\n"
ROW = ((2, ("Zoë Ångström", "zoe@p.example")),)


@pytest.mark.parametrize(
    "octets",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
)
def test_text_is_read_in_each_encoding(octets: bytes) -> None:
    assert table_of(decoded(octets)).rows == ROW


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_cells_are_taken_apart_by_each_separator(mark: str) -> None:
    table = table_of(TEXT.replace(";", mark))

    assert (table.header, table.rows) == (("Name", "E-Mail"), ROW)


def test_first_line_of_excel_says_the_separator_and_is_no_header() -> None:
    table = table_of("sep=;\r\nName;Note\r\nZoe;a, b, c\r\n")

    assert (table.header, table.rows) == (("Name", "Note"), ((3, ("Zoe", "a, b, c")),))


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"x" * (LARGEST + 1), "larger than 100 KB: bring it in parts"),
        (b"name\nok\n\x81\n", "line 3: no text"),
    ],
)
def test_what_is_no_list_is_refused(octets: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        decoded(octets)


@pytest.mark.parametrize("text", ["", "Name,Mail\n", "\n\n"])
def test_list_without_rows_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="needs a first line with names of columns"):
        table_of(text)


def test_apostrophe_before_a_number_is_the_spreadsheet_s() -> None:
    table = table_of("Name,Phone\nO'Brien,'+16175550123\n")

    assert table.rows == ((2, ("O'Brien", "+16175550123")),)


def test_quote_left_open_is_named_by_its_line() -> None:
    with pytest.raises(InputError, match="line 2"):
        table_of('Name,Mail\n"Zoe,x\n')


def test_columns_are_known_by_what_people_call_them() -> None:
    header = ["Last Name", "FIRST_NAME", "Correo", "DOB", "Shoe size", "Birthday"]

    fields = matched(header)

    assert fields == ["surname", "given", "email", "born", "", ""]
    assert unsure(header, fields) == ["Shoe size", "Birthday"]
