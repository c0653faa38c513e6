"""The way of a job: which status may follow which. Real days do not go in order, so much may; but
what was invoiced or called off is reopened first.
"""

from jobs.models.jobs import JobStatus

_UNDER_WAY = (
    JobStatus.UNSCHEDULED,
    JobStatus.BOOKED,
    JobStatus.IN_PROGRESS,
    JobStatus.DEFERRED,
    JobStatus.COMPLETED,
    JobStatus.READY_TO_INVOICE,
    JobStatus.CANCELLED,
)
_DONE = (
    JobStatus.IN_PROGRESS,
    JobStatus.COMPLETED,
    JobStatus.READY_TO_INVOICE,
    JobStatus.CLOSED,
    JobStatus.CANCELLED,
)
AFTER: dict[JobStatus, tuple[JobStatus, ...]] = {
    JobStatus.UNSCHEDULED: _UNDER_WAY,
    JobStatus.BOOKED: _UNDER_WAY,
    JobStatus.IN_PROGRESS: _UNDER_WAY,
    JobStatus.DEFERRED: _UNDER_WAY,
    JobStatus.COMPLETED: _DONE,
    JobStatus.READY_TO_INVOICE: _DONE,
    JobStatus.CANCELLED: (JobStatus.UNSCHEDULED, JobStatus.BOOKED, JobStatus.IN_PROGRESS),
    JobStatus.CLOSED: (JobStatus.IN_PROGRESS, JobStatus.COMPLETED, JobStatus.READY_TO_INVOICE),
}
# Leaving these behind with work that nobody was charged for is asked about.
ENDS = frozenset({JobStatus.CANCELLED, JobStatus.CLOSED})


def statuses_after(status: str) -> tuple[JobStatus, ...]:
    """What may follow, in the order in which a job goes."""
    return tuple(one for one in AFTER[JobStatus(status)] if one != status)
