"""Stored sets, greedy on them, how many are needed, and what happens when they are too many."""

import itertools
import math
import os
import signal
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network
from reach_oracles import as_network

from netmed.cli.interrupts import delivered
from netmed.errors import NetmedError
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.reach import choosing, stored
from netmed.reach.diffusion import Diffusion, diffusion
from netmed.reach.greedy import Choice, greedy, greedy_within
from netmed.reach.sample_size import Bounds
from netmed.reach.sampling import CHOICE, Block, Sampler
from netmed.reach.singles import Singles, counted
from netmed.reach.stored import StoredSets, TooLargeError
from netmed.transmission import transmission


def spreading(made: Network, how: str = "weight", model: str = "independent-cascade") -> Diffusion:
    graphs = Graphs(made)
    return diffusion(graphs, transmission(made, graphs, how), model)


def ring(n: int) -> Diffusion:
    """Every account reaches every other, surely."""
    return spreading(network([(f"r{i:05}", f"r{(i + 1) % n:05}", 1) for i in range(n)]), "constant:1")


def drawn(flow: Diffusion, sets: int, seed: int = 1, wanted: list[int] | None = None) -> StoredSets:
    is_wanted = np.ones(flow.n, dtype=np.bool_)
    if wanted is not None:
        is_wanted[:] = False
        is_wanted[wanted] = True
    made = StoredSets(flow, is_wanted)
    made.extend(Sampler(flow, seed=seed, purpose=CHOICE), sets)
    return made


def as_sets(made: StoredSets) -> list[frozenset[int]]:
    """Every set with a wanted member."""
    members, offsets = made.members()
    kept = [frozenset(members[a:b].tolist()) for a, b in itertools.pairwise(offsets)]
    return kept + [frozenset([v]) for v, times in enumerate(made.alone.tolist()) for _ in range(times)]


flows = st.dictionaries(
    st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")).filter(lambda ends: ends[0] != ends[1]),
    st.floats(0.05, 1.0),
    max_size=14,
)
groups = st.sets(st.integers(0, 6))


@given(flow=flows, seed=st.integers(0, 99), small=groups, more=groups, v=st.integers(0, 6))
@settings(max_examples=60)
def test_coverage_is_monotone_and_submodular(
    flow: dict[tuple[str, str], float], seed: int, small: set[int], more: set[int], v: int
) -> None:
    sets = drawn(spreading(as_network(flow, "abcdefg")), 200, seed)
    large = small | more
    by_hand = as_sets(sets)
    for group in (small, large):
        assert sets.covered(group) == sum(bool(members & group) for members in by_hand)
    assert sets.covered(small) <= sets.covered(large)
    adds = [sets.covered(group | {v}) - sets.covered(group) for group in (small, large)]
    assert adds[0] >= adds[1]
    assert sets.covered(range(7)) == 200


def plainly(sets: StoredSets, candidates: list[int], k: int) -> Choice:
    """Greedy that looks at everybody every time."""
    chosen: list[int] = []
    gains = []
    for _ in range(min(k, len(candidates))):
        adds = {v: sets.covered([*chosen, v]) - sets.covered(chosen) for v in candidates if v not in chosen}
        best = min(adds, key=lambda v: (-adds[v], v))
        chosen.append(best)
        gains.append(adds[best])
    return Choice(tuple(chosen), tuple(gains))


@given(flow=flows, seed=st.integers(0, 99), able=st.sets(st.integers(0, 6), min_size=1), k=st.integers(1, 7))
@settings(max_examples=40)
def test_lazy_is_plain_greedy(flow: dict[tuple[str, str], float], seed: int, able: set[int], k: int) -> None:
    candidates = sorted(able)
    sets = drawn(spreading(as_network(flow, "abcdefg")), 300, seed, candidates)
    lazy = greedy(sets, np.array(candidates), k)
    wanted = plainly(sets, candidates, k)
    assert (lazy.vertices, lazy.gains) == (wanted.vertices, wanted.gains)
    assert lazy.covered == sets.covered(lazy.vertices)


@given(
    flow=flows,
    seed=st.integers(0, 99),
    costs=st.lists(st.sampled_from([1.0, 2.0, 3.5]), min_size=7, max_size=7),
    budget=st.sampled_from([1.0, 4.0, 6.5]),
)
@settings(max_examples=40)
def test_within_a_budget_it_is_half_as_good_as_the_best_and_never_over(
    flow: dict[tuple[str, str], float], seed: int, costs: list[float], budget: float
) -> None:
    sets = drawn(spreading(as_network(flow, "abcdefg")), 200, seed)
    found = greedy_within(sets, np.arange(7), np.array(costs), budget, None)
    assert sum(costs[v] for v in found.vertices) <= budget
    groups_ = [[v for v in range(7) if mask >> v & 1] for mask in range(128)]
    best = max(sets.covered(group) for group in groups_ if sum(costs[v] for v in group) <= budget)
    assert sets.covered(found.vertices) >= (1 - 1 / math.e) / 2 * best


def test_lazy_looks_at_few() -> None:
    rng = np.random.default_rng(2)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, 400, (2400, 2)) ** 2 // 400 if a != b}
    flow = spreading(network([(f"u{a:03}", f"u{b:03}", 1) for a, b in pairs]), "weighted-cascade")
    choice = greedy(drawn(flow, 20_000), np.arange(flow.n), 30)
    assert len(choice.vertices) == 30
    assert choice.looks < 0.1 * 30 * flow.n


def test_a_set_holds_only_those_that_may_be_chosen() -> None:
    sets = drawn(ring(6), 1000, wanted=[1, 4])
    assert sets.kept == 1000  # all reach all: both are in every set
    assert sets.counts().tolist() == [0, 1000, 0, 0, 1000, 0]
    one = drawn(ring(6), 1000, wanted=[2])
    assert (one.kept, one.alone.tolist()) == (0, [0, 0, 1000, 0, 0, 0])
    assert one.drawn == 6000


def test_further_rounds_add_to_what_is_there() -> None:
    flow = spreading(as_network({("a", "b"): 0.5, ("b", "c"): 0.5, ("c", "a"): 0.5}))
    sets = StoredSets(flow, np.ones(3, dtype=np.bool_))
    sampler = Sampler(flow, seed=1, purpose=CHOICE)
    sets.extend(sampler, 700)
    first = as_sets(sets)
    sets.extend(sampler, 1300)
    assert sets.sets == 2000
    assert len(as_sets(sets)) == 2000
    rest = as_sets(sets)
    for members in first:
        rest.remove(members)
    assert sorted(map(sorted, rest)) != sorted(map(sorted, first))
    assert sets.covered([0]) == sum(0 in members for members in as_sets(sets))


def test_sets_that_do_not_fit_are_refused_and_leave_what_was_there() -> None:
    flow = ring(2000)
    sets = StoredSets(flow, np.ones(flow.n, dtype=np.bool_), limit=8_000_000)
    sampler = Sampler(flow, seed=1, purpose=CHOICE)
    sets.extend(sampler, 100)
    assert sets.memory == 100 * (2000 * stored.PER_MEMBER + stored.PER_SET)
    with pytest.raises(TooLargeError, match=r"5,100 sets take more than the 8 MB they may"):
        sets.extend(sampler, 5000)
    assert (sets.sets, sets.kept) == (100, 100)
    assert sets.covered([7]) == 100
    assert issubclass(TooLargeError, NetmedError)


def test_sets_are_the_same_however_often_a_worker_hands_them_over(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, 60, (300, 2)) if a != b}
    flow = spreading(network([(f"u{a:03}", f"u{b:03}", 1) for a, b in pairs]), "weighted-cascade")
    wanted = drawn(flow, 5000)
    monkeypatch.setattr(stored, "BUFFER", 1)
    found = drawn(flow, 5000)
    for one, other in zip(found.members(), wanted.members(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(found.alone, wanted.alone)
    assert found.drawn == wanted.drawn


def test_the_bytes_that_are_counted_are_those_that_are_held() -> None:
    sets = drawn(ring(500), 3000)
    members, offsets = sets.members()
    _, sets_of = sets.index()
    is_covered = np.zeros(sets.kept, dtype=np.bool_)
    held = members.nbytes + sets_of.nbytes + offsets.nbytes + is_covered.nbytes
    assert held == sets.memory + 8  # where the last set ends


def test_large_sets_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what the guarantee asks for does not fit, fewer are drawn; below the least there is an error."""
    from netmed import reach

    made = network([(f"r{i:05}", f"r{(i + 1) % 300:05}", 1) for i in range(300)])
    monkeypatch.setattr(stored, "MEMORY", 4_000_000)
    table, _ = reach.joint(made, 2, probability="constant:1", precision=0.1)
    assert table.attrs["meta"]["memory_of_sets"] <= 4_000_000
    assert choosing.FEWEST <= table.attrs["meta"]["sets"] < 4_000_000 / 300 / 8
    assert table["joint_reach"].iloc[0] == pytest.approx(300, rel=1e-9)
    monkeypatch.setattr(stored, "MEMORY", 1_000_000)
    with pytest.raises(TooLargeError, match="ask for fewer sets, or for lower probabilities"):
        reach.joint(made, 2, probability="constant:1")
    with pytest.raises(TooLargeError, match="10,000 sets take more"):
        reach.joint(made, 2, probability="constant:1", sets=10_000)


def test_an_interrupt_is_obeyed_at_once() -> None:
    """Hours of work, stopped after a moment: no worker goes on, no block is finished first."""
    flow = ring(20_000)
    small, found = (Singles(each, *np.zeros((2, each.n), dtype=np.int64)) for each in (ring(3), flow))
    counted(Sampler(small.diffusion, seed=1, purpose=0), small, 10)  # compiled
    threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT)).start()
    started = time.perf_counter()
    with delivered(), pytest.raises(KeyboardInterrupt):  # as the command runs
        counted(Sampler(flow, seed=1, purpose=0), found, 50_000_000)
    assert time.perf_counter() - started < 2
    assert found.sets == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPool")]


def test_an_error_in_one_block_is_told_and_ends_the_others() -> None:
    flow = ring(3)

    def work(block: Block) -> int:
        raise ValueError("this one")

    with pytest.raises(ValueError, match="this one"):
        list(Sampler(flow, seed=1, purpose=0).blocks(100_000, work))


def test_blocks_make_up_the_sets_and_no_two_have_one_state() -> None:
    sampler = Sampler(ring(3), seed=1, purpose=0)
    for sets in (1, 63, 64, 65, 1000, 1_000_001):
        blocks = list(sampler.blocks(sets, lambda block: (block.sets, int(block.state))))
        assert sum(size for size, _ in blocks) == sets
        assert len({state for _, state in blocks}) == len(blocks)
    other = Sampler(ring(3), seed=1, purpose=1)
    states = [list(each.blocks(64, lambda block: int(block.state))) for each in (sampler, other, other)]
    assert len({state for round_ in states for state in round_}) == 3 * 64


def test_how_many_sets_the_guarantee_asks_for() -> None:
    """IMM's formulas, written out for 1,000 accounts and 10 to be chosen."""
    bounds = Bounds(1000, 1000, 10, 1000.0)
    groups_ = math.log(10 * math.comb(1000, 10))
    failure = math.log(2 * 1000)
    share = 1 - 1 / math.e
    alpha, beta = math.sqrt(failure + math.log(2)), math.sqrt(share * (groups_ + failure + math.log(2)))
    wanted = 2 * 1000 * (share * alpha + beta) ** 2 / 0.1**2 / 50
    assert bounds.needed(50.0, 0.1) == math.ceil(wanted)
    assert bounds.epsilon(50.0, bounds.needed(50.0, 0.1)) == pytest.approx(0.1, rel=1e-4)
    assert bounds.epsilon(50.0, 4 * bounds.needed(50.0, 0.1)) == pytest.approx(0.05, rel=1e-4)
    wide = math.sqrt(2) * 0.1
    lam = (2 + 2 * wide / 3) * (groups_ + failure + math.log(math.log2(1000))) * 1000 / wide**2
    assert bounds.proving(50.0, 0.1) == math.ceil(lam / 50)
    assert bounds.is_proven(57.08, 50, 0.1)
    assert not bounds.is_proven(57.06, 50, 0.1)


@pytest.mark.parametrize(("n", "candidates", "k"), [(1, 1, 1), (2, 2, 2), (3, 3, 50), (10, 4, 3)])
def test_how_many_sets_small_networks_ask_for(n: int, candidates: int, k: int) -> None:
    bounds = Bounds(n, candidates, k, float(n))
    assert 0 < bounds.needed(1.0, 0.1) < 10**6
    assert 0 < bounds.proving(1.0, 0.1) < 10**6
