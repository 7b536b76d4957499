#!/usr/bin/env python3
"""Write docs/page.png: the page of the demo network, with its most addressed account picked.

Run ``make demo`` first; it needs Chromium and chromedriver (scripts/browser.sh).
"""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import opened, settle, visit  # noqa: E402


def main() -> None:
    """Open, pick, take the picture."""
    results = ROOT / "outputs" / "demo"
    with (results / "centrality.csv").open(encoding="utf-8", newline="") as table:
        picked = max(csv.DictReader(table), key=lambda row: float(row["pagerank"]))
    with opened(1280, 800) as driver:
        visit(driver, results / "network.html", f"#account={picked['handle']}")
        settle(driver, 1.5)
        driver.save_screenshot(str(ROOT / "docs" / "page.png"))


if __name__ == "__main__":
    main()
