"""Profiles: an account's v2 user object, with what X finds in its bio and its link."""

import re
from typing import Any

import orjson

from netmed.simulate.ids import snowflake
from netmed.simulate.links import SHORT, Link
from netmed.simulate.people import DAY, Account
from netmed.simulate.posts import stamp
from netmed.simulate.volume import END

_TAG = re.compile(r"#(\w+)")
_MENTION = re.compile(r"@(\w+)")


def profile(account: Account, now: int) -> orjson.Fragment:
    """Give an account's v2 profile as it is at ``now``: the handle of the day, followers still growing."""
    if not account.profile:
        account.profile = orjson.dumps(_lasting(account))
    age = max(0, min(now, END) - account.joined)
    followers = account.followers * (3 * (END - account.joined) + 7 * age) // (10 * (END - account.joined))
    tail = (
        f',"username":"{account.handle(now)}","public_metrics":{{"followers_count":{followers},'
        f'"following_count":{account.following},"tweet_count":{int(account.activity * 40) + age // 86_400_000},'
        f'"listed_count":{followers // 90}}}}}'
    )
    return orjson.Fragment(account.profile[:-1] + tail.encode())


def _lasting(account: Account) -> dict[str, Any]:
    """Give the part of a profile that stays the same for good."""
    short, homepage = account.homepage
    body: dict[str, Any] = {
        "id": account.id,
        "created_at": stamp(account.created),
        "name": account.name,
        "description": account.bio,
        "protected": False,
        "verified": account.verified,
        "url": short,
        "profile_image_url": f"https://images.example/profile_images/{account.id}/portrait_normal.jpg",
    }
    if account.location:
        body["location"] = account.location
    if account.has_pinned:
        body["pinned_tweet_id"] = snowflake(account.joined - 20 * DAY, account.index)
    entities: dict[str, Any] = {}
    if short:
        entities["url"] = {"urls": [Link(0, SHORT, short, homepage).entity()]}
    described = {
        "hashtags": [{"start": at.start(), "end": at.end(), "tag": at[1]} for at in _TAG.finditer(account.bio)],
        "mentions": [
            {"start": at.start(), "end": at.end(), "username": at[1]} for at in _MENTION.finditer(account.bio)
        ],
    }
    if account.bio_link[0]:
        ends = len(account.bio)
        described["urls"] = [Link(ends - SHORT, ends, *account.bio_link).entity()]
    if any(described.values()):
        entities["description"] = {kind: found for kind, found in described.items() if found}
    if entities:
        body["entities"] = entities
    return body
