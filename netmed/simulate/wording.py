"""The words of a post: phrases, topics, hashtags and links put together into a draft.

Each function returns the draft and what it addresses by hand. Two things are kept true here: after
the leading mentions of a reply comes a word, and a mention follows RT, MT or via only in a
reposting typed by hand.
"""

from typing import Any

from netmed.simulate.chance import Chance
from netmed.simulate.links import photo, preview, shortened
from netmed.simulate.people import Account
from netmed.simulate.posts import Draft
from netmed.simulate.vocabulary import Phrase, lexicon

_WEB_APP = 1_562_889_600_000
_TAG = "MedEd"
_ASIDES = (0.92, 0.55, 0.25)
"""How many posts go on with a first, second and third sentence."""

_CHATTY, _LINKED, _PICTURED, _SUBJECTS = 0.4, 0.36, 0.25, 1 / 3

Typed = list[tuple[Account, str]]


class Wording:
    """Writes drafts."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._words = lexicon()

    def plain(self, author: Account, at: int, typed: list[Account], *, tagged: bool = True) -> tuple[Draft, Typed]:
        """Write a post that answers nobody, with a mention of each of ``typed`` (at most two)."""
        draft, chance = Draft(at), self._chance
        if len(typed) < 2 and chance.happens(0.05):
            draft.lang = chance.pick(tuple(self._words.foreign))
            phrase = self._words.foreign[draft.lang][len(typed)]
        else:
            phrase = chance.pick(self._words.posts[len(typed)])
        draft.phrase(phrase, self._topic(author), typed)
        self._finish(draft, author, tagged=tagged)
        return draft, [(who, "mention") for who in typed]

    def reply(
        self,
        author: Account,
        at: int,
        leading: list[Account],
        typed: list[Account],
        *,
        thread: bool = False,
        quoting: bool = False,
    ) -> tuple[Draft, Typed]:
        """Write a reply: the mentions that the platform fills in, then sentences of the author's.

        ``quoting`` leaves the place at the end to ``quote_link``.
        """
        draft = Draft(at)
        for account in leading:
            draft.mention(account)
            draft.text += " "
        phrases = self._words.threads if thread else self._words.replies[len(typed)]
        draft.phrase(self._chance.pick(phrases), self._topic(author), typed)
        self._finish(draft, author, linked=not quoting)
        return draft, [(who, "mention") for who in typed]

    def quote(self, author: Account, at: int, typed: list[Account]) -> tuple[Draft, Typed]:
        """Write the comment of a quote; ``quote_link`` ends it."""
        draft = Draft(at)
        draft.phrase(self._chance.pick(self._words.quotes[len(typed)]), self._topic(author), typed)
        self._finish(draft, author, linked=False)
        return draft, [(who, "mention") for who in typed]

    def quote_link(self, draft: Draft, author: Account | None, post_id: str) -> None:
        """End a quote with the link to the quoted post; without its author the link names nobody."""
        place = author.handle(draft.at) if author else "i/web"
        draft.link(shortened(self._chance), f"https://twitter.com/{place}/status/{post_id}")

    def directed(self, author: Account, at: int, targets: list[Account]) -> tuple[Draft, list[Account]]:
        """Write a post that begins with a typed mention; return those mentioned, in order."""
        return self._addressing(author, at, self._chance.pick(self._words.directed), targets)

    def manual(self, author: Account, at: int, targets: list[Account]) -> tuple[Draft, list[Account]]:
        """Write a reposting by hand; the first of those returned is the one reposted."""
        return self._addressing(author, at, self._chance.pick(self._words.manual), targets)

    def picture(self, draft: Draft, author: Account, post_id: str) -> dict[str, Any]:
        """End a post that has a picture with the link to it; return its media object, or nothing."""
        if not draft.has_picture:
            return {}
        short, address = (
            shortened(self._chance),
            f"https://twitter.com/{author.handle(draft.at)}/status/{post_id}/photo/1",
        )
        draft.link(short, address, {"display_url": short.replace("t.co", "pic.twitter.com").removeprefix("https://")})
        return photo(post_id, self._chance)

    def surroundings(self, at: int) -> tuple[str, tuple[tuple[str, ...], ...]]:
        """Choose the app a post was sent with, and the subjects X saw in it."""
        words = self._words
        source = self._chance.pick(words.sources_new if at >= _WEB_APP else words.sources_old)
        if not self._chance.happens(_SUBJECTS):
            return source, ()
        first, many = self._chance.below(len(words.subjects)), 2 + self._chance.below(2)
        return source, (words.subjects + words.subjects)[first : first + many]

    def _addressing(
        self, author: Account, at: int, phrase: Phrase, targets: list[Account]
    ) -> tuple[Draft, list[Account]]:
        draft = Draft(at)
        draft.phrase(phrase, self._topic(author), targets)
        self._finish(draft, author)
        return draft, targets[: phrase.count("{m}")]

    def _topic(self, author: Account) -> str:
        return self._chance.pick(author.topics if self._chance.happens(0.6) else self._words.general_topics)

    def _finish(self, draft: Draft, author: Account, *, tagged: bool = True, linked: bool = True) -> None:
        chance, words = self._chance, self._words
        asides = words.asides if draft.lang == "en" else words.foreign_asides[draft.lang]
        for share in _ASIDES:
            if not chance.happens(share):
                break
            draft.aside(chance.pick(asides), self._topic(author), reserved=len(_TAG) + 2)
        if tagged:
            draft.hashtag(_TAG if chance.happens(0.9) else _TAG.lower(), needed=True)
        if chance.happens(0.6):
            draft.hashtag(chance.pick(author.tags))
        if chance.happens(_CHATTY):
            draft.hashtag(chance.pick(words.chats))
        if linked and chance.happens(_LINKED):
            address = self._address(author)
            draft.link(shortened(chance), address, preview(chance, self._topic(author), address))
        elif linked:
            draft.has_picture = chance.happens(_PICTURED)

    def _address(self, author: Account) -> str:
        number = 1000 + self._chance.below(9000)
        if self._chance.happens(0.4):
            return f"https://doi.org/10.5555/{author.tags[0].lower()}.{number}"
        return f"https://{author.tags[0].lower()}.example/posts/{number}"
