"""Sets to choose on: as many as the guarantee asks for, and more where they cost little."""

from dataclasses import dataclass

import numpy as np

from netmed.reach import sampling
from netmed.reach.diffusion import Booleans, Diffusion
from netmed.reach.greedy import Choice
from netmed.reach.sample_size import Bounds
from netmed.reach.sampling import Sampler
from netmed.reach.stored import StoredSets, TooLargeError
from netmed.reach.wishes import Wish

MOST = 16_777_216
"""Sets to choose on at most, and sets that are drawn anyway while they have few members."""

CHEAP = 40_000_000
"""Members of sets up to which more sets are drawn than the guarantee asks for."""

TINY = 1e-9
"""Share of everybody that is the least reach there can be."""

FEWEST = 1024
"""Sets below which nothing is chosen."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, on which sets, and with which guarantee.

    ``least`` : what the best are proven to reach.
    ``needed`` : sets for the ε that was asked for; None where their number was given.
    """

    choice: Choice
    sets: StoredSets
    bounds: Bounds
    least: float
    needed: int | None

    def epsilon_of(self, least: float) -> float:
        """The ε of the guarantee with the sets there are, if ``least`` is known to be reached."""
        return self.bounds.epsilon(max(least, self.least), self.sets.sets)


def choose(diffusion: Diffusion, wished: Wish, *, epsilon: float, sets: int | None, seed: int) -> Chosen:
    """Draw sets and choose on them: as many as ``epsilon`` asks for, or ``sets``.

    Raises ``TooLargeError`` where the sets asked for, or the least there must be, take too much memory.
    """
    is_wanted = np.zeros(diffusion.n, dtype=np.bool_)
    is_wanted[wished.candidates] = True
    bounds = Bounds(diffusion.n, len(wished.candidates), wished.most, diffusion.scale)
    # whoever is chosen reaches itself; were all of them of no weight, anybody's reach is above none
    own = np.sort(diffusion.weight[wished.candidates])[::-1][: wished.most]
    least, needed = max(float(own.sum()), TINY * diffusion.scale), None
    if sets is not None:
        stored = StoredSets(diffusion, is_wanted)
        stored.extend(Sampler(diffusion, seed=seed, purpose=sampling.CHOICE), sets)
    else:
        pilot = StoredSets(diffusion, is_wanted)
        least = max(least, _proven(pilot, bounds, wished, epsilon, seed))
        needed = bounds.needed(least, epsilon)
        wanted = _affordable(pilot, needed)
        del pilot
        stored = _drawn(diffusion, is_wanted, wanted, seed)
    return Chosen(wished.choose(stored), stored, bounds, least, needed)


def _proven(pilot: StoredSets, bounds: Bounds, wished: Wish, epsilon: float, seed: int) -> float:
    """A lower bound of the best reach, by the first phase of IMM; 0 where none is proven within the limits."""
    sampler = Sampler(pilot.diffusion, seed=seed, purpose=sampling.PILOT)
    reach = bounds.scale / 2
    while (wanted := max(bounds.proving(reach, epsilon), FEWEST)) <= MOST:
        try:
            if wanted > pilot.sets:
                pilot.extend(sampler, wanted - pilot.sets)
        except TooLargeError:
            return 0.0
        found = pilot.reach(wished.choose(pilot).covered)
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


def _drawn(diffusion: Diffusion, is_wanted: Booleans, sets: int, seed: int) -> StoredSets:
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
