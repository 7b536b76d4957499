"""Which communities form: ``leiden`` finds them, ``names`` says what they are about."""

from netmed.community.modularity import leiden
from netmed.community.naming import names

__all__ = ["leiden", "names"]
