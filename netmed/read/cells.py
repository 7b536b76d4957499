"""What cells of tables say as text: numbers, yes or no, lists of words, JSON; and where listed handles stand.

For the readers of tables of X posts. A cell that says something else is null, and nulls itself alone.
"""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read.values import number

TOO_MANY = 10**15
"""No count is as high; doubles are whole numbers below."""


def whole(text: ir.StringValue) -> ir.IntegerValue:
    """A count: ``12``, pandas' ``12.0``, R's ``1e+05``."""
    value = text.try_cast("float64")
    return ibis.cases(((value >= 0) & (value < TOO_MANY), value.floor().try_cast("int64")))


def yes_or_no(text: ir.StringValue) -> ir.BooleanValue:
    """``True``, ``TRUE`` and the like."""
    return ibis.cases((text.lower() == "true", True), (text.lower() == "false", False))


def words(text: ir.StringValue) -> ir.ArrayValue:
    """The words of a cell, between spaces or in R's ``c("one", "two")``."""
    plain = text.re_replace(r'^c\(|["(),]', " ")
    return plain.split(" ").filter(lambda word: word != "")


def parsed(text: ir.StringValue, kind: str | dt.DataType) -> ir.Value:
    """JSON as a value of this type; null where it is neither."""
    return text.try_cast("json").try_cast(kind)


def prefixed_number(text: ir.StringValue) -> ir.StringValue:
    """An X id, with or without the ``x`` in front by which rtweet keeps spreadsheets from counting."""
    return number(text.re_replace("^x", ""))


def hashtags_in(text: ir.StringValue) -> ir.ArrayValue:
    """The hashtags that a text has, each with a letter in it: the last resort where a format lists none."""
    words = text.re_replace(r"[^\p{L}\p{M}\p{N}_#]", " ").split(" ")
    return words.filter(lambda word: word.re_search(r"^#[^#]*\p{L}[^#]*$")).map(lambda word: word.substr(1))


_START = "\x01"


def _marked(text: ir.StringValue) -> ir.StringValue:
    """The text in lower case with a mark in place of every ``@`` that begins a word, one place later than there."""
    return ibis.literal(" ").concat(_plain(text), " ").replace(" @", " " + _START)


def _plain(text: ir.StringValue) -> ir.StringValue:
    """Lower case, a space for each sign that is in no word; handles of other platforms have dots and hyphens."""
    return text.lower().re_replace(r"[^\p{Latin}0-9_@]", " ")


def every_mention(text: ir.StringValue, handles: ir.ArrayValue, ids: ir.ArrayValue | None = None) -> ir.ArrayValue:
    """Lists of handles (and of ids beside them) as ``record.POST`` wants mentions, at every place in the text.

    An account named twice in a list is named twice in the text: filled in by the platform at the start,
    say, and typed later. A listed handle that the text does not show has no place.
    """
    marked = _marked(text)

    def places(handle: ir.StringValue, account_id: ir.StringValue) -> ir.ArrayValue:
        between = marked.split(ibis.literal(_START).concat(_plain(handle), " "))
        width = handle.length() + 2

        def place(nth: ir.IntegerValue) -> ir.StructValue:
            before = between[: nth + 1].map(lambda piece: piece.length()).sums()
            start = before + nth * width - 1
            return placed(start, handle, account_id)

        found = ibis.range(between.length() - 1).map(place)
        nowhere = ibis.array([placed(ibis.null("int64"), handle, account_id)])
        return ibis.cases((between.length() > 1, found), else_=nowhere)

    if ids is None:
        return handles.unique().map(lambda handle: places(handle, ibis.null("string"))).flatten()
    pairs = handles.zip(ids).unique()
    return pairs.map(lambda pair: places(pair["f1"], pair["f2"])).flatten()


def placed(start: ir.IntegerValue, handle: ir.StringValue, account_id: ir.StringValue) -> ir.StructValue:
    """``@handle`` at a place in the text, as ``record.POST`` wants mentions."""
    start = start.cast("int32").cast("int64")  # sums are wider than Ibis thinks; it leaves out casts it thinks are none
    end = start + handle.length() + 1
    return ibis.struct({"start": start, "end": end, "handle": handle, "id": account_id})
