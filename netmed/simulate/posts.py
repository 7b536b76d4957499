"""One post: its text with every mention, hashtag and link at a known place, and its v2 body.

Offsets count code points, as X API v2 does. The truth is what the draft was told to mention; the
text is never read back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from netmed.simulate.links import SHORT, Link
from netmed.simulate.people import Account
from netmed.simulate.vocabulary import Phrase

LONG_POSTS = 1_510_012_800_000
"""From 7 November 2017 a post may have 280 characters, before 140."""

EDITS = 1_664_582_400_000
"""From October 2022 posts carry their history of edits."""

IMPRESSIONS = 1_640_995_200_000
"""From 2022 on the impression count is given; before it is absent, which is not zero."""

_REPOST_LENGTH = 140
_WIDE = re.compile("[\u2100-\U0010ffff]")  # joiners inside emoji lie below, dashes and quotation marks too


class Draft:
    """A text being written at ``at`` (milliseconds since 1970), by its author's language."""

    __slots__ = ("at", "has_picture", "hashtags", "lang", "mentions", "text", "urls")

    def __init__(self, at: int) -> None:
        self.at = at
        self.text = ""
        self.lang = "en"
        self.mentions: list[tuple[int, int, str, Account]] = []
        self.hashtags: list[tuple[int, int, str]] = []
        self.urls: list[Link] = []
        self.has_picture = False

    def mention(self, account: Account) -> None:
        """Write @ and the handle that the account has at this time."""
        start, handle = len(self.text), account.handle(self.at)
        self.text += "@" + handle
        self.mentions.append((start, len(self.text), handle, account))

    def phrase(self, phrase: Phrase, topic: str, targets: Iterable[Account]) -> None:
        """Write a phrase; its ``{m}`` become mentions of the targets in order."""
        target = iter(targets)
        for piece in phrase:
            if piece == "{m}":
                self.mention(next(target))
            else:
                self.text += topic if piece == "{t}" else piece

    def hashtag(self, tag: str, *, needed: bool = False) -> None:
        """Add a hashtag at the end, if it still fits or is needed."""
        if needed or self.has_room(len(tag) + 2):
            self.text += " "
            start = len(self.text)
            self.text += "#" + tag
            self.hashtags.append((start, len(self.text), tag))

    def aside(self, phrase: Phrase, topic: str, reserved: int) -> None:
        """Go on with a sentence not said yet, if it fits and leaves ``reserved`` characters free."""
        sentence = "".join([topic if piece == "{t}" else piece for piece in phrase])
        sentence = sentence[0].upper() + sentence[1:]
        if self.has_room(weight(sentence) + 2 + reserved) and sentence not in self.text:
            stop = "。" if self.lang == "ja" else ". "
            self.text += (stop if self.text[-1].isalnum() else " ") + sentence

    def link(self, short: str, expanded: str, page: dict[str, Any] | None = None) -> None:
        """Add a link at the end: the short address in the text; the expanded one and its page beside it."""
        self.text += " "
        start = len(self.text)
        self.text += short
        self.urls.append(Link(start, len(self.text), short, expanded, page or {}))

    def has_room(self, more: int) -> bool:
        """Tell whether so many further characters fit (a link at the end is reserved for)."""
        return weight(self.text) + more + SHORT + 1 <= (280 if self.at >= LONG_POSTS else 140)


@dataclass(slots=True, eq=False)
class Post:
    """One version of one post, ready to be put on a page.

    ``body`` is its v2 object as JSON without ``public_metrics``: counts grow between deliveries.
    ``tagged`` says that the text has #MedEd, so that a search for it would find the post; ``picture``
    is the media object of its picture, empty without one.
    """

    id: str
    author: Account
    at: int
    draft: Draft
    conversation: str
    addressed: Account | None
    tagged: bool
    body: bytes
    picture: dict[str, Any]
    likes: int = 0
    retweets: int = 0
    replies: int = 0
    quotes: int = 0

    def render(self) -> orjson.Fragment:
        """Give the v2 object with the counts of this moment."""
        counts = (
            f',"public_metrics":{{"retweet_count":{self.retweets},"reply_count":{self.replies},'
            f'"like_count":{self.likes},"quote_count":{self.quotes}'
        )
        if self.at >= IMPRESSIONS:
            counts += f',"impression_count":{(self.likes + self.retweets) * 31 + self.author.followers // 20}'
        return orjson.Fragment(self.body[:-1] + counts.encode() + b"}}")

    @property
    def mentioned(self) -> list[Account]:
        """Accounts mentioned in the text, in order."""
        return [mention[3] for mention in self.draft.mentions]


@dataclass(slots=True)
class Setting:
    """What surrounds a text: thread, referenced posts as (type, id), and the fields X adds."""

    conversation: str = ""
    addressed: Account | None = None
    references: list[tuple[str, str]] = field(default_factory=list)
    history: tuple[str, ...] = ()
    source: str = ""
    subjects: tuple[tuple[str, ...], ...] = ()
    picture: dict[str, Any] = field(default_factory=dict)


def publish(post_id: str, author: Account, draft: Draft, setting: Setting, *, tagged: bool) -> Post:
    """Make a post of a draft."""
    conversation = setting.conversation or post_id
    body: dict[str, Any] = {}
    if setting.references:
        body["referenced_tweets"] = [{"type": kind, "id": other} for kind, other in setting.references]
    if setting.addressed:
        body["in_reply_to_user_id"] = setting.addressed.id
    entities = _entities(draft)
    if entities:
        body["entities"] = entities
    if setting.picture:
        body["attachments"] = {"media_keys": [setting.picture["media_key"]]}
    if setting.subjects:
        body["context_annotations"] = [_annotation(*subject) for subject in setting.subjects]
    body |= {
        "source": setting.source,
        "possibly_sensitive": False,
        "conversation_id": conversation,
        "lang": draft.lang,
        "id": post_id,
        "author_id": author.id,
        "reply_settings": "everyone",
        "created_at": stamp(draft.at),
        "text": draft.text,
    }
    if draft.at >= EDITS:
        body["edit_history_tweet_ids"] = setting.history or (post_id,)
    return Post(
        post_id, author, draft.at, draft, conversation, setting.addressed, tagged, orjson.dumps(body), setting.picture
    )


def repost_of(author: Account, draft: Draft, at: int) -> Draft:
    """Write the text of a repost: "RT @author: " and as much of the original as 140 characters hold."""
    again = Draft(at)
    again.lang = draft.lang
    again.text = "RT "
    again.mention(author)
    again.text += ": "
    shift = len(again.text)
    again.text += draft.text
    keep = len(again.text)
    if keep > _REPOST_LENGTH:
        keep = _REPOST_LENGTH - 1
        again.text = again.text[:keep] + "…"
    again.mentions += [(a + shift, b + shift, h, who) for a, b, h, who in draft.mentions if b + shift <= keep]
    again.hashtags += [(a + shift, b + shift, tag) for a, b, tag in draft.hashtags if b + shift <= keep]
    again.urls += [
        replace(link, start=link.start + shift, end=link.end + shift) for link in draft.urls if link.end + shift <= keep
    ]
    return again


def weight(text: str) -> int:
    """Count a text as X does: emoji and East Asian letters are two characters each, all others one."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def stamp(at: int) -> str:
    """Spell a moment as X API v2 does: whole seconds, written with milliseconds."""
    return datetime.fromtimestamp(at // 1000, UTC).isoformat()[:19] + ".000Z"


def _entities(draft: Draft) -> dict[str, Any]:
    entities: dict[str, Any] = {}
    if draft.mentions:
        entities["mentions"] = [
            {"start": start, "end": end, "username": handle, "id": account.id}
            for start, end, handle, account in draft.mentions
        ]
    if draft.hashtags:
        entities["hashtags"] = [{"start": start, "end": end, "tag": tag} for start, end, tag in draft.hashtags]
    if draft.urls:
        entities["urls"] = [link.entity() for link in draft.urls]
    return entities


def _annotation(domain: str, name: str, description: str, entity: str, label: str) -> dict[str, Any]:
    return {
        "domain": {"id": domain, "name": name, "description": description},
        "entity": {"id": entity, "name": label},
    }
