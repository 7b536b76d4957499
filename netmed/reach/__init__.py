"""Whom an account reaches, honestly: a ladder of rungs, expected cascades, and several accounts together.

``ladder`` gives every rung of every account, ``cascade`` the reach of a cascade with its standard error, ``joint``
those that together reach most.
"""

from netmed.reach.assembling import ladder
from netmed.reach.cascade_reach import cascade
from netmed.reach.joint_reach import joint

__all__ = ["cascade", "joint", "ladder"]
