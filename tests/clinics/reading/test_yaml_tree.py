from datetime import date

import pytest

from scheduler.clinics.reading.yaml_tree import MAX_BYTES, read_tree
from tests.clinics.small_pines import changed, places, problems

PLAIN_WORDS = [
    ("on", "on"),
    ("yes", "yes"),
    ("No", "No"),
    ("18:00", "18:00"),
    ("1_000", "1_000"),
    ("0b1", "0b1"),
    ("true", True),
    ("FALSE", False),
    ("null", None),
    ("~", None),
    ("010", 10),
    ("0o17", 15),
    ("0x1F", 31),
    ("-7", -7),
    ("1.5", 1.5),
    (".5e1", 5.0),
    ("-.inf", float("-inf")),
    ("+.INF", float("inf")),
    ("2027-03-01", date(2027, 3, 1)),
    ("2027-02-30", "2027-02-30"),
    ("2027-3-1", "2027-3-1"),
    ("2027-03-01T10:00:00Z", "2027-03-01T10:00:00Z"),
    ("=", "="),
    ("-", "-x"),
]


@pytest.mark.parametrize(("word", "meaning"), PLAIN_WORDS[:-1])
def test_plain_words_mean_what_yaml_1_2_says(word: str, meaning: object) -> None:
    assert read_tree(f"a: {word}".encode()) == ({"a": meaning}, [])


@pytest.mark.parametrize("word", ["true", "7", "2027-03-01", "null"])
def test_words_in_quotes_are_text(word: str) -> None:
    assert read_tree(f'a: "{word}"'.encode()) == ({"a": word}, [])


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("Process, days", "&a Process, days", "programs[0].groups[0].title"),
        ("days: [mon, wed]", "days: [&a mon, *a]", "programs[0].groups[0].days"),
        ("Jordan Lee", "!!str Jordan", "patients[0].name"),
        ("Jordan Lee", "!!python/object/apply:os.system [ls]", "patients[0].name"),
        ("Jordan Lee", "Jordan\n    name: Lee", "patients[0].name"),
        ("rules: {", "rules: &r {", "programs[0].rules"),
        ("  - key: p-2", "  - &p\n    key: p-2", "patients[1]"),
    ],
)
def test_anchors_tags_and_names_used_twice_are_refused_at_their_place(
    before: str, after: str, place: str
) -> None:
    assert places(changed(before, after)) == [place]


def test_a_bomb_of_references_is_never_followed() -> None:
    lines = ["topics:", "  - &a0 [lol, lol]"]
    lines += [f"  - &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    bomb = "\n        ".join(lines)
    file = changed(
        "- {key: process, kind: group",
        "- key: x\n        " + bomb + "\n      - {key: process, kind: group",
    )
    assert places(file)[0] == "programs[0].groups[0].topics"


def test_merge_keys_are_ordinary_names() -> None:
    assert read_tree(b"<<: {a: 1}") == ({"<<": {"a": 1}}, [])


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_stops_at_twenty_levels(opening: str) -> None:
    closing = {"[": "]", '{"a":': "}"}[opening]
    good, bad, hostile = (opening * n + "1" + closing * n for n in (20, 21, 100_000))
    assert read_tree(good.encode())[1] == []
    assert [p.message for p in read_tree(bad.encode())[1]] == ["nested deeper than 20 levels"]
    assert [p.message for p in read_tree(hostile.encode())[1]] == ["nested deeper than 20 levels"]


def test_yaml_nesting_stops_at_twenty_levels_too() -> None:
    assert [p.message for p in read_tree(b"x: " + b"[" * 5000)[1]] == [
        "nested deeper than 20 levels"
    ]


def test_a_file_larger_than_16_mb_is_refused_unread() -> None:
    assert problems(b" " * (MAX_BYTES + 1)) == ["the file is larger than 16 MB"]


def test_bytes_that_are_not_utf_8_are_named_by_their_line() -> None:
    assert problems(b"version: 1\nname: \xff\n") == ["line 2: the file must be UTF-8"]


def test_broken_yaml_is_named_by_line_and_column() -> None:
    assert places(b"version: 1\npractice: [1,\n") == ["line 3, column 1"]


def test_a_raw_control_character_is_named_by_its_line() -> None:
    assert problems(b"version: 1\nname: a\x00b\n") == [
        "line 2: a control character; the file must be plain text"
    ]


@pytest.mark.parametrize("text", ["", "   \n", "# nothing\n"])
def test_an_empty_file_says_so(text: str) -> None:
    assert problems(text.encode()) == ["the file is empty"]


@pytest.mark.parametrize("text", ["[]", "1", "just words", "---\n"])
def test_a_file_that_is_no_mapping_is_told_how_one_begins(text: str) -> None:
    assert problems(text.encode()) == ["a clinic file begins with version: 1"]


def test_a_second_document_is_refused() -> None:
    assert problems(changed("version: 1", "---\nversion: 1") + b"---\nversion: 1\n") == [
        "one document a file; a second begins with ---"
    ]


def test_a_name_used_twice_in_json_is_refused() -> None:
    assert [str(problem) for problem in read_tree(b'{"a": [{"b": 1, "b": 2}]}')[1]] == [
        "a[0].b: is written twice; keep one"
    ]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_tree(b"\xef\xbb\xbfa: 1") == ({"a": 1}, [])


def test_a_field_with_a_hostile_name_is_shown_in_one_printable_line() -> None:
    assert problems(b'version: 1\n"a\\n\\u001b[31m": 1\n')[-1].startswith(
        "'a\\u000a\\u001b[31m': no such field"
    )


def test_a_file_with_endless_mistakes_is_told_of_the_first_thousand() -> None:
    found = problems(b"version: 1\npatients:\n" + b"- {}\n" * 5000)
    assert (len(found), found[-1]) == (1001, "more is wrong; this is all that is listed")
