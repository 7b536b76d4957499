"""A read-only table of named things: readers, measures, methods, formats.

Docs, command choices and tests are made from these tables, so listing a thing is testing it.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from netmed.errors import UnknownNameError

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Named things of one kind, in the order they were listed.

    Parameters
    ----------
    kind : what they are, in one word, for messages ("measure").
    things : the entries, in order.
    name : how to read an entry's name.
    """

    def __init__(self, kind: str, things: tuple[T, ...], name: Callable[[T], str]) -> None:
        self._kind = kind
        self._things = {name(thing): thing for thing in things}
        if len(self._things) != len(things):
            raise ValueError(f"two entries of the {kind} registry share a name")

    def __getitem__(self, name: str) -> T:
        try:
            return self._things[name]
        except KeyError:
            raise UnknownNameError(unknown(self._kind, name, self._things)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)


def unknown(kind: str, name: str, known: Mapping[str, object] | list[str], *, most: int = 100) -> str:
    """Word the message for a name nobody knows, with the nearest matches in whatever capitals.

    Where none is near, all are named if they are ``most`` or fewer.
    """
    spelled = {one.lower(): one for one in reversed(list(known))}
    near = [spelled[one] for one in difflib.get_close_matches(name.lower(), list(spelled), n=3, cutoff=0.5)]
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    elif not known:
        hint = "there are none."
    elif len(spelled) > most:
        hint = f"nor any like it among {len(spelled):,}."
    else:
        hint = f"known are: {', '.join(dict.fromkeys(known))}."
    return f"there is no {kind} called {name!r}; {hint}"
