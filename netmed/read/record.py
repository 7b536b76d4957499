"""What every reader hands over: posts, profiles and sightings of them, whatever the platform.

A reader (one room per source) turns its raw table into these. Ids are strings, times are UTC,
mentions keep their offsets in code points of ``text``; nothing is resolved or dropped here.
"""

import ibis

POST = ibis.schema(
    {
        "file": "string",  # path of the file the record came from
        "platform": "string",
        "is_delivered": "boolean",  # asked for; false for a post that only came along
        "post_id": "string",
        "version_ids": "array<string>",  # every version of an edited post
        "author_id": "string",
        "author_handle": "string",
        "created_at": "timestamp('UTC')",  # as the platform states it
        "observed_at": "timestamp('UTC')",  # when the record was fetched, if it says so
        "conversation_id": "string",
        "reply_post_id": "string",
        "reply_account_id": "string",
        "reply_handle": "string",
        "quote_post_id": "string",
        "quote_account_id": "string",  # author of the quoted post, where the record itself says so
        "quote_handle": "string",
        "retweet_post_id": "string",
        "retweet_account_id": "string",  # author of the reposted post, where the record itself says so
        "retweet_handle": "string",
        "lang": "string",
        "hashtags": "array<string>",
        "urls": "array<string>",
        "likes": "int64",
        "retweets": "int64",
        "replies": "int64",
        "quotes": "int64",
        "impressions": "int64",
        "is_truncated": "boolean",  # text and later mentions were cut off by the source
        "text": "string",
        "shown_from": "int64",  # offset where the displayed text starts; null if the source is silent
        "mentions_from_text": "boolean",  # the source lists none: they are handles found in the text
        "mentions": "array<struct<start: int64, end: int64, handle: string, id: string>>",
    }
)

SIGHTING = ibis.schema(
    {
        "line": "int64",  # row of the raw table whose record holds the profile
        "platform": "string",
        "account_id": "string",
        "handle": "string",
        "observed_at": "timestamp('UTC')",  # when the profile looked like this
    }
)

ADDRESS = ibis.schema(
    {
        "platform": "string",
        "address": "string",  # where an account lives: the same in all that tells of it
        "account_id": "string",
        "handle": "string",
        "is_stated": "boolean",  # the id says more than the address alone would
    }
)
"""For platforms that call one account by several ids."""

PROFILE = ibis.schema(
    {
        "platform": "string",
        "account_id": "string",
        "handle": "string",
        "name": "string",
        "description": "string",
        "location": "string",
        "followers": "int64",
        "following": "int64",
        "posts_total": "int64",
        "verified": "boolean",
        "protected": "boolean",
        "created_at": "string",  # as the source writes it; read once the newest profile is known
        "observed_at": "timestamp('UTC')",  # when the profile looked like this
    }
)
