"""The posts of a flattened v2 file as a Mastodon server would have given them out.

Accounts live on three servers and are called by the number they have on X, as a handle on Mastodon
never moves. A server knows posts and accounts by ids of its own, its own accounts by short handles.
"""

import html
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

HOSTS = ("meded.example", "Wards.example", "lab.meded.example:3000")
CANNOT = (
    "a post directed at an account without replying to a post (its mention stays one); the author of a deleted "
    "quoted post; a repost whose original is gone (it goes with it); that two versions of an edited post are one "
    "where their uris differ (on Mastodon they never do); renames (a handle is the account); impressions"
)


def carried(post: Json) -> Json | None:
    """The same post without what Mastodon cannot carry; None for a post that it cannot carry at all."""
    references = {reference["type"]: reference for reference in post.get("referenced_tweets", [])}
    if "retweeted" in references and "author_id" not in references["retweeted"]:
        return None
    left = {key: value for key, value in post.items() if key != "edit_history_tweet_ids"}
    if "replied_to" not in references:
        left.pop("in_reply_to_user_id", None)
        left.pop("in_reply_to_user", None)
    if "quoted" in references and "author_id" not in references["quoted"]:
        left["entities"] = {name: found for name, found in post.get("entities", {}).items() if name != "urls"}
    return left


def handle(account: str) -> str:
    """The whole handle of an account of X."""
    return f"Nr{account}@{HOSTS[int(account) % len(HOSTS)]}"


def account_key(key: str) -> str:
    """The key of the account that has this key on X."""
    return "mastodon:" + handle(key.removeprefix("x:")).lower()


def uri(post: str, author: str) -> str:
    """The name of a post, on every server."""
    name, host = handle(author).split("@")
    return f"https://{host}/users/{name}/statuses/{post}"


class Server:
    """One server: what it calls things."""

    def __init__(self, host: str = HOSTS[0]) -> None:
        self.host = host

    def local(self, number: str | None) -> str | None:
        """The id that this server gave to a post or an account."""
        return None if number is None else str(int(number) * len(HOSTS) + HOSTS.index(self.host))

    def who(self, account: str) -> Json:
        """How it names an account."""
        name, host = handle(account).split("@")
        acct = name if host == self.host else f"{name}@{host}"
        return {"id": self.local(account), "username": name, "acct": acct, "url": f"https://{host}/@{name}"}

    def status(self, post: Json) -> Json:
        """One status, with those it reposts and quotes inside."""
        references = {reference["type"]: reference for reference in post.get("referenced_tweets", [])}
        reposted, quoted = references.get("retweeted"), references.get("quoted")
        parent = references.get("replied_to")
        entities, metrics = post.get("entities", {}), post.get("public_metrics", {})
        mentions = {mention["id"]: self.who(mention["id"]) for mention in entities.get("mentions", [])}
        made: Json = {
            "id": self.local(post["id"]),
            "created_at": post["created_at"],
            "edited_at": None,
            "uri": uri(post["id"], post["author_id"]),
            "url": self.who(post["author_id"])["url"] + "/" + post["id"],
            "visibility": "public",
            "language": post.get("lang"),
            "in_reply_to_id": self.local(parent and parent["id"]),
            "in_reply_to_account_id": self.local(post.get("in_reply_to_user_id")) if parent else None,
            "content": "" if reposted else self.content(post),
            "account": self.who(post["author_id"]) | _profile(post.get("author") or {}),
            "mentions": [] if reposted else list(mentions.values()),
            "tags": [
                {"name": tag["tag"].lower(), "url": f"https://{self.host}/tags/{tag['tag'].lower()}"}
                for tag in entities.get("hashtags", [])
            ],
            "favourites_count": metrics.get("like_count"),
            "reblogs_count": metrics.get("retweet_count"),
            "replies_count": metrics.get("reply_count"),
            "quotes_count": metrics.get("quote_count"),
            "card": None,
            "reblog": self.status(reposted) if reposted else None,
            "quote": None,
        }
        if quoted:
            is_there = "author_id" in quoted
            made["quote"] = {"state": "accepted" if is_there else "deleted", "quoted_status": None}
            made["quote"]["quoted_status"] = self.status(quoted) if is_there else None
        return made

    def content(self, post: Json) -> str:
        """The text in HTML, mentions and links as anchors."""
        entities, text = post.get("entities", {}), post["text"]
        pieces, at = [], 0
        spans = [(one, True) for one in entities.get("mentions", [])] + [
            (one, False) for one in entities.get("urls", [])
        ]
        for one, is_mention in sorted(spans, key=lambda pair: pair[0]["start"]):
            pieces.append(html.escape(text[at : one["start"]]).replace("\n", "<br>"))
            pieces.append(self._mention(one) if is_mention else _link(one))
            at = one["end"]
        rest = html.escape(text[at:]).replace("\n", "<br>")
        return f"<p>{''.join(pieces)}{rest}</p>"

    def _mention(self, mention: Json) -> str:
        who = self.who(mention["id"])
        link = f'<a href="{who["url"]}" class="u-url mention">@<span>{who["username"]}</span></a>'
        return f'<span class="h-card">{link}</span>'


def _link(url: Json) -> str:
    address = html.escape(url["expanded_url"])
    shown = f'<span class="invisible">https://</span><span class="">{address.removeprefix("https://")}</span>'
    return f'<a href="{address}" rel="nofollow noopener noreferrer" target="_blank">{shown}</a>'


def _profile(profile: Json) -> Json:
    counts = profile.get("public_metrics", {})
    return {
        "display_name": profile.get("name"),
        "note": f"<p>{html.escape(profile.get('description') or '')}</p>",
        "locked": bool(profile.get("protected")),
        "created_at": profile.get("created_at"),
        "followers_count": counts.get("followers_count"),
        "following_count": counts.get("following_count"),
        "statuses_count": counts.get("tweet_count"),
    }


def rows(posts: Iterable[Json], host: str = HOSTS[0]) -> Iterator[Json]:
    """One status per post that Mastodon can carry, as given out by a server."""
    server = Server(host)
    return (server.status(post) for post in posts if carried(post) is not None)


def write(posts: Iterable[Json], path: Path, host: str = HOSTS[0]) -> None:
    """Write one status per line."""
    path.write_bytes(b"".join(orjson.dumps(status) + b"\n" for status in rows(posts, host)))
