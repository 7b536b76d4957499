"""The audit in words: the text of ``netmed audit``."""

from collections.abc import Iterator, Mapping
from typing import Any

from netmed.building.audit import OUTCOMES, losses_line
from netmed.roles import NOT_TOLD, expected_in_words, in_words

_WORDS = {
    "kept": "posts kept",
    "duplicates": "duplicates (a post delivered again)",
    "edits": "older versions of edited posts",
    "filtered": "filtered out (by date, hashtag or language)",
    "without_posts": "records without posts (accounts, empty pages)",
    "unrecognised": "not recognised",
    "malformed": "malformed",
}

_KINDS = {
    "post": "posts that neither reply, quote nor repost",
    "reply": "replies",
    "quote": "quotes",
    "reply+quote": "replies that also quote",
    "retweet": "reposts",
}


def render(audit: Mapping[str, Any], provenance: Mapping[str, Any]) -> str:
    """The audit as plain text: records, posts and events (or rows of edge lists), accounts, and what was lost."""
    made_of = [_rows(audit, provenance)] if "rows" in audit else [_posts(audit), _events(audit, provenance)]
    sections = [_records(audit), _files(audit), _role_filter(audit), *made_of, _beside(audit), _roles(audit)]
    sections.append(_identity(audit))
    return "\n\n".join("\n".join(section) for section in (list(part) for part in sections) if section)


def summary_line(audit: Mapping[str, Any]) -> str:
    """The outcome in one line, ending with what was lost."""
    totals, events = audit["totals"], audit["events"]
    sums = " + ".join(
        f"{totals[name]:,} {name.replace('_', ' ')}" for name in OUTCOMES if totals.get(name) or name == "kept"
    )
    lost = losses_line(audit)
    edges = f"{events['edges']:,} edges from {events['in_edges']:,} events"
    if "rows" in audit:
        edges = f"{events['edges']:,} edges from {audit['rows']['in_edges']:,} rows"
    edges += f", {events['unresolved']:,} unresolved" if events["unresolved"] else ""
    tail = f"; NOT USED: {lost} (`netmed audit` lists them)" if lost else "; nothing was lost"
    return f"{totals['records']:,} records = {sums}; {edges}{tail}"


def beside_lines(audit: Mapping[str, Any]) -> list[str]:
    """What became of tables beside the posts, a line each: one that fits nobody shows at once."""
    said = []
    for table in audit.get("accounts_tables", ()):
        notes = "".join(f"; {printable(what)}" for what in table.get("notes", ()))
        file = printable(table["file"])
        said.append(f"{file}: {table['matched']:,} of {table['rows']:,} rows describe accounts of the network{notes}")
    if crosswalk := audit.get("crosswalk"):
        said.append(
            f"{printable(crosswalk['file'])}: {crosswalk['matched']:,} of {crosswalk['accounts_named']:,} accounts "
            f"named are in the network, now {crosswalk['persons']:,} persons"
        )
    alike = audit.get("rows", {}).get("alike", 0)
    if alike:
        said.append(f"{alike:,} names differ from another only in capitals or by an @; each is an account of its own")
    unread = sum(not entry["readers"] for entry in audit["files"])
    if unread and len(audit["files"]) > 1:
        said.append(f"{unread:,} of {len(audit['files']):,} files hold nothing that a reader knows")
    if audit["totals"].get("records") and not audit["posts"]["kept"] and "rows" not in audit and "from" not in audit:
        said.append("there is no post in it: accounts by themselves are given beside posts, with --accounts")
    return said


def roles_line(audit: Mapping[str, Any]) -> str | None:
    """The accounts by role, in one line; None where no role was told."""
    told = audit.get("accounts")
    if not told or not told["told"]:
        return None
    return (
        f"{told['told']:,} accounts with a role = {in_words(told)}; {told['roles'][NOT_TOLD]:,} not told; "
        f"expected {expected_in_words(told)}"
    )


def role_filter_line(audit: Mapping[str, Any]) -> str | None:
    """What a choice of roles left out, in one line; None where none was made."""
    roles = audit.get("roles")
    if not roles:
        return None
    with_them = "edges" if "edges" in roles else "events"
    posts = f"{roles['posts']:,} posts and " if "posts" in roles else ""
    nothing = f" + {roles['with_nothing_left']:,} only addressed by them" if roles["with_nothing_left"] else ""
    return (
        f"{roles['accounts']:,} accounts = {roles['within']:,} {' or '.join(map(printable, roles['chosen']))} + "
        f"{roles['of_other_roles']:,} of other roles + {roles['of_unknown_role']:,} of unknown role{nothing}; "
        f"left out with them: {posts}{roles[with_them]:,} {with_them}"
    )


def _row(count: int, words: str) -> str:
    return f"{count:>14,}  {words}"


def _records(audit: Mapping[str, Any]) -> Iterator[str]:
    totals = audit["totals"]
    yield f"Narrowed from the network {printable(audit['from'])}" if "from" in audit else "What was read"
    if "rows" in audit:
        yield _row(totals["records"], "rows of edge lists =" if audit["files"] else "edges, to choose from")
        if audit["files"]:
            yield _row(totals["kept"], "  that can be used")
            yield _row(totals["unrecognised"], "  with a name, weight or relation that cannot be used")
            yield _row(totals["malformed"], "  with more or fewer cells than the header")
        return
    if "lines" in totals:
        yield _row(totals["lines"], f"lines in {len(audit['files']):,} file(s); a page line holds many records")
    yield _row(totals["records"], "records =")
    for name in OUTCOMES:
        if name in totals:
            yield _row(totals[name], f"  {_WORDS[name]}")


def _files(audit: Mapping[str, Any]) -> Iterator[str]:
    told = [entry for entry in audit["files"] if entry["rejected"] or entry["damage"] or entry["notes"]]
    if not audit["files"]:
        return
    readers: dict[str, int] = {}
    for entry in audit["files"]:
        for reader in entry["readers"]:
            readers[reader] = readers.get(reader, 0) + 1
    yield "Files by reader"
    for reader, count in sorted(readers.items()):
        yield _row(count, reader)
    nothing = sum(not entry["readers"] for entry in audit["files"])
    if nothing:
        yield _row(nothing, "no reader: nothing in them was recognised")
    for entry in told:
        yield f"  {printable(entry['file'])}"
        for what in entry["damage"]:
            yield f"    DAMAGED: {what}"
        for what in entry["notes"]:
            yield f"    {what}"
        if entry["rejected"] and entry["numbered_by"] == "row":
            yield "    (row 1 is the first below the header; blank lines are not counted)"
        for reject in entry["rejected"]:
            yield f"    {entry['numbered_by']} {reject['line']}: {reject['why']}"
        more = entry["malformed"] + entry["unrecognised"] - len(entry["rejected"])
        if more > 0:
            yield f"    … and {more:,} more"


def _role_filter(audit: Mapping[str, Any]) -> Iterator[str]:
    roles = audit.get("roles")
    if not roles:
        return
    yield f"Only the network among accounts of the role {' or '.join(map(printable, roles['chosen']))}"
    yield _row(roles["accounts"], "accounts =")
    yield _row(roles["within"], "  of these roles, and in the network")
    yield _row(roles["with_nothing_left"], "  of these roles, without posts, addressed by accounts left out alone")
    yield _row(roles["of_other_roles"], "  of other roles: left out")
    yield _row(roles["of_unknown_role"], "  of unknown role: left out")
    for name in ("posts", "events", "edges"):
        if name in roles:
            yield _row(roles[name], f"{name} left out with them")


def _posts(audit: Mapping[str, Any]) -> Iterator[str]:
    posts = audit["posts"]
    yield "Posts"
    yield _row(posts["kept"], "posts in the collection =")
    for kind, count in posts["kinds"].items():
        yield _row(count, "  " + _KINDS[kind])
    yield _row(posts["original"], "original posts (all but reposts: the unit of the #MedEd study)")
    if posts.get("of_other_roles"):
        yield _row(posts["of_other_roles"], "posts left out: by accounts of other or unknown roles")
    if posts["outside_giant"]:
        yield _row(posts["outside_giant"], "posts left out: outside the largest component")
    yield _row(posts["came_along"], "other posts that came along (no events of their own)")
    if posts["first_at"]:
        yield f"{'':>14}  from {posts['first_at'][:10]} to {posts['last_at'][:10]}"
    for name, words in (
        ("time_from_id", "took their time from their id"),
        ("without_time", "have no known time"),
        ("without_author", "have no known author and make no events"),
        ("truncated", "were cut off by the source: later mentions are missing"),
        (
            "replies_before_change",
            "replies before 30 March 2017, when handles at the start were still part of the text",
        ),
    ):
        if posts.get(name):
            yield _row(posts[name], words)


def _events(audit: Mapping[str, Any], provenance: Mapping[str, Any]) -> Iterator[str]:
    events = audit["events"]
    relations = provenance.get("rules", {}).get("relations", [])
    yield "Events (a post addressing an account)"
    yield _row(events["found"], "found =")
    yield _row(events["in_edges"], f"  in {events['edges']:,} edges ({' + '.join(relations)})")
    yield _row(events["other_relations"], "  of relations not chosen")
    yield _row(events["self"], "  self (threads), no edge")
    if events["below_min_weight"]:
        yield _row(events["below_min_weight"], "  in pairs below the least weight")
    if events.get("of_other_roles"):
        yield _row(events["of_other_roles"], "  to or from accounts of other or unknown roles")
    if events["outside_giant"]:
        yield _row(events["outside_giant"], "  outside the largest component")
    yield _row(events["unresolved"], "  unresolved: nothing tells the account")
    if events.get("left_out_with_their_posts"):
        yield _row(
            events["left_out_with_their_posts"], "left out with their posts (of the network this one comes from)"
        )
    yield "By relation"
    for name, count in events["by_relation"].items():
        lost = events["unresolved_by_relation"].get(name, 0)
        yield _row(count, name + (f"  (and {lost:,} unresolved)" if lost else ""))
    if events["by_evidence"]:
        yield "What told the account"
        for name, count in events["by_evidence"].items():
            yield _row(count, name)


def _rows(audit: Mapping[str, Any], provenance: Mapping[str, Any]) -> Iterator[str]:
    rows = audit["rows"]
    relations = provenance.get("rules", {}).get("relations", [])
    yield "What became of them"
    yield _row(rows["found"], "rows =" if audit["files"] else "edges =")
    yield _row(rows["in_edges"], f"  in {rows['edges']:,} edges ({' + '.join(relations)})")
    yield _row(rows["other_relations"], "  of relations not chosen")
    yield _row(rows["self"], "  of an account to itself, no edge")
    if rows["below_min_weight"]:
        yield _row(rows["below_min_weight"], "  in pairs below the least weight")
    if rows.get("of_other_roles"):
        yield _row(rows["of_other_roles"], "  to or from accounts of other or unknown roles")
    if rows["outside_giant"]:
        yield _row(rows["outside_giant"], "  outside the largest component")
    if rows["weights"] == "fractions":
        yield "Weights are fractions: n_mention, n_reply, … count rows"
    if rows["weights"] == "whole":
        yield "Weights are whole numbers: n_mention, n_reply, … add them up"


def _beside(audit: Mapping[str, Any]) -> Iterator[str]:
    for table in audit.get("accounts_tables", ()):
        yield f"Accounts described by {printable(table['file'])}"
        for what in table.get("notes", ()):
            yield f"    {printable(what)}"
        yield _row(table["rows"], "rows =")
        yield _row(table["matched"], "  of accounts in the network")
        yield _row(table["unmatched"], "  of accounts that are not in it")
        yield _row(table["ambiguous"], "  whose handle fits several accounts: left aside")
        yield _row(table["unusable"], "  that name no account")
    if crosswalk := audit.get("crosswalk"):
        yield f"Persons told by {printable(crosswalk['file'])}"
        yield _row(crosswalk["rows"], "rows =")
        yield _row(crosswalk["rows"] - crosswalk["unusable"], "  of a person and an account")
        yield _row(crosswalk["unusable"], "  that lack one or the other, or have other cells than the header")
        yield _row(crosswalk["accounts_named"], "accounts named in them =")
        yield _row(crosswalk["matched"], f"  in the network: now {crosswalk['persons']:,} persons")
        yield _row(crosswalk["unmatched"], "  not in the network")
        yield _row(crosswalk["ambiguous"], "  whose handle fits several accounts: left as they are")


def _roles(audit: Mapping[str, Any]) -> Iterator[str]:
    told = audit.get("accounts")
    if not told or not told["told"]:
        return
    yield "Who they say they are"
    yield _row(sum(told["roles"].values()), "accounts =")
    for role, count in told["roles"].items():
        if count and role != NOT_TOLD:
            yield _row(count, f"  {role}")
    yield _row(told["roles"][NOT_TOLD], "  not told: no profile was seen, and the handle says nothing")
    if told["by_roster"]:
        yield _row(told["by_roster"], "of them told by a roster")
    yield f"{'':>14}  expected {expected_in_words(told)}"


def _identity(audit: Mapping[str, Any]) -> Iterator[str]:
    who = audit["identity"]
    yield "Accounts"
    yield _row(who["accounts"], f"accounts, {who['authors']:,} of them authors in the collection")
    yield _row(who["renamed"], "seen under more than one handle")
    yield _row(who["handle_only"], "known by handle only")
    if "handles_that_moved" in who:
        yield _row(who["handles_that_moved"], "handles that several accounts held")
        yield _row(who["ambiguous"], "uses of a handle that two accounts could have held: left as handles")
    lost = losses_line(audit)
    yield f"Not used: {lost}." if lost else "Nothing in the input was lost."


def printable(text: str) -> str:
    """A file name without control characters, for a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
