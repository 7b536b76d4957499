"""Who is who on Mastodon, and who is replied to: local ids and short handles made whole.

A server calls its own accounts ``user`` and others ``user@host``; posts and accounts have ids that
mean nothing on another server. The server asked is known by what only it can say: its own accounts,
and its pages of hashtags.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

HOST = r"^https?://([^/?#\s]+)"
LONG_ID = 15
"""Signs of an id that holds its time to the millisecond, and chance: a server's own. Older ones were counted from 1."""


def host_of(url: ir.StringValue) -> ir.StringValue:
    """The host of an address, lower case; null if it has none."""
    return url.re_extract(HOST, 1).lower().nullif("")


def completed(acct: ir.StringValue, *urls: ir.StringValue) -> ir.StringValue:
    """``user@host``: an account's handle on its own server gets the host from the first of ``urls`` that has one."""
    whole = ibis.cases((acct.contains("@"), acct), else_=acct + "@" + ibis.coalesce(*map(host_of, urls)))
    return whole.nullif("")


def asked_host(raw: ir.Table) -> ir.StringValue:
    """The server that gave out a record: where its accounts without a host live, else its pages of hashtags."""
    return ibis.coalesce(*_signs(raw), *_signs(raw.reblog), *_signs(raw.status))


def _signs(status: Any) -> list[ir.StringValue]:
    account = status["account"]
    local = status["mentions"].filter(lambda mention: ~mention["acct"].contains("@"))
    return [
        ibis.cases((~account["acct"].contains("@"), host_of(account["url"]))),
        host_of(local[0]["url"]),
        host_of(status["tags"][0]["url"]),
    ]


def with_parents(statuses: ir.Table) -> ir.Table:
    """Adds ``handle`` (of the author), ``reply_handle`` and ``reply_uri``; fills ``quote_handle`` and ``quote_uri``.

    The account replied to is the author, or mentioned in the status, or known by its local id from other
    records of the same server. A short local id is never looked up without its server: another one may
    have given the same to somebody else.
    """
    account = statuses.account
    statuses = statuses.mutate(handle=completed(account.acct, account.url, account.uri, statuses.uri, statuses.url))
    to = statuses.in_reply_to_account_id
    addressed = statuses.mentions.filter(lambda mention: mention["id"] == to)[0]
    statuses = statuses.mutate(
        told=ibis.coalesce(
            ibis.cases((account.id == to, statuses.handle)), completed(addressed["acct"], addressed["url"])
        ),
        parent_key=_on_server(statuses.asked, statuses.in_reply_to_id),
        account_key=_on_server(statuses.asked, to),
        quoted_key=_on_server(statuses.asked, statuses.quote_local_id),
    )
    known, accounts = _known_statuses(statuses), _known_accounts(statuses)
    parents = known.select(parent_key="key", parent_uri="uri", parent_handle="handle")
    quoted = known.select(quoted_key="key", quoted_uri="uri", quoted_handle="handle")
    people = accounts.select(account_key="key", account_handle="handle")
    joined = statuses.left_join(parents, "parent_key").drop("parent_key_right")
    joined = joined.left_join(people, "account_key").drop("account_key_right")
    joined = joined.left_join(quoted, "quoted_key").drop("quoted_key_right")
    return joined.mutate(
        reply_uri=joined.parent_uri,
        reply_handle=ibis.coalesce(joined.told, joined.parent_handle, joined.account_handle),
        quote_uri=ibis.coalesce(joined.quote_uri, joined.quoted_uri),
        quote_handle=ibis.coalesce(joined.quote_handle, joined.quoted_handle),
    )


def _on_server(server: ir.StringValue, local_id: ir.StringValue) -> ir.StringValue:
    """What to look a local id up by: the id with its server, or the id alone where no two servers give the same."""
    return ibis.cases((local_id.length() >= LONG_ID, local_id), else_=server + "/" + local_id)


def _known_statuses(statuses: ir.Table) -> ir.Table:
    """``key, uri, handle`` of every status."""
    uri = ibis.coalesce(statuses.uri, statuses.url)
    return _sure(statuses.select("handle", uri=uri, key=_on_server(statuses.asked, statuses.id)), "uri")


def _known_accounts(statuses: ir.Table) -> ir.Table:
    """``key, handle`` of every author and mentioned account."""
    authors = statuses.select("handle", key=_on_server(statuses.asked, statuses.account.id))
    mentioned = statuses.select("asked", item=statuses.mentions.unnest()).unpack("item")
    named = mentioned.select(
        handle=completed(mentioned.acct, mentioned.url), key=_on_server(mentioned.asked, mentioned.id)
    )
    return _sure(ibis.union(authors, named), "handle")


def _sure(pairs: ir.Table, what: str) -> ir.Table:
    """One row per key, where all rows of the key say the same."""
    pairs = pairs.filter(pairs.key.notnull(), pairs[what].notnull())
    grouped = pairs.group_by("key").agg(
        **{name: pairs[name].min() for name in pairs.columns if name != "key"}, meanings=pairs[what].lower().nunique()
    )
    return grouped.filter(grouped.meanings == 1).drop("meanings")
