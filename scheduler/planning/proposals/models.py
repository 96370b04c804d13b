"""Proposals: a plan made and judged, waiting to be published."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.programs.models import Cohort


class ProposalState(StrEnum):
    """A cohort has at most one open proposal."""

    OPEN = "open"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Proposal(Base):
    """A whole plan as one document: there is never half of one."""

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohorts.id"))
    state: Mapped[ProposalState] = mapped_column(word(ProposalState), default=ProposalState.OPEN)
    plan: Mapped[Any] = mapped_column(JSON)
    seed: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(String(64))
    cools_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then the letters of its publication wait, and it can be taken back; None: it cannot."""
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    """What it changed, as it was before; only while it cools."""

    cohort: Mapped[Cohort] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('open', 'published', 'superseded')", name="state"),
        Index(
            "uq_proposals_open",
            "cohort_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )


class JobState(StrEnum):
    """How far a plan that was asked for has come."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PlanJob(Base):
    """A plan that was asked for, by a program or for a worker to make, and is asked about later."""

    __tablename__ = "plan_jobs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohorts.id"), index=True)
    milliseconds: Mapped[int]
    """How long may be planned."""
    seed: Mapped[int]
    state: Mapped[JobState] = mapped_column(word(JobState), default=JobState.RUNNING)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    placed: Mapped[int | None]
    unplaced: Mapped[int | None]
    proposal_id: Mapped[str | None] = mapped_column(String(32))
    """The proposal it came to; None: not yet, or it would change nothing."""
    why: Mapped[str | None]
    """Why there is no plan."""
    for_worker: Mapped[bool] = mapped_column(default=False)
    """It waits for a worker that has a solver; else whoever asked makes it."""
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a worker began with it."""

    cohort: Mapped[Cohort] = relationship()

    __table_args__ = (
        Index(
            "ix_plan_jobs_waiting",
            "asked_at",
            postgresql_where=text("for_worker AND taken_at IS NULL"),
            sqlite_where=text("for_worker AND taken_at IS NULL"),
        ),
    )


class PlanLook(Base):
    """When a published cohort was looked at last: how far the record of deeds was `seen`, and what
    did not hold then.
    """

    __tablename__ = "plan_looks"

    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    seen: Mapped[int]
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    broken: Mapped[Any] = mapped_column(JSON)
    """Rule, session and patient of each, by their keys."""


class DisruptionMet(Base):
    """Days on which somebody, or the house, held nothing, and what was done about each session."""

    __tablename__ = "disruptions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    clinician_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """Who was away; None: the house was closed."""
    first: Mapped[date]
    last: Mapped[date]
    why: Mapped[str] = mapped_column(default="")
    is_noted: Mapped[bool]
    """Whether the days were noted with it, and are taken back with it."""
    steps: Mapped[Any] = mapped_column(JSON)
    """What undoes each change."""
    met_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    met_by: Mapped[str] = mapped_column(String(64))
    put_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    put_back_by: Mapped[str | None] = mapped_column(String(64))
