"""Which posts of the collection are looked at: time, hashtag, language."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import ibis
import ibis.expr.types as ir

from netmed.errors import NetmedError


@dataclass(frozen=True, slots=True)
class Filters:
    """Posts to keep: all that meet every condition given.

    ``since`` and ``until`` are ISO dates or times in UTC, both included (a date means its whole day);
    a post of unknown time meets neither. ``hashtags`` and ``langs``: any of them, case ignored.
    """

    since: str | None = None
    until: str | None = None
    hashtags: Sequence[str] = ()
    langs: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and _moment(self.since, "--since") >= _after(self.until):
            raise NetmedError(f"--since {self.since} is after --until {self.until}: no post can be in between")

    @property
    def is_empty(self) -> bool:
        """Whether every post passes."""
        return not (self.since or self.until or self.hashtags or self.langs)

    def passes(self, posts: ir.Table) -> ir.BooleanValue:
        """Whether each post (``created_at, hashtags, lang``) is kept; never null."""
        conditions = [ibis.literal(True)]
        if self.since:
            conditions.append(posts.created_at >= _literal(_moment(self.since, "--since")))
        if self.until:
            conditions.append(posts.created_at < _literal(_after(self.until)))
        if self.hashtags:
            wanted = [tag.strip().removeprefix("#").lower() for tag in self.hashtags]
            conditions.append(ibis.or_(*[posts.hashtags.contains(tag) for tag in wanted]))
        if self.langs:
            conditions.append(posts.lang.lower().isin([lang.lower() for lang in self.langs]))
        return ibis.and_(*conditions).fill_null(False)

    def in_words(self) -> str:
        """The options as they were given."""
        given = [("--since", self.since), ("--until", self.until)]
        given += [("--hashtag", tag) for tag in self.hashtags] + [("--lang", lang) for lang in self.langs]
        return " ".join(f"{option} {value}" for option, value in given if value)

    def described(self) -> dict[str, object]:
        """For provenance: what was asked."""
        return {name: list(value) if isinstance(value, tuple | list) else value for name, value in asdict(self).items()}


def _moment(text: str, option: str) -> datetime.datetime:
    """ISO text as UTC; the start of the day where it is a date."""
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
        return (moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise NetmedError(f"{option} {text!r} is no date; write it like 2021-03-01 or 2021-03-01T12:00:00Z") from None


def _after(text: str) -> datetime.datetime:
    """The first moment that ``--until`` no longer includes."""
    moment = _moment(text, "--until")
    try:
        datetime.date.fromisoformat(text.strip())
        step = datetime.timedelta(days=1)
    except ValueError:
        step = datetime.timedelta(microseconds=1)
    try:
        return moment + step
    except OverflowError:
        return datetime.datetime.max.replace(tzinfo=datetime.UTC)


def _literal(moment: datetime.datetime) -> ir.TimestampScalar:
    return ibis.literal(moment, type="timestamp('UTC')")
