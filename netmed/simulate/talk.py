"""What everybody says: post by post, with the events that each post truly makes.

The rules are those of `netmed rules`: what a post makes follows from what its author set out to
do, known here before a word is written.
"""

from collections.abc import Iterator

from netmed.simulate.chance import Chance
from netmed.simulate.ids import snowflake
from netmed.simulate.people import Account
from netmed.simulate.posts import EDITS, Draft, Post, Setting, publish, repost_of
from netmed.simulate.said import Delivery, Intent, Said, settle
from netmed.simulate.scene import Scene
from netmed.simulate.volume import STUDY, year_start, yearly
from netmed.simulate.wording import Wording

MINUTE = 60_000
REPOSTS_PER_ORIGINAL = 0.6

_LOST_REPLIES, _LOST_QUOTES, _LOST_REPOSTS = 0.04, 0.06, 0.015
_AGAIN = 0.01
_EDITED = 0.10
_QUOTES_FROM, _LONG_THREADS_FROM = 2015, 2017
_TYPED_REPOSTS = {2012: 0.10, 2013: 0.08, 2014: 0.06, 2015: 0.03, 2016: 0.015}
_KINDS = {
    year: {
        "reply": 0.31,
        "thread": 0.08,
        "directed": 0.03,
        "manual": _TYPED_REPOSTS.get(year, 0.004),
        "quote": 0.11 if year >= _QUOTES_FROM else 0.0,
        "reply+quote": 0.02 if year >= _QUOTES_FROM else 0.0,
        "post": 1.0,
    }
    for year in STUDY
}


def conversation(accounts: list[Account], posts: int, *, seed: int) -> Iterator[Said]:
    """Say ``posts`` original posts, and reposts beside them, in the order of time."""
    talk = Talk(accounts, Chance(seed, "talk"))
    for year, count in yearly(posts).items():
        first, span = year_start(year), year_start(year + 1) - year_start(year)
        for place in range(count):
            begin = first + span * place // count
            yield from talk.slot(begin, first + span * (place + 1) // count, year)


class Talk:
    """Turns time into posts."""

    def __init__(self, accounts: list[Account], chance: Chance) -> None:
        self._chance = chance
        self._scene = Scene(accounts, chance)
        self._wording = Wording(chance)
        self._serial = 0

    def slot(self, begin: int, end: int, year: int) -> Iterator[Said]:
        """Say one original post, and the reposts that fall between it and the next."""
        chance, moments = self._chance, []
        while chance.happens(REPOSTS_PER_ORIGINAL / (1 + REPOSTS_PER_ORIGINAL)):
            moments.append(chance.unit())
        at = begin + int((end - begin) * chance.unit() / 2)
        self._scene.enter(at)
        yield self._count(self._original(at, year))
        for moment in sorted(moments):
            later = at + int((end - at) * moment)
            self._scene.enter(later)
            yield self._count(self._repost(later))

    def _count(self, said: Said) -> Said:
        said.author.posted += 1
        if len(said.deliveries) == 1:
            said.deliveries[0].again = self._chance.happens(_AGAIN)
        return said

    def _original(self, at: int, year: int) -> Said:
        kind = self._chance.chosen(_KINDS[year])
        continued = self._scene.recent_post() if kind == "thread" else None
        author = continued.author if continued else self._scene.author()
        if continued:
            return self._reply(author, at, year, continued)
        if kind == "reply" and self._chance.happens(_LOST_REPLIES):
            return self._lost_reply(author, at, year)
        if kind in ("reply", "reply+quote"):
            other = self._scene.post_for(author, lambda account: self._outside(account, at))
            return self._reply(author, at, year, other, quoting=kind == "reply+quote")
        if kind == "quote":
            lost = self._chance.happens(_LOST_QUOTES)
            return self._lost_quote(author, at, year) if lost else self._quote(author, at, year)
        if kind == "directed":
            return self._directed(author, at, year)
        if kind == "manual":
            return self._manual(author, at, year)
        if at >= EDITS and self._chance.happens(_EDITED) and at + 30 * MINUTE < year_start(year + 1):
            return self._edited(author, at, year)
        return self._plain(author, at, year)

    def _plain(self, author: Account, at: int, year: int) -> Said:
        draft, intents = self._wording.plain(author, at, self._typed(author))
        post = self._publish(author, draft)
        self._scene.remember(post)
        return self._said("post", post, year, intents)

    def _edited(self, author: Account, at: int, year: int) -> Said:
        # not remembered: a reply could come before the second version, and be older than its target
        before, _ = self._wording.plain(author, at, self._typed(author))
        later = at + MINUTE + self._chance.below(25 * MINUTE)
        after, intents = self._wording.plain(author, later, self._typed(author))
        ids = (self._id(at), self._id(later))
        seen_early = self._chance.happens(0.5)
        first = self._publish(author, before, history=ids[:1] if seen_early else ids, post_id=ids[0])
        second = self._publish(author, after, history=ids, post_id=ids[1])
        said = self._said("post", first, year, intents)
        said.deliveries.append(Delivery(second, late=True))
        return said

    def _directed(self, author: Account, at: int, year: int) -> Said:
        targets = [self._scene.addressee(author), self._scene.addressee(author)]
        draft, used = self._wording.directed(author, at, targets)
        post = self._publish(author, draft, addressed=used[0])
        self._scene.remember(post)
        return self._said("reply", post, year, [(used[0], "reply"), *((who, "mention") for who in used[1:])])

    def _manual(self, author: Account, at: int, year: int) -> Said:
        targets = [self._scene.addressee(author), self._scene.addressee(author)]
        draft, used = self._wording.manual(author, at, targets)
        post = self._publish(author, draft)
        self._scene.remember(post)
        return self._said("post", post, year, [(used[0], "retweet_manual"), *((who, "mention") for who in used[1:])])

    def _reply(self, author: Account, at: int, year: int, other: Post, *, quoting: bool = False) -> Said:
        most = 8 if year >= _LONG_THREADS_FROM else 1
        auto = _distinct(other.mentioned, but=(author, other.author))[:most]
        leading = auto if other.author is author else [other.author, *auto]
        intents = [(other.author, "reply"), *((who, "mention_auto") for who in auto)]
        typed = [] if other.author is author else self._typed(author, replying=True)
        draft, more = self._wording.reply(author, at, leading, typed, thread=other.author is author, quoting=quoting)
        references, along = [("replied_to", other.id)], [other]
        if quoting:
            quoted = other
            if self._chance.happens(0.8):
                quoted = self._scene.post_for(author, lambda account: self._outside(account, at))
            self._wording.quote_link(draft, quoted.author, quoted.id)
            references.append(("quoted", quoted.id))
            along.append(quoted)
            intents.append((quoted.author, "quote"))
            quoted.quotes += 1
        other.replies += 1
        post = self._publish(
            author, draft, addressed=other.author, references=references, conversation=other.conversation
        )
        self._scene.remember(post)
        return self._said("reply+quote" if quoting else "reply", post, year, intents + more, along=tuple(along))

    def _lost_reply(self, author: Account, at: int, year: int) -> Said:
        target = (self._scene.gone() if self._chance.happens(0.5) else None) or self._scene.addressee(author)
        auto = _distinct([self._scene.addressee(author)], but=(author, target))
        auto = auto if self._chance.happens(0.3) else []
        draft, more = self._wording.reply(author, at, [target, *auto], self._typed(author, replying=True))
        lost = self._id(at - MINUTE - self._chance.below(600 * MINUTE))
        post = self._publish(author, draft, addressed=target, references=[("replied_to", lost)], conversation=lost)
        intents = [(target, "reply"), *((who, "mention_auto") for who in auto), *more]
        return self._said("reply", post, year, intents, lost=lost)

    def _quote(self, author: Account, at: int, year: int) -> Said:
        own = self._scene.own_post(author) if self._chance.happens(0.05) else None
        other = own or self._scene.post_for(author, lambda account: self._outside(account, at))
        draft, intents = self._wording.quote(author, at, self._typed(author, replying=True))
        self._wording.quote_link(draft, other.author, other.id)
        other.quotes += 1
        post = self._publish(author, draft, references=[("quoted", other.id)])
        self._scene.remember(post)
        return self._said("quote", post, year, [(other.author, "quote"), *intents], along=(other,))

    def _lost_quote(self, author: Account, at: int, year: int) -> Said:
        named = self._scene.known_for_good(author) if self._chance.happens(0.7) else None
        draft, intents = self._wording.quote(author, at, self._typed(author, replying=True))
        lost = self._id(at - MINUTE - self._chance.below(6000 * MINUTE))
        self._wording.quote_link(draft, named, lost)
        post = self._publish(author, draft, references=[("quoted", lost)])
        quoted = [(named, "quote")] if named else []
        said = self._said("quote", post, year, [*quoted, *intents], lost=lost)
        said.unresolved = "" if named else "quote"
        return said

    def _repost(self, at: int) -> Said:
        author = self._scene.author()
        if self._chance.happens(_LOST_REPOSTS):
            target = (self._scene.gone() if self._chance.happens(0.5) else None) or self._scene.addressee(author)
            earlier = at - MINUTE - self._chance.below(600 * MINUTE)
            draft, _ = self._wording.plain(target, earlier, [])
            lost = self._id(earlier)
            post = self._publish(author, repost_of(target, draft, at), references=[("retweeted", lost)])
            return self._said("retweet", post, None, [(target, "retweet")], lost=lost)
        own = self._scene.own_post(author) if self._chance.happens(0.005) else None
        if own is None or not own.tagged:
            own = self._scene.post_for(author, lambda account: self._outside(account, at, tagged=True), tagged=True)
        own.retweets += 1
        post = self._publish(author, repost_of(own.author, own.draft, at), references=[("retweeted", own.id)])
        post.likes, post.retweets = 0, own.retweets
        return self._said("retweet", post, None, [(own.author, "retweet")], along=(own,))

    def _outside(self, account: Account, at: int, *, tagged: bool = False) -> Post:
        """Make a post that is not in the collection and only comes along with those that refer to it."""
        earlier = at - MINUTE - self._chance.below(900 * MINUTE)
        typed = [self._scene.addressee(account)] if self._chance.happens(0.2) else []
        draft, _ = self._wording.plain(account, earlier, typed, tagged=tagged)
        post = self._publish(account, draft, tagged=tagged)
        self._scene.remember(post)
        return post

    def _typed(self, author: Account, *, replying: bool = False) -> list[Account]:
        """Choose whom the author mentions by hand; now and then itself."""
        many = 1 if self._chance.happens(0.18 if replying else 0.32) else 0
        if not replying and self._chance.happens(0.14):
            many = 2
        if many and self._chance.happens(0.01):
            return [author] + [self._scene.addressee(author)] * (many - 1)
        return [self._scene.addressee(author) for _ in range(many)]

    def _id(self, at: int) -> str:
        self._serial += 1
        return snowflake(at, self._serial)

    def _publish(
        self,
        author: Account,
        draft: Draft,
        *,
        addressed: Account | None = None,
        references: list[tuple[str, str]] | None = None,
        conversation: str = "",
        history: tuple[str, ...] = (),
        post_id: str = "",
        tagged: bool = True,
    ) -> Post:
        post_id = post_id or self._id(draft.at)
        picture = self._wording.picture(draft, author, post_id)
        setting = Setting(
            conversation, addressed, references or [], history, *self._wording.surroundings(draft.at), picture
        )
        post = publish(post_id, author, draft, setting, tagged=tagged)
        post.likes = int(self._chance.tail(300) * (1 + min(80, author.followers // 3000))) - 1
        return post

    def _said(
        self,
        kind: str,
        post: Post,
        year: int | None,
        intents: list[Intent],
        *,
        along: tuple[Post, ...] = (),
        lost: str = "",
    ) -> Said:
        events = intents if kind == "retweet" else settle(intents)
        return Said(f"x:{post.id}", kind, post.author, year, [Delivery(post, along, lost)], events)


def _distinct(accounts: list[Account], *, but: tuple[Account, ...]) -> list[Account]:
    """Keep each account once, in order, without those named."""
    seen = {account.index for account in but}
    kept = []
    for account in accounts:
        if account.index not in seen:
            seen.add(account.index)
            kept.append(account)
    return kept
