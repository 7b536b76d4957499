"""The probability of a flow edge, in all the ways to come by it."""

from pathlib import Path

import numpy as np
import pytest
from networks import network, shuffled

from netmed.centrality import scores
from netmed.errors import InputError, NetmedError
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.transmission import Transmission, transmission

POSTS = {"ana": 4, "bo": 2, "cy": 0, "di": None}


def talk() -> Network:
    """bo and cy address ana; ana, bo and di address one another's; nobody knows how much cy and di wrote."""
    edges = [("bo", "ana", 3), ("cy", "ana", 1), ("ana", "bo", 5), ("di", "bo", 1), ("bo", "cy", 2), ("ana", "di", 1)]
    return network(edges, profiles={key: {"n_original": posts} for key, posts in POSTS.items()})


def by_flow(made: Network, how: str, *, flow: bool = False) -> tuple[dict[str, float], Transmission]:
    """``b>a`` → probability."""
    graphs = Graphs(made, flow=flow)
    sent = transmission(made, graphs, how)
    keys = sorted(made.accounts["account_key"])
    ends = zip(graphs.target, graphs.source, sent.probability, strict=True)
    return {f"{keys[b]}>{keys[a]}": p for b, a, p in ends}, sent


def test_from_the_data_it_is_the_share_of_posts_that_moved_somebody():
    found, sent = by_flow(talk(), "data")
    assert found == {"ana>bo": 3 / 4, "ana>cy": 1 / 4, "bo>ana": 1.0, "bo>di": 1 / 2, "cy>bo": 0, "di>ana": 0}
    assert sent.is_known.tolist() == [True, True, False, False]
    assert sent.details["without_original_posts"] == 2


def test_from_the_data_whatever_the_order_of_rows():
    assert by_flow(shuffled(talk(), 3), "data")[0] == by_flow(talk(), "data")[0]


def test_weights_that_are_probabilities():
    made = network([("a", "b", 0.25), ("b", "a", 1.0)])
    assert by_flow(made, "weight")[0] == {"b>a": 0.25, "a>b": 1.0}
    with pytest.raises(NetmedError, match="largest is 5"):
        by_flow(talk(), "weight")


def test_the_same_for_all():
    assert set(by_flow(talk(), "constant:0.1")[0].values()) == {0.1}
    assert set(by_flow(talk(), "constant:1")[0].values()) == {1.0}


@pytest.mark.parametrize("text", ["", "0", "1.01", "-0.1", "nan", "much"])
def test_a_constant_that_is_no_probability(text: str):
    with pytest.raises(NetmedError, match="above 0 and up to 1"):
        by_flow(talk(), f"constant:{text}")


def test_weighted_cascade_shares_an_account_among_those_it_addresses():
    found, _ = by_flow(talk(), "weighted-cascade")
    assert found == {"ana>bo": 1 / 2, "cy>bo": 1 / 2, "ana>cy": 1.0, "bo>ana": 1 / 2, "di>ana": 1 / 2, "bo>di": 1.0}


def test_no_edges_no_probabilities():
    for how in ("data", "weight", "constant:0.5", "weighted-cascade"):
        assert by_flow(network([], ["a"]), how)[0] == {}


def test_turned_round_the_flow_runs_the_other_way():
    assert by_flow(network([("a", "b", 0.5)]), "weight", flow=True)[0] == {"a>b": 0.5}


def written(folder: Path, text: str) -> str:
    path = folder / "p.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_from_a_file_by_key_or_handle(tmp_path: Path):
    file = written(tmp_path, "source,target,probability\nana,bo,0.5\n@bo,@di,1\nana,di,0.9\nnobody,bo,0.1\n")
    found, sent = by_flow(talk(), file)
    assert found == {"ana>bo": 0.5, "bo>di": 1.0, "ana>cy": 0, "bo>ana": 0, "cy>bo": 0, "di>ana": 0}
    assert {name: sent.details[name] for name in ("rows", "rows_of_no_edge", "edges_without")} == {
        "rows": 4,
        "rows_of_no_edge": 2,
        "edges_without": 4,
    }
    assert sent.is_known.all()


def test_handles_and_keys_that_look_like_numbers_stay_text(tmp_path: Path):
    made = network([("007", "7", 1)])
    assert by_flow(made, written(tmp_path, "source,target,probability\n7,007,0.5\n"))[0] == {"7>007": 0.5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,target\na,b\n", "no column probability"),
        ("source,target,probability\nana,bo,1.5\n", "1 rows of .* no number from 0 to 1"),
        ("source,target,probability\nana,bo,\n", "no number from 0 to 1"),
        ("source,target,probability\nana,bo,often\n", "no number from 0 to 1"),
        ("source,target,probability\nana,bo,0.5\n@ana,bo,0.25\n", "twice"),
        ("source,target,probability\nana,nobody,0.5\n", "none of the 1 rows of .* is an edge"),
        ("", "no header of two columns or more"),
        ("source,target,probability\ncy,ana,0.5\n", "turned round, 1 would be"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str, said: str):
    with pytest.raises(InputError, match=said):
        by_flow(talk(), written(tmp_path, text))


@pytest.mark.parametrize("how", ["", "dta", "no-such-file.csv", "."])
def test_a_way_nobody_knows(how: str):
    with pytest.raises(NetmedError, match="data, weight, constant:P, weighted-cascade or a CSV file"):
        by_flow(talk(), how)


def test_a_file_decides_what_travels(tmp_path: Path):
    """ana moves bo at 0.5, who moves di for sure: one half twice."""
    file = written(tmp_path, "source,target,probability\nana,bo,0.5\nbo,di,1\n")
    frame = scores(talk(), measures=["viral"], probability=file)
    np.testing.assert_allclose(frame["viral"], [1.0, 1.0, 0.0, 0.0], atol=1e-12)
    assert frame.attrs["meta"]["measures"]["viral"]["probability"] == "from p.csv"


def test_handles_in_any_case_and_accounts_called_na(tmp_path: Path):
    made = network([("NA", "null", 1), ("x:1", "NA", 1)], profiles={"x:1": {"handle": "DrAna"}})
    file = written(tmp_path, "source,target,probability\nnull,NA,0.5\n@na,@drANA,0.25\n")
    assert by_flow(made, file)[0] == {"NA>x:1": 0.25, "null>NA": 0.5}
