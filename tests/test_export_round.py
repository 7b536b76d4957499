"""Out into a file, read by another program, and in again: the same accounts and edges, as far as the format carries."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import igraph
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from v2_posts import post, written

import netmed as nm
from netmed import schema
from netmed.errors import InputError
from netmed.export import FORMATS, write
from netmed.export.graphs import legal_names
from netmed.network import COUNTS, Network

HOSTILE = (
    "plain",
    "two words",
    "=1+1",
    "@at",
    "-",
    "'--",
    "NA",
    "007",
    "1e5",
    "true",
    "tab\tand\nline",
    "q\"q, 's'; \\",
    "bell\x07",
    "]]>",
    "</node>&lt;b&gt;",
    "&#38;&amp;",
    "\u202edr. \u05d0\u05d1",
    "\N{STETHOSCOPE}\N{MAN}\N{ZERO WIDTH JOINER}\N{STAFF OF AESCULAPIUS}",
    "x:@handle",
    "x:1234567890123456789",
    "mastodon:ann@example.org",
    "person:Ann Bo",
)
UNSURE = {"graphml-igraph": ("verified", "protected", "is_educator")}
"""igraph has no unknown truth values: it reads them as false."""
VISIBLE = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\n\t")


def as_text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def of_sheets(folder: Path, accounts: str) -> Network:
    return nm.from_pandas(as_text(folder / "edges.csv"), as_text(folder / accounts))


def of_parquet(folder: Path) -> Network:
    return nm.from_pandas(pd.read_parquet(folder / "edges.parquet"), pd.read_parquet(folder / "accounts.parquet"))


def of_cytoscape(path: Path) -> Network:
    return nm.from_networkx(nx.cytoscape_graph(json.loads(path.read_text(encoding="utf-8"))))


WAYS: dict[str, tuple[str, Callable[[Path], Network]]] = {
    "graphml-networkx": ("graphml", lambda path: nm.from_networkx(nx.read_graphml(path))),
    "graphml-igraph": ("graphml", lambda path: nm.from_igraph(igraph.Graph.Read_GraphML(str(path)))),
    "gexf-networkx": ("gexf", lambda path: nm.from_networkx(nx.read_gexf(path))),
    "cytoscape-networkx": ("cytoscape", of_cytoscape),
    "gephi-csv-pandas": ("gephi-csv", lambda path: of_sheets(path, "nodes.csv")),
    "nodexl-csv-pandas": ("nodexl-csv", lambda path: of_sheets(path, "vertices.csv")),
    "parquet-pandas": ("parquet", of_parquet),
    "edges-csv-pandas": ("edges-csv", lambda path: nm.from_pandas(as_text(path))),
    "pajek-networkx": ("pajek", lambda path: nm.from_networkx(nx.read_pajek(path, encoding="utf-8"))),
    "pajek-igraph": ("pajek", lambda path: nm.from_igraph(igraph.Graph.Read_Pajek(str(path)))),
}
WITH_ATTRIBUTES = [way for way, (to, _) in WAYS.items() if FORMATS[to].attributes]
RAW = ("parquet", "edges-csv", "cytoscape")


def there_and_back(made: Network, folder: Path, way: str) -> Network:
    to, back = WAYS[way]
    path = folder / (to if FORMATS[to].is_folder else f"graph{FORMATS[to].endings[0]}")
    write(made, path, to)
    return back(path)


def weights(network: Network) -> dict[tuple[str, str], float]:
    edges = network.edges
    return dict(zip(zip(edges["source_key"], edges["target_key"], strict=True), edges["weight"], strict=True))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Accounts with and without an edge, an id and a profile; more than one handle; times, counts, truth values."""
    renamed = post(5, "10")
    renamed["author"]["username"] = "ann_md"
    posts = [post(1, "10", "20", "@ghost"), post(2, "20", "10", reply_to="10"), post(3, "30"), post(4, "10", "10")]
    place = tmp_path_factory.mktemp("posts")
    (place / "roster.csv").write_text('handle,role,location\nbo,physician,"=Rome, ""here""\nnow"\n')
    return nm.build(written(place, [*posts, renamed]), accounts=[place / "roster.csv"])


def hostile(clean: bool) -> Network:
    """Every name speaks to the next; what a format cannot hold is taken out of it with ``clean``."""
    names = [name.replace("\x07", "") if clean else name for name in HOSTILE]
    graph = nx.DiGraph()
    for place, name in enumerate(names):
        graph.add_node(name, name=name, description=f"{name} of {name}", role_probability=0.1 + 0.2)
        graph.nodes[name]["verified"] = place % 2 == 0
    for place, (one, other) in enumerate(itertools.pairwise(names)):
        graph.add_edge(one, other, weight=1.0 + place, relation=schema.RELATIONS[place % 3])
    return nm.from_networkx(graph)


def same(made: Network, wanted: Network, *but: str) -> None:
    pd.testing.assert_frame_equal(made.accounts.drop(columns=[*but]), wanted.accounts.drop(columns=[*but]))
    pd.testing.assert_frame_equal(made.edges, wanted.edges)
    # Files do not say which relations were chosen: they are those that have posts.
    assert set(made.relations) == {name for name in schema.RELATIONS if (wanted.edges[f"n_{name}"] > 0).any()}


@pytest.mark.parametrize("way", WITH_ATTRIBUTES)
def test_a_built_network_comes_back_from_a_file(tmp_path: Path, built: Network, way: str) -> None:
    assert max(map(len, built.accounts["handles"].dropna())) == 2
    same(there_and_back(built, tmp_path, way), built, *UNSURE.get(way, ()))


@pytest.mark.parametrize("way", WITH_ATTRIBUTES)
def test_names_of_any_kind_come_back_from_a_file(tmp_path: Path, way: str) -> None:
    wanted = hostile(clean=WAYS[way][0] not in RAW)
    back = there_and_back(hostile(clean=False), tmp_path, way)
    if WAYS[way][0].endswith("-csv"):
        # A text that looks as if we had guarded it loses its apostrophe, unless the key has it too.
        accounts = wanted.accounts.replace({"description": {"'-- of '--": "-- of '--"}})
        wanted = Network({"accounts": accounts, "edges": wanted.edges}, provenance=wanted.provenance)
    same(back, wanted, *UNSURE.get(way, ()))


@pytest.mark.parametrize("way", [way for way in WAYS if way not in WITH_ATTRIBUTES])
def test_formats_without_attributes_bring_back_names_and_weights(tmp_path: Path, built: Network, way: str) -> None:
    back = there_and_back(built, tmp_path, way)
    assert weights(back) == weights(built)
    if way.startswith("edges-csv"):
        columns = ["source_key", "target_key", "weight", *COUNTS]
        pd.testing.assert_frame_equal(back.edges[columns], built.edges[columns])
        names = hostile(clean=False)
        back = there_and_back(names, tmp_path / "names", way)
        pd.testing.assert_frame_equal(back.edges, names.edges)
        pd.testing.assert_frame_equal(
            back.accounts[["account_key", "handle"]], names.accounts[["account_key", "handle"]]
        )
    else:
        assert list(back.accounts["account_key"]) == list(built.accounts["account_key"])


@pytest.mark.parametrize("way", WITH_ATTRIBUTES)
def test_a_network_of_an_edge_list_comes_back_from_a_file(tmp_path: Path, way: str) -> None:
    (tmp_path / "e.csv").write_text("source,target,weight\n@ann,Bo Li,0.5\nBo Li,x:12,2\nx:@cy,@ann,1\n")
    made = nm.build(tmp_path / "e.csv", format="edges-csv")
    same(there_and_back(made, tmp_path, way), made, *UNSURE.get(way, ()))


@pytest.mark.slow
@settings(max_examples=15)
@given(st.lists(st.text(VISIBLE, min_size=1, max_size=6), min_size=2, max_size=6, unique=True))
def test_any_name_comes_back_from_any_file(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    graph = nx.DiGraph(list(itertools.combinations([f"any:{name}" for name in names], 2)))
    made = nm.from_networkx(graph)
    place = tmp_path_factory.mktemp("any")
    for way in WITH_ATTRIBUTES:
        same(there_and_back(made, place / way, way), made, *UNSURE.get(way, ()))


def test_pandas_may_guess_types(tmp_path: Path, built: Network) -> None:
    """What pandas makes of a CSV by itself: floats for whole numbers with gaps, and for ids."""
    write(built, tmp_path / "g", "gephi-csv")
    nodes = pd.read_csv(tmp_path / "g" / "nodes.csv")
    assert nodes["account_id"].dtype == nodes["followers"].dtype == "float64"
    same(nm.from_pandas(pd.read_csv(tmp_path / "g" / "edges.csv"), nodes), built)


def test_long_ids_that_pandas_made_floats_of_are_read_from_the_key(tmp_path: Path) -> None:
    one = post(1, "10", "@ghost")
    posts = [one | {"author_id": "1234567890123456789", "author": one["author"] | {"id": "1234567890123456789"}}]
    made = nm.build(written(tmp_path, posts))
    write(made, tmp_path / "g", "gephi-csv")
    back = nm.from_pandas(pd.read_csv(tmp_path / "g" / "edges.csv"), pd.read_csv(tmp_path / "g" / "nodes.csv"))
    assert set(back.accounts["account_id"].dropna()) == {"1234567890123456789"}
    with pytest.raises(InputError, match=r"called 1\.2345678901234568e\+18, a number that has lost digits"):
        nm.from_pandas(pd.DataFrame({"source": [1234567890123456789, None], "target": ["a", "b"]}))


def test_a_gexf_with_windows_comes_back(tmp_path: Path, built: Network) -> None:
    write(built, tmp_path / "g.gexf", "gexf", by="year")
    same(nm.from_networkx(nx.read_gexf(tmp_path / "g.gexf")), built)


def test_no_column_of_ours_gets_another_name_on_the_way(tmp_path: Path, built: Network) -> None:
    for table in (schema.ACCOUNTS, schema.EDGES):
        assert legal_names(table.names) == list(table.names)
    for to, accounts in (("gephi-csv", "nodes.csv"), ("nodexl-csv", "vertices.csv")):
        write(built, tmp_path / to, to)
        assert set(schema.ACCOUNTS.names[1:]) <= set(as_text(tmp_path / to / accounts))
        assert set(schema.EDGES.names[3:]) <= set(as_text(tmp_path / to / "edges.csv"))


def test_a_joined_column_that_resembles_ours_does_not_take_its_place(tmp_path: Path, built: Network) -> None:
    scores = pd.DataFrame({"account_key": ["x:10"], "Followers": [99999], "Id": [5], "label": ["L"]})
    for to in ("graphml", "gexf"):
        write(built, tmp_path / to, to, tables=[scores])
        back = nm.from_networkx((nx.read_graphml if to == "graphml" else nx.read_gexf)(tmp_path / to))
        same(back, built)
