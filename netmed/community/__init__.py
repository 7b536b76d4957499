"""Which communities form, how sure that is, and who engages whom.

``leiden`` and ``infomap`` find communities, ``agreement`` compares two partitions, ``excess`` holds one
against chance, ``names`` says what they are about, ``described`` and ``members`` are its tables;
``mixing`` and ``homophily`` tell whether groups keep to themselves; ``study`` does all of it.
"""

from netmed.community.chance import excess
from netmed.community.comparing import agreement
from netmed.community.describing import described, members
from netmed.community.ei_index import homophily
from netmed.community.flow_modules import infomap
from netmed.community.mixing_matrix import mixing
from netmed.community.modularity import leiden
from netmed.community.naming import names
from netmed.community.whole import Study, study

__all__ = [
    "Study",
    "agreement",
    "described",
    "excess",
    "homophily",
    "infomap",
    "leiden",
    "members",
    "mixing",
    "names",
    "study",
]
