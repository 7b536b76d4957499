"""netmed: who addresses whom among physicians on social media, and how sure one can be.

import netmed as nm

network = nm.build("posts.jsonl.gz")
scores = nm.centrality.scores(network)
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from netmed import centrality, community, datasets, export, reach, roles, show, simulate, uncertainty
    from netmed import community as communities
    from netmed.building import build
    from netmed.export.conversions import from_igraph, from_networkx, from_pandas
    from netmed.network import Network, load

_NAMES = {"Network": "netmed.network", "load": "netmed.network", "build": "netmed.building"}
_NAMES |= dict.fromkeys(("from_igraph", "from_networkx", "from_pandas"), "netmed.export.conversions")
_ROOMS = {
    name: f"netmed.{name}"
    for name in ("centrality", "community", "datasets", "export", "reach", "roles", "show", "simulate", "uncertainty")
}
_ROOMS["communities"] = "netmed.community"

__all__ = [
    "Network",
    "build",
    "centrality",
    "communities",
    "community",
    "datasets",
    "export",
    "from_igraph",
    "from_networkx",
    "from_pandas",
    "load",
    "reach",
    "roles",
    "show",
    "simulate",
    "uncertainty",
]


def __getattr__(name: str) -> Any:
    """Import a part when it is first asked for: the command must answer at once."""
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    if name in _ROOMS:
        return importlib.import_module(_ROOMS[name])
    raise AttributeError(f"module 'netmed' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
