"""Take the pictures of the public site that the README shows, from the made-up country: python docs/screenshots.py.

It needs Chromium and Playwright (requirements-dev.txt). The decision a reader would question: the country is that of
`palermo demo`, whose release two made-up persons approved; every picture says that its data are made up.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
DESK, PHONE = (1280, 880), (360, 780)
PICTURES = {
    "portal-home": ("en/", DESK, 1.0),
    "portal-explorer": ("en/explore/?rows=age&columns=sex", DESK, 1.0),
    "portal-figure-arabic": ("ar/areas/XXA/2023/figures/P1/", DESK, 1.0),
    "portal-home-phone": ("zh/", PHONE, 1.0),
    "portal-map": ("en/areas/XXA/2023/figures/F5/", (1280, 1560), 0.65),
}  # name: page, window, pixels of the picture for one of the page


def main() -> None:
    """Build the country unless a folder with one is named, serve it, and save the pictures."""
    with tempfile.TemporaryDirectory() as made:
        country = Path(sys.argv[1] if len(sys.argv) > 1 else f"{made}/country")
        palermo = [sys.executable, "-m", "palermo"]
        if not country.exists():
            build = [*palermo, "demo", "--dir", str(country), "--json"]
            subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            [*palermo, "serve", str(country), "--port", "0"],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PALERMO_REQUESTS_PER_MINUTE": "0"},
        )  # fmt: skip
        try:
            told = server.stdout.readline() if server.stdout else ""
            take(told.partition("The site: ")[2].split()[0])
        finally:
            server.terminate()
            server.wait()


def take(site: str) -> None:
    """Save every picture from a site."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (path, (width, height), scale) in PICTURES.items():
            window = {"width": width, "height": height}
            page = browser.new_page(viewport=window, device_scale_factor=scale, color_scheme="light")
            page.goto(f"{site}{path}")
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
