"""The planner's sentences for people: why an appointment has no time, and what would give it one. Pure."""

from scheduler.planning.demand import Demand
from scheduler.planning.plan import Rule


def reason_sentence(rule: Rule, who: str, demand: Demand, family: tuple[str, ...]) -> str:
    """Say what one rule forbids; `family` are the relatives who may come at all."""
    first, last = demand.obligation.weeks
    weeks = f"week {first}" if first == last else f"weeks {first} to {last}"
    guests = " or ".join(family)
    sentences = {
        Rule.STAY: f"{who} is enrolled for only part of {weeks}",
        Rule.PAST: f"of {weeks} only what is left can be planned",
        Rule.CLOSED: f"there are closed days in {weeks}",
        Rule.CLINICIAN_AWAY: f"{who} is away in {weeks}",
        Rule.LICENCE: f"{who} holds no {demand.obligation.patient.state} licence",
        Rule.CLINICIAN_HOURS: f"{who} works only at other times",
        Rule.PATIENT_FREE: f"{who} is free only at other times",
        Rule.RELATIVE_FREE: f"{guests or 'the family'} may come but is free, or under consent, only at other times",
        Rule.PERSON_TWICE: f"{who} is taken by other sessions",
        Rule.ROOM_OWN: "all rooms are taken",
        Rule.DAY_HOURS_MAX: f"{who} would have too many hours that day or week",
        Rule.ASSESSMENT_FIRST: f"the assessment of {who} has to come first",
    }
    return sentences[rule]


def offer(rule: Rule, who: str, demand: Demand, when: str) -> str:
    """Say what would give the appointment a time: the nearest relaxation of one rule, and the time it would open."""
    if rule is Rule.LICENCE:
        return f"if {who} held a {demand.obligation.patient.state} licence: {when}"
    if rule is Rule.CONSENT:
        return f"if the consent for {who} covered {when}"
    if rule is Rule.ROOM_OWN:
        return f"if there were another room: {when}"
    if rule is Rule.DAY_HOURS_MAX:
        return f"if {who} could have more hours that day: {when}"
    if rule is Rule.PERSON_TWICE:
        return f"if another session of {who} could be moved: {when}"
    if rule is Rule.ASSESSMENT_FIRST:
        return f"if the assessment of {who} came earlier: {when}"
    return f"if {who} could make {when}"
