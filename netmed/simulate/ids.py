"""Ids as the platform makes them: numbers by order of sign-up first, snowflakes since."""

from netmed.simulate.chance import Chance

EPOCH = 1_288_834_974_657
"""Moment zero of snowflake ids, in milliseconds since 1970."""

_SNOWFLAKE_ACCOUNTS = 1_446_336_000_000
"""Accounts opened from November 2015 on have snowflake ids; older ones a running number."""

_SIGN_UPS_FROM = 1_142_899_200_000
_MIX = 2_654_435_761  # odd, so multiplying by it shuffles the 22 low bits without a collision


def snowflake(moment: int, serial: int) -> str:
    """Make the id of something created at ``moment`` (milliseconds since 1970).

    ``serial`` numbers everything made in a collection; it fills the 22 low bits, so two ids differ
    even within one millisecond.
    """
    return str((moment - EPOCH) << 22 | (serial * _MIX) & 0x3FFFFF)


def moment_of(post_id: str) -> int:
    """Read from a snowflake id when it was made, in milliseconds since 1970."""
    return (int(post_id) >> 22) + EPOCH


def account_ids(created: list[int], chance: Chance) -> list[str]:
    """Give each account an id of its own that fits the moment it was opened."""
    taken: set[int] = set()
    ids = []
    for serial, moment in enumerate(created):
        if moment >= _SNOWFLAKE_ACCOUNTS:
            ids.append(snowflake(moment, serial))
            continue
        number = (moment - _SIGN_UPS_FROM) // 80 + chance.below(1000)
        while number in taken:
            number += 1
        taken.add(number)
        ids.append(str(number))
    return ids
