#!/usr/bin/env python3
"""The network page against its budgets: layout, file, time until it is ready, time until an account is picked.

    python benchmarks/page.py [300 2000 10000 50000 100000]

Planted communities, mixing .22, invented names; opened in a headless Chromium without a graphics card.
Needs the development environment (scripts/env.sh dev) and Chromium (scripts/browser.sh).
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import igraph
from browser import at_rest, complaints, opened, requests, resize, visit
from page_cases import circled, crowd, measured

from netmed.show import network_page, page, positions
from netmed.show.layout import purity

BUDGETS = {  # accounts: edges, seconds of layout, MB of the file, seconds until ready, and until an account is picked
    300: (1_200, 2, 0.8, 1.5, 0.1),
    2_000: (8_000, 5, 0.8, 2.5, 0.2),
    10_000: (40_000, 12, 1, 4, 0.3),
    50_000: (200_000, 40, 3.5, 7, 1),
    100_000: (400_000, 60, 7, 10, 1.5),
}
ROUNDS = 3


def main(sizes: list[int]) -> None:
    """Print a row per size; a figure over its budget is marked."""
    heads = "".join(f"{head:>15}" for head in ("layout", "file", "ready", "select"))
    print(f"{'accounts':>9} {'edges':>8}  {'renderer':8}{heads} purity")
    with tempfile.TemporaryDirectory() as work, opened() as driver:
        for accounts in sizes:
            edges, *budget = BUDGETS[accounts]
            network, group = crowd(accounts, edges, posts=accounts <= 50_000)
            laid: dict[str, object] = {}
            whole = positions.layout

            def timed(graph: igraph.Graph, *rest: object, **settings: object) -> object:
                began = time.perf_counter()
                points = whole(graph, *rest, **settings)  # noqa: B023 - called within this round
                laid.update(seconds=time.perf_counter() - began, graph=graph, points=points)  # noqa: B023
                return points

            positions.layout = timed
            path = Path(work) / f"{accounts}.html"
            scores, circles = measured(network), circled(network, group)
            made = page(network, scores, circles, path, max_accounts=accounts)
            positions.layout = whole
            edges_drawn = network_page.WEBGL_EDGES
            drawn = network_page.select(
                network, scores["pagerank"], circles["community"], max_accounts=accounts, max_edges=edges_drawn
            ).accounts
            kept, _ = purity(laid["graph"], laid["points"], group[drawn].tolist())
            ready, select = [], []
            for _ in range(ROUNDS):
                driver.get("about:blank")
                resize(driver, 1280, 800)
                complaints(driver), requests(driver)
                began = time.perf_counter()
                visit(driver, path)
                ready.append(time.perf_counter() - began)
                at_rest(driver)
                select.append(
                    driver.execute_async_script(
                        "const done = arguments[0], began = performance.now(); netmed.pick(0);"
                        "requestAnimationFrame(() => done((performance.now() - began) / 1000));"
                    )
                )
                assert (complaints(driver), requests(driver)) == ([], [])
            figures = [laid["seconds"], made.bytes / 1e6, statistics.median(ready), statistics.median(select)]
            cells = [
                f"{figure:.2f}/{most:g} {unit}{'!' if figure > most else ' '}"
                for figure, most, unit in zip(figures, budget, ("s", "MB", "s", "s"), strict=True)
            ]
            row = "".join(f"{cell:>15}" for cell in cells)
            print(f"{accounts:>9,} {edges:>8,}  {made.renderer:8}{row} {kept:6.3f}", flush=True)


if __name__ == "__main__":
    main([int(size.replace("_", "")) for size in sys.argv[1:]] or list(BUDGETS))
