"""Whom an account reaches, honestly: expected cascades of every account, and of several together.

``cascade`` gives the reach of every account with its standard error, ``joint`` those that together reach most.
"""

from netmed.reach.cascade_reach import cascade
from netmed.reach.joint_reach import joint

__all__ = ["cascade", "joint"]
