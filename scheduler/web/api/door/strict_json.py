"""JSON as a program must send it: one meaning, no surprises. Pure.

Refused: what is no UTF-8, numbers that are none (NaN, 1e999), a name written twice, half a sign
or NUL in a text, more than a few levels.
"""

import json
from typing import Any

from scheduler.kernel.errors import InputError
from scheduler.web.auth.hostile_requests import is_storable

MOST_LEVELS = 16
LARGEST = 1024 * 1024
"""Octets; the settings of the whole house bound it, too."""
LONGEST_NUMBER = 18
"""Digits of a whole number that every database keeps."""


def read_json(data: bytes) -> Any:
    """Return what a body says. Raises InputError in one sentence."""
    if len(data) > LARGEST:
        raise InputError("the body is larger than 1 MB")
    try:
        text = data.decode("utf-8")
        tree = json.loads(
            text,
            object_pairs_hook=_mapping,
            parse_constant=_no_number,
            parse_float=_real,
            parse_int=_whole,
        )
    except RecursionError:
        raise InputError(f"nested deeper than {MOST_LEVELS} levels") from None
    except UnicodeDecodeError:
        raise InputError("the body must be UTF-8") from None
    except json.JSONDecodeError as error:
        said = f"no JSON: {error.msg}, line {error.lineno} column {error.colno}"
        raise InputError(said) from None
    _look_through(tree)
    return tree


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"{_shown(twice)} is written twice")
    return mapping


def _no_number(word: str) -> Any:
    raise InputError(f"{word} is no number")


def _real(word: str) -> float:
    number = float(word)
    if number in (float("inf"), float("-inf")):
        raise InputError(f"{word[:20]} is too large a number")
    return number


def _whole(word: str) -> int:
    if len(word) > LONGEST_NUMBER:
        raise InputError(f"{word[:20]} is too large a number")
    return int(word)


def _look_through(tree: Any) -> None:
    """Raise InputError for what is too deep, and for text no database keeps."""
    rest = [(tree, 1)]
    while rest:
        node, level = rest.pop()
        if level > MOST_LEVELS:
            raise InputError(f"nested deeper than {MOST_LEVELS} levels")
        if isinstance(node, str):
            _refuse_unstorable(node)
        elif isinstance(node, list):
            rest += [(item, level + 1) for item in node]
        elif isinstance(node, dict):
            for name, item in node.items():
                _refuse_unstorable(name)
                rest.append((item, level + 1))


def _refuse_unstorable(text: str) -> None:
    if not is_storable(text):
        raise InputError("half a sign, or NUL, stands in a text")


def _shown(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()[:60]
