"""Posts written in HTML: the text that a reader sees, and the links in it.

Everything here replaces piece by piece, so a post cut off in front of a tag gives the beginning of the
text of the whole: that tells where in the text a tag stands.
"""

import ibis
import ibis.expr.types as ir

from netmed.read.values import NOTHING

QUOTED = r'(?is)<p class="quote-inline">.*?</p>'
"""``RE: <link>``, there for readers without quotes; those with them do not show it."""
LINE_END = r"(?i)<br\s*/?>|</li>"
PARAGRAPH_END = r"(?i)</(?:p|div|blockquote|pre|ul|ol|h[1-6])>"
TAG = r"</?[A-Za-z!][^>]*(?:>|$)"
"""Also one that is cut off at the end."""
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&nbsp;": " ", "&amp;": "&"}
"""What Mastodon escapes; the ampersand last, so that nothing is unescaped twice."""
LINK = r'(?i)^[^>]*\bhref="(https?://[^">]*)"'
ADDRESS = r'(?i)^[^>]*\b(?:class|rel)="[^">]*\b(?:mention|hashtag|tag)\b'
"""An anchor around a handle or a hashtag."""


def plain_text(html: ir.StringValue) -> ir.StringValue:
    """HTML → text: ``<br>`` ends a line, ``<p>…</p>`` is followed by an empty one, other tags vanish."""
    return beginning_of_text(html).re_replace(r"\n+$", "")


def beginning_of_text(html: ir.StringValue) -> ir.StringValue:
    """The same for the beginning of a post, cut off in or in front of a tag."""
    text = html.re_replace(QUOTED, "").re_replace(LINE_END, "\n").re_replace(PARAGRAPH_END, "\n\n")
    return _unescaped(text.re_replace(TAG, ""))


def _unescaped(text: ir.StringValue) -> ir.StringValue:
    for entity, sign in ENTITIES.items():
        text = text.replace(entity, sign)
    return text


def links(html: ir.StringValue) -> ir.ArrayValue:
    """Where the anchors lead, but for those around handles and hashtags, and the link to a quoted post."""
    anchors = html.re_replace(QUOTED, "").split("<a ")
    found = anchors.filter(lambda anchor: ~anchor.re_search(ADDRESS)).map(lambda anchor: anchor.re_extract(LINK, 1))
    return ibis.cases((html.contains("<a "), found.filter(lambda link: link != "").map(_unescaped)), else_=NOTHING)
