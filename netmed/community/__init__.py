"""Which communities form, how sure that is, and who engages whom.

``leiden`` and ``infomap`` find communities, ``agreement`` compares two partitions, ``excess`` holds one
against chance, ``names`` says what they are about, ``described`` and ``members`` are its tables;
``mixing`` and ``homophily`` tell whether groups keep to themselves, ``expected_mixing`` who engages whom where roles
are probabilities; ``study`` does all of it.
"""

from netmed.community.chance import excess
from netmed.community.comparing import agreement
from netmed.community.describing import described, members
from netmed.community.ei_index import homophily
from netmed.community.flow_modules import infomap
from netmed.community.mixing_matrix import mixing
from netmed.community.modularity import leiden
from netmed.community.naming import names
from netmed.community.soft_mixing import expected_mixing
from netmed.community.whole import Study, study

__all__ = [
    "Study",
    "agreement",
    "described",
    "excess",
    "expected_mixing",
    "homophily",
    "infomap",
    "leiden",
    "members",
    "mixing",
    "names",
    "study",
]
