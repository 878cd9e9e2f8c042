"""When Chromium first paints the inbox."""

import asyncio
import shutil
import statistics
from collections.abc import Callable

from playwright.async_api import async_playwright

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


async def first_paint(url: str, say: Callable[[str], None], rounds: int = 9) -> float | None:
    """The median in milliseconds, the browser's cache warm; None without a Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        say("no Chromium: `apt install chromium`")
        return None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = await (await browser.new_context(viewport={"width": 1560, "height": 960})).new_page()
        await page.goto(f"{url}/sign-in")
        await page.click('button[value="marta"]')
        await page.wait_for_url("**/inbox")
        times = []
        for _ in range(rounds):
            await page.goto(f"{url}/inbox", wait_until="load")
            while (painted := await page.evaluate(_PAINT)) is None:  # the page's own policy lets nobody wait inside it
                await asyncio.sleep(0.02)
            times.append(float(painted))
        await browser.close()
    return round(statistics.median(times), 1)
