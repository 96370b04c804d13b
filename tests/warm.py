"""What tests may share because no test can change it: the code made of addresses, of templates
and of statements.

Every test gets an application of its own. Its routes, pages and statements are those of the test
before; only to translate them anew each time took a third of the whole run.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.routing.matcher import RulePart

from scheduler import web
from scheduler.kernel.database import db


@dataclass(frozen=True)
class Compiled:
    """What Werkzeug makes of an address."""

    parts: tuple[RulePart, ...]
    trace: tuple[tuple[bool, str], ...]
    converters: dict[str, BaseConverter]
    builders: tuple[FunctionType, FunctionType]


def share_routes() -> None:
    """Let the same address be compiled once."""
    compiled: dict[tuple[str, bool | None, str], Compiled] = {}
    compile_anew = Rule.compile

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, rule.merge_slashes, repr(rule.defaults))
        known = compiled.get(key)
        if known is not None:
            take_over(rule, known)
            return
        compile_anew(rule)
        if not rule.subdomain and not rule.host:
            compiled[key] = what_became_of(rule)

    Rule.compile = compile_once  # type: ignore[method-assign]


def what_became_of(rule: Rule) -> Compiled:
    """Return what a rule was compiled to."""
    builders = (rule._build.__func__, rule._build_unknown.__func__)  # type: ignore[attr-defined]
    return Compiled(tuple(rule._parts), tuple(rule._trace), dict(rule._converters), builders)


def take_over(rule: Rule, known: Compiled) -> None:
    """Let a rule be as if it had been compiled."""
    rule._parts, rule._trace = list(known.parts), list(known.trace)
    rule._converters = dict(known.converters)
    rule.arguments.update(known.converters)
    build, build_unknown = known.builders
    rule._build = MethodType(build, rule)
    rule._build_unknown = MethodType(build_unknown, rule)


class Doors:
    """The blueprints of the product as one: the first application is given its addresses one by
    one, the next take over what became of them.

    What a blueprint does to an application besides is done to each.
    """

    def __init__(self, blueprints: tuple[Blueprint, ...]) -> None:
        self.blueprints = blueprints
        self.addresses: Map | None = None
        self.many = 0
        self.views: dict[str, Callable[..., Any]] = {}

    def register(self, app: Flask, _options: dict[str, Any]) -> None:
        """Register all, as Flask asks a blueprint to."""
        has_none = not app.view_functions
        known = self.addresses
        if has_none and known is not None and many_rules(known) == self.many:
            app.url_map = known
            app.view_functions.update(self.views)
            with _addresses_are_known():
                self._register_each(app)
            return
        self._register_each(app)
        if has_none:
            self.addresses, self.many = app.url_map, many_rules(app.url_map)
            self.views = dict(app.view_functions)

    def _register_each(self, app: Flask) -> None:
        for blueprint in self.blueprints:
            blueprint.register(app, {})


def many_rules(addresses: Map) -> int:
    """Return how many rules there are: a test that adds one leaves the map to itself."""
    return sum(map(len, addresses._rules_by_endpoint.values()))


@contextmanager
def _addresses_are_known() -> Iterator[None]:
    add = BlueprintSetupState.add_url_rule
    BlueprintSetupState.add_url_rule = lambda *_, **__: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        BlueprintSetupState.add_url_rule = add  # type: ignore[method-assign]


def share_doors() -> None:
    """Let the addresses of all pages be put in order once."""
    web.blueprints = (Doors(web.blueprints),)  # type: ignore[assignment]


def leave_iris_for_later() -> None:
    """Let what judges an IRI be built when one is judged: its forty grammars take two seconds of
    each process that imports jsonschema, and no schema of ours asks for one.
    """

    def is_valid_syntax(term: str, value: str) -> bool:
        sys.modules.pop("rfc3987_syntax", None)
        return bool(import_module("rfc3987_syntax").is_valid_syntax(term, value))

    later = ModuleType("rfc3987_syntax")
    later.is_valid_syntax = is_valid_syntax  # type: ignore[attr-defined]
    sys.modules.setdefault("rfc3987_syntax", later)


class Templates(BytecodeCache):
    """Keeps the code of a template by its name and its text."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out the code, if the same text was compiled before."""
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self.code[bucket.key, bucket.checksum] = bucket.code


_templates = Templates()


def share_templates(app: Flask) -> None:
    """Let the pages of `app` be read from those of the test before."""
    app.jinja_env.bytecode_cache = _templates


@dataclass
class World:
    """The rows that a fixture makes: there already, or to be made and kept for the next test."""

    name: str | None
    is_there: bool = False
    keep: Callable[[], object] | None = None

    def begin(self, make: Callable[[], None]) -> None:
        """Make the rows by `make`, which commits, unless they came with the database.

        Raises LookupError for a fixture that WORLDS does not name: the next test that asks for none
        would begin with its rows.
        """
        if self.name is None:
            raise LookupError("rows are kept for a fixture of WORLDS alone: name it there")
        if self.is_there:
            return
        make()
        db.session.remove()
        db.engine.dispose()
        if self.keep is not None:
            self.keep()


class Engines:
    """Keeps one engine for each database that tests use one after the other, on SQLite without a
    connection in between.

    An engine holds the SQL of every statement asked so far.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Engine | None] = {}
        self.make_anew = db._make_engine
        db._make_engine = self.make  # type: ignore[method-assign]

    def share(self, url: str) -> None:
        """Keep the engine of this database from now on."""
        self.kept.setdefault(url, None)

    def make(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        """Give the application the engine kept for its database, or one of its own."""
        url = str(options["url"])
        engine = self.kept.get(url)
        if engine is None:
            engine = self.make_anew(bind_key, options, app)
            if url in self.kept:
                self.kept[url] = engine
        return engine

    def dispose(self) -> None:
        """Close what is kept."""
        for engine in filter(None, self.kept.values()):
            engine.dispose()
