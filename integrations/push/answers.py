"""What became of one write: its answer or its failure, settled where it belongs."""

from integrations.contracts import Written
from integrations.errors import (
    DuplicateName,
    DuplicateNumber,
    PeriodClosed,
    RemoteGone,
    StaleRevision,
)
from integrations.push.checkpoints import reached
from integrations.push.failures import settle_failure
from integrations.push.lookup import after_closed, after_duplicate, after_gone, after_stale
from integrations.push.settlement import settle_deleted, settle_written
from integrations.push.steps import Desk, Sending


def settle_answer(desk: Desk, sending: Sending, answer: Written | Exception) -> bool:
    """True: prepare it again, the books have moved on."""
    if isinstance(answer, Written):
        return _written(desk, sending, answer)
    if isinstance(answer, StaleRevision):
        return after_stale(desk, sending, answer)
    if isinstance(answer, DuplicateName | DuplicateNumber):
        after_duplicate(desk, sending, answer)
    elif isinstance(answer, RemoteGone):
        after_gone(desk, sending, answer)
    elif isinstance(answer, PeriodClosed):
        after_closed(desk, sending, answer)
    else:
        settle_failure(desk, sending, answer)
    return False


def _written(desk: Desk, sending: Sending, written: Written) -> bool:
    if sending.attempt.operation == "delete":
        settle_deleted(desk, sending, trace_id=written.trace_id)
        return True
    settle_written(desk, sending, written)
    reached("k8")
    return False
