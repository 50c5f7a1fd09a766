// Every page with axe-core, light and dark, wide and narrow.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { browse, curator, missing, open } from "./newsroom.js";

describe("every page", { skip: missing }, () => {
  let desk;
  let browser;
  let axe;
  before(async () => {
    desk = await open();
    browser = await browse();
    axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    // So that no page is empty.
    const { page, context } = await curator(browser, desk, "Ada");
    for (const key of ["j", "a", "a", "d"]) {
      const before = await page.locator("#latest li").count();
      await page.keyboard.press(key);
      if (key !== "j") await page.waitForFunction((count) => document.querySelectorAll("#latest li").length > count, before);
    }
    await context.close();
  });
  after(async () => {
    await browser?.close();
    desk?.close();
  });

  async function check(page, name) {
    // The page's own policy lets no script in; the tool comes by the browser's own way.
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], iframes: false }));
    const bad = found.violations.filter((it) => ["serious", "critical"].includes(it.impact));
    const said = bad.map((it) => `${name}: ${it.id}: ${it.nodes.slice(0, 3).map((node) => `${node.html}\n  ${node.failureSummary}`).join("\n")}`);
    assert.deepEqual(said, []);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(beyond <= 0, `${name}: ${beyond} pixels too wide`);
  }

  for (const [width, colorScheme] of [[1280, "light"], [360, "light"], [1280, "dark"], [360, "dark"]]) {
    it(`has no serious violation, ${colorScheme}, ${width} pixels wide`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(desk.address);
      await check(page, "sign-in");
      await page.getByRole("button", { name: "Ada", exact: true }).click();
      await page.locator("#list .card").first().waitFor();
      await check(page, "candidates");
      for (const drawer of [".why-drawer", ".text-drawer"]) await page.locator(`${drawer} summary`).first().click();
      await page.locator(".text-drawer .content").first().waitFor();
      await check(page, "candidates, open");
      await page.keyboard.press("j");
      await page.keyboard.press("?");
      await check(page, "keys");
      await page.keyboard.press("Escape");
      await page.goto(`${desk.address}?q=nosuchword`);
      await check(page, "no candidates");
      await page.goto(desk.address);
      await page.locator("#latest a").first().click();
      await check(page, "entry");
      for (const place of ["issue", "sources", "sources/1", "archive", "archive?q=maps"]) {
        await page.goto(`${desk.address}/${place}`);
        for (const summary of await page.locator("summary").all()) await summary.click();
        await check(page, place);
      }
      await context.close();
    });
  }

  it("can be walked through with the keyboard alone", async () => {
    const { page, context } = await curator(browser, desk, "Ada");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.type("jjj");
    assert.equal(await page.locator("#q").inputValue(), "jjj");
    assert.equal(await page.locator(".card.current").count(), 0);
    await context.close();
  });
});
