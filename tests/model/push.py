"""Every way in which one create can go, step by step, for a protocol with some of its belts on.

Two workers, one document, books that may be slow. A worker may be killed at every step, be thought
dead while it is only slow, and have its reply lost; the books may remember a request id for a while
only, and look for it and create in two steps. The engine is integrations/push: its words are used
here, and its checkpoints k3 to k7 are the steps of a worker.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

MOST_IN_FLIGHT = 3
MOST_DOCUMENTS = 2


class At(Enum):
    """Where a worker is."""

    IDLE = "idle"
    CLAIMED = "k3: has the claim"
    ABSENT = "looked, and found nothing"
    INTENT = "k4: intent committed, not on the wire"
    WAITING = "k5: waits for the reply"
    ANSWERED = "k7: knows the document"


@dataclass(frozen=True)
class Protocol:
    """Which belts are on, and what the world does.

    `is_atomic`: the books look a request id up and create in one step. `forgets`: they forget it
    after a while. `may_sleep`: a worker may sleep between its intent and the wire. `lags`: a query
    may miss a document that is there, for longer than the quarantine.
    """

    intent: bool = True
    deadline: bool = True
    quarantine: bool = True
    read_back: bool = True
    request_id: bool = True
    fence: bool = True
    is_atomic: bool = False
    forgets: bool = True
    may_sleep: bool = True
    lags: bool = False
    kills: int = 3


@dataclass(frozen=True)
class State:
    """The entry here, the two workers, and the books.

    `flying` holds (worker, whether the books have looked its request id up and not found it).
    """

    is_done: bool = False
    is_sent: bool = False
    workers: tuple[At, At] = (At.IDLE, At.IDLE)
    holder: int | None = None
    flying: tuple[tuple[int, bool], ...] = ()
    documents: int = 0
    is_remembered: bool = False
    kills: int = 0

    def moved(self, worker: int, to: At) -> tuple[At, At]:
        """The workers, with this one there."""
        first, second = self.workers
        return (to, second) if worker == 0 else (first, to)

    def without(self, worker: int) -> int | None:
        """Who holds the lease when this worker gives it up."""
        return None if self.holder == worker else self.holder


Step = tuple[str, State]


@dataclass
class Found:
    """What a search found: the first state with two documents, the way to it, and states from
    which the document can never be done.
    """

    states: int
    stuck: list[State]
    lost: list[State]
    duplicate: State | None = None
    story: list[str] = field(default_factory=list)


def steps_of_worker(state: State, me: int, protocol: Protocol) -> Iterator[Step]:
    """What this worker can do next by itself."""
    at = state.workers[me]
    if at == At.IDLE:
        yield from _claims(state, me, protocol)
    elif at in {At.CLAIMED, At.ABSENT}:
        yield from _prepares(state, me, protocol)
    elif at == At.INTENT:
        yield _goes_to_the_wire(state, me, protocol)
    elif at == At.ANSWERED:
        yield _stores(state, me, protocol)
    elif all(worker != me for worker, _ in state.flying):
        given_up = replace(state, workers=state.moved(me, At.IDLE), holder=state.without(me))
        yield f"worker {me} waits no longer", given_up


def _claims(state: State, me: int, protocol: Protocol) -> Iterator[Step]:
    """Not while a request of unknown outcome may still be on its way."""
    in_doubt = protocol.quarantine and state.is_sent and state.flying
    if not state.is_done and state.holder is None and not in_doubt:
        claimed = replace(state, workers=state.moved(me, At.CLAIMED), holder=me)
        yield f"worker {me} claims", claimed


def _prepares(state: State, me: int, protocol: Protocol) -> Iterator[Step]:
    if protocol.fence and state.holder != me:
        yield f"worker {me} is fenced out", replace(state, workers=state.moved(me, At.IDLE))
    elif state.workers[me] == At.CLAIMED and protocol.read_back and state.is_sent:
        yield from _looks(state, me, protocol)
    else:
        yield from _commits_intent(state, me, protocol)


def _goes_to_the_wire(state: State, me: int, protocol: Protocol) -> Step:
    if protocol.deadline and state.holder != me:
        return f"worker {me} is too late", replace(state, workers=state.moved(me, At.IDLE))
    return f"worker {me} sends", _sent(state, me)


def _looks(state: State, me: int, protocol: Protocol) -> Iterator[Step]:
    if state.documents:
        yield f"worker {me} finds it", replace(state, workers=state.moved(me, At.ANSWERED))
    if not state.documents or protocol.lags:
        yield f"worker {me} finds nothing", replace(state, workers=state.moved(me, At.ABSENT))


def _commits_intent(state: State, me: int, protocol: Protocol) -> Iterator[Step]:
    noted = replace(state, is_sent=protocol.intent)
    if protocol.may_sleep:
        yield f"worker {me} commits its intent", replace(noted, workers=noted.moved(me, At.INTENT))
    else:
        yield f"worker {me} commits its intent and sends", _sent(noted, me)


def _sent(state: State, me: int) -> State:
    flying = (*state.flying, (me, False))
    return replace(state, workers=state.moved(me, At.WAITING), flying=flying)


def _stores(state: State, me: int, protocol: Protocol) -> Step:
    counts = state.holder == me or not protocol.fence
    stored = replace(
        state,
        workers=state.moved(me, At.IDLE),
        is_done=state.is_done or counts,
        holder=state.without(me),
    )
    return (f"worker {me} stores the result" if counts else f"worker {me} drops it", stored)


def steps_of_fate(state: State, protocol: Protocol) -> Iterator[Step]:
    """Kills, leases that end while a worker is only slow, and books that forget."""
    for me, at in enumerate(state.workers):
        if at == At.IDLE or state.kills >= protocol.kills:
            continue
        kills, freed = state.kills + 1, state.without(me)
        dead = replace(state, workers=state.moved(me, At.IDLE), holder=freed, kills=kills)
        yield f"worker {me} is killed", dead
        if state.holder == me:
            yield f"worker {me} is slow, its lease ends", replace(state, holder=None, kills=kills)
    about_to_send = {At.ABSENT, At.INTENT} & set(state.workers)
    is_quiet = not state.flying and not about_to_send and not state.is_done
    if protocol.forgets and state.is_remembered and is_quiet:
        yield "the books forget the request id", replace(state, is_remembered=False)


def steps_of_books(state: State, protocol: Protocol) -> Iterator[Step]:
    """What the books do with each request that is on its way; a reply may always be lost."""
    for place, (worker, has_looked) in enumerate(state.flying):
        rest = state.flying[:place] + state.flying[place + 1 :]
        landed = replace(state, flying=rest)
        if has_looked:
            yield from _creates(landed, worker)
            continue
        yield "a request never arrives", landed
        if protocol.request_id and state.is_remembered:
            yield from _replies(landed, worker, "repeat their reply")
        elif protocol.is_atomic:
            yield from _creates(landed, worker)
        else:
            looked = (*state.flying[:place], (worker, True), *state.flying[place + 1 :])
            yield "the books do not know its request id", replace(state, flying=looked)


def _creates(state: State, worker: int) -> Iterator[Step]:
    made = replace(state, documents=state.documents + 1, is_remembered=True)
    yield from _replies(made, worker, "create")


def _replies(state: State, worker: int, what: str) -> Iterator[Step]:
    if state.workers[worker] == At.WAITING:
        heard = replace(state, workers=state.moved(worker, At.ANSWERED))
        yield f"the books {what}, worker {worker} hears it", heard
    yield f"the books {what}, nobody hears it", state


def steps(state: State, protocol: Protocol) -> Iterator[Step]:
    """Everything that can happen next."""
    for me in (0, 1):
        yield from steps_of_worker(state, me, protocol)
    yield from steps_of_fate(state, protocol)
    yield from steps_of_books(state, protocol)


def explore(protocol: Protocol) -> Found:
    """Every state that can be reached, breadth first, so that the story told is the shortest."""
    start = State()
    came_from: dict[State, tuple[State, str] | None] = {start: None}
    before: dict[State, set[State]] = {}
    waiting, duplicate = deque([start]), None
    while waiting:
        state = waiting.popleft()
        for told, after in steps(state, protocol):
            if after.documents > MOST_DOCUMENTS or len(after.flying) > MOST_IN_FLIGHT:
                continue
            before.setdefault(after, set()).add(state)
            if after not in came_from:
                came_from[after] = (state, told)
                waiting.append(after)
                duplicate = duplicate or (after if after.documents > 1 else None)
    lost = [state for state in came_from if state.is_done and not state.documents]
    reaching = _leading_to_done(came_from, before)
    stuck = [state for state in came_from if state not in reaching]
    story = _story(came_from, duplicate)
    return Found(len(came_from), stuck, lost, duplicate, story)


def _leading_to_done(
    states: dict[State, tuple[State, str] | None], before: dict[State, set[State]]
) -> set[State]:
    reached = {state for state in states if state.is_done and state.documents}
    waiting = list(reached)
    while waiting:
        for earlier in before.get(waiting.pop(), ()):
            if earlier not in reached:
                reached.add(earlier)
                waiting.append(earlier)
    return reached


def _story(came_from: dict[State, tuple[State, str] | None], state: State | None) -> list[str]:
    told: list[str] = []
    while state is not None and (step := came_from[state]) is not None:
        state = step[0]
        told.insert(0, step[1])
    return told
