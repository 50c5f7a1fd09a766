// What a curator does, from the sign-in to the published readings.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { browse, curator, missing, open } from "./newsroom.js";

describe("a curator with a keyboard", { skip: missing }, () => {
  let desk;
  let browser;
  before(async () => {
    desk = await open();
    browser = await browse();
  });
  after(async () => {
    await browser?.close();
    desk?.close();
  });

  const titles = (page) => page.locator("#list .card h3").allTextContents();
  const decided = (page) => page.locator("#latest li > a").allTextContents();
  const settled = async (page, count) => page.waitForFunction((wanted) => document.querySelectorAll("#latest li").length === wanted, count);

  it("filters, reads why, accepts three, undoes one, comments, drafts, and readers get it", async () => {
    const { page, wrong, asked } = await curator(browser, desk, "Ada");

    // Filters.
    await page.getByLabel("Kind").selectOption("paper");
    await page.getByLabel("Words").fill("archives");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.waitForURL(/kind=paper/);
    const papers = await titles(page);
    assert.ok(papers.length > 0 && papers.length < 10, papers.join("\n"));
    for (const kind of await page.locator("#list .kind").allTextContents()) assert.equal(kind, "paper");
    await page.getByRole("link", { name: "Show all" }).click();
    await page.waitForURL((url) => !url.search);

    // Reads why: the bars add up to the score.
    await page.locator(".why-drawer summary").first().click();
    const amounts = await page.locator(".card").first().locator(".why tbody td.number").allTextContents();
    const sum = await page.locator(".card").first().locator(".why tfoot td.number").textContent();
    const cents = (text) => Math.round(100 * Number(text.replace("−", "-")));
    assert.ok(amounts.length > 2);
    assert.equal(amounts.map(cents).reduce((one, other) => one + other, 0), cents(sum));

    // Reads on: the text is fetched, its pictures are not.
    await page.keyboard.press("j");
    const log = page.locator(".card", { hasText: "Harbour Log" }).filter({ hasText: "days ago" }).first();
    await log.getByText("Read: ").click();
    await log.locator(".content").waitFor();
    assert.match(await log.locator(".content").textContent(), /not loaded, so that nobody learns/);
    await page.keyboard.press("r");

    // Help.
    await page.keyboard.press("?");
    assert.ok(await page.getByRole("dialog", { name: "Keys" }).isVisible());
    await page.keyboard.press("Escape");

    // Accepts three.
    await page.goto(desk.address);
    await page.keyboard.press("j");
    const before = await titles(page);
    await page.keyboard.press("a");
    await settled(page, 1);
    await page.keyboard.press("a");
    await settled(page, 2);
    await page.keyboard.press("j");
    const third = await page.locator(".card.current h3").textContent();
    await page.keyboard.press("a");
    await settled(page, 3);
    // What comes next is chosen: where the third one was, and not the first of the list.
    assert.equal(await page.locator(".card.current h3").textContent(), before[4]);
    assert.deepEqual(await decided(page), [third, before[1], before[0]]);
    assert.match(await page.locator("#said").textContent(), /is accepted by Ada/);
    assert.ok(!(await titles(page)).includes(third));

    // Undoes one.
    await page.keyboard.press("u");
    await settled(page, 2);
    assert.ok((await titles(page)).includes(third));
    assert.match(await page.locator("#said").textContent(), /is a candidate again/);

    // Declines and puts off.
    await page.keyboard.press("k");
    await page.keyboard.press("d");
    await settled(page, 3);
    await page.keyboard.press("l");
    await settled(page, 4);
    assert.match(await page.locator("#latest li").first().textContent(), /put off by Ada until 29 November 2026/);

    // Writes commentary, moves, previews.
    await page.getByRole("link", { name: "Next issue" }).click();
    const first = page.locator(".readings .card").first();
    assert.equal(await first.locator("h3").textContent(), before[0]);
    await first.getByLabel("Commentary").fill("Read it **twice**, and the [notes](https://notes.example/).");
    await first.getByRole("button", { name: "Keep" }).click();
    await page.getByText("The commentary is kept.").waitFor();
    await page.locator(".readings .card").first().getByRole("button", { name: "Down" }).click();
    await page.getByText("Moved.").waitFor();
    assert.equal(await page.locator(".readings .card h3").first().textContent(), before[1]);
    const preview = page.frameLocator("#preview");
    assert.equal(await preview.locator("strong", { hasText: "twice" }).count(), 1);

    // Makes the draft; the next one would be in its way.
    await page.getByLabel("Day of the issue").fill("2026-11-14");
    await page.getByLabel("Name of the file").fill("2026-11-14");
    await page.getByRole("button", { name: "Make the draft" }).click();
    await page.getByText("The draft is written: issues/2026-11-14.md").waitFor();
    const draft = desk.read("issues/2026-11-14.md");
    assert.match(draft, /^draft: true$/m);
    assert.ok(draft.indexOf(before[1]) < draft.indexOf(before[0]), draft);
    assert.match(draft, /Read it \*\*twice\*\*/);

    // It is published, and its readings are in the readings feed.
    desk.write("issues/2026-11-14.md", draft.replace("draft: true\n", "draft: false\n").replace(/INSERT_\w+(: why is this worth reading\?)?/g, "Said."));
    await desk.run("build");
    const readings = JSON.parse(desk.read(join("feeds/public", readdirSync(join(desk.root, "feeds/public")).includes("readings") ? "readings/feed.json" : "readings.json")));
    const published = readings.items.map((item) => item.title);
    assert.ok(published.includes(before[0]) && published.includes(before[1]), published.join("\n"));

    assert.deepEqual(asked, [], "requests to others");
    assert.deepEqual(wrong, [], "errors in the browser");
  });

  it("never writes over a file, and shows what is in the way", async () => {
    const { page, context } = await curator(browser, desk, "Ben");
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    await page.getByText("is accepted by Ben").first().waitFor();
    desk.write("issues/taken.md", "---\ntitle: Taken\ndate: 2026-11-13\n---\n\nEdited by hand.\n");
    await page.goto(`${desk.address}/issue`);
    await page.getByLabel("Name of the file").fill("taken");
    await page.getByRole("button", { name: "Make the draft" }).click();
    await page.getByRole("heading", { name: "In the way: issues/taken.md" }).waitFor();
    assert.match(await page.getByRole("region", { name: "What is there, and stays" }).textContent(), /Edited by hand\./);
    assert.match(desk.read("issues/taken.md"), /Edited by hand\./);
    await context.close();
  });

  it("sees what somebody else decides, and does not decide it again", async () => {
    const ada = await curator(browser, desk, "Ada");
    const ben = await curator(browser, desk, "Ben");
    const [title] = await titles(ada.page);
    await ben.page.keyboard.press("j");
    await ben.page.keyboard.press("d");
    await ben.page.getByText("is declined by Ben").first().waitFor();
    // Before Ada's page has looked, she decides on it too.
    await ada.page.keyboard.press("j");
    assert.equal(await ada.page.locator(".card.current h3").textContent(), title);
    await ada.page.keyboard.press("a");
    await ada.page.getByText("was declined by Ben meanwhile, so nothing was changed").waitFor();
    // And what Ben does next shows on hers without her doing anything.
    const second = (await titles(ben.page))[0];
    await ben.page.keyboard.press("d");
    await ada.page.locator("#latest li", { hasText: second }).waitFor({ timeout: 15_000 });
    assert.ok(!(await titles(ada.page)).includes(second));
    await ada.context.close();
    await ben.context.close();
  });

  it("keeps both commentaries where two write at once", async () => {
    const ada = await curator(browser, desk, "Ada");
    const ben = await curator(browser, desk, "Ben");
    for (const { page } of [ada, ben]) await page.goto(`${desk.address}/issue`);
    await ada.page.getByLabel("Commentary").first().fill("Ada's words.");
    await ada.page.getByRole("button", { name: "Keep" }).first().click();
    await ada.page.getByText("The commentary is kept.").waitFor();
    await ben.page.getByLabel("Commentary").first().fill("Ben's words.");
    await ben.page.getByRole("button", { name: "Keep" }).first().click();
    await ben.page.getByText("Somebody else changed this commentary meanwhile").waitFor();
    assert.equal(await ben.page.getByLabel("Commentary").first().inputValue(), "Ben's words.");
    assert.match(await ben.page.locator(".readings blockquote").textContent(), /Ada's words\./);
    await ben.page.getByRole("button", { name: "Keep" }).first().click();
    await ben.page.getByText("The commentary is kept.").waitFor();
    await ada.context.close();
    await ben.context.close();
  });
});
