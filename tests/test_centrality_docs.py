"""The page of measures: every one is on it, and its example prints what it says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from netmed.centrality import MEASURES

PAGE = (Path(__file__).parents[1] / "docs" / "measures.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_explained(name: str) -> None:
    measure = MEASURES[name]
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert measure.formula in section[1]
    assert measure.when in section[1]
    assert measure.source in section[1]
    assert measure.when.endswith(".")
    assert measure.when.count(".") == 1  # one sentence


def test_the_example_prints_what_the_page_shows() -> None:
    example = re.search(r"<!-- runs -->\n```python\n(.*?)```\n\nIt prints:\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(example[1], {})
    assert out.getvalue().rstrip() == example[2].rstrip()
    assert re.search(r"^in_strength +0\.0 +5\.0 +2\.0 +2\.0 +0\.0 +4\.0$", example[2], re.MULTILINE)
