"""Who may sign for a patient: a table by licence, age and circumstance (42 CFR 2.14, 2.15; M.G.L.
as named). Pure.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.consents.model.models import Circumstance, Licence, Signer

ADULT = 18


@dataclass(frozen=True, slots=True)
class Rule:
    """From one birthday until another, and in a circumstance if one is named: any one of `signers`
    will do.
    """

    licence: Licence
    youngest: int
    oldest: int | None
    circumstance: Circumstance | None
    signers: frozenset[Signer]
    parents: int = 1
    """How many parents must sign where one of them does."""


def _rule(
    licence: Licence,
    ages: tuple[int, int | None],
    when: Circumstance | None,
    *signers: Signer,
    parents: int = 1,
) -> Rule:
    return Rule(licence, *ages, when, frozenset(signers), parents)


_LAWFUL = (Licence.SUBSTANCE_USE, Licence.MINOR_ALONE, Licence.MENTAL_HEALTH)
_MINOR = (0, ADULT)
_FOR_GOOD = (ADULT, None)

RULES: tuple[Rule, ...] = (
    *(_rule(licence, _FOR_GOOD, None, Signer.PATIENT) for licence in _LAWFUL),
    *(_rule(licence, _FOR_GOOD, Circumstance.ADJUDICATED, Signer.GUARDIAN) for licence in _LAWFUL),
    *(_rule(licence, _FOR_GOOD, Circumstance.INCAPABLE, Signer.PROXY) for licence in _LAWFUL),
    *(_rule(licence, _FOR_GOOD, Circumstance.OBJECTED, Signer.PATIENT) for licence in _LAWFUL),
    _rule(Licence.SUBSTANCE_USE, _MINOR, None, Signer.BOTH),
    _rule(Licence.SUBSTANCE_USE, _MINOR, Circumstance.MAINTENANCE, Signer.BOTH),
    _rule(Licence.SUBSTANCE_USE, _MINOR, Circumstance.STATE_CUSTODY, Signer.BOTH),
    _rule(Licence.SUBSTANCE_USE, _MINOR, Circumstance.SHARED_CUSTODY, Signer.BOTH, parents=2),
    _rule(Licence.SUBSTANCE_USE, (12, ADULT), Circumstance.DEPENDENCE_FOUND, Signer.PATIENT),
    _rule(Licence.MINOR_ALONE, _MINOR, None, Signer.PATIENT),
    _rule(Licence.MENTAL_HEALTH, _MINOR, None, Signer.GUARDIAN),
    _rule(Licence.MENTAL_HEALTH, (16, ADULT), Circumstance.APPLIED_ALONE, Signer.PATIENT),
    _rule(Licence.MENTAL_HEALTH, _MINOR, Circumstance.EMANCIPATED, Signer.PATIENT),
    _rule(Licence.MENTAL_HEALTH, _MINOR, Circumstance.MATURE, Signer.PATIENT),
    _rule(Licence.MENTAL_HEALTH, _MINOR, Circumstance.STATE_CUSTODY, Signer.GUARDIAN),
    _rule(Licence.MENTAL_HEALTH, _MINOR, Circumstance.SHARED_CUSTODY, Signer.GUARDIAN, parents=2),
    _rule(Licence.UNSAID, _MINOR, None, Signer.PATIENT, Signer.GUARDIAN, Signer.PROXY, Signer.BOTH),
    _rule(Licence.UNSAID, _FOR_GOOD, None, Signer.PATIENT, Signer.PROXY),
    _rule(Licence.UNSAID, _FOR_GOOD, Circumstance.ADJUDICATED, Signer.GUARDIAN),
)
"""The house rules; a practice's own, for a licence, stand in place of all of these for it."""

_FIRST = (
    *(
        Circumstance.ADJUDICATED,
        Circumstance.OBJECTED,
        Circumstance.INCAPABLE,
        Circumstance.MAINTENANCE,
    ),
    *(
        Circumstance.DEPENDENCE_FOUND,
        Circumstance.EMANCIPATED,
        Circumstance.MATURE,
        Circumstance.APPLIED_ALONE,
    ),
    *(Circumstance.STATE_CUSTODY, Circumstance.SHARED_CUSTODY),
)
"""Which circumstance is heard before which: a court before a proxy (42 CFR 2.15(a)), a minor who
may sign alone before the question whose parents sign.
"""
_CUSTODY = (Circumstance.STATE_CUSTODY, Circumstance.SHARED_CUSTODY, None)


def who_may_sign(
    licence: Licence,
    born: date | None,
    day: date,
    known: Collection[Circumstance],
    rules: Iterable[Rule] = RULES,
) -> frozenset[Signer]:
    """Return who may sign on `day`; a circumstance that is known overrides the plain rule. Unknown
    birth counts as adult, and where no licence is said the paper is taken at its word.
    """
    if born is None and licence is Licence.UNSAID:
        return frozenset(Signer)
    fitting = _fitting(licence, born, day, rules)
    for circumstance in _FIRST:
        special = [
            rule.signers
            for rule in fitting
            if rule.circumstance is circumstance and circumstance in known
        ]
        if special:
            return frozenset().union(*special)
    return frozenset[Signer]().union(
        *(rule.signers for rule in fitting if rule.circumstance is None)
    )


def parents_needed(
    licence: Licence,
    born: date | None,
    day: date,
    known: Collection[Circumstance],
    rules: Iterable[Rule] = RULES,
) -> int:
    """Return how many parents must sign on `day` where a parent's signature counts: two who share
    legal custody.
    """
    fitting = _fitting(licence, born, day, rules)
    for circumstance in _CUSTODY:
        found = [rule.parents for rule in fitting if rule.circumstance is circumstance]
        if found and (circumstance is None or circumstance in known):
            return max(found)
    return 1


def needs_authority(licence: Licence, capacity: Signer) -> bool:
    """True if a signature in this capacity counts only with a recorded authority, dates and
    evidence.
    """
    return licence is not Licence.UNSAID and capacity is not Signer.PATIENT


def age(born: date, day: date) -> int:
    """Return the whole years of somebody born on `born`, on `day`; of 29 February from 28 February
    on, never late.
    """
    try:
        birthday = born.replace(year=day.year)
    except ValueError:
        birthday = date(day.year, 2, 28)
    return day.year - born.year - (day < birthday)


def _fitting(licence: Licence, born: date | None, day: date, rules: Iterable[Rule]) -> list[Rule]:
    years = ADULT if born is None else age(born, day)
    return [
        rule
        for rule in rules
        if rule.licence is licence and rule.youngest <= years and _under(rule.oldest, years)
    ]


def _under(oldest: int | None, years: int) -> bool:
    return oldest is None or years < oldest
