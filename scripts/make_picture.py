#!/usr/bin/env python3
"""Write docs/page.png: the page of the demo network.

Run ``make demo`` first (``make picture`` does both); it needs Chromium and chromedriver (scripts/browser.sh).
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import at_rest, opened, visit  # noqa: E402


def main() -> None:
    """Open, take the picture."""
    with opened(1280, 800) as driver:
        visit(driver, ROOT / "outputs" / "demo" / "network.html")
        at_rest(driver)
        driver.save_screenshot(str(ROOT / "docs" / "page.png"))


if __name__ == "__main__":
    main()
