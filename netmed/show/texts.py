"""Text of strangers, made safe to show: names, handles, bios, titles.

Nothing here is trusted. Whatever reaches the page is cleaned of characters that act instead of
show, cut to a length that fits, and set as text; a link is made only from a handle that is one.
"""

import json
import math
import re
import unicodedata
from typing import Any

LABEL_LENGTH = 40
"""Longest name in the picture, in characters."""

BIO_LENGTH = 400
"""Longest bio on a profile card, in characters."""

_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that reorder the text around them (a name could make its neighbours read backwards)."""

_PROFILES = (
    ("x", re.compile(r"[A-Za-z0-9_]{1,15}")),
    ("bluesky", re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,6}", re.IGNORECASE)),
    ("mastodon", re.compile(r"[A-Za-z0-9_.-]{1,60}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,6}", re.IGNORECASE)),
)
"""Platform, and what a handle looks like there. The page's script knows where the profiles lie."""


def clean(text: object, length: int) -> str:
    """Text as it may be shown: no control, bidi or half characters, single spaces, at most ``length`` long.

    Unknown values (None, NaN, <NA>) give an empty string.
    """
    if not isinstance(text, str):
        return ""
    # Ten times the length is enough to fill it, whatever is stripped, and bounds the work.
    shown = _DIRECTION_MARKS.sub("", text[: length * 10])
    shown = "".join(" " if c.isspace() else c for c in shown if c.isspace() or unicodedata.category(c) not in _UNSHOWN)
    shown = " ".join(shown.split())
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"


_UNSHOWN = {"Cc", "Cs", "Cn"}
"""Unicode categories left out: controls, surrogates without their half, code points nobody assigned."""


def profile_kind(platform: object, handle: object) -> int:
    """Where a handle leads to a profile: 1 x, 2 bluesky, 3 mastodon; 0 for what cannot be a handle there."""
    for kind, (name, form) in enumerate(_PROFILES, start=1):
        if platform == name and isinstance(handle, str) and form.fullmatch(handle):
            return kind
    return 0


def profile_url(platform: object, handle: object) -> str | None:
    """Where the account's profile lies on its platform; None for a handle that cannot be one."""
    kind = profile_kind(platform, handle)
    if kind == 3:
        name, _, host = str(handle).partition("@")
        return f"https://{host}/@{name}"
    return [None, "https://x.com/", "https://bsky.app/profile/"][kind] + str(handle) if kind else None  # type: ignore[operator]


def script_json(content: Any) -> str:
    """JSON that may stand inside a ``<script>`` block: unknown numbers are null, no ``<`` in it."""
    text = json.dumps(_plain(content), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _plain(content: Any) -> Any:
    """Turn NaN and infinities into None, and numbers of numpy and pandas into Python's."""
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_plain(value) for value in content]
    if content is None or isinstance(content, (str, bool, int)):
        return content
    number = float(content)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
