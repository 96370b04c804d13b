"""Column types for values that are read whole: a list of windows, of licences, of absences."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Dialect, Enum
from sqlalchemy.types import TypeDecorator


def word(words: type[StrEnum], length: int = 32) -> Enum:
    """Return a column type that keeps one of `words` as plain text, so that new words need no
    migration.
    """
    return Enum(
        words,
        native_enum=False,
        length=length,
        create_constraint=False,
        values_callable=lambda all_: [w.value for w in all_],
    )


class Document(TypeDecorator[Any]):
    """A frozen value kept as one JSON document; `write` and `read` turn it there and back."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, write: Callable[[Any], Any], read: Callable[[Any], Any]) -> None:
        super().__init__(none_as_null=True)
        self.write = write
        self.read = read

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Write the value; None stays none."""
        if value is None:
            return None
        return self.write(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the value; none stays None."""
        if value is None:
            return None
        return self.read(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare as the same document."""
        return self
