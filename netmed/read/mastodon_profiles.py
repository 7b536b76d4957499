"""Mastodon: the profiles of authors, and accounts given out by themselves; where accounts live."""

import ibis
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.markup import plain_text
from netmed.read.mastodon import PROFILE, WHO, held, is_account, is_public, statuses
from netmed.read.mastodon_streams import is_notification
from netmed.read.mastodon_threads import completed, host_of
from netmed.read.values import conform, iso_time


def sightings(raw: ir.Table) -> ir.Table:
    """The accounts of ``profiles``, in brief."""
    return conform(_users(raw), record.SIGHTING)


def profiles(raw: ir.Table) -> ir.Table:
    """Authors of the statuses and of those inside them, seen when the outer one was written at the earliest."""
    users = _users(raw)
    return conform(
        users.mutate(
            name=users.display_name,
            description=plain_text(users.note),
            followers=users.followers_count,
            following=users.following_count,
            posts_total=users.statuses_count,
            protected=users.locked,
        ),
        record.PROFILE,
    )


def addresses(raw: ir.Table) -> ir.Table:
    """The pages of authors and mentioned accounts (``record.ADDRESS``), and what each is called there.

    A handle after another host than that of the page is *stated*: some server has asked for it. Any other
    is what the page alone tells.
    """
    found = statuses(raw)
    mentioned = found.select(item=found.mentions.unnest()).unpack("item")
    alone = raw.filter(is_account(raw))
    everybody = ibis.union(
        found.select(acct=found.account.acct, url=found.account.url, address=found.account.url),
        found.select(acct=found.account.acct, url=found.account.url, address=found.account.uri),
        mentioned.select("acct", "url", address="url"),
        alone.select("acct", "url", address="url"),
        alone.select("acct", "url", address="uri"),
    )
    handle = completed(everybody.acct, everybody.url, everybody.address)
    named = everybody.mutate(
        platform=ibis.literal("mastodon"),
        handle=handle,
        account_id=handle.lower(),
        is_stated=everybody.acct.lower().re_extract("@(.+)$", 1).nullif("") != host_of(everybody.address),
        address=everybody.address.lower(),
    )
    named = named.mutate(is_stated=named.is_stated.fill_null(False))
    return conform(named.filter(named.account_id.notnull(), named.address.notnull()), record.ADDRESS)


def _users(raw: ir.Table) -> ir.Table:
    said = raw.filter(is_public(raw)).mutate(seen=iso_time(raw.created_at))
    accounts = [
        said.account,
        said.reblog.account,
        held(said.quote)["account"],
        held(said.reblog.quote)["account"],
    ]
    told = raw.filter(is_notification(raw), is_public(raw.status)).mutate(seen=iso_time(raw.created_at))
    inside = [said.select("line", "seen", item=account).unpack("item") for account in accounts]
    shown = [told.status.account, held(told.status.quote)["account"]]
    inside += [told.select("line", "seen", item=account).unpack("item") for account in shown]
    alone = raw.filter(is_account(raw))
    itself = {name: alone[name] for name in (*WHO, *PROFILE, "created_at")}
    users = ibis.union(*inside, alone.select("line", seen=ibis.null("timestamp('UTC')"), **itself))
    handle = completed(users.acct, users.url, users.uri)
    users = users.mutate(handle=handle, account_id=handle.lower(), platform=ibis.literal("mastodon"))
    return users.filter(users.account_id.notnull()).rename(observed_at="seen")
