"""What a handle says: kidneydoc, drkorvel_ICU, marlokeefeMD, pgy3_and_me. Always weak evidence."""

import re
from dataclasses import dataclass

from netmed.roles import tokens, words

_PARTS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|[^A-Za-z]|$)|[A-Z]?[a-z]+|[A-Z]+|\d+")
_TRAINEE = re.compile(
    r"(?:^|[^a-z])(?:pgy[1-8]?|ms[1-4]|oms[1-4]|ca[1-3]|st[1-8]|ct[1-3]|fy[12]|imt[1-3])(?![a-z0-9])"
    r"|(?:chief|med|surg|em|im|peds|psych|obg?)rez|rez_|_rez|(?:im|em|gs|fm)res(?:ident)?(?:_|$)"
)
_STUDENT = re.compile(r"med(?:ical)?_?stud|future_?(?:dr|doc|md|physician|surgeon)|(?:dr|doc|md)_?tobe|student_?doc")
_TRAINEE_WORDS = frozenset({"resident", "rez", "fellow", "registrar", "intern", "residente"})
_CLINICIAN = re.compile(r"(?:nurse|pharmd|dpt|_rn|rn_|np_|_np|_pa_?c|midwife|paramedic|dvm|dds|psyd)")
_PROFESSION = re.compile(
    r"surgeon|physician(?!assist)|hospitalist|intensivist|[a-z]{4}(?:olog|iatr)ist|pa?ediatrician|obstetrician"
    r"|an(?:ae|e)sthetist|medico|medecin|hausarzt|huisarts|chirurg"
)
_NO_PROFESSION = re.compile(r"^not|psycholog|biolog|technolog|apologist|sociolog|theolog|wife|tree|for|4|fan")
_DOCTORISH = re.compile("do[ck]|dr|md|surgeon|physician|mbbs")
_MD = re.compile("[a-z]{4}_md$")
_LETTERS = ("frcs", "frcp", "frcsc", "frcpc", "facs", "facp", "facc", "facep", "faap", "facog", "mrcp", "fracp", "frca")
"""Postnominals of colleges that a handle may end with."""
_AFTER_NAME = re.compile(f"[a-z0-9]_?(?:{'|'.join(_LETTERS)})$")
_TITLE = re.compile(r"(?:Dr|dr|DR)(?:_|[A-Z])|(?:dr|doc)_")
_TITLE_SURNAME = re.compile("[Dd]r[a-z]{4,}")
_DOC = re.compile("(?:[a-z]{3}doc|doctor|thedoc)$|^doc[a-z]{3}")
_DOCTOR = frozenset({"doc", "dr", "md", "doctor", "docs", "surgeon", "physician", "mbbs"})
_NO_DOC = re.compile(r"^(?:docent|docker|docs|docum|doctrin|docfilm|docmart|doctora[nt]d)")
_NO_SURNAME = re.compile(
    r"^(?:dream|drive|drink|draw|drop|drum|drama|drag|dress|drunk|dry|drone|drug|drift|drew|drake|draft)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one handle says: signs with the part that says so, and a specialty or none."""

    signs: tuple[tuple[str, str], ...]
    specialty: str = ""


NOTHING = Said(())


def read(handle: str) -> Said:
    """The signs of a handle (without its host, @ and domain)."""
    name = handle.lstrip("@").split("@", 1)[0].split(".", 1)[0][:64]
    if not name or not name.isascii():
        return NOTHING
    lower = name.lower()
    parts = [part.lower() for part in _PARTS.findall(name)]
    signs: list[tuple[str, str]] = []
    specialty = ""
    stems = words.index().stems
    if _is_fiction(lower):
        return Said((("fiction", name),))
    if _TRAINEE.search(lower) or not _TRAINEE_WORDS.isdisjoint(parts):
        signs.append(("handle_trainee", name))
    if _STUDENT.search(lower):
        signs.append(("handle_student", name))
    elif _CLINICIAN.search(lower):
        signs.append(("handle_clinician", name))
    else:
        doctorish = _DOCTORISH.search(lower) is not None
        for at, part in enumerate(parts if doctorish else ()):
            field, rest = _split(part, stems)
            if field and (rest or {*parts[max(0, at - 1) : at], *parts[at + 1 : at + 2]} & _DOCTOR):
                signs.append(("handle_field_doc", name))
                specialty = specialty or field
        if not specialty:
            signs += [
                (sign, name) for sign in (_degree(name, lower, parts), _title(name, lower, parts, doctorish)) if sign
            ]
        if _PROFESSION.search(lower) and not _NO_PROFESSION.search(lower):
            signs.append(("handle_profession", name))
        if not specialty:
            specialty = next((stems[part] for part in parts if part in stems and len(part) > 1), "")
            if specialty:
                signs.append(("handle_field", name))
    return Said(tuple(signs), specialty)


def _degree(name: str, lower: str, parts: list[str]) -> str:
    """The sign of a degree at the end: korvelMD, korvel_md, jokorvelmbbs, KorvelFACS."""
    if lower.endswith(_LETTERS) and _AFTER_NAME.search(lower):
        return "handle_md_lower"
    if lower.endswith("md") and (
        (name.endswith("MD") and len(name) > 4 and name[-3].islower()) or _MD.search(lower) is not None
    ):
        return "handle_md"
    ends = ("md", "mbbs", "mbchb")
    return "handle_md_lower" if len(name) > 7 and parts and parts[-1].endswith(ends) and lower.endswith(ends) else ""


def _title(name: str, lower: str, parts: list[str], doctorish: bool) -> str:
    """The sign of a title or a nickname: DrKorvel, dr_korvel, kidneydoc."""
    if not doctorish:
        return ""
    if _TITLE.match(name) or (_TITLE_SURNAME.match(name) and not _NO_SURNAME.match(lower)):
        return "handle_dr"
    if not _NO_DOC.match(lower) and ("doc" in parts or "doctor" in parts or _DOC.search(lower)):
        return "handle_doc"
    return ""


def fields(mention: str) -> list[str]:
    """Specialties that a mentioned account carries in its name: @MillbrookPeds."""
    stems = words.index().stems
    parts = _PARTS.findall(mention.lstrip("@＠"))
    return [stems[part.lower()] for part in parts if len(part) > 1 and part.lower() in stems and part[0].isupper()]


def _split(part: str, stems: dict[str, str]) -> tuple[str, bool]:
    """The specialty a part begins or ends with, and whether the rest of it means a doctor."""
    if part in stems:
        return stems[part], False
    if len(part) < 4:
        return "", False
    for doctor in ("doctor", "surgeon", "doc", "docs", "md", "dr", "dok"):
        if part.endswith(doctor) and part[: -len(doctor)] in stems:
            return stems[part[: -len(doctor)]], True
        if part.startswith(doctor) and part[len(doctor) :] in stems and doctor != "md":
            return stems[part[len(doctor) :]], True
    return "", False


def _is_fiction(lower: str) -> bool:
    candidates = words.index().phrases.get(tokens.folded(lower))
    return candidates is not None and any("fiction" in phrase.meanings.signs for phrase in candidates.single)
