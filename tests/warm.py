"""What tests may share because no test can change it: the code made of addresses, of templates
and of statements.

Every test gets an application of its own. Its routes, pages and statements are those of the test
before; only to translate them anew each time took a third of the whole run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.matcher import RulePart

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
    """Keeps one engine for each database that tests use one after the other, without a connection
    in between.

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
