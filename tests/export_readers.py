"""Every export read back by somebody else's program, or by plain Python: what the tests compare."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd


@dataclass
class Read:
    """Accounts by key and edges by (source, target), each with its attributes; weights apart."""

    accounts: dict[str, dict[str, Any]]
    edges: dict[tuple[str, str], dict[str, Any]]
    weights: dict[tuple[str, str], float]


def of_networkx(graph: "nx.DiGraph", *drop: str) -> Read:
    assert graph.is_directed()
    pairs = [(source, target) for source, target in graph.edges()]
    assert len(pairs) == len(set(pairs))
    edges = {(source, target): dict(data) for source, target, data in graph.edges(data=True)}
    return Read(
        {key: {k: v for k, v in data.items() if k not in drop} for key, data in graph.nodes(data=True)},
        {pair: {k: v for k, v in data.items() if k not in (*drop, "weight")} for pair, data in edges.items()},
        {pair: float(data["weight"]) for pair, data in edges.items()},
    )


def graphml(path: Path) -> Read:
    return of_networkx(nx.read_graphml(path))


def gexf(path: Path) -> Read:
    return of_networkx(nx.read_gexf(path), "id", "label", "spells")


def pajek(path: Path) -> Read:
    return of_networkx(nx.read_pajek(path, encoding="utf-8"), "id")


def cytoscape(path: Path) -> Read:
    graph = nx.cytoscape_graph(json.loads(path.read_text(encoding="utf-8")))
    return of_networkx(graph, "id", "value", "label", "source", "target")


def graphology(path: Path) -> Read:
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["options"] == {"type": "directed", "multi": False, "allowSelfLoops": False}
    accounts = {node["key"]: {k: v for k, v in node["attributes"].items() if k != "label"} for node in content["nodes"]}
    edges = {(edge["source"], edge["target"]): dict(edge["attributes"]) for edge in content["edges"]}
    assert len(accounts) == len(content["nodes"])
    assert len(edges) == len(content["edges"]) == len({edge["key"] for edge in content["edges"]})
    weights = {pair: float(data.pop("weight")) for pair, data in edges.items()}
    return Read(accounts, edges, weights)


def of_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV: empty cells are left out, and the guard against formulas is taken off."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    bare = {"'" + sign for sign in "=+-@\t\r\n\0＝＋－＠"}
    return [{k: v[1:] if v[:2] in bare else v for k, v in row.items() if v != ""} for row in rows]


def gephi_csv(path: Path) -> Read:
    accounts = {row.pop("Id"): row for row in of_csv(path / "nodes.csv")}
    edges = {(row.pop("Source"), row.pop("Target")): row for row in of_csv(path / "edges.csv")}
    assert {row.pop("Type") for row in edges.values()} <= {"Directed"}
    weights = {pair: float(row.pop("Weight")) for pair, row in edges.items()}
    assert all(row.pop("Label") for row in accounts.values())
    return Read(accounts, edges, weights)


def nodexl_csv(path: Path) -> Read:
    accounts = {row.pop("Vertex"): row for row in of_csv(path / "vertices.csv")}
    edges = {(row.pop("Vertex 1"), row.pop("Vertex 2")): row for row in of_csv(path / "edges.csv")}
    weights = {pair: float(row.pop("Edge Weight")) for pair, row in edges.items()}
    assert all(row.pop("Label") for row in accounts.values())
    for row in edges.values():
        assert row.pop("Relationship", "")
    return Read(accounts, edges, weights)


def parquet(path: Path) -> Read:
    accounts = pd.read_parquet(path / "accounts.parquet")
    edges = pd.read_parquet(path / "edges.parquet")
    pairs = list(zip(edges["source_key"], edges["target_key"], strict=True))
    known = [
        {
            k: v
            for k, v in row.items()
            if k != "account_key" and v is not None and not (pd.api.types.is_scalar(v) and pd.isna(v))
        }
        for row in accounts.to_dict("records")
    ]
    rest = edges.drop(columns=["source_key", "target_key", "weight"]).to_dict("records")
    return Read(
        dict(zip(accounts["account_key"], known, strict=True)),
        {pair: {k: v for k, v in row.items() if not pd.isna(v)} for pair, row in zip(pairs, rest, strict=True)},
        dict(zip(pairs, edges["weight"].astype(float), strict=True)),
    )


def edges_csv(path: Path) -> Read:
    """The rows of an edge are summed, as our reader does."""
    weights: dict[tuple[str, str], float] = {}
    edges: dict[tuple[str, str], dict[str, Any]] = {}
    for row in of_csv(path):
        assert list(row) == ["source", "target", "weight", "relation"]
        pair = (row["source"], row["target"])
        weights[pair] = weights.get(pair, 0) + float(row["weight"])
        assert row["relation"] not in edges.setdefault(pair, {})
        edges[pair][row["relation"]] = float(row["weight"])
    return Read({end: {} for pair in weights for end in pair}, edges, weights)


READERS: dict[str, Callable[[Path], Read]] = {
    "graphml": graphml,
    "gexf": gexf,
    "pajek": pajek,
    "cytoscape": cytoscape,
    "gephi-csv": gephi_csv,
    "nodexl-csv": nodexl_csv,
    "parquet": parquet,
    "edges-csv": edges_csv,
    "graphology": graphology,
}
