"""Reverse-reachable sets, drawn by compiled code: who would have reached one account, chosen at random.

A set is drawn backwards along the flow, from a root to those whose word would have come to it in one world of
live edges; so the share of sets that an account is in, times the number of accounts, is its expected reach
(Borgs and others 2014, doi:10.1137/1.9781611973402.70).

An edge that transmits with p is live with p. In place of a coin per edge there is one clock per account: edges
lie one after the other, each as long as its hazard −ln(1 − p), and the next live edge is where an exponential
step ends. That is one number per live edge and one more, whatever the degree, and exact for any mixture of
probabilities. In the linear threshold model an account has at most one live edge (Kempe, Kleinberg and Tardos
2003, theorem 4.6); there edges are as long as their weight and the step is uniform.

Functions are compiled by numba when they are first called, and kept for the next run. They let go of Python's
lock, so that threads share the work, and look at ``halt`` between sets, so that an interrupt is soon obeyed.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
UNIT = 2.0**-53


def compiled(function: Callable[..., Any]) -> Any:
    """The function, compiled when it is first called."""
    return numba.njit(cache=True, nogil=True)(function)


@compiled
def mixed(state: Any) -> Any:
    """A number from 0 to 1 (1 never), from the state of SplitMix64 (Steele and others 2014)."""
    z = (state ^ (state >> S30)) * FIRST
    z = (z ^ (z >> S27)) * SECOND
    return np.float64((z ^ (z >> S31)) >> S11) * UNIT


@compiled
def draw(flow: Any, is_threshold: Any, state: Any, mark: Any, stamp: Any, queue: Any) -> Any:
    """One set: its members stand in ``queue``, the root first, then those one step from it.

    Parameters
    ----------
    flow : ``start`` (n + 1), ``head`` (m), ``rising`` (m), ``some`` (n), ``roots`` and ``guide`` (n each, or none if
        all are as likely), ``is_told``, as ``netmed.reach.diffusion`` makes them. Where told, the root is known to
        have a live edge, and its first one is drawn given that.
    state : of the generator.
    mark : a number that ``stamp`` does not hold.
    stamp, queue : (n,), scratch.

    Returns
    -------
    The number of members; how many of them are the root or one step from it; the new state.
    """
    start, head, rising, some, roots, guide, is_told = flow
    state += GOLDEN
    chance = mixed(state)
    root = int(chance * len(some))
    if len(roots) > 0:  # the first whose sum is above: from the guide it is a step or two (Chen and Asau 1974)
        root, place = guide[root], chance * roots[-1]
        while roots[root] <= place and root + 1 < len(roots):
            root += 1
    stamp[root] = mark
    queue[0] = root
    size = near = 1
    k = 0
    while k < size:
        account = queue[k]
        state += GOLDEN
        chance = mixed(state)
        if is_told and k == 0:
            chance *= some[account]
        if chance < some[account]:
            low, end = start[account], start[account + 1]
            place = chance if is_threshold else -np.log1p(-chance)
            while True:
                high = end
                while low < high:
                    middle = (low + high) >> 1
                    if rising[middle] > place:
                        high = middle
                    else:
                        low = middle + 1
                if low >= end:
                    break
                other = head[low]
                if stamp[other] != mark:
                    stamp[other] = mark
                    queue[size] = other
                    size += 1
                if is_threshold or low + 1 == end:
                    break
                state += GOLDEN
                place = rising[low] - np.log1p(-mixed(state))
                if place >= rising[end - 1]:
                    break
                low += 1
        k += 1
        if k == 1:
            near = size
    return size, near, state


@compiled
def count(
    flow: Any,
    is_threshold: Any,
    state: Any,
    sets: Any,
    mark: Any,
    stamp: Any,
    queue: Any,
    halt: Any,
    soon: Any,
    deep: Any,
) -> Any:
    """Draw sets and count, per account, those whose root it is or is one step from (``soon``), or more (``deep``).

    Gives the number of members.
    """
    members = 0
    for i in range(sets):
        if halt[0]:
            break
        size, near, state = draw(flow, is_threshold, state, mark + i, stamp, queue)
        members += size
        for k in range(near):
            soon[queue[k]] += 1
        for k in range(near, size):
            deep[queue[k]] += 1
    return members


@compiled
def store(
    flow: Any,
    is_threshold: Any,
    state: Any,
    sets: Any,
    mark: Any,
    stamp: Any,
    queue: Any,
    halt: Any,
    soon: Any,
    deep: Any,
    is_wanted: Any,
    alone: Any,
    held: Any,
    sizes: Any,
) -> Any:
    """Draw sets and keep the members that are wanted, of sets with two such or more.

    Where there is one it is counted in ``alone``. Ends early where ``held`` might not take another set.

    Returns
    -------
    Sets drawn, sets kept, members kept, all members, the new state.
    """
    done = kept = used = members = 0
    n = len(stamp)
    while done < sets and len(held) - used >= n and not halt[0]:
        size, near, state = draw(flow, is_threshold, state, mark + done, stamp, queue)
        done += 1
        members += size
        for k in range(near):
            soon[queue[k]] += 1
        for k in range(near, size):
            deep[queue[k]] += 1
        first = used
        for k in range(size):
            if is_wanted[queue[k]]:
                held[used] = queue[k]
                used += 1
        if used - first >= 2:
            sizes[kept] = used - first
            kept += 1
        elif used - first == 1:
            alone[held[first]] += 1
            used = first
    return done, kept, used, members, state


@compiled
def enter(rank: Any, queue: Any, size: Any, near: Any, soon: Any, gained: Any, lost: Any) -> Any:
    """For one list of accounts, read down to each rank: from which rank on a set is met.

    A set that is met within a step of its root counts ``soon`` at the rank where that begins; one that is met only
    further from it counts ``gained`` where that begins and ``lost`` where it ends.
    """
    k = len(gained) - 1  # stands for: nobody of the list
    first = at_once = k
    for i in range(size):
        at = rank[queue[i]]
        first = min(first, at)
        if i < near:
            at_once = min(at_once, at)
    soon[at_once] += 1
    if first < at_once:
        gained[first] += 1
        lost[at_once] += 1
    return first


@compiled
def meet(
    flow: Any,
    is_threshold: Any,
    state: Any,
    sets: Any,
    mark: Any,
    stamp: Any,
    queue: Any,
    halt: Any,
    rank: Any,
    soon: Any,
    gained: Any,
    lost: Any,
    only: Any,
    covers: Any,
    sole: Any,
    late: Any,
    pairs: Any,
    found: Any,
) -> Any:
    """Draw sets and count how lists of accounts meet them, read down to each rank. Gives the sets' members.

    Parameters
    ----------
    rank : (lists, n), place in the list from 0 on; k for all that are not in it.
    soon, gained, lost : (lists, k + 1), see ``enter``.
    only, covers : (k,), for the first list: sets that this account alone meets, in two steps or more, and sets
        that it alone meets within a step and others would meet later: what leaving it out takes and gives.
    sole : (k,), sets that this account alone meets within a step, whoever meets them later.
    late : (k,), sets that each is in, two steps or more from the root.
    pairs : (k, k), sets that both are in; on the diagonal, that the one is in.
    found : (k,), scratch.
    """
    members = 0
    lists, k = gained.shape[0], gained.shape[1] - 1
    for i in range(sets):
        if halt[0]:
            break
        size, near, state = draw(flow, is_threshold, state, mark + i, stamp, queue)
        members += size
        for other in range(1, lists):
            enter(rank[other], queue, size, near, soon[other], gained[other], lost[other])
        if enter(rank[0], queue, size, near, soon[0], gained[0], lost[0]) == k:
            continue
        met = at_once = 0
        for j in range(size):
            at = rank[0, queue[j]]
            if at < k:
                found[met] = at
                met += 1
                if j < near:
                    at_once += 1
                else:
                    late[at] += 1
        if at_once == 1:
            sole[found[0]] += 1
        if at_once == 0 and met == 1:
            only[found[0]] += 1
        elif at_once == 1 and met > 1:
            covers[found[0]] += 1
        for a in range(met):
            for b in range(met):
                pairs[found[a], found[b]] += 1
    return members


@compiled
def rise(length: Any, start: Any, rising: Any) -> None:
    """Sums of the lengths of each account's edges, up to and with each."""
    for v in range(len(start) - 1):
        total = 0.0
        for e in range(start[v], start[v + 1]):
            total += length[e]
            rising[e] = total


@compiled
def indexed(members: Any, offsets: Any, first: Any, sets_of: Any) -> None:
    """The sets of every account, ascending: a counting sort. ``first`` (n + 1) is filled, ``sets_of`` too."""
    for member in members:
        first[member + 1] += 1
    for v in range(1, len(first)):
        first[v] += first[v - 1]
    for i in range(len(offsets) - 1):
        for j in range(offsets[i], offsets[i + 1]):
            sets_of[first[members[j]]] = i
            first[members[j]] += 1
    for v in range(len(first) - 1, 0, -1):
        first[v] = first[v - 1]
    first[0] = 0


@compiled
def uncovered(sets: Any, is_covered: Any) -> Any:
    """How many of these sets are not covered."""
    total = 0
    for i in sets:
        if not is_covered[i]:
            total += 1
    return total
