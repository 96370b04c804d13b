"""Values as plain data and back: what a child process that read hostile bytes may answer with.

Only the shapes named here exist; whatever else stands in an answer is refused. Nothing of an answer
is ever run, imported or looked up by its name.
"""

import types
from base64 import b64decode, b64encode
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

_AS_THEY_ARE = (bool, int, float, str, type(None))


class Misshapen(ValueError):
    """Plain data that is not of the shape asked for."""


def to_plain(value: Any) -> Any:
    """Return `value` as what JSON can write. Raises Misshapen for a value of no known shape."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(member) for member in value]
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    raise Misshapen(f"{type(value).__name__} is no plain value")


def from_plain(shape: Any, plain: Any) -> Any:
    """Return the value of the type `shape` that `plain` stands for. Raises Misshapen."""
    if get_origin(shape) in {Union, types.UnionType}:
        return _one_of(get_args(shape), plain)
    if get_origin(shape) is tuple:
        return _tuple(get_args(shape), plain)
    if is_dataclass(shape):
        return _record(shape, plain)
    if shape in _AS_THEY_ARE:
        return _as_it_is(shape, plain)
    if not isinstance(plain, str):
        raise Misshapen("a text was expected")
    return _from_text(shape, plain)


def _one_of(shapes: tuple[Any, ...], plain: Any) -> Any:
    for shape in shapes:
        try:
            return from_plain(shape, plain)
        except Misshapen:
            continue
    raise Misshapen("none of the shapes fits")


def _tuple(shapes: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        raise Misshapen("a list was expected")
    if shapes[-1] is Ellipsis:
        return tuple(from_plain(shapes[0], member) for member in plain)
    if len(shapes) != len(plain):
        raise Misshapen("a list of another length was expected")
    pairs = zip(shapes, plain, strict=True)
    return tuple(from_plain(shape, member) for shape, member in pairs)


def _record(shape: Any, plain: Any) -> Any:
    hints = get_type_hints(shape)
    names = [field.name for field in fields(shape)]
    if not isinstance(plain, dict) or set(plain) != set(names):
        raise Misshapen("a record of other fields was expected")
    values = {name: from_plain(hints[name], plain[name]) for name in names}
    return shape(**values)


def _as_it_is(shape: type, plain: Any) -> Any:
    if type(plain) is not shape:
        raise Misshapen(f"{shape.__name__} was expected")
    return plain


def _from_text(shape: Any, plain: str) -> Any:
    try:
        if shape is bytes:
            return b64decode(plain, validate=True)
        if shape is datetime:
            return datetime.fromisoformat(plain)
        if isinstance(shape, type) and issubclass(shape, StrEnum):
            return shape(plain)
    except ValueError as error:
        raise Misshapen("a text of another form was expected") from error
    raise Misshapen("no shape that is known")
