"""How long 200 replicates take, and how much memory: degree, strength and PageRank of invented networks."""

import argparse
import resource
import sys
import time

from rank_intervals import as_network, heavy_tailed

from netmed import uncertainty
from netmed.centrality import scores


def main() -> None:
    """Print seconds and peak memory by size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--accounts", type=int, nargs="*", default=[30_000])
    parser.add_argument("--measures", default="in_degree,in_strength,pagerank")
    chosen = parser.parse_args()
    for accounts in chosen.accounts:
        made = as_network(heavy_tailed(accounts, accounts * 2 // 3), accounts)
        table = scores(made, measures=["degree", "strength", "pagerank"])
        start = time.perf_counter()
        uncertainty.bootstrap(made, table, measures=chosen.measures.split(","), replicates=chosen.replicates)
        seconds = time.perf_counter() - start
        scale = 1024 * 1024 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
        print(
            f"{accounts:,} accounts, {len(made.edges):,} edges, {chosen.replicates} replicates of {chosen.measures}: "
            f"{seconds:.1f} s; peak of this process {peak:,.0f} MB"
        )


if __name__ == "__main__":
    main()
