"""JSON with one meaning: what is taken, what is refused and in which words."""

import json

import pytest

from scheduler.kernel.errors import InputError
from scheduler.web.api.door.strict_json import LARGEST, read_json

REFUSED = {
    b'{"a": NaN}': "NaN is no number",
    b'{"a": -Infinity}': "-Infinity is no number",
    b'{"a": 1e999}': "1e999 is too large a number",
    b'{"a": 1234567890123456789}': "1234567890123456789 is too large a number",
    b'{"a": 1, "b": 2, "a": 1}': "a is written twice",
    b'{"a": {"b": 1, "b": 2}}': "b is written twice",
    b'{"a": "\\ud800"}': "half a sign, or NUL, stands in a text",
    b'{"\\ud800": 1}': "half a sign, or NUL, stands in a text",
    b'{"a": "x\\u0000"}': "half a sign, or NUL, stands in a text",
    b'{"a": "\xff"}': "the body must be UTF-8",
    b"[" * 1000 + b"]" * 1000: "nested deeper than 16 levels",
    b"[" * 400_000 + b"]" * 400_000: "nested deeper than 16 levels",
    b'{"a":': "no JSON: Expecting value, line 1 column 6",
    b"": "no JSON: Expecting value, line 1 column 1",
    b" " * (LARGEST + 1): "the body is larger than 1 MB",
}


@pytest.mark.parametrize("data", REFUSED, ids=lambda data: repr(data[:16]))
def test_what_has_no_one_meaning_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read_json(data)

    assert str(refused.value) == REFUSED[data]


@pytest.mark.parametrize(
    "tree", [{"a": [1, 2.5, True, None, "ä 🙂"]}, [], "words", {"deep": [[[[[[[[1]]]]]]]]}]
)
def test_plain_json_is_taken_as_it_is(tree: object) -> None:
    assert read_json(json.dumps(tree).encode()) == tree
