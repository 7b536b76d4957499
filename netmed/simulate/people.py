"""The invented accounts: who they are, whom they follow in specialty, how loud and how heard.

Activity (how often an account posts) and audience (how often it is addressed, and its followers)
are heavy-tailed; the planted communities are the specialties.
"""

from dataclasses import dataclass, field
from math import isqrt

from netmed.simulate.chance import Chance
from netmed.simulate.ids import account_ids
from netmed.simulate.links import SHORT, shortened
from netmed.simulate.naming import LONGEST_BIO, Names
from netmed.simulate.vocabulary import Specialty, lexicon
from netmed.simulate.volume import END, START

DAY = 86_400_000
_ROLES = {
    "physician": 0.50,
    "trainee": 0.24,
    "other clinician": 0.05,
    "researcher": 0.04,
    "organisation": 0.05,
    "journal": 0.015,
    "industry": 0.02,
    "patient/advocate": 0.025,
    "media": 0.02,
    "other": 0.04,
}
_LEVELS = {"student": 0.4, "resident": 0.4, "fellow": 0.2}
_INSTITUTIONS = ("organisation", "journal", "industry", "media")
_CLINICAL = ("physician", "trainee", "other clinician", "researcher", "organisation", "journal")
_LOUDNESS = {"trainee": 0.7, "organisation": 2.0, "journal": 2.0, "media": 1.5}
_AUDIENCE = {"trainee": 0.5, "organisation": 5.0, "journal": 6.0, "media": 3.0, "industry": 0.5, "other": 0.4}
_EDUCATORS = {"physician": 0.08, "researcher": 0.25}
_GONE = 0.02
_RENAMED = 0.04
_PINNED, _HOMEPAGES, _LINKS_IN_BIOS = 0.48, 0.38, 0.1
_HOSTS = ("faculty", "blog", "people.school", "teaching", "publications", "links")


@dataclass(slots=True, eq=False)
class Account:
    """One invented account.

    ``handles`` are (since, handle) pairs, oldest first, in milliseconds since 1970; ``community``
    is the name of the planted community, ``specialty`` is empty for accounts outside medicine.
    A gone account was suspended: its posts and its profile never come, only its id and handle.
    ``homepage`` is the link on the profile, ``bio_link`` one that ends the bio: (short, expanded),
    or two empty texts.
    """

    index: int
    id: str
    created: int
    joined: int
    name: str
    bio: str
    location: str
    role: str
    level: str
    specialty: str
    community: str
    tags: tuple[str, ...]
    topics: tuple[str, ...]
    is_educator: bool
    gone: bool
    verified: bool
    activity: float
    audience: float
    followers: int
    following: int
    has_pinned: bool = False
    homepage: tuple[str, str] = ("", "")
    bio_link: tuple[str, str] = ("", "")
    handles: list[tuple[int, str]] = field(default_factory=list)
    posted: int = 0
    profile: bytes = b""

    @property
    def key(self) -> str:
        """The key of what-is-an-edge: ``x:<id>``."""
        return f"x:{self.id}"

    def handle(self, at: int) -> str:
        """Give the handle at a moment (milliseconds since 1970)."""
        now = self.handles[0][1]
        if len(self.handles) == 1:
            return now
        for since, handle in self.handles:
            if since > at:
                break
            now = handle
        return now


def population_size(posts: int) -> int:
    """Choose how many accounts a collection of this many original posts has: about 2.2 n^(3/4)."""
    return max(12, 22 * isqrt(isqrt(posts**3)) // 10)


def population(posts: int, *, seed: int) -> list[Account]:
    """Invent the accounts of a collection, in the order in which they begin to post."""
    chance = Chance(seed, "people")
    words = lexicon()
    names = Names(words, chance)
    size = population_size(posts)
    communities = words.specialties[: min(len(words.specialties), size // 4)]
    shares = _shares(communities)
    founders = max(2 * len(communities), size // 5)
    joined = [START - DAY] * founders + sorted(START + chance.below(END - START) for _ in range(size - founders))
    created = [moment - 30 * DAY - chance.below(1400 * DAY) for moment in joined]
    accounts = []
    for index, account_id in enumerate(account_ids(created, chance)):
        community = communities[index % len(communities)]
        if index >= founders:
            community = communities[int(chance.chosen(shares))]
        account = _account(index, account_id, created[index], joined[index], community, names, chance)
        account.gone = index >= founders and chance.happens(_GONE)
        accounts.append(account)
    return accounts


def _shares(communities: tuple[Specialty, ...]) -> dict[str, float]:
    total = sum(one.weight for one in communities)
    return {str(place): one.weight / total for place, one in enumerate(communities)}


def _account(
    index: int, account_id: str, created: int, joined: int, specialty: Specialty, names: Names, chance: Chance
) -> Account:
    role = chance.chosen(_ROLES)
    level = chance.chosen(_LEVELS) if role == "trainee" else ""
    is_educator = chance.happens(_EDUCATORS.get(role, 0.0))
    bio = "educator" if is_educator and role == "physician" else level or role
    if role in _INSTITUTIONS:
        name = names.institution(role, specialty)
        handles = [names.institution_handle(name, specialty)]
    else:
        given, family = names.person()
        name = names.display_name(given, family, role, level, specialty)
        handles = [names.personal_handle(given, family, role, level, specialty)]
        while len(handles) < 3 and chance.happens(_RENAMED):
            handles.append(names.personal_handle(given, family, role, level, specialty))
    renamed = sorted(joined + DAY + chance.below(END - joined) for _ in handles[1:])
    text = names.bio(bio, specialty, personal=role not in _INSTITUTIONS)
    bio_link = ("", "")
    if len(text) + 1 + SHORT <= LONGEST_BIO and chance.happens(_LINKS_IN_BIOS):
        bio_link = _own_page(handles[0], chance)
        text += " " + bio_link[0]
    audience = chance.tail(400) * (10.0 if is_educator else _AUDIENCE.get(role, 1.0))
    return Account(
        index=index,
        id=account_id,
        created=created,
        joined=joined,
        name=name,
        bio=text,
        location=chance.pick(lexicon().places) if chance.happens(0.7) else "",
        role=role,
        level=level,
        specialty=specialty.name if role in _CLINICAL else "",
        community=specialty.name,
        tags=specialty.tags,
        topics=specialty.topics,
        is_educator=is_educator,
        gone=False,
        verified=audience > 60 and chance.happens(0.5),
        activity=chance.tail(400) * (3.0 if is_educator else _LOUDNESS.get(role, 1.0)),
        audience=audience,
        followers=int(audience * (30 + chance.below(220))),
        following=20 + int(chance.tail(60) * 60),
        has_pinned=chance.happens(_PINNED),
        homepage=_own_page(handles[0], chance) if chance.happens(_HOMEPAGES) else ("", ""),
        bio_link=bio_link,
        handles=list(zip([created, *renamed], handles, strict=True)),
    )


def _own_page(handle: str, chance: Chance) -> tuple[str, str]:
    return shortened(chance), f"https://{chance.pick(_HOSTS)}.example/{handle.lower()}"
