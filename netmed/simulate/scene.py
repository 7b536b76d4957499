"""The stage at a moment: who has joined, what was posted lately, and whom somebody would address."""

from collections import deque
from collections.abc import Callable

from netmed.simulate.chance import Chance, Crowd
from netmed.simulate.people import DAY, Account
from netmed.simulate.posts import Post

MIXING = 0.2
"""Share of addressing that goes outside the author's own community, as planted."""

_REMEMBERED = 6000
_STALE = 30 * DAY


class Scene:
    """Accounts and recent posts as time goes by; ``enter`` moves the time, always forward."""

    def __init__(self, accounts: list[Account], chance: Chance) -> None:
        self._chance = chance
        self._waiting = deque(accounts)
        self._authors = Crowd()
        self._everyone = Crowd()
        self._communities: dict[str, Crowd] = {}
        self._gone: list[Account] = []
        self._recent: deque[Post] = deque()
        self._latest: dict[int, Post] = {}
        self._now = 0

    def enter(self, now: int) -> None:
        """Let in everybody who has joined by ``now`` (milliseconds since 1970)."""
        self._now = now
        while self._waiting and self._waiting[0].joined <= now:
            account = self._waiting.popleft()
            if account.gone:
                self._gone.append(account)
                continue
            self._authors.join(account, account.activity)
            self._everyone.join(account, account.audience)
            self._communities.setdefault(account.community, Crowd()).join(account, account.audience)

    def author(self) -> Account:
        """Draw who posts, by activity."""
        return self._authors.draw(self._chance)

    def addressee(self, author: Account) -> Account:
        """Draw somebody else to address, by audience: outside the community with share ``MIXING``."""
        return self._near(author) if not self._chance.happens(MIXING) else self._far(author)

    def gone(self) -> Account | None:
        """Draw a suspended account, if there is one yet."""
        return self._chance.pick(self._gone) if self._gone else None

    def known_for_good(self, author: Account) -> Account | None:
        """Draw an addressee that a link can name: it posted before and never changes its handle."""
        for _ in range(6):
            account = self.addressee(author)
            if account.posted and len(account.handles) == 1:
                return account
        return None

    def remember(self, post: Post) -> None:
        """Keep a post at hand for those who refer to it."""
        self._recent.append(post)
        self._latest[post.author.index] = post
        while len(self._recent) > _REMEMBERED:
            old = self._recent.popleft()
            if self._latest.get(old.author.index) is old:
                del self._latest[old.author.index]

    def recent_post(self) -> Post | None:
        """Draw one of the last posts, for its author to go on."""
        if not self._recent:
            return None
        post = self._recent[-1 - self._chance.below(min(60, len(self._recent)))]
        return post if self._now - post.at < 3 * DAY else None

    def own_post(self, author: Account) -> Post | None:
        """Give the author's own last post."""
        return self._fresh(author)

    def post_for(self, author: Account, make: Callable[[Account], Post], *, tagged: bool = False) -> Post:
        """Choose a post of somebody to react to; ``make`` one from outside where nothing is fresh.

        ``tagged`` asks for a post that has #MedEd.
        """
        choose = self._far if self._chance.happens(MIXING) else self._near
        for _ in range(4):
            account = choose(author)
            post = self._fresh(account)
            if post and (post.tagged or not tagged):
                return post
        return make(account)

    def _fresh(self, account: Account) -> Post | None:
        post = self._latest.get(account.index)
        return post if post and self._now - post.at < _STALE else None

    def _near(self, author: Account) -> Account:
        crowd = self._communities[author.community]
        return self._other(author, lambda: crowd.draw(self._chance))

    def _far(self, author: Account) -> Account:
        return self._other(author, lambda: self._everyone.draw(self._chance), same=author.community)

    def _other(self, author: Account, draw: Callable[[], Account], same: str = "") -> Account:
        for _ in range(40):
            account = draw()
            if account is not author and account.community != same:
                return account
        return next(account for account in self._everyone.members if account is not author)
