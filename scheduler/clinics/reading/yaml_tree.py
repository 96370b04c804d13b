"""The text of a clinic file as a plain tree: size, depth, anchors, tags and names used twice are
judged here. Pure.

YAML is composed from the parser's events, so that nothing is ever followed, repeated or built by a
tag.
"""

import json
from collections.abc import Callable
from typing import Any, Final

import yaml

from scheduler.clinics.reading.file_problems import Problems, TooMany
from scheduler.clinics.reading.places import at_field, at_item, owner_of, shown
from scheduler.clinics.reading.yaml_scalars import Scalar, resolve
from scheduler.kernel.errors import Problem

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 20
MAX_VALUES = 2_000_000
"""More than any clinic of 16 MB holds; it bounds the time a hostile file takes."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused:
    """Stands where something was that has been complained of already; readers pass over it in
    silence.
    """


REFUSED: Final = Refused()

Tree = Scalar | Refused | list["Tree"] | dict[str, "Tree"]
Report = Callable[[str, str], None]


class _Unreadable(Exception):
    """The rest of the file cannot be read; the problem is reported already."""


def read_tree(data: bytes) -> tuple[Tree, Problems]:
    """Read YAML 1.2 or JSON into mappings, lists and scalars, with every problem of the text
    itself.
    """
    problems = Problems()

    def report(place: str, message: str) -> None:
        problems.append(Problem(place, message))

    try:
        tree = _read(data, report)
    except (_Unreadable, TooMany):
        tree = REFUSED
    return tree, problems


def _read(data: bytes, report: Report) -> Tree:
    if len(data) > MAX_BYTES:
        report("", "the file is larger than 16 MB")
        raise _Unreadable
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        report(f"line {data.count(10, 0, error.start) + 1}", "the file must be UTF-8")
        raise _Unreadable from None
    if text.lstrip()[:1] in {"{", "["} and text.count(",") <= MAX_VALUES:
        try:
            return _from_pairs(
                json.loads(text, object_pairs_hook=_Pairs, parse_constant=str), "", 1, report
            )
        except RecursionError:
            report("", f"nested deeper than {MAX_DEPTH} levels")
            raise _Unreadable from None
        except ValueError:
            pass
    return _from_yaml(text, report)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written: a name used twice is still there twice."""


def _from_pairs(node: Any, place: str, depth: int, report: Report) -> Tree:
    if not isinstance(node, list):
        return node  # type: ignore[no-any-return]
    if depth > MAX_DEPTH:
        report(place, f"nested deeper than {MAX_DEPTH} levels")
        return REFUSED
    if not isinstance(node, _Pairs):
        return [
            _from_pairs(item, at_item(place, n), depth + 1, report) for n, item in enumerate(node)
        ]
    mapping: dict[str, Tree] = {}
    for name, item in node:
        _put(
            mapping,
            name,
            _from_pairs(item, at_field(place, name), depth + 1, report),
            place,
            report,
        )
    return mapping


def _put(mapping: dict[str, Tree], name: str, value: Tree, place: str, report: Report) -> None:
    if name in mapping:
        report(at_field(place, name), "is written twice; keep one")
        value = REFUSED
    mapping[name] = value


def _from_yaml(text: str, report: Report) -> Tree:
    composer: _Composer | None = None
    try:
        composer = _Composer(text, report)
        return composer.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark:
            where = f"line {mark.line + 1}, column {mark.column + 1}"
        else:
            where = ""
        report(
            where, f"this is neither YAML nor JSON: {shown(error.problem or error.context or '')}"
        )
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        report(f"line {line}", "a control character; the file must be plain text")
    finally:
        if composer is not None:
            composer.close()
    raise _Unreadable


def _is_marked(event: Any) -> bool:
    """True if a value has an anchor or a tag, or is a reference."""
    if isinstance(event, yaml.AliasEvent):
        return True
    return event.anchor is not None or event.tag is not None


def _scalar(event: yaml.ScalarEvent) -> Tree:
    if event.implicit[0]:
        return resolve(event.value)
    return event.value


class _Composer:
    """Builds the tree from the parser's events, one document."""

    def __init__(self, text: str, report: Report) -> None:
        self._events = _Loader(text)
        self._report = report
        self._left = MAX_VALUES

    def close(self) -> None:
        """Let the parser go."""
        self._events.dispose()

    def document(self) -> Tree:
        """Return the only document of the file."""
        self._events.get_event()
        if self._events.check_event(yaml.StreamEndEvent):
            self._report("", "the file is empty")
            return REFUSED
        self._events.get_event()
        tree = self._node(self._events.get_event(), "", 1)
        self._events.get_event()
        if not self._events.check_event(yaml.StreamEndEvent):
            self._report("", "one document a file; a second begins with ---")
        return tree

    def _node(self, event: Any, place: str, depth: int) -> Tree:
        self._left -= 1
        if self._left < 0:
            self._report("", f"more than {MAX_VALUES} values")
            raise _Unreadable
        marked = _is_marked(event)
        if marked:
            self._refuse_mark(event, place)
        if isinstance(event, yaml.AliasEvent):
            return REFUSED
        if isinstance(event, yaml.ScalarEvent):
            return REFUSED if marked else _scalar(event)
        if depth > MAX_DEPTH:
            self._report(place, f"nested deeper than {MAX_DEPTH} levels")
            raise _Unreadable
        listed = isinstance(event, yaml.SequenceStartEvent)
        if listed:
            tree = self._list(place, depth)
        else:
            tree = self._mapping(place, depth)
        return REFUSED if marked else tree

    def _refuse_mark(self, event: Any, place: str) -> None:
        self._left -= MAX_VALUES // 1000
        where = place if isinstance(event, yaml.MappingStartEvent) else owner_of(place)
        self._report(where, "anchors (&), references (*) and tags (!) are not taken; write it out")

    def _list(self, place: str, depth: int) -> Tree:
        items: list[Tree] = []
        while not isinstance(event := self._events.get_event(), yaml.SequenceEndEvent):
            items.append(self._node(event, at_item(place, len(items)), depth + 1))
        return items

    def _mapping(self, place: str, depth: int) -> Tree:
        mapping: dict[str, Tree] = {}
        while not isinstance(event := self._events.get_event(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                self._report(place, "a field's name must be a plain word, without anchor or tag")
                raise _Unreadable
            name = event.value
            value = self._node(
                self._events.get_event(),
                at_field(place, name),
                depth + 1,
            )
            _put(mapping, name, value, place, self._report)
        return mapping
