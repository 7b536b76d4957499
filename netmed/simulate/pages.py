"""Posts into pages: the response pages of X API v2 as twarc2 writes them, one per line.

A collection is gathered in harvests, as repeated searches gather it: each harvest brings the newest
posts first, on pages of up to 100, with the profiles and the posts that came along as they are at
that moment.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from netmed.simulate.chance import Chance
from netmed.simulate.people import Account
from netmed.simulate.posts import Post
from netmed.simulate.profiles import profile
from netmed.simulate.said import Delivery
from netmed.simulate.volume import START

PAGE = 100
INVENTED = "netmed simulate (invented accounts)"
"""The program's version on every page; `netmed build` passes it on, so that nobody takes the posts for real."""
_NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"


class Harvests:
    """Puts deliveries on pages, in harvests of one to five pages."""

    def __init__(self, *, seed: int) -> None:
        self._chance = Chance(seed, "pages")
        self._basket: list[Delivery] = []
        self._later: list[tuple[int, Delivery]] = []
        self._size = self._next_size()
        self._number = 0
        self._clock = START

    def take(self, deliveries: Iterable[Delivery]) -> Iterator[bytes]:
        """Take in deliveries; when a harvest is full, give its pages, each a line of JSON."""
        for delivery in deliveries:
            if delivery.late:
                self._postpone(delivery)
            else:
                self._basket.append(delivery)
            if delivery.again:
                self._postpone(delivery)
        if len(self._basket) >= self._size:
            yield from self._harvest()

    def finish(self) -> Iterator[bytes]:
        """Give what is left: the last harvest, and one more for what was held back."""
        if self._basket:
            yield from self._harvest()
        self._later = [(self._number, delivery) for _, delivery in self._later]
        yield from self._harvest()

    def _next_size(self) -> int:
        return PAGE * (1 + self._chance.below(5)) - self._chance.below(PAGE // 2)

    def _postpone(self, delivery: Delivery) -> None:
        self._later.append((self._number + 1 + self._chance.below(3), delivery))

    def _harvest(self) -> Iterator[bytes]:
        due = [delivery for number, delivery in self._later if number <= self._number]
        self._later = [waiting for waiting in self._later if waiting[0] > self._number]
        for delivery in due:
            if delivery.again:
                delivery.post.likes += 1 + self._chance.below(20)
                delivery.post.retweets += self._chance.below(3)
        posts = sorted(self._basket + due, key=lambda delivery: int(delivery.post.id), reverse=True)
        if posts:
            newest = max(delivery.post.at for delivery in posts)
            self._clock = max(self._clock, newest) + 60_000 + self._chance.below(540_000)
        for start in range(0, len(posts), PAGE):
            yield _page(posts[start : start + PAGE], self._clock, more=start + PAGE < len(posts))
            self._clock += 2000
        self._basket = []
        self._number += 1
        self._size = self._next_size()


def _page(deliveries: list[Delivery], now: int, *, more: bool) -> bytes:
    accounts: dict[int, Account] = {}
    along: dict[str, Post] = {}
    lost: dict[str, str] = {}
    for delivery in deliveries:
        for other in delivery.along:
            along[other.id] = other
        for post in (delivery.post, *delivery.along):
            accounts |= {account.index: account for account in (post.author, *post.mentioned)}
            if post.addressed:
                accounts[post.addressed.index] = post.addressed
        if delivery.lost:
            lost[delivery.lost] = "tweet"
    includes: dict[str, Any] = {"users": [profile(who, now) for who in accounts.values() if not who.gone]}
    if along:
        includes["tweets"] = [post.render() for post in along.values()]
    pictures = [delivery.post.picture for delivery in deliveries if delivery.post.picture]
    if pictures:
        includes["media"] = pictures
    page: dict[str, Any] = {"data": [delivery.post.render() for delivery in deliveries], "includes": includes}
    lost |= {account.id: "user" for account in accounts.values() if account.gone}
    if lost:
        page["errors"] = [_error(resource, kind) for resource, kind in lost.items()]
    ids = [delivery.post.id for delivery in deliveries]
    page["meta"] = {"newest_id": ids[0], "oldest_id": ids[-1], "result_count": len(ids)}
    if more:
        page["meta"]["next_token"] = f"b26v89c19zqg8o3f{int(ids[-1]):x}"
    page["__twarc"] = {
        "url": "https://api.twitter.com/2/tweets/search/all",
        "version": INVENTED,
        "retrieved_at": datetime.fromtimestamp(now // 1000, UTC).isoformat(),
    }
    return orjson.dumps(page, option=orjson.OPT_APPEND_NEWLINE)


def _error(resource: str, kind: str) -> dict[str, str]:
    return {
        "value": resource,
        "detail": f"Could not find {kind} with id: [{resource}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": "referenced_tweets.id" if kind == "tweet" else "entities.mentions.username",
        "resource_id": resource,
        "type": _NOT_FOUND,
    }
