"""Every way in which a batch of two documents can go, and in which one that was lost is resolved.

Who may resolve it holds a lease, and looks only when nothing of it is on its way any more: that is
the argument of push.py and taken as given here. What is new: the books carry out the documents one
by one, some may be refused, the reply speaks of all, and a look may see one and miss the other.
The engine is integrations/push/{batches,doubts}.py.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

BOTH = (0, 1)


@dataclass(frozen=True)
class Rules:
    """What the engine does, and what the world does.

    `is_sent_whole`: what nothing is seen of is sent again as it was, under its id; else each
    document goes alone. `waits`: what is missing beside one that was seen is looked for again when
    whatever came with it can be seen. `lags`: a look may miss what is there. `forgets`: the books
    forget the id of a batch. `is_cut`: they may end a batch in the middle, and then know no id.
    """

    is_sent_whole: bool = True
    waits: bool = True
    lags: bool = False
    forgets: bool = True
    is_cut: bool = True
    kills: int = 2


@dataclass(frozen=True)
class State:
    """`position` of the request on its way (None: there is none), and what stands of each document:
    how often it is there, whether a look sees it, and whether we know.
    """

    is_sent: bool = False
    position: int | None = None
    is_heard: bool = False
    is_opened: bool = False
    is_remembered: bool = False
    there: tuple[int, int] = (0, 0)
    is_visible: tuple[bool, bool] = (False, False)
    is_known: tuple[bool, bool] = (False, False)
    was_answered: bool = False
    kills: int = 0


Step = tuple[str, State]


def changed(pair: tuple, place: int, value: object) -> tuple:
    """The pair with another value in one place."""
    return (value, pair[1]) if place == 0 else (pair[0], value)


def steps(state: State, rules: Rules) -> Iterator[Step]:
    """Everything that can happen next."""
    if all(state.is_known):
        return
    if state.position is not None:
        yield from _carried_out(state, rules, state.position)
    elif state.is_heard:
        yield from _stored(state, rules)
    elif not state.is_sent:
        yield "the batch is sent", replace(state, is_sent=True, position=0)
    else:
        yield from _resolved(state, rules)
    if rules.forgets and state.is_remembered and state.position is None:
        yield "the books forget the batch", replace(state, is_remembered=False)
    for place in BOTH:
        if state.there[place] and not state.is_visible[place]:
            seen = changed(state.is_visible, place, True)
            yield f"{place} can be seen", replace(state, is_visible=seen)


def _carried_out(state: State, rules: Rules, position: int) -> Iterator[Step]:
    landed = replace(state, position=None)
    if position == 0:
        yield "it never arrives", landed
    if position == 0 and state.is_remembered:
        yield "the books repeat their reply", replace(landed, is_heard=True)
        yield "the books repeat their reply, nobody hears it", landed
        return
    if position == len(BOTH):
        yield "the books answer", replace(landed, is_heard=True, is_remembered=True)
        yield "the books answer, nobody hears it", replace(landed, is_remembered=True)
        return
    if position and rules.is_cut:
        yield "the books end it in the middle", landed
    there = changed(state.there, position, state.there[position] + 1)
    visible = changed(state.is_visible, position, not rules.lags)
    made = replace(state, position=position + 1, there=there, is_visible=visible)
    yield f"the books make {position}", made
    yield f"the books refuse {position}", replace(state, position=position + 1)


def _stored(state: State, rules: Rules) -> Iterator[Step]:
    """Each from its own answer; what was refused goes alone, by another request."""
    if state.kills < rules.kills:
        yield "the worker is killed", replace(state, is_heard=False, kills=state.kills + 1)
    for place in BOTH:
        if not state.is_known[place]:
            yield f"the answer of {place} is stored", _known(state, place)


def _known(state: State, place: int) -> State:
    there = changed(state.there, place, max(1, state.there[place]))
    known = changed(state.is_known, place, True)
    return replace(state, there=there, is_known=known, was_answered=True)


def _resolved(state: State, rules: Rules) -> Iterator[Step]:
    unknown = [place for place in BOTH if not state.is_known[place]]
    if state.is_opened:
        yield from _alone(state, unknown)
        return
    known = state
    for place in unknown:
        if state.is_visible[place]:
            known = replace(known, is_known=changed(known.is_known, place, True))
    if known != state or (state.was_answered and _is_any_seen(state)):
        yield "something of it is seen", replace(_waited(known, rules), is_opened=True)
    elif not state.was_answered and rules.is_sent_whole:
        yield "nothing is seen: it is sent again as it was", replace(state, position=0)
    elif not state.was_answered:
        yield "nothing is seen: each goes alone", replace(state, is_opened=True)


def _is_any_seen(state: State) -> bool:
    """One that was answered, or was refused and made alone since."""
    return any(state.is_visible[place] for place in BOTH if state.is_known[place])


def _waited(state: State, rules: Rules) -> State:
    """What came with what is seen can be seen by then."""
    if not rules.waits:
        return state
    visible = tuple(bool(each) for each in state.there)
    return replace(state, is_visible=visible)


def _alone(state: State, unknown: list[int]) -> Iterator[Step]:
    for place in unknown:
        if state.is_visible[place]:
            known = changed(state.is_known, place, True)
            yield f"{place} is seen", replace(state, is_known=known)
        else:
            there = changed(state.there, place, state.there[place] + 1)
            made = replace(state, there=there, is_known=changed(state.is_known, place, True))
            yield f"{place} is made alone", made


@dataclass
class Found:
    """What a search found, and the way to the first document that stands there twice."""

    states: int
    story: list[str]
    stuck: list[State]


def explore(rules: Rules) -> Found:
    """Every state that can be reached, breadth first."""
    start = State()
    came_from: dict[State, list[str]] = {start: []}
    waiting, story, stuck = deque([start]), [], []
    while waiting:
        state = waiting.popleft()
        after_it = list(steps(state, rules))
        if not after_it and not all(state.is_known):
            stuck.append(state)
        for told, after in after_it:
            if max(after.there) > 2 or after in came_from:
                continue
            came_from[after] = [*came_from[state], told]
            waiting.append(after)
            if max(after.there) > 1 and not story:
                story = came_from[after]
    return Found(len(came_from), story, stuck)
