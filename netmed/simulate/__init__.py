"""Invented #MedEd collections with known truth.

``collection`` writes posts as X API v2 response pages, in the shape in which twarc2 stores them, and
knows every event, role and community in them. Everybody in it is invented. The words are in
``vocabulary.json``; the planted communities are the specialties, with ``MIXING`` of the addressing
between them; the yearly volume follows the JAMA #MedEd study (``STUDY``).
"""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from netmed.simulate.pages import Harvests
from netmed.simulate.people import population
from netmed.simulate.scene import MIXING
from netmed.simulate.sink import writing
from netmed.simulate.talk import conversation
from netmed.simulate.truth import Summary, Truth
from netmed.simulate.volume import STUDY, yearly

__all__ = ["MIXING", "STUDY", "Summary", "collection", "yearly"]


def collection(
    posts: int,
    target: Path | BinaryIO,
    *,
    seed: int = 1,
    truth: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Write an invented #MedEd collection as X API v2 pages, one page per line.

    Parameters
    ----------
    posts : how many distinct original posts are delivered (at least 1): all that are not reposts, so
        replies and quotes count; a post delivered twice and an edited post count once. Reposts
        (about 0.6 per original) and posts that only come along with others are on top.
    target : file to write (``.gz`` and ``.zst`` are compressed), or a binary stream.
    seed : the same ``posts`` and ``seed`` give the same lines, on every platform.
    truth : file to write the truth to, JSON Lines; its records are described in
        ``netmed.simulate.truth``. Keys are ``x:<id>``, direction source → target.
    progress : called now and then with the number of original posts written so far.

    Returns the counts. Raises ``InputError`` where a file cannot be written, and ``ValueError``
    where ``posts`` is less than 1.
    """
    if posts < 1:
        raise ValueError(f"posts must be at least 1, not {posts}")
    accounts = population(posts, seed=seed)
    harvests, book = Harvests(seed=seed), Truth(STUDY)
    with contextlib.ExitStack() as stack:
        pages = stack.enter_context(writing(target))
        record = stack.enter_context(writing(truth)) if truth else None
        for said in conversation(accounts, posts, seed=seed):
            book.count(said)
            if record:
                record.writelines(book.lines(said))
            for page in harvests.take(said.deliveries):
                pages.write(page)
                book.pages += 1
                if progress:
                    progress(book.originals)
        for page in harvests.finish():
            pages.write(page)
            book.pages += 1
        if progress:
            progress(book.originals)
        if record:
            record.writelines(book.closing())
    return book.summary()
