"""The network among accounts of chosen roles: who else is left out, and what goes with them.

Both ends of an edge must have one of the roles (an induced subgraph): what a physician says to a journal
is no edge of the network among physicians. An account of another role is left out with its posts and with
every event to and from it; one whose role is not known is of another role. An account that has the role but
wrote nothing, and that only accounts left out addressed, has nothing left in the network and goes too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from netmed.building.choices import Choices
from netmed.engines import Engine
from netmed.errors import NetworkError
from netmed.roles.roster import role_of


@dataclass(frozen=True, slots=True)
class Members:
    """Accounts of the chosen roles.

    ``keys`` : their ``account_key``. ``accounts, of_other_roles, of_unknown_role`` : how many accounts there were in
    all, of other roles, and of a role that is ``unknown`` or empty.
    """

    keys: ir.Table
    accounts: int
    of_other_roles: int
    of_unknown_role: int

    def counts_with(self, within: int) -> dict[str, int]:
        """For the audit: accounts = of other roles + of unknown role + left with nothing + ``within``."""
        others = {"of_other_roles": self.of_other_roles, "of_unknown_role": self.of_unknown_role}
        nothing = self.accounts - sum(others.values()) - within
        return {"accounts": self.accounts, **others, "with_nothing_left": nothing, "within": within}


def checked_roles(roles: Sequence[str]) -> tuple[str, ...]:
    """The roles that words mean, each once: the words of a roster (``doctor`` is physician) are those of the filter.

    Raises ``UnknownNameError`` naming the nearest.
    """
    return tuple(dict.fromkeys(role_of(role) for role in roles))


def members(engine: Engine, accounts: ir.Table, choices: Choices) -> Members:
    """The accounts that have one of ``choices.roles``.

    Parameters
    ----------
    accounts : ``account_key, role`` of the whole network, stored.

    Raises ``NetworkError`` where no role is known or nobody has one of these.
    """
    counted = accounts.group_by("role").agg(n=accounts.count()).execute()
    here = {str(role): int(n) for role, n in zip(counted["role"], counted["n"], strict=True) if isinstance(role, str)}
    total = int(counted["n"].sum())
    if not here and total:
        raise NetworkError("no role is known; `netmed roles NETWORK` finds them, or a roster states them (--accounts)")
    roles = choices.roles
    inside = sum(here.get(role, 0) for role in roles)
    if total and not inside:
        there = ", ".join(f"{role} {n:,}" for role, n in sorted(here.items(), key=lambda item: (-item[1], item[0])))
        raise NetworkError(f"no account is {' or '.join(roles)}; of {total:,} accounts are {there}")
    keys = engine.store("members", accounts.filter(accounts.role.isin(list(roles))).select("account_key"))
    known = sum(n for role, n in here.items() if role in roles or role != "unknown")
    return Members(keys, total, known - inside, total - known)


def among(pairs: ir.Table, members: Members) -> ir.Table:
    """The events, or edges, whose both ends are among the members."""
    keys = members.keys.account_key
    return pairs.filter(pairs.source_key.isin(keys) & pairs.target_key.isin(keys))
