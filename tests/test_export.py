"""Networks for other tools: read back by them, they are the same; hostile text stays text."""

import gzip
import io
import itertools
import re
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import igraph
import pandas as pd
import pyarrow as pa
import pytest
import zstandard
from export_readers import READERS, graphml, of_csv
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network, table

import netmed
from netmed import schema
from netmed.errors import InputError, NetmedError, NetworkError, UnknownNameError
from netmed.export import FORMATS, Exported, markup, write
from netmed.export.graphs import legal_names
from netmed.network import Network

HOSTILE = (
    "plain",
    "two words",
    "=SUM(1+1)",
    "@at",
    "tab\tand\nline",
    "return\r\nline",
    "bell\x07, escape \x1b[31m, unit \x1f",
    "]]>",
    "</node><node id='x'>",
    "&lt;b&gt; & 'so' \"on\"",
    "\N{RIGHT-TO-LEFT OVERRIDE}dr. \N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}",
    "\N{STETHOSCOPE}\N{MAN}\N{ZERO WIDTH JOINER}\N{STAFF OF AESCULAPIUS}",
    "not a character \ufffe\uffff",
    "back\\slash, comma; semicolon",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    '{"json": [1]}',
    "*Arcs",
    "\u2028\x85 lines",
)
ONE_FILE = [name for name, form in FORMATS.items() if not form.is_folder]
WITH_ATTRIBUTES = [name for name, form in FORMATS.items() if form.attributes]
NATIVE = {"parquet"}
"""Keeps lists and times as such."""

FORBIDDEN = {"type", "start", "end", "label", "id"}


def hostile() -> Network:
    """Every name speaks to the next; the first and the last also stand alone or twice."""
    keys = [f"any:{text}" for text in HOSTILE]
    edges = [(source, target, 1.0 + place) for place, (source, target) in enumerate(itertools.pairwise(keys))]
    profiles = {
        key: {"handle": None, "name": text, "description": text} for key, text in zip(keys, HOSTILE, strict=True)
    }
    return network(edges, ["any:alone"], profiles=profiles)


def varied() -> Network:
    """Every type of column, with and without a value."""
    day = pd.Timestamp("2021-03-04T05:06:07Z")
    full = {
        "platform": "x",
        "handles": ["ana", "ana_md"],
        "followers": 12,
        "verified": True,
        "protected": False,
        "created_at": day,
        "role_probability": 0.1 + 0.2,
        "n_posts": 0,
    }
    made = network(
        [("x:1", "x:2", 3, "reply"), ("x:2", "x:1", 1), ("x:1", "x:3", 2)],
        ["x:9"],
        profiles={"x:1": {**full, "handle": "ana_md", "name": "Ana"}, "x:2": {"handle": None, "name": None}},
    )
    edges = made.edges.assign(first_at=[day, pd.NaT, day])
    return Network({name: getattr(made, name) for name in ("accounts", "posts", "events")} | {"edges": edges})


def out(made: Network, path: Path, to: str, **settings: Any) -> Path:
    form = FORMATS[to]
    place = path / (to if form.is_folder else f"graph-{to}{form.endings[0]}")
    write(made, place, to, **settings)
    return place


def visible(text: str) -> str:
    """What XML can hold, worked out one character at a time."""
    return "".join(c for c in text if c in "\t\n" or (ord(c) >= 32 and c not in "\ufffe\uffff"))


def expected_key(key: str, to: str) -> str:
    """How a format writes a key that no other resembles."""
    if to in ("cytoscape", "graphology", "parquet", "edges-csv"):
        return key
    shown = visible(key)
    if to == "pajek":
        shown = shown.replace('"', "'").replace("\\", "/").replace("\n", " ").replace("\t", " ")
    return shown


def weights(made: Network) -> dict[tuple[str, str], float]:
    edges = made.edges
    return dict(zip(zip(edges["source_key"], edges["target_key"], strict=True), edges["weight"], strict=True))


def test_every_format_has_a_reader_here_and_a_promised_name(interface: str) -> None:
    assert set(READERS) == set(FORMATS)
    promised = re.search(r"netmed export NETWORK --to FORMAT\s+(.*)", interface)
    assert promised is not None
    assert set(re.split(r",\s*", promised[1].strip())) <= set(FORMATS)


# The same graph, whoever reads it


@pytest.mark.parametrize("to", list(FORMATS))
def test_names_of_any_kind_come_back(tmp_path: Path, to: str) -> None:
    made = hostile()
    read = READERS[to](out(made, tmp_path, to))
    wanted = {(expected_key(s, to), expected_key(t, to)): weight for (s, t), weight in weights(made).items()}
    assert read.weights == wanted
    alone = set() if to == "edges-csv" else {"any:alone"}
    assert set(read.accounts) == {end for pair in wanted for end in pair} | alone
    assert len(read.accounts) == len(HOSTILE) + len(alone)


@pytest.mark.parametrize("to", WITH_ATTRIBUTES)
def test_text_of_strangers_comes_back_as_text(tmp_path: Path, to: str) -> None:
    read = READERS[to](out(hostile(), tmp_path, to))
    raw = to in ("cytoscape", "graphology", "parquet")
    for text in HOSTILE:
        attributes = read.accounts[expected_key(f"any:{text}", to)]
        assert attributes["name"] == attributes["description"] == (text if raw else visible(text))


@pytest.mark.slow
@settings(max_examples=12)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=2, max_size=6, unique=True))
def test_any_text_is_a_name(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    place = tmp_path_factory.mktemp("any")
    keys = [f"any:{name}" for name in names]
    made = network([(source, target, 2.5) for source in keys for target in keys if source < target])
    for to in FORMATS:
        read = READERS[to](out(made, place, to))
        assert len(read.accounts) == len(keys)
        assert list(read.weights.values()) == [2.5] * (len(keys) * (len(keys) - 1) // 2)
        if to in ("cytoscape", "graphology", "parquet", "edges-csv"):
            assert set(read.accounts) == set(keys)


def test_names_that_cleaning_makes_equal_stay_apart(tmp_path: Path) -> None:
    made = network([("any:a", "any:a\x01", 1), ("any:a\x01", "any:a\x02", 2), ("any:a_2", "any:a", 3)])
    read = graphml(out(made, tmp_path, "graphml"))
    assert read.weights == {
        ("any:a", "any:a_3"): 1,
        ("any:a_3", "any:a_4"): 2,
        ("any:a_2", "any:a"): 3,
    }


def test_igraph_reads_graphml_and_pajek_as_the_same_graph(tmp_path: Path) -> None:
    made = hostile()
    graph = igraph.Graph.Read_GraphML(str(out(made, tmp_path, "graphml")))
    assert graph.is_directed()
    ids = graph.vs["id"]
    found = {(ids[e.source], ids[e.target]): e["weight"] for e in graph.es}
    # igraph itself turns an & within an id into &#38;, not within an attribute.
    seen = {key: visible(key).replace("&", "&#38;") for key in made.accounts["account_key"]}
    assert found == {(seen[s], seen[t]): w for (s, t), w in weights(made).items()}
    descriptions = dict(zip(ids, graph.vs["description"], strict=True))
    assert descriptions == {**{seen[f"any:{text}"]: visible(text) for text in HOSTILE}, "any:alone": ""}
    arcs = igraph.Graph.Read_Pajek(str(out(made, tmp_path, "pajek")))
    assert arcs.is_directed()
    assert arcs.vcount() == len(made.accounts)
    assert [(e.source, e.target, e["weight"]) for e in arcs.es] == [
        (e.source, e.target, e["weight"]) for e in made.graph.es
    ]
    assert arcs.vs["name"] == [expected_key(key, "pajek") for key in made.accounts["account_key"]]


def as_words(value: Any) -> str:
    """A value in the words of CSV."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@pytest.mark.parametrize("to", [to for to in WITH_ATTRIBUTES if to not in NATIVE])
def test_attributes_are_typed_and_the_unknown_is_left_out(tmp_path: Path, to: str) -> None:
    read = READERS[to](out(varied(), tmp_path, to))
    full = {
        "platform": "x",
        "handle": "ana_md",
        "name": "Ana",
        "handles": "ana ana_md",
        "followers": 12,
        "verified": True,
        "protected": False,
        "created_at": "2021-03-04T05:06:07Z",
        "role_probability": 0.30000000000000004,
        "n_posts": 0,
    }
    counts = dict.fromkeys((f"n_{name}" for name in schema.RELATIONS), 0)
    edge = {**counts, "n_reply": 3, "first_at": "2021-03-04T05:06:07Z"}
    other = {**counts, "n_mention": 1}
    if to.endswith("-csv"):
        full, edge, other = ({name: as_words(v) for name, v in row.items()} for row in (full, edge, other))
    assert read.accounts["x:1"] == full
    assert read.accounts["x:2"] == {}
    assert read.edges["x:1", "x:2"] == edge
    assert "first_at" not in read.edges["x:1", "x:3"]  # the second row of the sorted edges
    assert read.edges["x:2", "x:1"] == {**other, "first_at": edge["first_at"]}


def test_parquet_keeps_types(tmp_path: Path) -> None:
    read = READERS["parquet"](out(varied(), tmp_path, "parquet"))
    ana = read.accounts["x:1"]
    assert list(ana["handles"]) == ["ana", "ana_md"]
    assert ana["created_at"] == pd.Timestamp("2021-03-04T05:06:07Z")
    assert (ana["followers"], ana["verified"], ana["n_posts"]) == (12, True, 0)
    assert read.accounts["x:2"] == {}
    columns = pd.read_parquet(tmp_path / "parquet" / "edges.parquet").columns
    assert list(columns) == list(schema.EDGES.names)


@pytest.mark.parametrize("to", list(FORMATS))
def test_the_same_network_gives_the_same_bytes(tmp_path: Path, to: str) -> None:
    by = {"by": "year"} if FORMATS[to].windows else {}

    def content(place: Path) -> dict[str, bytes]:
        made = out(timed(), place, to, **by)
        files = sorted(made.iterdir()) if made.is_dir() else [made]
        return {path.name: path.read_bytes() for path in files}

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = content(tmp_path / "a")
    assert content(tmp_path / "b") == first
    assert set(first) == set(FORMATS[to].files) or len(first) == 1
    today = time.strftime("%Y-%m-%d").encode()
    assert not any(today in file for file in first.values())


@pytest.mark.parametrize("to", list(FORMATS))
def test_a_network_without_edges_can_leave_too(tmp_path: Path, to: str) -> None:
    read = READERS[to](out(network([], ["x:1", "x:2"]), tmp_path, to))
    assert read.weights == {}
    assert set(read.accounts) == (set() if to == "edges-csv" else {"x:1", "x:2"})
    empty = out(network([]), tmp_path / "none", to)
    assert empty.exists()


def test_more_rows_than_are_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "CHUNK", 4)
    made = hostile()
    for to in FORMATS:
        read = READERS[to](out(made, tmp_path, to))
        wanted = {(expected_key(s, to), expected_key(t, to)): weight for (s, t), weight in weights(made).items()}
        assert read.weights == wanted


# Names and labels


def test_an_attribute_never_has_a_name_that_gephi_keeps_for_itself(tmp_path: Path) -> None:
    names = ["type", "Start", "END", "label", "Label", "id", "target", "Weight", "degree", "<b>\x00", "", "  "]
    frame = pd.DataFrame({"account_key": ["x:1"], **{name: [1] for name in names}})
    made = varied()
    for to in ("graphml", "gexf"):
        root = ET.parse(out(made, tmp_path, to, tables=[frame])).getroot()
        titles = [e.get("attr.name") or e.get("title") for e in root.iter() if e.tag.endswith(("}key", "}attribute"))]
        assert {"type_", "Start_", "END_", "label_", "id_", "target_", "degree", "<b>"} <= set(titles)
        assert not FORBIDDEN & {str(title).lower() for title in titles}
        of_accounts = titles[: len(schema.ACCOUNTS.names) - 1 + len(names)]
        assert len({str(title).lower() for title in of_accounts}) == len(of_accounts)
    for to in ("cytoscape", "graphology"):
        assert READERS[to](out(made, tmp_path, to, tables=[frame])).accounts["x:1"]["type_"] == 1
    header = of_csv(out(made, tmp_path, "gephi-csv", tables=[frame]) / "nodes.csv")[0]
    assert {"Id", "Label", "id_", "label_", "type_"} <= set(header)


def test_legal_names_are_each_there_once() -> None:
    assert legal_names(["label", "label_", "LABEL", "degree", "Degree"]) == [
        "label_",
        "label__",
        "LABEL___",
        "degree",
        "Degree_",
    ]


def test_the_schema_needs_no_other_names() -> None:
    for kind in (schema.ACCOUNTS, schema.EDGES):
        assert legal_names(kind.names) == list(kind.names)


def test_labels_are_the_handle_else_the_name_else_the_key(tmp_path: Path) -> None:
    profiles = {
        "x:1": {"handle": "ana_md", "name": "Ana"},
        "x:2": {"handle": None, "name": "=Bo"},
        "x:3": {"handle": "", "name": None},
    }
    made = network([("x:1", "x:2", 1)], ["x:3"], profiles=profiles)
    root = ET.parse(out(made, tmp_path, "gexf")).getroot()
    labels = {e.get("id"): e.get("label") for e in root.iter() if e.tag.endswith("}node")}
    assert labels == {"x:1": "@ana_md", "x:2": "=Bo", "x:3": "x:3"}
    text = (out(made, tmp_path, "gephi-csv") / "nodes.csv").read_text(encoding="utf-8")
    assert [line.split(",")[:2] for line in text.splitlines()[1:]] == [
        ["x:1", "ana_md"],
        ["x:2", "'=Bo"],
        ["x:3", "x:3"],
    ]


# Joined tables


def scores_file(path: Path, text: str) -> Path:
    file = path / "scores.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("to", WITH_ATTRIBUTES)
def test_columns_of_a_table_become_attributes(tmp_path: Path, to: str) -> None:
    file = scores_file(
        tmp_path,
        "\ufeffaccount_key,handle,in_degree,pagerank,is_core,place,post_id,code,followers\n"
        'x:3,other,0,,true,"\'@home, ""here""\nnow",12,007,5\n'
        "x:1,other,3,1e-05,false,,,010,\n"
        "x:777,other,9,0.5,true,far,1,1,1\n",
    )
    made = varied()
    before = made.accounts.copy()
    done = write(made, tmp_path / "out", to, tables=[file])
    read = READERS[to](tmp_path / "out")
    words = as_words if to.endswith("-csv") else (lambda value: value)
    third = {name: read.accounts["x:3"].get(name) for name in ("in_degree", "pagerank", "is_core", "place", "code")}
    assert third == {
        "in_degree": words(0),
        "pagerank": None,
        "is_core": words(True),
        "place": '@home, "here"\nnow',
        "code": "007",
    }
    first = read.accounts["x:1"]
    assert (float(first["pagerank"]), first["in_degree"], first["handle"]) == (1e-5, words(3), "ana_md")
    assert read.accounts["x:3"]["post_id"] == "12"
    assert not {"in_degree", "pagerank", "is_core", "place"} & set(read.accounts["x:2"])
    assert "followers" not in first  # the table's own column stands in the place of the network's
    assert [(joined.rows, joined.matched) for joined in done.joined] == [(3, 2)]
    assert done.joined[0].columns[0] == "in_degree"
    pd.testing.assert_frame_equal(made.accounts, before)


def test_the_table_of_centrality_joins_as_it_is(tmp_path: Path) -> None:
    from netmed.export.tables import write_csv

    made = network([("x:1", "x:2", 2), ("x:3", "x:2", 1)])
    scores = netmed.centrality.scores(made, measures=["degree", "pagerank"])
    write_csv(scores, tmp_path / "centrality.csv")
    meta = (tmp_path / "centrality.csv.meta.json").read_bytes()
    from_file = graphml(out(made, tmp_path, "graphml", tables=[tmp_path / "centrality.csv"]))
    from_frame = graphml(out(made, tmp_path, "graphml", tables=[scores], force=True))
    assert from_file == from_frame
    assert from_file.accounts["x:2"]["in_degree"] == 2
    assert from_file.accounts["x:2"]["pagerank"] == scores.set_index("account_key")["pagerank"]["x:2"]
    assert (tmp_path / "centrality.csv.meta.json").read_bytes() == meta


def test_of_two_tables_the_later_one_wins(tmp_path: Path) -> None:
    first = pd.DataFrame({"account_key": ["x:1", "x:2"], "score": [1, 2], "one": [1, 1]})
    second = pd.DataFrame({"account_key": ["x:2"], "score": [20]})
    read = graphml(out(varied(), tmp_path, "graphml", tables=[first, second]))
    assert "score" not in read.accounts["x:1"]
    assert (read.accounts["x:2"]["score"], read.accounts["x:2"]["one"]) == (20, 1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("handle,in_degree\nana,1\n", "has no column account_key"),
        ("account_key,in_degree\nx:77,1\n", "names none of the network's 4 accounts"),
        ("account_key,in_degree\n", "names none of the network's 4 accounts"),
        ("account_key,in_degree\nx:1,1\nx:1,2\n", "several rows for x:1"),
        ("account_key,a\nx:1,1\nx:2\n", "does not fit its header: row 2 is a row of 1 cells where the header has 2"),
        ("", "is empty; --with takes a CSV"),
        ("account_key\nx:1\n", "has no column but account_key"),
        ('{"account_key": "x:1", "a": 1}\n', "is no table: it holds JSON"),
        ('[{"account_key": "x:1",\n "a": 1}]\n', "is no table: it holds JSON"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_and_nothing_written(tmp_path: Path, text: str, wanted: str) -> None:
    file = scores_file(tmp_path, text)
    with pytest.raises(InputError, match=re.escape(wanted)) as told:
        write(varied(), tmp_path / "out.graphml", tables=[file])
    assert "\n" not in str(told.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scores.csv"]


RESULTS = 'account_key,score,core,file,line\nx:1,0.5,true,a,1\nx:3,7,FALSE,"b\nc",2\n'
PACKED = {
    "plain": RESULTS.encode(),
    "gzip": gzip.compress(RESULTS.encode()),
    "zstd": zstandard.compress(RESULTS.encode()),
    "UTF-16": RESULTS.encode("utf-16"),
    "tabs": RESULTS.replace(",", "\t").encode(),
    "semicolons": RESULTS.replace(",", ";").replace("0.5", "0,5").encode("utf-8-sig"),
}


@pytest.mark.parametrize("packing", [*PACKED, "stdin", "parquet"])
def test_a_table_is_joined_whatever_it_is_packed_in(
    tmp_path: Path, packing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file: Any = tmp_path / "scores.csv"
    if packing == "stdin":
        file = "-"
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(PACKED["gzip"])))
    elif packing == "parquet":
        pd.read_csv(io.StringIO(RESULTS)).to_parquet(file)
    else:
        file.write_bytes(PACKED[packing])
    done = write(varied(), tmp_path / "g.graphml", tables=[file])
    names = ("score", "core", "file", "line")
    accounts = graphml(tmp_path / "g.graphml").accounts
    assert [accounts["x:1"][name] for name in names] == [0.5, True, "a", 1]
    assert [accounts["x:3"][name] for name in names] == [7.0, False, "b\nc", 2]
    assert (done.joined[0].rows, done.joined[0].matched) == (2, 2)
    assert done.joined[0].table == ("standard input" if packing == "stdin" else str(file))


def test_text_with_semicolons_between_cells_stays_text(tmp_path: Path) -> None:
    file = scores_file(tmp_path, "account_key;a;b;c\nx:1;1,5;1,2,3;\nx:2;;4;'=x\n")
    write(varied(), tmp_path / "g.graphml", tables=[file])
    accounts = graphml(tmp_path / "g.graphml").accounts
    assert (accounts["x:1"]["a"], accounts["x:1"]["b"], accounts["x:2"]["b"]) == (1.5, "1,2,3", "4")
    assert accounts["x:2"]["c"] == "=x"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (gzip.compress(RESULTS.encode())[:-9], "cannot be read whole: the gzip file is cut off"),
        (b"account_key,a\nx:1,caf\xe9\n", "cannot be read whole: bytes that are no UTF-8"),
        (bytes(range(256)), "cannot be read: a binary file"),
    ],
    ids=["cut", "no UTF-8", "binary"],
)
def test_a_damaged_table_is_refused(tmp_path: Path, content: bytes, wanted: str) -> None:
    (tmp_path / "scores.csv").write_bytes(content)
    with pytest.raises(InputError, match=wanted):
        write(varied(), tmp_path / "out.graphml", tables=[tmp_path / "scores.csv"])
    with pytest.raises(InputError, match="is a folder; --with takes a table"):
        write(varied(), tmp_path / "out.graphml", tables=[tmp_path])


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        write(varied(), tmp_path / "out.graphml", tables=[tmp_path / "no.csv"])


# Edge lists


def test_edge_rows_sum_to_the_weight_though_a_post_replies_and_quotes(tmp_path: Path) -> None:
    made = network([("x:1", "x:2", 1), ("x:2", "x:1", 5, "reply"), ("x:3", "x:1", 2, "quote")])
    edges = made.edges.copy()
    # 4 posts of x:1 to x:2: 3 replies of which 2 quote as well, and 1 quote alone
    edges.loc[0, ["weight", "n_reply", "n_mention", "n_quote"]] = [4, 3, 0, 3]
    made = Network({"accounts": made.accounts, "edges": edges})
    path = out(made, tmp_path, "edges-csv")
    assert path.read_text(encoding="utf-8") == (
        "source,target,weight,relation\nx:1,x:2,3,reply\nx:1,x:2,1,quote\nx:2,x:1,5,reply\nx:3,x:1,2,quote\n"
    )


def test_edge_rows_of_fractions_are_one_each(tmp_path: Path) -> None:
    made = network([("any:a", "any:b", 1), ("any:b", "any:c", 1), ("any:c", "any:a", 1)])
    edges = made.edges.copy()
    edges["weight"] = [0.25, 1.5, 2.0]
    edges["n_mention"] = [1, 1, 0]
    edges["n_retweet"] = [0, 2, 0]
    path = out(Network({"accounts": made.accounts, "edges": edges}), tmp_path, "edges-csv")
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        "any:a,any:b,0.25,mention",
        "any:b,any:c,1.5,retweet",
        "any:c,any:a,2,mention",
    ]


def test_nodexl_names_the_relations_of_an_edge(tmp_path: Path) -> None:
    made = network([("x:1", "x:2", 2, "reply"), ("x:1", "x:2", 1), ("x:2", "x:1", 1, "quote")])
    rows = of_csv(out(made, tmp_path, "nodexl-csv") / "edges.csv")
    assert [row["Relationship"] for row in rows] == ["reply+mention", "quote"]


# Windows of time


def timed() -> Network:
    """Two edges over three years; a post that replies and quotes, one without a time, and some that make no edge."""
    posts = [
        ("p1", "2019-12-31T23:59:59Z", "x:1", "x:2", "reply"),
        ("p1", "2019-12-31T23:59:59Z", "x:1", "x:2", "quote"),
        ("p2", "2020-01-01T00:00:00Z", "x:1", "x:2", "quote"),
        ("p3", "2020-05-01T00:00:00Z", "x:1", "x:2", "reply"),
        ("p4", None, "x:1", "x:2", "reply"),
        ("p5", "2022-02-28T12:00:00Z", "x:2", "x:3", "reply"),
        ("p6", "2020-02-01T00:00:00Z", "x:1", "x:3", "mention"),
        ("p7", "2018-02-01T00:00:00Z", "x:1", "x:1", "reply"),
    ]
    names = ("post_key", "created_at", "source_key", "target_key", "relation")
    events = [dict(zip(names, row, strict=True)) | {"created_at": pd.to_datetime(row[1], utc=True)} for row in posts]
    accounts = [{"account_key": key, "handle": key[2:]} for key in ("x:1", "x:2", "x:3", "x:4")]
    zero = {f"n_{relation}": 0 for relation in schema.RELATIONS}
    edges = [
        {**zero, "source_key": "x:1", "target_key": "x:2", "weight": 4.0, "n_reply": 3, "n_quote": 2},
        {**zero, "source_key": "x:2", "target_key": "x:3", "weight": 1.0, "n_reply": 1},
    ]
    return Network(
        {
            "accounts": table(schema.ACCOUNTS, accounts),
            "edges": table(schema.EDGES, edges),
            "events": table(schema.EVENTS, events),
            "posts": table(schema.POSTS, []),
        },
        provenance={"rules": {"relations": ["reply", "quote"]}},
    )


Span = tuple[str, str]


def spans(element: ET.Element, tag: str) -> list[Span]:
    return [(str(e.get("start")), str(e.get("end"))) for e in element.iter() if e.tag.endswith("}" + tag)]


def by_window(path: Path) -> tuple[dict[str, list[Span]], dict[tuple[str, str], dict[Span, float]], ET.Element]:
    """Spells of accounts, and weights of edges by window; the spells of an edge are its windows."""
    root = ET.parse(path).getroot()
    accounts = {str(e.get("id")): spans(e, "spell") for e in root.iter() if e.tag.endswith("}node")}
    edges = {}
    for edge in (e for e in root.iter() if e.tag.endswith("}edge")):
        values = [e for e in edge.iter() if e.tag.endswith("}attvalue") and e.get("for") == "weight"]
        found = {(str(e.get("start")), str(e.get("end"))): float(str(e.get("value"))) for e in values}
        assert list(found) == spans(edge, "spell")
        edges[str(edge.get("source")), str(edge.get("target"))] = found
    return accounts, edges, root


def test_a_dynamic_gexf_counts_posts_by_window(tmp_path: Path) -> None:
    done = write(timed(), tmp_path / "g.gexf", "gexf", by="year")
    accounts, edges, root = by_window(tmp_path / "g.gexf")
    y2019, y2020, y2022 = (("2019-01-01", "2019-12-31"), ("2020-01-01", "2020-12-31"), ("2022-01-01", "2022-12-31"))
    assert edges == {("x:1", "x:2"): {y2019: 1, y2020: 2}, ("x:2", "x:3"): {y2022: 1}}
    assert accounts == {"x:1": [y2019, y2020], "x:2": [y2019, y2020, y2022], "x:3": [y2022], "x:4": []}
    graph = root.find("{http://gexf.net/1.3}graph")
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat"), graph.get("timerepresentation")) == (
        "dynamic",
        "date",
        "interval",
    )
    assert (graph.get("start"), graph.get("end")) == ("2019-01-01", "2022-12-31")
    assert (done.windows, done.timed, done.untimed) == (("2019-01-01", "2020-01-01", "2021-01-01", "2022-01-01"), 4, 1)
    assert READERS["gexf"](tmp_path / "g.gexf").weights == weights(timed())


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("quarter", [("2019-10-01", "2019-12-31"), ("2020-01-01", "2020-03-31"), ("2020-04-01", "2020-06-30")]),
        ("month", [("2019-12-01", "2019-12-31"), ("2020-01-01", "2020-01-31"), ("2020-05-01", "2020-05-31")]),
    ],
)
def test_windows_hold_their_first_and_last_day(tmp_path: Path, by: str, wanted: list[Span]) -> None:
    write(timed(), tmp_path / "g.gexf", "gexf", by=by)
    _, edges, _ = by_window(tmp_path / "g.gexf")
    assert edges["x:1", "x:2"] == dict.fromkeys(wanted, 1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Network:
    place = tmp_path_factory.mktemp("built")
    netmed.simulate.collection(400, place / "posts.jsonl.gz", seed=5)
    return netmed.build(place / "posts.jsonl.gz")


@pytest.mark.parametrize("by", ["year", "quarter", "month"])
@pytest.mark.parametrize("relations", [None, ["reply", "quote", "retweet"]])
def test_windows_sum_to_the_weights(tmp_path: Path, built: Network, by: str, relations: list[str] | None) -> None:
    from netmed.building import select

    made = built if relations is None else select(built, relations=relations)
    done = write(made, tmp_path / "g.gexf", "gexf", by=by)
    _, edges, _ = by_window(tmp_path / "g.gexf")
    assert {pair: sum(found.values()) for pair, found in edges.items()} == weights(made)
    assert done.untimed == 0
    # An oracle of its own: posts of each pair by the beginning of their time.
    counted: Counter[tuple[str, str, str]] = Counter()
    seen = set()
    for row in made.events.itertuples():
        if row.relation in made.relations and row.source_key != row.target_key:
            seen.add((row.source_key, row.target_key, row.post_key, row.created_at))
    for source, target, _, moment in seen:
        months = {"year": 12, "quarter": 3, "month": 1}[by]
        first = (moment.month - 1) // months * months + 1
        counted[source, target, f"{moment.year}-{first:02}-01"] += 1
    assert {(s, t, start): n for (s, t), found in edges.items() for (start, _), n in found.items()} == counted


@pytest.mark.parametrize("to", [to for to, form in FORMATS.items() if not form.windows])
def test_formats_without_time_refuse_windows(tmp_path: Path, to: str) -> None:
    with pytest.raises(NetmedError, match="no place for windows of time; gexf has"):
        write(timed(), tmp_path / "out", to, by="year")


def test_a_network_without_times_has_no_windows(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="was made from an edge list"):
        write(varied(), tmp_path / "g.gexf", "gexf", by="year")
    with pytest.raises(UnknownNameError, match="did you mean year"):
        write(timed(), tmp_path / "g.gexf", "gexf", by="years")
    assert list(tmp_path.iterdir()) == []


# Whole or not at all


@pytest.mark.parametrize("to", list(FORMATS))
def test_what_is_there_is_replaced_only_when_told_to(tmp_path: Path, to: str) -> None:
    place = out(hostile(), tmp_path, to)
    with pytest.raises(NetworkError, match="exists already; add --force"):
        write(varied(), place, to)
    assert len(READERS[to](place).weights) == len(HOSTILE) - 1
    assert write(varied(), place, to, force=True) == Exported(place, 4, 3)
    assert len(READERS[to](place).weights) == 3
    assert list(tmp_path.iterdir()) == [place]


def test_nothing_but_an_export_is_ever_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NetworkError, match=re.escape("holds other things (notes.txt)")):
        write(varied(), tmp_path, "gephi-csv", force=True)
    with pytest.raises(NetworkError, match="is a folder, and the export is a file"):
        write(varied(), tmp_path, "gexf", force=True)
    with pytest.raises(NetworkError, match="is a file, and the export is a folder"):
        write(varied(), tmp_path / "notes.txt", "parquet", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("to", ["graphml", "gephi-csv"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str, error: BaseException
) -> None:
    place = out(varied(), tmp_path, to)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def fail(parts: Any, path: Path) -> None:
        path.write_text("half")
        raise error

    room = "graphml" if to == "graphml" else "delimited"
    monkeypatch.setattr(f"netmed.export.{room}.save", fail)
    with pytest.raises(type(error)):
        write(hostile(), place, to, force=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_unknown_format_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean graphml"):
        write(varied(), tmp_path / "x", "grapml")


@pytest.mark.parametrize("to", [to for to, form in FORMATS.items() if not form.attributes])
def test_formats_without_attributes_refuse_tables(tmp_path: Path, to: str) -> None:
    with pytest.raises(NetmedError, match="no place for columns of accounts"):
        write(varied(), tmp_path / "x", to, tables=[pd.DataFrame({"account_key": ["x:1"]})])


def test_an_edge_of_nobody_is_refused(tmp_path: Path) -> None:
    made = network([("x:1", "x:2", 1)])
    broken = Network({"accounts": made.accounts.head(1), "edges": made.edges})
    with pytest.raises(NetworkError, match="accounts that are not in its table"):
        write(broken, tmp_path / "x.graphml")


def test_half_characters_become_a_sign_that_can_be_written(tmp_path: Path) -> None:
    accounts = varied().accounts.astype({"name": object})
    accounts.loc[0, "name"] = "half \ud83d"
    made = Network({"accounts": accounts, "edges": varied().edges})
    for to in ("graphml", "gexf", "graphology", "gephi-csv"):
        assert READERS[to](out(made, tmp_path, to)).accounts["x:1"]["name"] == "half �"


def test_numbers_that_are_none_are_left_out(tmp_path: Path) -> None:
    frame = pd.DataFrame({"account_key": ["x:1", "x:2"], "a": [float("nan"), float("inf")], "b": pa.array([1, 2])})
    read = graphml(out(varied(), tmp_path, "graphml", tables=[frame]))
    assert "a" not in read.accounts["x:1"]
    assert "a" not in read.accounts["x:2"]
