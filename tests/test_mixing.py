"""Who engages whom: worked by hand, by networkx, and null models by going through every case."""

import json
import random
from fractions import Fraction
from itertools import permutations, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network, shuffled
from planted import planted
from scipy.stats import false_discovery_control

from netmed.community import ei_index, expected_mixing, homophily, leiden, mixing, permuting
from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network

ROLES = {"a": "physician", "b": "physician", "c": "trainee", "d": "trainee", "e": None}
EDGES = [("a", "b", 3), ("b", "a", 1), ("a", "c", 2), ("c", "a", 4), ("d", "c", 1), ("e", "d", 5)]


def with_roles(edges: list = EDGES, roles: dict = ROLES) -> Network:
    return network(edges, sorted(roles), profiles={key: {"role": role} for key, role in roles.items()})


def cells(frame: pd.DataFrame, column: str) -> dict[tuple[str, str], float]:
    return {(r["source_group"], r["target_group"]): r[column] for r in frame.to_dict("records")}


def rows(frame: pd.DataFrame, null: str, counted: str = "weight") -> pd.DataFrame:
    picked = frame[(frame["null"] == null) & (frame["counted"] == counted)]
    return picked.assign(group=picked["group"].fillna("overall")).set_index("group")


def test_mixing_by_hand():
    frame = mixing(with_roles())
    assert frame.attrs["meta"]["by"] == "role"
    p, t, u = "physician", "trainee", "unknown"
    assert list(cells(frame, "weight")) == list(product([p, t, u], repeat=2))
    assert cells(frame, "weight") == {
        **dict.fromkeys(product([p, t, u], repeat=2), 0),
        **{(p, p): 4, (p, t): 2, (t, p): 4, (t, t): 1, (u, t): 5},
    }
    assert cells(frame, "edges") == {
        **dict.fromkeys(product([p, t, u], repeat=2), 0),
        **{(p, p): 2, (p, t): 1, (t, p): 1, (t, t): 1, (u, t): 1},
    }
    assert cells(frame, "share")[(p, t)] == pytest.approx(2 / 6)
    # physicians send 6 of 16, trainees receive 8 of 16
    assert cells(frame, "expected")[(p, t)] == pytest.approx(6 * 8 / 16)
    assert cells(frame, "ratio")[(p, t)] == pytest.approx(2 / 3)
    assert np.isnan(cells(frame, "ratio")[(p, u)])
    assert cells(frame, "target_accounts")[(p, t)] == 2
    assert cells(frame, "source_accounts")[(u, t)] == 1
    assert frame["edges"].sum() == 6
    assert frame["weight"].sum() == frame["expected"].sum() == 16


@st.composite
def grouped_networks(draw: st.DrawFn) -> Network:
    names = "abcdefg"
    pairs = st.sampled_from([(a, b) for a in names for b in names if a != b])
    edges = [(a, b, draw(st.sampled_from([1, 2, 5]))) for a, b in draw(st.lists(pairs, unique=True, max_size=20))]
    return with_roles(edges, {name: draw(st.sampled_from(["x", "y", "z"])) for name in names})


@given(grouped_networks())
@settings(max_examples=30)
def test_mixing_equals_networkx(made: Network):
    graph = nx.DiGraph()
    graph.add_nodes_from((row["account_key"], {"role": row["role"]}) for row in made.accounts.to_dict("records"))
    graph.add_edges_from(zip(made.edges["source_key"], made.edges["target_key"], strict=True))
    frame = mixing(made, permutations=2)
    found = cells(frame, "edges")
    names = sorted({group for group, _ in found})
    wanted = nx.attribute_mixing_matrix(
        graph, "role", mapping={name: i for i, name in enumerate(names)}, normalized=False
    )
    assert [[found[one, other] for other in names] for one in names] == wanted.tolist()


SOFT = {"a": (0.9, 0.1), "b": (0.5, 0.2), "c": (0.0, 1.0), "d": (0.3, 0.0), "e": (None, None)}


def soft(edges: list = EDGES, p: dict = SOFT) -> Network:
    profiles = {key: {"p_physician": one, "p_trainee": other} for key, (one, other) in p.items()}
    return network(edges, sorted(p), profiles=profiles)


def test_expected_mixing_by_going_through_every_world():
    """Mean over all ways the roles may truly be of the mixing matrix by role."""
    roles = ("physician", "trainee", "other")
    wanted: dict[tuple[str, str], float] = {}
    for world in product(roles, repeat=4):
        role = dict(zip("abcd", world, strict=True)) | {"e": "unknown"}
        chance = 1.0
        for key in "abcd":
            one, other = SOFT[key]
            chance *= {"physician": one, "trainee": other, "other": 1 - one - other}[role[key]]
        for source, target, weight in EDGES:
            pair = (role[source], role[target])
            wanted[pair] = wanted.get(pair, 0.0) + chance * weight
    frame = expected_mixing(soft())
    found = {(r["source_role"], r["target_role"]): r["weight"] for r in frame.to_dict("records")}
    assert len(found) == 16
    assert found == pytest.approx({pair: wanted.get(pair, 0.0) for pair in found}, abs=1e-12)
    assert frame["weight"].sum() == pytest.approx(16)
    assert frame["edges"].sum() == pytest.approx(6)
    assert frame["expected"].sum() == pytest.approx(16)
    sums = frame.groupby("source_role")["share"].sum()
    assert sums.tolist() == pytest.approx([1.0] * 4)
    accounts = frame.groupby("source_role")["source_accounts"].first()
    assert accounts.to_dict() == pytest.approx({"physician": 1.7, "trainee": 1.3, "other": 1.0, "unknown": 1.0})
    assert set(frame.attrs["columns"]) == set(frame.columns)


def test_expected_mixing_of_certain_roles_is_the_mixing_matrix():
    frame = expected_mixing(with_roles())
    found = {(r["source_role"], r["target_role"]): r["weight"] for r in frame.to_dict("records")}
    certain = cells(mixing(with_roles(), permutations=2), "weight")
    assert {pair: weight for pair, weight in found.items() if weight} == {p: w for p, w in certain.items() if w}
    same = cells(mixing(with_roles(), permutations=2), "ratio")
    ratio = {(r["source_role"], r["target_role"]): r["ratio"] for r in frame.to_dict("records")}
    assert ratio["physician", "trainee"] == pytest.approx(same["physician", "trainee"])


@pytest.mark.parametrize("made", [network([]), network([("a", "b", 1)])])
def test_expected_mixing_without_roles_has_no_rows_and_says_why(made: Network):
    frame = expected_mixing(made)
    assert len(frame) == 0
    assert frame.attrs["meta"]["notes"] == ["no rows: no role is known; find roles first"]
    json.dumps(frame.attrs, allow_nan=False)


def test_null_shares_and_p_by_going_through_every_permutation():
    edges = [("a", "b", 3), ("a", "c", 1), ("c", "d", 2), ("d", "a", 1)]
    made = with_roles(edges, {"a": "x", "b": "x", "c": "y", "d": "y"})
    role = {"a": "x", "b": "x", "c": "y", "d": "y"}

    def share(targets: tuple) -> float:
        kept = [(s, t, w) for (s, _, w), t in zip(edges, targets, strict=True) if s != t]
        sent = [w for s, _, w in kept if role[s] == "x"]
        inside = sum(w for s, t, w in kept if role[s] == role[t] == "x")
        return inside / sum(sent) if sent else np.nan

    every = np.array([share(targets) for targets in permutations([t for _, t, _ in edges])])
    frame = mixing(made, permutations=4000)
    observed = share(tuple(t for _, t, _ in edges))
    assert observed == 3 / 4
    known = every[~np.isnan(every)]
    assert cells(frame, "null_share")[("x", "x")] == pytest.approx(known.mean(), abs=0.03)
    far = np.mean(np.abs(known - known.mean()) >= abs(observed - known.mean()) - 1e-9)
    assert cells(frame, "p")[("x", "x")] == pytest.approx(far, abs=0.03)
    assert cells(frame, "z")[("x", "x")] == pytest.approx((observed - known.mean()) / known.std(), abs=0.1)


def test_p_is_adjusted_for_all_rows():
    frame = mixing(planted(200, 3, seed=2)[0], leiden(planted(200, 3, seed=2)[0], runs=2), permutations=99)
    known = frame["p"].notna()
    np.testing.assert_allclose(frame.loc[known, "p_adjusted"], false_discovery_control(frame.loc[known, "p"]))
    own = frame[frame["source_group"] == frame["target_group"]]
    assert (own["ratio"] > 1.5).all()
    assert (own["p"] == 0.01).all()


def test_two_sided_by_hand():
    observed = np.array([3.0, 1.0, np.nan, 2.0])
    found = np.array([[1, 1, 1, np.nan], [2, 1, 2, np.nan], [3, 1, 3, np.nan]], dtype=float)
    mean, deviation, z, p = permuting.two_sided(observed, found)
    np.testing.assert_allclose(mean, [2, 1, 2, np.nan])
    np.testing.assert_allclose(deviation, [1, 0, np.nan, np.nan])
    np.testing.assert_allclose(z, [1, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(p, [3 / 4, 1, np.nan, np.nan])


def test_small_groups_are_together():
    people = {f"p{i:02}": f"g{min(i, 61 - i):02}" for i in range(62)} | {"zz": "once"}
    made = with_roles([(f"p{i:02}", f"p{61 - i:02}", 1) for i in range(62)], people)
    frame = mixing(made, permutations=2)
    groups = frame["source_group"].unique()
    assert len(groups) == 31
    assert groups[-1] == "other"
    assert frame.attrs["meta"]["groups"] == 32
    assert frame.attrs["meta"]["pooled"] == 2
    assert cells(frame, "source_accounts")["other", "g00"] == 3
    assert cells(frame, "edges")["other", "other"] == 2
    index = homophily(made, permutations=2)
    assert rows(index, "targets").loc["overall", "ei"] == -1
    assert len(rows(index, "targets")) == 31


def test_ei_by_hand():
    """Between known roles: 3 + 1 within physicians, 2 out of them; 4 out of trainees, 1 within."""
    frame = homophily(with_roles())
    plain = rows(frame, "labels")
    assert plain.loc["overall", ["external", "internal", "edges", "accounts"]].tolist() == [6, 5, 5, 4]
    assert plain["ei"].to_dict() == pytest.approx({"overall": 1 / 11, "physician": -2 / 6, "trainee": 3 / 5})
    assert rows(frame, "labels", "edges")["ei"].to_dict() == pytest.approx(
        {"overall": -1 / 5, "physician": -1 / 3, "trainee": 0}
    )
    assert list(dict.fromkeys(frame["null"])) == list(ei_index.NULLS)
    assert frame.attrs["meta"]["edges_of_known_groups"] == 5
    assert frame.attrs["meta"]["edges"] == 6
    # physicians send 6 and receive 8 of 11, trainees send 5 and receive 3: internal (48 + 15) / 11
    bare = rows(frame, "configuration")
    assert bare.loc["overall", "null_mean"] == pytest.approx((11 - 2 * 63 / 11) / 11)
    assert bare.loc["trainee", "null_mean"] == pytest.approx(1 - 2 * 3 / 11)
    assert bare[["null_sd", "z", "p", "p_adjusted"]].isna().all().all()


SMALL = [("a", "b", 3), ("a", "c", 1), ("c", "d", 2), ("d", "a", 1), ("e", "b", 2)]
SIDES = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "x", "f": "y"}


def ei(edges: list, side: dict) -> float:
    internal = sum(w for s, t, w in edges if s != t and side[s] == side[t])
    everything = sum(w for s, t, w in edges if s != t)
    return float(1 - Fraction(2 * internal, everything))


def relabelled(keys: list[str]) -> list[float]:
    """The index for every way to hand the labels of some accounts around among them."""
    sides = [SIDES[key] for key in keys]
    return [ei(SMALL, SIDES | dict(zip(keys, order, strict=True))) for order in permutations(sides)]


def by_degree() -> list[float]:
    """Degrees a 3, b 2, c 2, d 2, e 1, f 0: a, b, c and d have 2–3 and trade labels; e and f have nobody to."""
    return relabelled(["a", "b", "c", "d"])


def by_activity() -> tuple[list[float], list[float]]:
    """Every choice of targets, each edge's drawn by the weight that the others receive, with its chance."""
    received = {key: sum(w for _, t, w in SMALL if t == key) for key in SIDES}
    values, chances = [], []
    for targets in product(SIDES, repeat=len(SMALL)):
        chance = 1.0
        for (s, _, _), t in zip(SMALL, targets, strict=True):
            chance *= 0 if s == t else received[t] / (9 - received[s])
        if chance:
            values.append(ei([(s, t, w) for (s, _, w), t in zip(SMALL, targets, strict=True)], SIDES))
            chances.append(chance)
    return values, chances


EVERY = {
    "labels": lambda: (relabelled(list(SIDES)), None),
    "labels_with_edge": lambda: (relabelled(list("abcde")), None),
    "labels_by_degree": lambda: (by_degree(), None),
    "targets": lambda: (
        [
            ei([(s, t, w) for (s, _, w), t in zip(SMALL, targets, strict=True)], SIDES)
            for targets in permutations([t for _, t, _ in SMALL])
        ],
        None,
    ),
    "activity": by_activity,
}


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return homophily(with_roles(SMALL, SIDES), permutations=4000)


@pytest.mark.parametrize("null", EVERY)
def test_nulls_by_going_through_every_case(panel: pd.DataFrame, null: str):
    values, chances = EVERY[null]()
    mean = np.average(values, weights=chances)
    deviation = np.sqrt(np.average((np.array(values) - mean) ** 2, weights=chances))
    row = rows(panel, null).loc["overall"]
    observed = ei(SMALL, SIDES)
    assert row["ei"] == pytest.approx(observed)
    assert row["null_mean"] == pytest.approx(mean, abs=5 * deviation / np.sqrt(4000))
    assert row["null_sd"] == pytest.approx(deviation, rel=0.05)
    assert row["z"] == pytest.approx((observed - mean) / deviation, abs=0.12)
    far = np.abs(np.array(values) - mean) >= abs(observed - mean) - 1e-9
    assert row["p"] == pytest.approx(np.average(far, weights=chances), abs=0.1)


def test_the_configuration_is_what_targets_drawn_with_replacement_would_give():
    total = sum(ws * wt * (1 if SIDES[s] != SIDES[t] else -1) for s, _, ws in SMALL for _, t, wt in SMALL)
    frame = homophily(with_roles(SMALL, SIDES), permutations=2)
    assert rows(frame, "configuration").loc["overall", "null_mean"] == pytest.approx(total / 81)


def test_strata_are_powers_of_two():
    assert permuting.strata_of(np.array([0, 1, 2, 3, 4, 7, 8, 1000])).tolist() == [0, 1, 2, 2, 3, 3, 4, 10]


def test_within_strata_labels_stay_in_their_stratum():
    labels, strata = np.arange(12), np.array([0, 1, 2] * 4)
    mixed = permuting.within(np.random.default_rng(1), labels, strata)
    assert mixed.tolist() != labels.tolist()
    for stratum in range(3):
        assert sorted(mixed[strata == stratum]) == labels[strata == stratum].tolist()


def test_planted_homes_keep_to_themselves_by_every_null():
    made, home = planted(400, 4, mixing=0.3, seed=3)
    made = Network(
        {"accounts": made.accounts.assign(specialty=[f"s{i}" for i in home]), "edges": made.edges},
        provenance=made.provenance,
    )
    frame = homophily(made, by="specialty", permutations=50)
    overall = frame[(frame["scope"] == "overall") & (frame["null"] != "configuration")]
    assert (overall["ei"] < overall["null_mean"] - 0.2).all()
    assert (overall["z"] < -5).all()
    assert (overall["p"] == 1 / 51).all()


def test_groups_of_nothing_keep_to_themselves_by_none():
    """Labels tossed by coin: z over many networks is spread around 0 with about unit deviation."""
    zs = []
    for seed in range(12):
        made, _ = planted(150, 3, mixing=0.3, seed=seed)
        coin = np.random.default_rng(seed).integers(0, 2, 150)
        made = Network({"accounts": made.accounts.assign(role=[f"r{i}" for i in coin]), "edges": made.edges})
        frame = homophily(made, permutations=60)
        zs.append(rows(frame, "labels_with_edge").loc["overall", "z"])
    assert abs(np.mean(zs)) < 1
    assert 0.4 < np.std(zs) < 1.8


@pytest.mark.parametrize("table", [mixing, homophily])
def test_order_of_rows_and_global_chance_change_nothing(table):
    made, _ = planted(100, 3, mixing=0.4, seed=1)
    partition = leiden(made, runs=2)
    random.seed(2)
    np.random.seed(2)
    before = random.getstate(), np.random.get_state()[1].tolist()
    one = table(made, partition, permutations=20, seed=4)
    other = table(shuffled(made), leiden(shuffled(made), runs=2), permutations=20, seed=4)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    pd.testing.assert_frame_equal(one, other)
    assert one.attrs == other.attrs
    again = table(made, partition, permutations=20, seed=5)
    assert again["z"].tolist() != one["z"].tolist()
    fixed = [name for name in ("weight", "expected", "ratio", "ei", "internal", "edges") if name in one]
    pd.testing.assert_frame_equal(one[fixed], again[fixed])


@pytest.mark.parametrize("made", [network([]), network([], ["a"]), network([], ["a", "b"]), network([("a", "b", 2)])])
@pytest.mark.parametrize(("table", "columns"), [(mixing, 13), (homophily, 14)])
def test_degenerate_networks_have_all_columns(made: Network, table, columns: int):
    frame = table(made, leiden(made, runs=2))
    assert len(frame.columns) == columns
    assert set(frame.attrs["columns"]) == set(frame.columns)
    json.dumps(frame.attrs, allow_nan=False)
    if made.edges.empty:
        assert frame.attrs["meta"]["permutations_reason"] == "the network has no edges"
        assert (frame["edges"] == 0).all()
    else:
        assert frame["edges"].max() == 1


def test_draws_get_fewer_and_it_is_said(monkeypatch: pytest.MonkeyPatch):
    assert [permuting.draws(m) for m in (0, 250_000, 500_000, 10**9)] == [200, 200, 100, 20]
    monkeypatch.setattr(permuting, "ENDS", 150)
    told = mixing(with_roles()).attrs["meta"]
    assert (told["permutations"], told["permutations_reason"]) == (25, "6 edges: 25 draws instead of 200")
    assert mixing(with_roles(), permutations=9).attrs["meta"]["permutations_reason"] is None


def test_groups_are_any_column():
    made = network(EDGES, profiles={"a": {"verified": True}, "b": {"verified": False}, "c": {"followers": 3}})
    assert set(cells(mixing(made, by="verified", permutations=2), "edges")) == set(
        product(["false", "true", "unknown"], repeat=2)
    )
    assert "3" in cells(mixing(made, by="followers", permutations=2), "edges").keys().__str__()
    assert mixing(made, leiden(made)).attrs["meta"]["by"] == "community"
    assert "their making" in mixing(made, leiden(made)).attrs["meta"]["notes"][0]
    with pytest.raises(UnknownNameError, match="specialty"):
        mixing(made, by="speciality")
    with pytest.raises(NetmedError, match="no account has a known role"):
        mixing(made, by="role")
    with pytest.raises(NetmedError, match="partition"):
        mixing(made)
    with pytest.raises(NetmedError, match="permutations"):
        homophily(with_roles(), permutations=1)
