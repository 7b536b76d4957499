"""Edge lists as input: every row has a fate, weights add up, and what an edge list cannot answer is said."""

import csv
import gzip
import io
import json
import random
import sys
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx as nx
import pandas as pd
import pytest
import zstandard

import netmed as nm
from netmed import cli
from netmed.building import report, select
from netmed.errors import InputError, LossError, NetworkError, UnknownNameError
from netmed.network import Network

FATES = ("in_edges", "self", "other_relations", "below_min_weight", "outside_giant")
CLASSICS = {
    "karate": "karate",
    "lesmis": "lesmis",
    "krackhardt_kite": "krackhardt_kite",
    "florentine": "florentine",
    "davis_women": "davis_women_projection",
    "uk_faculty": "uk_faculty",
}


def listed(place: Path, text: str | bytes, name: str = "edges.csv") -> Path:
    path = place / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def built(*paths: Path, **settings: Any) -> Network:
    made = nm.build(*paths, format="edges-csv", **settings)
    rows, totals = made.audit["rows"], made.audit["totals"]
    assert totals["records"] == totals["kept"] + totals["unrecognised"] + totals["malformed"]
    assert rows["found"] == totals["kept"] == sum(rows[fate] for fate in FATES)
    assert rows["edges"] == len(made.edges)
    assert len(made.posts) == len(made.events) == 0
    return made


def weights(network: Network) -> dict[tuple[str, str], float]:
    edges = network.edges
    return dict(zip(zip(edges["source_key"], edges["target_key"], strict=True), edges["weight"], strict=True))


# Tables


def test_a_table_becomes_edges_with_weights_added_up(tmp_path: Path) -> None:
    text = "source,target,weight,relation\na,b,2,reply\na,b,3,mention\nb,a,1,mention\nc,c,4,reply\na,d,1,quote\n"
    made = built(listed(tmp_path, text))
    assert weights(made) == {("any:a", "any:b"): 5.0, ("any:b", "any:a"): 1.0}
    row = made.edges.iloc[0]
    assert (row["n_reply"], row["n_mention"], row["n_quote"]) == (2, 3, 0)
    assert list(made.accounts["account_key"]) == ["any:a", "any:b", "any:c", "any:d"]
    assert set(made.accounts["platform"]) == {"any"}
    assert list(made.accounts["handle"]) == ["a", "b", "c", "d"]
    told = made.audit["rows"]
    assert [told[fate] for fate in FATES] == [3, 1, 1, 0, 0]


def test_fractions_keep_their_weight_and_count_rows(tmp_path: Path) -> None:
    made = built(listed(tmp_path, "source,target,weight\na,b,0.25\na,b,0.5\nb,c,1e-3\n"))
    assert weights(made) == {("any:a", "any:b"): 0.75, ("any:b", "any:c"): 0.001}
    assert list(made.edges["n_mention"]) == [2, 1]
    assert made.audit["rows"]["weights"] == "fractions"
    assert weights(nm.build(tmp_path / "edges.csv", format="edges-csv", min_weight=0.1)) == {("any:a", "any:b"): 0.75}


def test_keys_stay_keys_and_handles_are_lower_case(tmp_path: Path) -> None:
    rows = "x:123,x:@Jane\nbluesky:did:plc:abc,mastodon:ann@example.org\nx:@jane,Jane Roe\n"
    made = built(listed(tmp_path, "source,target\n" + rows))
    shown = made.accounts.set_index("account_key")[["platform", "account_id", "handle"]]
    want = {
        "x:123": ("x", "123", None),
        "x:@jane": ("x", None, "jane"),
        "bluesky:did:plc:abc": ("bluesky", "did:plc:abc", None),
        "mastodon:ann@example.org": ("mastodon", "ann@example.org", "ann@example.org"),
        "any:Jane Roe": ("any", "Jane Roe", "Jane Roe"),
    }
    assert {key: tuple(None if pd.isna(cell) else cell for cell in row) for key, row in shown.iterrows()} == {
        key: tuple(row) for key, row in want.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "source\ttarget\tweight\nAnn Bo\tCy\t2\n",
        "Source;Target;Weight\nAnn Bo;Cy;2,0\n",
        "\ufeffsource, target, weight\r\n Ann Bo , Cy, 2\r\n",
        '"source_key","target_key","weight","label"\n"Ann Bo","Cy","2","x"\n',
        "weight,to,from\n2,Cy,Ann Bo\n",
        "Ann Bo\tCy\t2\n",
    ],
    ids=["tsv", "semicolon", "spaces", "ours", "r", "bare-tsv"],
)
def test_tables_of_other_tools_say_the_same(tmp_path: Path, text: str) -> None:
    assert weights(built(listed(tmp_path, text))) == {("any:Ann Bo", "any:Cy"): 2.0}


@pytest.mark.parametrize(
    "text",
    [
        "a b 2\nb c 1\n",
        "# from to n\n% again\n a  b\t2 \n\nb c\n",
        "a b {'weight': 2, 'k': 1}\nb c {}\n",
        "source target weight\na b 2.0\nb c 1\n",
    ],
)
def test_lines_of_words_are_edges(tmp_path: Path, text: str) -> None:
    text = text.replace("\t2", " 2")
    assert weights(built(listed(tmp_path, text, "x.edgelist"))) == {("any:a", "any:b"): 2.0, ("any:b", "any:c"): 1.0}


def test_networkx_writes_what_we_read(tmp_path: Path) -> None:
    graph = nx.gnp_random_graph(30, 0.2, seed=4, directed=True)
    chance = random.Random(1)
    for _, _, facts in graph.edges(data=True):
        facts["weight"] = chance.random()
    wanted = {(f"any:{a}", f"any:{b}"): w for a, b, w in graph.edges(data="weight")}
    nx.write_edgelist(graph, tmp_path / "data.edgelist")
    nx.write_weighted_edgelist(graph, tmp_path / "weighted.txt", delimiter="\t")
    assert weights(built(tmp_path / "data.edgelist")) == wanted
    assert weights(built(tmp_path / "weighted.txt")) == wanted


@pytest.mark.parametrize("packing", ["gzip", "zstd", "parquet", "stdin"])
def test_packed_edge_lists_are_read(tmp_path: Path, packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"source,target,weight\na,b,2\nb,c,1\n"
    path: Any = "-"
    if packing == "gzip":
        path = listed(tmp_path, gzip.compress(text), "e.csv.gz")
    elif packing == "zstd":
        path = listed(tmp_path, zstandard.compress(text), "e.csv.zst")
    elif packing == "parquet":
        path = tmp_path / "e.parquet"
        pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [2, 1]}).to_parquet(path)
    else:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    assert weights(built(path)) == {("any:a", "any:b"): 2.0, ("any:b", "any:c"): 1.0}


HOSTILE = [
    "=cmd|' /C calc'!A0",
    'say "hi", Bo',
    "two\nlines",
    "emoji 🩺",
    "עברית",
    "]]>",
    "<b>&",
    "bell\x07",
    "a,b",
    "Robert'); --",
    "any:x",
    "-1",
]


def test_names_are_data_whatever_they_hold(tmp_path: Path) -> None:
    ring = list(zip(HOSTILE, HOSTILE[1:] + HOSTILE[:1], strict=True))
    text = io.StringIO()
    csv.writer(text).writerows([("source", "target"), *ring])
    made = built(listed(tmp_path, text.getvalue()))
    key = {name: name if name == "any:x" else f"any:{name}" for name in HOSTILE}
    assert set(weights(made)) == {(key[a], key[b]) for a, b in ring}


# Rows that cannot be used


def test_every_bad_row_is_counted_and_told(tmp_path: Path) -> None:
    good = "a,b,1,mention\nb,a,2.5,reply\n"
    bad = ["a,b,0,mention", "a,b,-1,mention", "a,b,nan,mention", "a,b,inf,mention", "a,b,lots,mention", "a,b,,mention"]
    bad += [",b,1,mention", "a, ,1,mention", "a,b,1,follows", "1.23E+18,b,1,mention"]
    made = built(listed(tmp_path, "source,target,weight,relation\n" + good + "\n".join(bad) + "\na,b\n"))
    assert weights(made) == {("any:a", "any:b"): 1.0, ("any:b", "any:a"): 2.5}
    totals, told = made.audit["totals"], made.audit["files"][0]["rejected"]
    assert (totals["records"], totals["kept"], totals["unrecognised"], totals["malformed"]) == (13, 2, 10, 1)
    assert {entry["line"] for entry in told} >= set(range(3, 13))
    assert made.audit["losses"] == {"malformed rows": 1, "unusable rows": 10}
    text = report.render(made.audit, made.provenance)
    assert "row 11: a relation that is none of reply, mention" in text
    assert "posts kept" not in text
    with pytest.raises(LossError, match="10 unusable rows"):
        nm.build(tmp_path / "edges.csv", format="edges-csv", strict=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("node,group\na,1\n", "columns node, group; wanted are columns source,target"),
        ("a,b\nb,c\n", "wanted are columns source,target"),
        ("Ann Bo,Cy\nCy,Ann Bo\n", "wanted are columns source,target"),
        ("source,target,weight\na,b,-1\n", "no edge in .* a weight that is no number above 0"),
        ("source,target\n", "no edge in"),
        ("", "no edge in"),
        ("just some words here that are no edges\n", "no edge list"),
        ('{"id": "1", "text": "hello"}\n', "no edge list"),
    ],
)
def test_what_is_no_edge_list_is_refused_with_what_was_wanted(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        nm.build(listed(tmp_path, text), format="edges-csv")


def test_ids_that_a_spreadsheet_rounded_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"x:{n}23456789012340000,x:9\n" for n in range(10, 30))
    with pytest.raises(InputError, match=r"account ids .* spreadsheet"):
        nm.build(listed(tmp_path, "source,target\n" + rows), format="edges-csv")


# What an edge list can be asked for


def test_relations_weight_and_component_choose_edges(tmp_path: Path) -> None:
    text = "source,target,weight,relation\na,b,2,reply\na,b,3,mention\nb,c,1,mention\nd,e,9,retweet\ne,e,1,mention\n"
    path = listed(tmp_path, text)
    assert weights(built(path, relations=("reply",))) == {("any:a", "any:b"): 2.0}
    assert weights(built(path, relations=("retweet",))) == {("any:d", "any:e"): 9.0}
    assert weights(built(path, min_weight=2)) == {("any:a", "any:b"): 5.0}
    giant = built(path, relations=("reply", "mention", "retweet"), giant=True)
    assert list(giant.accounts["account_key"]) == ["any:a", "any:b", "any:c"]
    assert giant.audit["rows"]["outside_giant"] == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2020-01-01"},
        {"hashtags": ["meded"]},
        {"langs": ["en"]},
        {"keep_text": True},
        {"include_referenced": True},
    ],
)
def test_what_only_posts_can_answer_is_refused(tmp_path: Path, asked: dict[str, Any]) -> None:
    path = listed(tmp_path, "source,target\na,b\n")
    with pytest.raises(InputError, match="an edge list has no posts"):
        nm.build(path, format="edges-csv", **asked)


def test_a_network_without_events_is_narrowed_by_its_edges(tmp_path: Path) -> None:
    text = "source,target,weight,relation\na,b,2,reply\na,b,3,mention\nb,c,1,mention\nd,e,9,reply\n"
    whole = nm.build(listed(tmp_path, text), output=tmp_path / "whole", format="edges-csv")
    same = nm.build(tmp_path / "whole", output=tmp_path / "same")
    assert weights(same) == weights(whole)
    assert list(same.accounts["account_key"]) == list(whole.accounts["account_key"])
    for asked in (
        {"relations": ("reply",)},
        {"min_weight": 2},
        {"giant": True},
        {"relations": ("reply",), "giant": True},
    ):
        at_once = nm.build(tmp_path / "edges.csv", format="edges-csv", **asked)
        assert weights(select(whole, **asked)) == weights(at_once)
        narrowed = nm.build(tmp_path / "whole", **asked)
        pd.testing.assert_frame_equal(narrowed.edges, at_once.edges)
        rows = narrowed.audit["rows"]
        assert rows["found"] == sum(rows[fate] for fate in FATES) == len(whole.edges)
        assert report.render(narrowed.audit, narrowed.provenance)
    with pytest.raises(NetworkError, match="no posts to choose by --lang en"):
        nm.build(tmp_path / "whole", langs=["en"])
    with pytest.raises(NetworkError, match="keeps no quote"):
        nm.build(tmp_path / "whole", relations=("quote",))


def test_relations_of_fractions_cannot_be_told_apart_later(tmp_path: Path) -> None:
    text = "source,target,weight,relation\na,b,0.5,reply\na,b,0.25,mention\n"
    whole = nm.build(listed(tmp_path, text), output=tmp_path / "whole", format="edges-csv")
    assert weights(nm.build(tmp_path / "whole", min_weight=0.7)) == weights(whole)
    with pytest.raises(NetworkError, match="keeps no weight for each relation"):
        nm.build(tmp_path / "whole", relations=("reply",))


def test_the_order_of_rows_and_files_changes_no_byte(tmp_path: Path) -> None:
    chance = random.Random(5)
    rows = [f"a{chance.randrange(9)},a{chance.randrange(9)},{chance.random()}\n" for _ in range(400)]
    header = "source,target,weight\n"
    nm.build(listed(tmp_path, header + "".join(rows)), output=tmp_path / "one", format="edges-csv")
    chance.shuffle(rows)
    parts = [listed(tmp_path, header + "".join(rows[n::2]), f"part{n}.csv") for n in range(2)]
    nm.build(*parts, output=tmp_path / "two", format="edges-csv")
    for name in ("accounts", "posts", "events", "edges"):
        assert (tmp_path / "one" / f"{name}.parquet").read_bytes() == (
            tmp_path / "two" / f"{name}.parquet"
        ).read_bytes()


def test_an_unknown_format_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="edges-csv"):
        nm.build(listed(tmp_path, "source,target\na,b\n"), format="edge-csv")


def test_every_command_lives_with_an_edge_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    listed(
        tmp_path, "source,target,weight\n" + "".join(f"a{n},a{n * 7 % 40},0.{n + 1}\n" for n in range(40)), "mine.csv"
    )
    assert cli.call(["run", "mine.csv", "--format", "edges-csv"]) == 0
    assert {path.name for path in Path("outputs/mine").iterdir()} >= {"audit.txt", "centrality.csv", "network.html"}
    for words in (["audit"], ["centrality", "--min-weight", "0.2"], ["visualize", "--giant"]):
        assert cli.call([*words, "graphs/mine"]) == 0
    capsys.readouterr()
    assert cli.call(["audit", "graphs/mine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["weights"] == "fractions"


# Known networks


@pytest.mark.parametrize("name", CLASSICS)
def test_classic_graphs_have_their_size(shared_data: Path, name: str) -> None:
    place = shared_data / "classic-graphs"
    stats = json.loads((place / "REFERENCE_STATS.json").read_text(encoding="utf-8"))[CLASSICS[name]]
    made = built(place / f"{name}.edges.csv")
    assert (len(made.accounts), len(made.edges)) == (stats["nodes"], stats["edges"])
    with (place / f"{name}.edges.csv").open(encoding="utf-8", newline="") as stream:
        wanted: dict[tuple[str, str], float] = defaultdict(float)
        for row in csv.DictReader(stream):
            wanted[f"any:{row['source']}", f"any:{row['target']}"] += float(row.get("weight") or 1)
    assert weights(made) == wanted


def test_congress_keeps_every_weight(shared_data: Path) -> None:
    graph = nx.read_edgelist(shared_data / "congress-twitter" / "congress.edgelist", create_using=nx.DiGraph)
    made = built(shared_data / "congress-twitter" / "congress.edgelist")
    assert (len(made.accounts), len(made.edges)) == (475, 13_289)
    assert weights(made) == {(f"any:{a}", f"any:{b}"): w for a, b, w in graph.edges(data="weight")}


@pytest.mark.parametrize("layer", ["mention", "reply"])
def test_higgs_has_its_accounts_edges_loops_and_components(shared_data: Path, layer: str) -> None:
    place = shared_data / "higgs-twitter"
    stats = json.loads((place / "REFERENCE_STATS.json").read_text(encoding="utf-8"))[layer]
    made = built(place / f"higgs-{layer}_network.edgelist")
    rows = made.audit["rows"]
    assert (rows["found"], rows["self"], len(made.accounts)) == (stats["edges"], stats["self_loops"], stats["nodes"])
    assert len(made.edges) == stats["edges"] - stats["self_loops"]
    giant = built(place / f"higgs-{layer}_network.edgelist", giant=True)
    assert len(giant.accounts) == stats["largest_wcc_nodes"]


def test_names_that_may_be_one_are_told(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("source,target\n@Ann,bob\nann,Bob\nANN,cat\n", encoding="utf-8")
    made = nm.build(path, format="edges-csv")
    assert len(made.accounts) == 6
    assert made.audit["rows"]["alike"] == 3
    assert "3 names differ from another only in capitals or by an @" in " ".join(report.beside_lines(made.audit))
