"""Other shapes of the same posts, for tests that hold the readers against each other.

``flatten`` gives what `twarc2 flatten` gives: one self-contained post per line. It follows the
behaviour that twarc documents (the response keeps its form, what `includes` knows is added in
place), and is held against a page and its flattened twin in tests/test_simulate.py.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]


def flatten(page: Json) -> Iterator[Json]:
    """Give the posts of a v2 response page, each with all that the page knows about it inline.

    Added are ``author``, ``in_reply_to_user``, the profiles of mentioned accounts (found by handle),
    the content and authors of referenced posts, media and places, and the page's ``__twarc``. What
    the page does not know becomes an empty object, or leaves a reference with its type and id. The
    page itself is not changed.
    """
    includes = page.get("includes", {})
    people: Json = {}
    for user in includes.get("users", []):
        people[user["id"]] = people[user["username"]] = user
    media = {one["media_key"]: one for one in includes.get("media", [])}
    places = {one["id"]: one for one in includes.get("places", [])}
    along: dict[str, Json] = {post["id"]: post for post in includes.get("tweets", [])}

    def inside(post: Json) -> Json:
        full = dict(post)
        if "mentions" in post.get("entities", {}):
            mentions = [mention | people.get(mention["username"], {}) for mention in post["entities"]["mentions"]]
            full["entities"] = post["entities"] | {"mentions": mentions}
        if "media_keys" in post.get("attachments", {}):
            seen = [media.get(key, {}) for key in post["attachments"]["media_keys"]]
            full["attachments"] = post["attachments"] | {"media": seen}
        if "place_id" in post.get("geo", {}):
            full["geo"] = post["geo"] | places.get(post["geo"]["place_id"], {})
        return full

    def beside(post: Json) -> Json:
        full = dict(post)
        if "author_id" in post:
            full["author"] = people.get(post["author_id"], {})
        if "in_reply_to_user_id" in post:
            full["in_reply_to_user"] = people.get(post["in_reply_to_user_id"], {})
        if "referenced_tweets" in post:
            full["referenced_tweets"] = [ref | along.get(ref["id"], {}) for ref in post["referenced_tweets"]]
        return full

    along = {key: inside(post) for key, post in along.items()}
    # in the order of the page: a post that came along shows another one as far as that one is known by then
    for key in list(along):
        along[key] = beside(along[key])
    data = page.get("data", [])
    for post in data if isinstance(data, list) else [data]:
        flat = beside(inside(post))
        if "__twarc" in page:
            flat["__twarc"] = page["__twarc"]
        yield flat


def read_lines(path: Path) -> Iterator[Json]:
    """Read JSON Lines, plain or gzip."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        for line in stream:
            yield orjson.loads(line)


def write_flat(pages_path: Path, flat_path: Path) -> int:
    """Write the posts of a file of pages one per line; return how many there are."""
    count = 0
    with flat_path.open("wb") as out:
        for page in read_lines(pages_path):
            for post in flatten(page):
                out.write(orjson.dumps(post, option=orjson.OPT_APPEND_NEWLINE))
                count += 1
    return count
