"""A headless Chromium for the tests, and the questions they ask of it."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card; the pages are our own
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
)


def chromium() -> str | None:
    """Where the browser is, if both it and its driver are here."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return browser if shutil.which("chromedriver") else None


@contextmanager
def opened(width: int = 1280, height: int = 800, *, without_webgl: bool = False) -> Iterator[webdriver.Chrome]:
    """A fresh browser of this size, forgotten afterwards."""
    browser = chromium()
    if browser is None:
        raise RuntimeError("no Chromium with chromedriver here; scripts/browser.sh gets them")
    with tempfile.TemporaryDirectory(prefix="netmed-browser-", ignore_cleanup_errors=True) as profile:
        options = Options()
        options.binary_location = browser
        for argument in (
            *ARGUMENTS,
            *(["--disable-3d-apis"] if without_webgl else []),
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            driver.get("about:blank")
            for log in ("browser", "performance"):
                driver.get_log(log)  # what the browser's own start page did is not the page's
            resize(driver, width, height)
            yield driver
        finally:
            driver.quit()


def resize(driver: webdriver.Chrome, width: int, height: int) -> None:
    """Give the page exactly this room (a window has a frame and a least width, a page has not)."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


def visit(driver: webdriver.Chrome, path: Path, fragment: str = "") -> None:
    """Open a page from disk and wait until it is drawn."""
    driver.get(path.resolve().as_uri() + fragment)
    driver.execute_async_script(
        "const done = arguments[0]; const look = () => window.netmed?.ready"
        " ? requestAnimationFrame(() => requestAnimationFrame(() => done(true))) : setTimeout(look, 20); look();"
    )


def settle(driver: webdriver.Chrome, seconds: float = 0.6) -> None:
    """Wait until the camera has come to rest."""
    driver.execute_async_script(f"setTimeout(arguments[0], {seconds * 1000});")


def at_rest(driver: webdriver.Chrome) -> None:
    """Wait until the camera stands still."""
    driver.execute_async_script(
        "const done = arguments[0]; let last = '', still = 0; const look = () => {"
        " const now = JSON.stringify(netmed.camera()); still = now === last ? still + 1 : 0; last = now;"
        " still > 3 ? done(true) : requestAnimationFrame(look); }; look();"
    )


def saved_by(driver: webdriver.Chrome, button: str, *, pixels: bool | tuple[int, int] = False) -> tuple:
    """Press a button that saves a file, and take the file instead: name and text, or of a picture name, size and

    what ``pixels`` asks for: the number of different colours in its middle, or the colour of one pixel.
    """
    return tuple(
        driver.execute_async_script(
            """
            const [id, pixels, done] = arguments, make = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
            let blob;
            URL.createObjectURL = (content) => { blob = content; return make.call(URL, content); };
            HTMLAnchorElement.prototype.click = async function () {
              URL.createObjectURL = make;
              HTMLAnchorElement.prototype.click = click;
              if (blob.type !== 'image/png') return done([this.download, await blob.text()]);
              const bitmap = await createImageBitmap(blob), { width, height } = bitmap;
              const ctx = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
              ctx.drawImage(bitmap, 0, 0);
              let found = null;
              if (Array.isArray(pixels)) found = [...ctx.getImageData(...pixels, 1, 1).data];
              else if (pixels) {
                const data = ctx.getImageData(width * .3, height * .1, width * .6, height * .7).data, seen = new Set();
                for (let i = 0; i < data.length; i += 4) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
                found = seen.size;
              }
              done([this.download, [width, height], found]);
            };
            document.getElementById(id).click();
            """,
            button,
            pixels,
        )
    )


def complaints(driver: webdriver.Chrome) -> list[str]:
    """Everything the page wrote to the console: errors, warnings, refused scripts and styles."""
    said = [entry["message"] for entry in driver.get_log("browser")]
    return [message for message in said if "GL Driver Message" not in message]  # software GL on its own speed


def requests(driver: webdriver.Chrome) -> list[str]:
    """Every address the browser asked for, but for files on disk, data and blobs."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [url for url in sent if not url.startswith(("file:", "data:", "blob:"))]
