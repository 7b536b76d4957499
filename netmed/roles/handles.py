"""What a handle says: kidneydoc, drkorvel_ICU, marlokeefeMD, pgy3_and_me. Always weak evidence."""

import re
from dataclasses import dataclass

from netmed.roles import tokens, words

_PARTS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|[^A-Za-z]|$)|[A-Z]?[a-z]+|[A-Z]+|\d+")
_TRAINEE = re.compile(r"(?:^|[^a-z])(?:pgy[1-8]?|ms[1-4]|oms[1-4]|ca[1-3]|st[1-8]|ct[1-3]|fy[12]|imt[1-3])(?![a-z0-9])")
_STUDENT = re.compile(r"med(?:ical)?_?stud|future_?(?:dr|doc|md|physician|surgeon)|(?:dr|doc|md)_?tobe|student_?doc")
_CHIEF = re.compile(r"(?:chief|med|surg|em|im|peds|psych|obg?)rez|rez_|_rez|(?:im|em|gs|fm)res(?:ident)?(?:_|$)")
_TRAINEE_WORDS = frozenset({"resident", "rez", "fellow", "registrar", "intern", "residente"})
_CLINICIAN = re.compile(r"(?:nurse|pharmd|dpt|_rn|rn_|np_|_np|_pa_?c|midwife|paramedic|dvm|dds|psyd)")
_PROFESSION = re.compile(
    r"surgeon|physician(?!assist)|hospitalist|intensivist|[a-z]{4}(?:olog|iatr)ist|pa?ediatrician|obstetrician"
    r"|an(?:ae|e)sthetist|medico|medecin|hausarzt|huisarts|chirurg"
)
_NO_PROFESSION = re.compile(r"^not|psycholog|biolog|technolog|apologist|sociolog|theolog|wife|tree|for|4|fan")
_DOCTORISH = re.compile("do[ck]|dr|md|surgeon|physician|mbbs")
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
    trainee = _TRAINEE.search(lower)
    if trainee or _CHIEF.search(lower) or not _TRAINEE_WORDS.isdisjoint(parts):
        signs.append(("handle_trainee", name))
    if _STUDENT.search(lower):
        signs.append(("handle_student", name))
    elif _CLINICIAN.search(lower):
        signs.append(("handle_clinician", name))
    else:
        for at, part in enumerate(parts if _DOCTORISH.search(lower) else ()):
            field, rest = _split(part, stems)
            if field and (rest or {*parts[max(0, at - 1) : at], *parts[at + 1 : at + 2]} & _DOCTOR):
                signs.append(("handle_field_doc", name))
                specialty = specialty or field
        if not specialty:
            if (name.endswith("MD") and len(name) > 4 and name[-3].islower()) or re.search(r"[a-z]{4}_md$", lower):
                signs.append(("handle_md", name))
            elif re.search(r"[a-z0-9]_?(?:frc[sp]c?|fac[spc]|facep|faap|facog|mrcp|fracp|frca)$", lower) or (
                lower.endswith(("md", "mbbs", "mbchb"))
                and len(name) > 7
                and parts
                and parts[-1].endswith(("md", "mbbs", "mbchb"))
            ):
                signs.append(("handle_md_lower", name))
            if re.match(r"(?:Dr|dr|DR)(?:_|[A-Z])|(?:dr|doc)_", name) or (
                re.match(r"(?:dr|Dr)[a-z]{4,}", name) and not _NO_SURNAME.match(lower)
            ):
                signs.append(("handle_dr", name))
            elif not _NO_DOC.match(lower) and (
                "doc" in parts or "doctor" in parts or re.search(r"(?:[a-z]{3}doc|doctor|thedoc)$|^doc[a-z]{3}", lower)
            ):
                signs.append(("handle_doc", name))
        if _PROFESSION.search(lower) and not _NO_PROFESSION.search(lower):
            signs.append(("handle_profession", name))
        if not specialty:
            specialty = next((stems[part] for part in parts if part in stems and len(part) > 1), "")
            if specialty:
                signs.append(("handle_field", name))
    return Said(tuple(signs), specialty)


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
    candidates = words.index().phrases.get(tokens.folded(lower), ())
    return any(meaning.sign == "fiction" for _, _, meanings in candidates for meaning in meanings)
