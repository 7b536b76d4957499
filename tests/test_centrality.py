"""Every measure against its oracle, and the laws that hold for all of them."""

import json
import random

import numpy as np
import pandas as pd
import pytest
from centrality_oracles import ORACLES, community_of
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network, shuffled

from netmed.centrality import MEASURES, paths, scores
from netmed.errors import NetmedError, NetworkError, UnknownNameError
from netmed.network import Network
from netmed.schema import RELATIONS

NAMES = [f"n{i}" for i in range(8)]
# 1/3 + 1/3 + 1/3, 1/2 + 1/6 + 1/3 and 1 are one length: weights that make ties, and ties that rounding would break
WEIGHTS = st.sampled_from([1, 2, 3, 6, 7, 10, 12, 15, 49, 0.1, 0.3, 0.7])
PROFILES = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["physician", "trainee", "unknown", None]),
        "role_probability": st.sampled_from([1.0, 0.8, 0.25, 0.0, None]),
        "p_physician": st.sampled_from([1.0, 0.9, 0.3, 0.02, 0.0, None, None, None]),
        "p_trainee": st.sampled_from([0.5, 0.03, 0.0, None, None]),
        "n_original": st.sampled_from([0, 1, 5, 40, None]),
    }
)


@st.composite
def networks(draw: st.DrawFn, weights: st.SearchStrategy[float] = WEIGHTS) -> Network:
    names = NAMES[: draw(st.integers(0, len(NAMES)))]
    pairs = [(a, b) for a in names for b in names if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    profiles = {name: draw(PROFILES) for name in names}
    edges = [(a, b, draw(weights), draw(st.sampled_from(RELATIONS))) for a, b in chosen]
    return network(edges, names, profiles=profiles)


def two_communities(made: Network) -> pd.DataFrame:
    keys = made.accounts["account_key"]
    return pd.DataFrame({"account_key": keys, "community": [community_of(key) for key in keys]})


def by_key(frame: pd.DataFrame, column: str) -> dict[str, float | str | None]:
    """Numbers as numbers; of a role in words its first, R1 to R7."""
    values = [None if pd.isna(v) else v.split()[0] if isinstance(v, str) else float(v) for v in frame[column]]
    return dict(zip(frame["account_key"], values, strict=True))


def assert_equal(frame: pd.DataFrame, column: str, wanted: dict[str, float | str | None]) -> None:
    found = by_key(frame, column)
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        exact = value is None or isinstance(value, str)
        assert found[key] == (value if exact else pytest.approx(float(value), rel=1e-8, abs=1e-12)), (column, key)


def assert_what_is_empty_is_explained(frame: pd.DataFrame) -> None:
    for name, said in frame.attrs["meta"]["measures"].items():
        for column in MEASURES[name].column_names:
            if column in frame and frame[column].isna().any():
                exact = column.endswith("_se") and said["method"] == "exact"
                assert exact or any(note.startswith(("empty", "columns of")) for note in said["notes"]), column


def test_to_list_a_measure_is_to_test_it():
    assert set(ORACLES) == set(MEASURES)


@given(made=networks())
@settings(max_examples=50, deadline=None)
def test_every_measure_equals_its_oracle(made: Network):
    for how, length in (("inverse", "length"), ("unweighted", None)):
        frame = scores(made, paths=how, communities=two_communities(made))
        assert_what_is_empty_is_explained(frame)
        for name, oracle in ORACLES.items():
            wanted = oracle(made, length)
            assert tuple(wanted) == MEASURES[name].column_names
            for column, values in wanted.items():
                assert_equal(frame, column, values)


@given(made=networks(), seed=st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_order_of_rows_changes_no_bit(made: Network, seed: int):
    mixed = shuffled(made, seed)
    one, other = (
        scores(each, betweenness=2, seed=seed, communities=two_communities(each), consensus=2) for each in (made, mixed)
    )
    assert list(other["account_key"]) == list(mixed.accounts["account_key"])
    pd.testing.assert_frame_equal(one, other.sort_values("account_key", ignore_index=True), check_exact=True)


@given(made=networks())
@settings(max_examples=30, deadline=None)
def test_names_of_accounts_change_nothing(made: Network):
    other = {key: f"m{len(NAMES) - i}" for i, key in enumerate(NAMES)}
    tables = {"accounts": made.accounts.copy(), "edges": made.edges.copy()}
    for table, column in (("accounts", "account_key"), ("edges", "source_key"), ("edges", "target_key")):
        tables[table][column] = tables[table][column].map(other).astype("str")
    parts = two_communities(made)
    plain = scores(made, communities=parts, consensus=3)
    parts = parts.assign(account_key=parts["account_key"].map(other))
    renamed = scores(Network(tables, provenance=made.provenance), communities=parts, consensus=3)
    for column in plain.columns[3:]:
        assert_equal(renamed, column, {other[key]: value for key, value in by_key(plain, column).items()})


@given(made=networks())
@settings(max_examples=30, deadline=None)
def test_flow_is_the_transposed_network(made: Network):
    turned = made.edges.rename(columns={"source_key": "target_key", "target_key": "source_key"})
    transposed = Network({"accounts": made.accounts, "edges": turned}, provenance=made.provenance)
    parts = two_communities(made)
    flow = scores(made, direction="flow", communities=parts, consensus=2)
    pd.testing.assert_frame_equal(flow, scores(transposed, communities=parts, consensus=2))
    assert flow.attrs["meta"]["direction"] == "flow"


def wheel(n: int = 60) -> Network:
    """Several hubs of different size, with shortcuts: many accounts, paths of many lengths."""
    ring = [(f"w{i:03}", f"w{(i + 1) % n:03}", 1 + i % 3) for i in range(n)]
    spokes = [(f"w{i:03}", f"w{i * i % 7:03}", 1 + i % 5) for i in range(7, n)]
    profiles = {f"w{i:03}": {"role": "physician", "role_probability": 0.9, "n_original": 9} for i in range(0, n, 3)}
    return network(ring + spokes, ["alone"], profiles=profiles)


@pytest.mark.parametrize("name", MEASURES)
def test_chance_is_named(name: str):
    random.seed(5)
    np.random.seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist()
    first = scores(wheel(), measures=[name], betweenness=10, seed=3)
    again = scores(wheel(), measures=[name], betweenness=10, seed=3)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    pd.testing.assert_frame_equal(first, again, check_exact=True)


@pytest.mark.parametrize("name", MEASURES)
def test_another_seed_changes_what_was_drawn_and_nothing_else(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paths, "EXACT_WORK", 0)
    given = {"measures": [name], "betweenness": 10, "communities": two_communities(wheel()), "consensus": 3}
    one, other = (scores(wheel(), seed=seed, **given) for seed in (3, 4))
    drawn = name in ("betweenness", "harmonic")
    columns = list(MEASURES[name].column_names)
    assert one[columns].equals(other[columns]) != drawn


@pytest.mark.parametrize("made", [network([]), network([], ["a"]), network([], ["a", "b"]), network([("a", "b", 2)])])
def test_degenerate_networks_have_all_columns_and_say_why_one_is_empty(made: Network):
    frame = scores(made)
    everything = [column for measure in MEASURES.values() for column in measure.column_names]
    assert list(frame.columns) == ["account_key", "handle", "name", *everything]
    assert list(frame["account_key"]) == list(made.accounts["account_key"])
    assert_what_is_empty_is_explained(frame)
    never_empty = ["in_degree", "in_strength", "in_mention", "effective_engagers", "pagerank", "katz", "betweenness"]
    never_empty += ["harmonic", "coreness", "clustering"]
    assert frame[never_empty].notna().all().all()
    if made.edges.empty:
        shares = ("pagerank", "katz")
        assert (frame[[name for name in never_empty if name not in shares]] == 0).all().all()
        assert (frame["viral"] == 0).all()
        for name in ("reciprocity", "constraint", "effective_size", "eigenvector", "hub", "authority", "role_ga"):
            assert frame[name].isna().all(), name
    assert frame["pagerank"].sum() == pytest.approx(1 if len(frame) else 0)


def test_columns_and_types():
    frame = scores(wheel())
    for measure in MEASURES.values():
        for column in measure.columns:
            assert str(frame[column.name].dtype).lower() == column.dtype, column.name
            assert frame.attrs["columns"][column.name] == column.meaning
    assert set(frame.attrs["columns"]) == set(frame.columns)
    json.dumps(frame.attrs, allow_nan=False)


def test_relations_that_were_not_chosen_are_unknown_and_not_zero():
    frame = scores(network([("a", "b", 2, "reply"), ("a", "b", 1, "mention")]), measures=["relations"])
    assert by_key(frame, "in_reply") == {"a": 0, "b": 2}
    assert by_key(frame, "out_mention") == {"a": 1, "b": 0}
    assert by_key(frame, "in_retweet") == {"a": None, "b": None}
    assert "retweet" in frame.attrs["meta"]["measures"]["relations"]["notes"][0]
    chosen = scores(network([("a", "b", 2, "reply")], relations=RELATIONS), measures=["relations"])
    assert by_key(chosen, "in_retweet") == {"a": 0, "b": 0}


def test_a_star_by_hand():
    frame = scores(network([(f"leaf{i}", "hub", 2) for i in range(4)])).set_index("account_key")
    assert frame.loc["hub", ["in_degree", "out_degree", "in_strength", "coreness"]].tolist() == [4, 0, 8.0, 1]
    # pagerank: leaf x, hub y: x = .15/5 + .85 y/5, y = .15/5 + .85 (4x + y/5)
    leaf = (0.03 + 0.17 * 0.03 / 0.83) / (1 - 0.17 * 3.4 / 0.83)
    assert frame.loc["leaf0", "pagerank"] == pytest.approx(leaf)
    # on F the hub reaches every leaf over an edge of length 1/2; nobody lies between
    assert frame["harmonic"].to_dict() == {"hub": 2.0, **{f"leaf{i}": 0.0 for i in range(4)}}
    assert (frame["betweenness"] == 0).all()


def test_a_path_by_hand():
    """a → b → c → d with weights 1, 2, 4: on F d reaches c at 1/4, b at 3/4, a at 7/4."""
    frame = scores(network([("a", "b", 1), ("b", "c", 2), ("c", "d", 4)])).set_index("account_key")
    assert frame["harmonic"].tolist() == pytest.approx(
        [0, 1 / 3, (2 + 1 / 1.5) / 3, (4 + 1 / 0.75 + 1 / 1.75) / 3], rel=1e-12
    )
    assert frame["betweenness"].tolist() == pytest.approx([0, 2 / 6, 2 / 6, 0], rel=1e-12)


def test_strong_ties_are_short_ways():
    """Two ways from d to a: over b with strong ties, over c with weak ones."""
    made = network([("a", "b", 9), ("b", "d", 9), ("a", "c", 1), ("c", "d", 1)])
    inverse, unweighted = (by_key(scores(made, paths=p), "betweenness") for p in ("inverse", "unweighted"))
    assert inverse == pytest.approx({"a": 0, "b": 1 / 6, "c": 0, "d": 0})
    assert unweighted == pytest.approx({"a": 0, "b": 1 / 12, "c": 1 / 12, "d": 0})


def test_equal_lengths_tie_in_spite_of_rounding():
    """0.1 + 0.2 is not 0.3 in floating point; the two ways from d to a are equally long all the same."""
    assert 1 / 10 + 1 / 5 != 3 / 10
    long = [("b", "a", 10 / 3), ("d", "b", 1000)]
    short = [("c", "a", 10), ("e", "c", 5), ("d", "e", 1000)]
    found = by_key(scores(network(long + short), paths="inverse"), "betweenness")
    assert found["b"] == pytest.approx(0.5 / 12)
    assert found["c"] == pytest.approx((0.5 + 1) / 12)


@pytest.mark.filterwarnings("error")
def test_lengths_too_small_for_igraph_are_measured_in_silence():
    assert by_key(scores(network([("a", "b", 1e12), ("b", "c", 1e12)])), "betweenness")["b"] == 0.5


def test_measures_are_picked_by_name_or_by_column():
    picked = scores(wheel(), measures=["pagerank", "in_degree", "betweenness"])
    assert list(picked.columns[3:]) == ["pagerank", "in_degree", "betweenness", "betweenness_se"]
    assert set(picked.attrs["meta"]["measures"]) == {"pagerank", "degree", "betweenness"}
    assert list(scores(wheel(), measures=[]).columns) == ["account_key", "handle", "name"]
    with pytest.raises(UnknownNameError, match="betweenness"):
        scores(wheel(), measures=["betweeness"])


def test_a_missing_handle_stays_missing():
    frame = scores(network([("a", "b", 1)], profiles={"a": {"handle": None, "name": None}}))
    assert frame[["handle", "name"]].isna().to_numpy().tolist() == [[True, True], [False, False]]


@pytest.mark.parametrize(
    "wrong", [{"paths": "weight"}, {"direction": "up"}, {"betweenness": 1}, {"betweenness": "all"}]
)
def test_settings_out_of_range(wrong: dict):
    with pytest.raises(NetmedError):
        scores(wheel(), **wrong)


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        ([("a", "a", 1)], "to itself"),
        ([("a", "b", 0)], "no positive weight"),
        ([("a", "b", -1)], "no positive weight"),
        ([("a", "b", float("nan"))], "no positive weight"),
        ([("a", "b", float("inf"))], "no positive weight"),
    ],
)
def test_edges_no_measure_can_be_trusted_on(edges: list, said: str):
    good = network([("c", "d", 1)], ["a", "b"])
    row = good.edges.assign(source_key=edges[0][0], target_key=edges[0][1], weight=float(edges[0][2]))
    bad = Network({"accounts": good.accounts, "edges": pd.concat([good.edges, row], ignore_index=True)})
    with pytest.raises(NetworkError, match=said):
        scores(bad)


def test_edges_that_do_not_fit_the_accounts():
    good = network([("a", "b", 1)])
    twice = pd.concat([good.edges, good.edges], ignore_index=True)
    with pytest.raises(NetworkError, match="twice"):
        scores(Network({"accounts": good.accounts, "edges": twice}))
    with pytest.raises(NetworkError, match="not among the accounts"):
        scores(Network({"accounts": good.accounts.iloc[:1], "edges": good.edges}))
