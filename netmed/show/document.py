"""The page as one file: one shell, two ways to draw, and nothing in it may load or run but our scripts.

The only room that knows pyvis. Its stock template is not used: it loads from the net and turns
names into markup. vis-network (Apache-2.0 or MIT) comes from pyvis's own package files; the script of
the page, with sigma.js and graphology (MIT) where they draw, is built from ``viewer/``.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from netmed.show.texts import script_json

_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"

OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "hover": False,
        "hoverConnectedEdges": False,
        "selectable": False,
        "selectConnectedEdges": False,
        "keyboard": False,
        "navigationButtons": False,
        "zoomSpeed": 0.6,
    },
    "nodes": {"shape": "dot", "borderWidth": 1, "chosen": False},
    "edges": {
        "smooth": False,
        "chosen": False,
        "selectionWidth": 0,
        "hoverWidth": 0,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.28}},
        "arrowStrikethrough": False,
    },
}
"""What vis-network is told: positions are ours, so it neither moves nor improves anything."""


def with_pyvis(
    nodes: Mapping[str, Sequence[Any]],
    edges: Sequence[tuple[int, int, float]],
    data: str,
    words: Mapping[str, Any],
) -> str:
    """Write the whole page, drawn by vis-network through pyvis.

    Parameters
    ----------
    nodes : columns ``x, y, size, color``, one entry per account; its place is its id.
    edges : (source place, target place, weight).
    data : what the page's script reads, as ``packing`` packs it.
    words : what the template shows as text; escaped there.
    """
    from pyvis.network import Network as VisNetwork  # imports IPython: only when a page is made

    drawing = VisNetwork(directed=True)
    ids = list(range(len(nodes["x"])))
    drawing.add_nodes(ids, label=[""] * len(ids), **nodes)
    for source, target, weight in edges:
        drawing.add_edge(source, target, value=weight)
    drawing.set_options(json.dumps(OPTIONS))
    drawing.templateEnv = _environment()
    drawing.templateEnv.globals.update(_shell(data, words, {"vis": _vis_network(), "viewer": _own("viewer-vis.js")}))
    drawing.path = "page.html"
    html: str = drawing.generate_html("page.html")
    return html


def with_webgl(data: str, words: Mapping[str, Any]) -> str:
    """Write the whole page, drawn by sigma.js; ``data`` and ``words`` as for ``with_pyvis``."""
    shell = _shell(data, words, {"viewer": _own("viewer-webgl.js")})
    return _environment().get_template("page.html").render(nodes=None, edges=None, options=None, **shell)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({"page.html": _own("page.html.j2")}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["script_json"] = lambda content: Markup(script_json(content))  # noqa: S704
    environment.filters["parsed"] = json.loads  # pyvis hands its options over as JSON text
    return environment


def _shell(data: str, words: Mapping[str, Any], scripts: Mapping[str, str]) -> dict[str, Any]:
    """What the template is given in both ways."""
    style = _own("page.css")
    return {
        "words": words,
        "data": data,
        "policy": policy(list(scripts.values()), style),
        # Our own files and those of the libraries, none of it from the data.
        "scripts": {name: Markup(text) for name, text in scripts.items()},  # noqa: S704
        "style": Markup(style),  # noqa: S704
    }


def policy(scripts: Sequence[str], style: str) -> str:
    """Content-Security-Policy: nothing is loaded, and nothing runs but scripts with these hashes."""
    allowed = " ".join(f"'{_hash(text)}'" for text in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _own(name: str) -> str:
    return resources.files("netmed.show").joinpath("assets", name).read_text(encoding="utf-8")


def _vis_network() -> str:
    """vis-network as pyvis ships it; a browser reads CR LF as LF, so the hash must be of that."""
    text = resources.files("pyvis").joinpath(_VIS).read_bytes().decode("utf-8")
    return text.replace("\r\n", "\n")
