"""Names, handles and bios of invented people and institutions."""

import unicodedata

from netmed.simulate.chance import Chance
from netmed.simulate.vocabulary import Specialty, Vocabulary

LONGEST_HANDLE = 15
LONGEST_BIO = 160
_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "æ": "ae"})
_MEDICAL_DEGREES = ("MD", "MD", "MD", "DO", "MBBS", "MBChB", "MD PhD", "MD MPH")


class Names:
    """Gives each account a name and handles that nobody else ever had, in any letter case."""

    def __init__(self, words: Vocabulary, chance: Chance) -> None:
        self._words = words
        self._chance = chance
        self._taken: set[str] = set()
        self._institutions: list[str] = []

    def person(self) -> tuple[str, str]:
        """Invent a given and a family name."""
        chance, words = self._chance, self._words
        return chance.pick(words.given), chance.pick(words.stems) + chance.pick(words.endings)

    def display_name(self, given: str, family: str, role: str, level: str, specialty: Specialty) -> str:
        """Spell a name as people of this role show it, with credentials."""
        chance = self._chance
        if role == "physician":
            degrees = chance.pick(_MEDICAL_DEGREES)
            if chance.happens(0.4):
                degrees += ", " + chance.pick(specialty.credentials)
            form = chance.pick(("{0} {1}, {2}", "Dr. {0} {1}", "{0} {1} {2}", "Dr {0} {1} {3}", "{0} {1}"))
            return form.format(given, family, degrees, specialty.emoji)
        if role == "trainee" and level != "student" and chance.happens(0.5):
            return f"{given} {family}, MD"
        if role == "researcher":
            return f"{given} {family}, PhD"
        return f"{given} {family}"

    def institution(self, role: str, specialty: Specialty) -> str:
        """Invent the name of a society, programme, journal, company or newsroom."""
        chance = self._chance
        place = chance.pick(self._words.places)
        forms = {
            "organisation": (
                "{place} Society of {field}",
                "{field} Residency {place}",
                "{place} {field} Teachers",
                "Association for {field} Education {place}",
            ),
            "journal": ("{place} Journal of {field} Education", "Annals of {field} Teaching {place}"),
            "industry": ("{place} Simulation Works", "{place} MedTech Training"),
            "media": ("{place} Health News", "The {place} Clinician"),
        }
        return chance.pick(forms[role]).format(place=place, field=specialty.adjective)

    def bio(self, kind: str, specialty: Specialty, *, personal: bool) -> str:
        """Write a profile text for a kind of account; people add hashtags and the handle of an institution."""
        chance, words = self._chance, self._words
        place = chance.pick(words.places)
        tag = chance.pick(specialty.tags)
        text = chance.pick(words.bios[kind]).format(
            who=specialty.who,
            who_lower=specialty.who.lower(),
            adjective=specialty.adjective,
            tag=tag,
            topic=chance.pick(specialty.topics),
            emoji=specialty.emoji,
            place=place,
            employer=chance.pick(words.employers).format(place=place),
        )
        more = []
        if personal and self._institutions and chance.happens(0.3):
            more.append(chance.pick(words.bio_ties).format(m="@" + chance.pick(self._institutions)))
        if personal and chance.happens(0.35):
            more.append(chance.pick(words.bio_extras).format(tag=tag))
        for one in more:
            if len(text) + 3 + len(one) <= LONGEST_BIO:
                text += " | " + one
        return text

    def personal_handle(self, given: str, family: str, role: str, level: str, specialty: Specialty) -> str:
        """Invent a free handle for a person; only doctors have a title in it."""
        given, family = _ascii(given), _ascii(family)
        forms = ["{g}{family}", "{given}{family}", "{given}_{family}", "{family}{g}", "{given}{f}_{short}"]
        if role == "physician" or level in ("resident", "fellow"):
            forms += ["Dr{family}", "{given}{family}MD", "{family}MD", "Dr_{given}{f}", "{short}Dr{family}"]
        form = self._chance.pick(forms)
        short = specialty.tags[0][:4]
        return self._free(form.format(given=given, family=family, g=given[0], f=family[0], short=short))

    def institution_handle(self, name: str, specialty: Specialty) -> str:
        """Invent a free handle for an institution."""
        words = [_ascii(word) for word in name.split() if word not in ("of", "for", "the", "The")]
        initials = "".join(word[0] for word in words)
        form = self._chance.pick(("{first}{tag}", "{initials}_{tag}", "{tag}{initials}"))
        handle = self._free(form.format(first=words[0][:7], initials=initials, tag=specialty.tags[0][:7]))
        self._institutions.append(handle)
        return handle

    def _free(self, wanted: str) -> str:
        handle, number = wanted[:LONGEST_HANDLE], 1
        while handle.lower() in self._taken:
            number += 1 + self._chance.below(9 * number)
            handle = wanted[: LONGEST_HANDLE - len(str(number))] + str(number)
        self._taken.add(handle.lower())
        return handle


def _ascii(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())
