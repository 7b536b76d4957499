"""Sets to choose on: as many as the guarantee asks for, and more where they cost little."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from netmed.graphs import Integers
from netmed.reach import sampling
from netmed.reach.diffusion import Diffusion
from netmed.reach.greedy import Choice
from netmed.reach.sample_size import Bounds
from netmed.reach.sampling import Sampler
from netmed.reach.stored import StoredSets, TooLargeError

MOST = 16_777_216
"""Sets to choose on at most, and sets that are drawn anyway while they have few members."""

CHEAP = 40_000_000
"""Members of sets up to which more sets are drawn than the guarantee asks for."""

FEWEST = 1024
"""Sets below which nothing is chosen."""

Chooser = Callable[[StoredSets], Choice]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, on which sets, and with which guarantee.

    ``epsilon`` : the ε that holds with the sets there are.
    ``needed`` : sets for the ε that was asked for; None where their number was given.
    """

    choice: Choice
    sets: StoredSets
    epsilon: float
    needed: int | None


def choose(
    diffusion: Diffusion, candidates: Integers, k: int, choosing: Chooser, *, epsilon: float, sets: int | None, seed: int
) -> Chosen:
    """Draw sets and choose on them.

    Parameters
    ----------
    candidates : vertices that may be chosen; ``k`` of them at most.
    choosing : picks from stored sets.
    epsilon : of the guarantee; with ``sets`` their number is given instead.

    Raises ``TooLargeError`` where the sets asked for, or the least there must be, take too much memory.
    """
    is_wanted = np.zeros(diffusion.n, dtype=np.bool_)
    is_wanted[candidates] = True
    bounds = Bounds(diffusion.n, len(candidates), k, diffusion.scale)
    least = float(np.sort(diffusion.weight[candidates])[::-1][:k].sum())  # whoever is chosen reaches itself
    if sets is not None:
        stored, needed = StoredSets(diffusion, is_wanted), None
        stored.extend(Sampler(diffusion, seed=seed, purpose=sampling.CHOICE), sets)
    else:
        pilot = StoredSets(diffusion, is_wanted)
        least = max(least, _proven(pilot, bounds, choosing, epsilon, seed))
        needed = bounds.needed(least, epsilon)
        wanted = _affordable(pilot, needed)
        del pilot
        stored = _drawn(diffusion, is_wanted, wanted, seed)
    choice = choosing(stored)
    return Chosen(choice, stored, bounds.epsilon(least, stored.sets), needed)


def _proven(pilot: StoredSets, bounds: Bounds, choosing: Chooser, epsilon: float, seed: int) -> float:
    """A lower bound of the best reach, by the first phase of IMM; 0 where none is proven within the limits."""
    sampler = Sampler(pilot.diffusion, seed=seed, purpose=sampling.PILOT)
    reach = bounds.scale / 2
    while (wanted := max(bounds.proving(reach, epsilon), FEWEST)) <= MOST:
        try:
            if wanted > pilot.sets:
                pilot.extend(sampler, wanted - pilot.sets)
        except TooLargeError:
            return 0.0
        found = pilot.reach(choosing(pilot).covered)
        if bounds.is_proven(found, reach, epsilon):
            return found / (1 + 2**0.5 * epsilon)
        reach /= 2
    return 0.0


def _affordable(pilot: StoredSets, needed: int) -> int:
    """Sets to draw: what the guarantee needs and what costs little, within the limits."""
    drawn = max(pilot.sets, 1)
    cheap = int(CHEAP * drawn / max(pilot.drawn, 1))
    room = int(0.9 * pilot.limit * drawn / max(pilot.memory, 1))
    return max(min(max(needed, cheap), MOST, room), FEWEST)


def _drawn(diffusion: Diffusion, is_wanted: "np.ndarray[tuple[int], np.dtype[np.bool_]]", sets: int, seed: int) -> StoredSets:
    """Stored sets, half as many again and again where they do not fit."""
    sampler = Sampler(diffusion, seed=seed, purpose=sampling.CHOICE)
    while True:
        stored = StoredSets(diffusion, is_wanted)
        try:
            stored.extend(sampler, sets)
        except TooLargeError:
            if sets <= FEWEST:
                raise
            sets = max(sets // 2, FEWEST)
        else:
            return stored
