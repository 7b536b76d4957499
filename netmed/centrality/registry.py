"""All measures, in the order of the columns of the table."""

from collections.abc import Sequence

from netmed.centrality.brokerage import BROKERAGE
from netmed.centrality.cartography import CARTOGRAPHY
from netmed.centrality.cores import CORENESS
from netmed.centrality.degree import DEGREE, RELATION_COUNTS, STRENGTH
from netmed.centrality.engaged import ENGAGED
from netmed.centrality.engagement import CLUSTERING, EFFECTIVE_ENGAGERS, RECIPROCITY
from netmed.centrality.measure import Measure
from netmed.centrality.paths import BETWEENNESS, HARMONIC
from netmed.centrality.spectral import EIGENVECTOR, HITS, KATZ, PAGERANK, PHYSICIAN_PAGERANK
from netmed.centrality.spreading import VIRAL
from netmed.errors import UnknownNameError
from netmed.registry import Registry, unknown

MEASURES: Registry[Measure] = Registry(
    "measure",
    (
        DEGREE,
        STRENGTH,
        RELATION_COUNTS,
        EFFECTIVE_ENGAGERS,
        ENGAGED,
        PAGERANK,
        PHYSICIAN_PAGERANK,
        HITS,
        EIGENVECTOR,
        KATZ,
        BETWEENNESS,
        HARMONIC,
        CORENESS,
        BROKERAGE,
        CARTOGRAPHY,
        CLUSTERING,
        RECIPROCITY,
        VIRAL,
    ),
    lambda measure: measure.name,
)


def chosen(names: Sequence[str] | None) -> dict[str, Measure]:
    """Column → measure, for the measures and columns named; all where none is.

    A name is a measure's (all its columns) or one column's. Raises ``UnknownNameError`` naming the
    nearest for any other.
    """
    owners = {column: measure for measure in MEASURES.values() for column in measure.column_names}
    if names is None:
        return owners
    measures = {measure.name for measure in MEASURES.values()}
    picked: dict[str, Measure] = {}
    for name in [names] if isinstance(names, str) else names:
        if name in measures:
            picked.update(dict.fromkeys(MEASURES[name].column_names, MEASURES[name]))
        elif name in owners:
            picked[name] = owners[name]
        else:
            raise UnknownNameError(unknown("measure", name, [*dict.fromkeys([*MEASURES, *owners])]))
    return picked
