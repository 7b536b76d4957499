"""Links: short addresses as X makes them, and what X knows about the pages behind them."""

from dataclasses import dataclass, field
from typing import Any

from netmed.simulate.chance import Chance
from netmed.simulate.vocabulary import lexicon

SHORT = 23
"""How many characters every short address has, and every link counts for."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PAIRS = tuple(one + other for one in _LETTERS for other in _LETTERS)
_PAIRS_IN_A_LINK = 5
_SHOWN = 26
_PREVIEWED = 0.3
_SIDES = (675, 900, 1080, 1200, 1536, 2048)


@dataclass(frozen=True, slots=True)
class Link:
    """A link from ``start`` to ``end`` of a text; ``page`` is what X adds where it has read the page."""

    start: int
    end: int
    short: str
    expanded: str
    page: dict[str, Any] = field(default_factory=dict)

    def entity(self) -> dict[str, Any]:
        """Give the v2 entity."""
        return {
            "start": self.start,
            "end": self.end,
            "url": self.short,
            "expanded_url": self.expanded,
            "display_url": displayed(self.expanded),
            **self.page,
        }


def shortened(chance: Chance) -> str:
    """Invent a short address."""
    return "https://t.co/" + "".join([chance.pick(_PAIRS) for _ in range(_PAIRS_IN_A_LINK)])


def displayed(expanded: str) -> str:
    """Cut an address as X shows it: without the scheme, and at most 26 characters of it."""
    shown = expanded.removeprefix("https://")
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"


def preview(chance: Chance, topic: str, expanded: str) -> dict[str, Any]:
    """Give what X read on the page behind a link: nothing, or title, summary and often pictures."""
    if not chance.happens(_PREVIEWED):
        return {}
    words = lexicon()
    page: dict[str, Any] = {}
    if chance.happens(0.7):
        name = expanded.rpartition("/")[2]
        page["images"] = [
            {"url": f"https://images.example/news_img/{name}?format=jpg&name={size}", "width": width, "height": height}
            for size, width, height in (("orig", 1200, 630), ("150x150", 150, 150))
        ]
    title = chance.pick(words.titles).format(t=topic)
    return page | {
        "status": 200,
        "title": title[0].upper() + title[1:],
        "description": chance.pick(words.summaries).format(t=topic),
        "unwound_url": expanded,
    }


def photo(post_id: str, chance: Chance) -> dict[str, Any]:
    """Invent the v2 media object of a picture in a post."""
    key = f"3_{int(post_id) - 1 - chance.below(4000)}"
    return {
        "media_key": key,
        "type": "photo",
        "url": f"https://images.example/media/{key}.jpg",
        "height": chance.pick(_SIDES),
        "width": chance.pick(_SIDES),
    }
