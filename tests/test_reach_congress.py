"""The influence network of the US Congress: spreads by Monte Carlo of others, single and joint."""

import numpy as np
import pandas as pd
import pytest

from netmed import reach
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.reach.diffusion import Diffusion, diffusion
from netmed.reach.fresh import estimated
from netmed.transmission import transmission

SINGLE = {399: 2.145, 367: 2.116, 393: 2.009, 322: 1.983, 470: 1.814}
"""Independent cascades by 2 to 3 million runs, seeds counted; standard error up to 0.0025."""

JOINT = {1: 2.145, 5: 9.874, 10: 17.958, 20: 32.628}
"""Of the accounts that greedy chooses, on runs that had no part in the choice."""

ANOTHER_TWENTY = (399, 367, 393, 322, 470, 164, 436, 226, 159, 208, 321, 49, 422, 135, 328, 274, 220, 179, 264, 155)
"""As good as greedy's own twenty, within a standard error; their single spreads sum to the published 34.14."""


@pytest.fixture(scope="module")
def flow(congress: Network) -> Diffusion:
    graphs = Graphs(congress, flow=True)
    return diffusion(graphs, transmission(congress, graphs, "weight"), "independent-cascade")


def by_node(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index(frame["account_key"].str.removeprefix("any:").astype(int)).sort_index()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_single_spreads_as_simulated(congress: Network, seed: int) -> None:
    found = by_node(reach.cascade(congress, probability="weight", direction="flow", seed=seed))
    for node, spread in SINGLE.items():
        assert abs(found["cascade_reach"][node] - spread) <= 3 * found["cascade_reach_se"][node], node
    assert found["cascade_reach"].nlargest(3).index.tolist() == [399, 367, 393]
    meta = found.attrs["meta"]
    assert meta["relative_error"] <= 0.01
    assert meta["stopped"] == "the precision was attained"


def test_joint_spreads_as_simulated(congress: Network) -> None:
    table, overlap = reach.joint(congress, 20, probability="weight", direction="flow")
    for k, spread in JOINT.items():
        assert table["joint_reach"][k - 1] == pytest.approx(spread, rel=0.005), k
    assert table["account_key"].tolist()[:5] == [f"any:{node}" for node in SINGLE]
    assert len(overlap) == 190
    meta = table.attrs["meta"]
    assert meta["sum_of_single_reaches"] == pytest.approx(34.14, rel=0.01)
    assert 0.03 < meta["counted_twice"] < 0.05  # published: 0.046, of another twenty
    assert meta["epsilon"] < 0.02
    assert table["top_k_reach"].iloc[-1] < table["joint_reach"].iloc[-1] - 0.2


def test_twenty_whose_single_spreads_sum_to_the_published_number(flow: Diffusion) -> None:
    keys = sorted(str(node) for node in range(flow.n))  # vertices stand in the order of keys, which are text
    vertices = tuple(keys.index(str(node)) for node in ANOTHER_TWENTY)
    fresh = estimated(flow, (vertices,), precision=0.1, sets=4_000_000, seed=7)
    values, errors = fresh.reach()
    assert abs(values[-1] - JOINT[20]) <= 3 * errors[-1]
    assert fresh.alone()[0].sum() == pytest.approx(34.14, rel=0.001)
    assert values[-1] / fresh.alone()[0].sum() == pytest.approx(32.628 / 34.14, rel=0.002)


def test_few_sets_flatter_and_fresh_sets_do_not(congress: Network) -> None:
    """200,000 sets have been seen to promise 2.31 of the first; whoever it is, it does not reach more than 2.145."""
    own, true = [], []
    for seed in range(5):
        table, _ = reach.joint(congress, 1, probability="weight", direction="flow", sets=200_000, seed=seed)
        own.append(table.attrs["meta"]["reach_on_own_sets"])
        true.append((table["joint_reach"][0] - JOINT[1]) / table["joint_reach_se"][0])
    assert np.mean(own) > JOINT[1] + 0.03
    assert max(true) < 3
