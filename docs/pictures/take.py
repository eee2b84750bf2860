"""The two pictures in README, taken of a running demo: python docs/pictures/take.py [http://127.0.0.1:8080]"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PHONE = {"width": 360, "height": 640}

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
    page = browser.new_page(viewport=PHONE)
    for name, path in (("home-en", "/en/"), ("page-ar", "/ar/rights/asylum")):
        page.goto(address + path)
        page.screenshot(path=HERE / f"{name}.png")
    browser.close()
