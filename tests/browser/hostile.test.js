// What a feed says never runs in a review page, and never makes the browser ask anybody.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { browse, curator, HOSTILE, missing, open } from "./newsroom.js";

describe("a hostile feed", { skip: missing }, () => {
  let desk;
  let browser;
  let window;
  before(async () => {
    desk = await open({ hostile: true });
    browser = await browse();
    window = await curator(browser, desk, "Ada");
  });
  after(async () => {
    await browser?.close();
    desk?.close();
  });

  async function harmless(page) {
    // What was going to load or run has had its time when the page is idle.
    await page.waitForLoadState("networkidle");
    assert.equal(await page.evaluate(() => window.hit), undefined, page.url());
    assert.deepEqual(window.asked, [], page.url());
    const foreign = "iframe:not(#preview), object, embed, video, audio, base, link, meta, style, script";
    assert.deepEqual(await page.evaluate((foreign) => [...document.querySelector("main").querySelectorAll(foreign)].map((it) => it.outerHTML), foreign), []);
    const hrefs = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((link) => link.protocol));
    for (const protocol of hrefs) assert.match(protocol, /^(https?|mailto):$/);
    const bare = await page.evaluate(() => [...document.querySelectorAll('main a[href^="https://evil"]')].filter((link) => !/noreferrer/.test(link.rel) || !/noopener/.test(link.rel)).length);
    // The preview is as it will be published; its answer forbids to tell from where one comes.
    if (!page.url().endsWith("/preview")) assert.equal(bare, 0);
  }

  it("is nothing but text in the list of candidates", async () => {
    const { page } = window;
    await page.goto(`${desk.address}?source=evil`);
    assert.equal(await page.locator("#list .card").count(), HOSTILE.length);
    for (const summary of await page.locator("#list summary").all()) await summary.click();
    await page.waitForFunction((count) => document.querySelectorAll(".text-drawer .content").length === count, HOSTILE.length);
    for (const text of await page.locator(".text-drawer .content").all()) await text.hover();
    await harmless(page);
    // The keyboard still means our own list and its cards.
    await page.keyboard.press("j");
    await page.keyboard.press("d");
    await page.getByText("is declined by Ada").first().waitFor();
    assert.equal(await page.locator("#latest li").count(), 1);
    await harmless(page);
  });

  it("is nothing but text on its own pages and everywhere else", async () => {
    const { page } = window;
    const ids = await page.locator("#list .card").evaluateAll((cards) => cards.map((card) => card.dataset.id));
    assert.ok(ids.length > 0);
    for (const id of ids) {
      await page.goto(`${desk.address}/entry/${id}`);
      await harmless(page);
    }
    for (const place of ["/sources", "/sources?q=evil", "/archive?q=hello", "/archive?q=%22%3E%3Cscript%3E", "?q=%3Cscript%3E", "?done=%3Cscript%3E&id=1"]) {
      await page.goto(`${desk.address}${place}`);
      await harmless(page);
    }
    await page.goto(`${desk.address}/sources?q=evil`);
    await page.locator("table.sources a").first().click();
    await harmless(page);
  });

  it("is nothing but text in the draft and its preview", async () => {
    const { page } = window;
    await page.goto(`${desk.address}?source=evil`);
    const count = await page.locator("#list .card").count();
    for (let at = 0; at < count; at += 1) {
      await page.locator("#list .card").first().getByRole("button", { name: "Accept" }).click();
      await page.waitForFunction((left) => document.querySelectorAll("#list .card").length === left, count - at - 1);
    }
    await page.goto(`${desk.address}/issue`);
    await page.frameLocator("#preview").locator("h1").first().waitFor();
    await harmless(page);
    const preview = page.frames().find((frame) => frame.url().endsWith("/issue/preview"));
    assert.equal(await preview.locator("script, img[src*=evil], iframe").count(), 0);
    await page.goto(`${desk.address}/issue/preview`);
    await harmless(page);
  });

  it("loads its pictures only where somebody asked for them, and no more than those", async () => {
    const { page, asked } = window;
    await page.goto(`${desk.address}/archive?q=hello`);
    await page.getByRole("link", { name: /look at it here/ }).first().click();
    await page.getByRole("link", { name: /^Show/ }).click();
    await page.waitForLoadState("networkidle");
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual([...new Set(asked)].sort(), ["https://evil.example/in-picture.gif", "https://evil.example/pixel.gif"]);
  });
});
