"""Which communities form: ``leiden`` finds them, ``names`` says what they are about."""

from netmed.community.chance import excess
from netmed.community.comparing import agreement
from netmed.community.flow_modules import infomap
from netmed.community.modularity import leiden
from netmed.community.naming import names

__all__ = ["agreement", "excess", "infomap", "leiden", "names"]
