"""The pictures in README, taken of a running demo.

Run: python docs/pictures/take.py [http://127.0.0.1:8080 [http://127.0.0.1:8081 PIN]]; the keypad only with a PIN.
"""

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
    if len(sys.argv) > 3:
        staff, pin = sys.argv[2:4]
        page.goto(f"{staff}/en/sign-in")
        page.fill("#pin", pin)
        page.press("#pin", "Enter")
        page.click("button[value=ar]")
        page.click("button[value=shelter]")
        page.wait_for_selector("#where")
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=HERE / "keypad-en.png")
    browser.close()
