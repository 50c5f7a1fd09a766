// Everything is there without a script: forms and links.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { browse, curator, missing, open } from "./newsroom.js";

const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>A Loopback Blog</title><link>http://127.0.0.1/</link><description>x</description>
<item><title>One post</title><link>http://127.0.0.1/one</link><guid>one</guid><pubDate>Mon, 09 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>`;

describe("a browser without scripts", { skip: missing }, () => {
  let desk;
  let browser;
  let blog;
  let page;
  let asked;
  before(async () => {
    blog = createServer((request, response) => {
      if (request.url === "/feed.xml") return response.writeHead(200, { "content-type": "application/rss+xml" }).end(FEED);
      if (request.url === "/robots.txt") return response.writeHead(404).end();
      return response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Blog</title><link rel="alternate" type="application/rss+xml" title="A Loopback Blog" href="/feed.xml"><p>Hello.`);
    });
    await new Promise((done) => blog.listen(0, "127.0.0.1", done));
    desk = await open({ port: blog.address().port });
    browser = await browse();
    ({ page, asked } = await curator(browser, desk, "Ben", { javaScriptEnabled: false }));
  });
  after(async () => {
    await browser?.close();
    desk?.close();
    blog?.close();
  });

  it("decides with a note, and takes it back", async () => {
    const title = await page.locator("#list .card h3").first().textContent();
    await page.locator(".card").first().getByLabel("Note").fill("Good *words*.");
    await page.locator(".card").first().getByRole("button", { name: "Accept" }).click();
    await page.getByText(`“${title}” is accepted by Ben.`).waitFor();
    await page.locator("#said").getByRole("button", { name: "Undo" }).click();
    await page.getByText(`“${title}” is a candidate again.`).waitFor();
    await page.locator(".card").first().locator("select[name=when]").selectOption("1m");
    await page.locator(".card").first().getByRole("button", { name: "Later" }).click();
    await page.getByText("is put off by Ben until 15 December 2026").first().waitFor();
    await page.locator(".card").first().getByRole("button", { name: "Accept" }).click();
    await page.getByText("is accepted by Ben").first().waitFor();
  });

  it("keeps the filter when it decides", async () => {
    await page.getByLabel("Kind").selectOption("podcast");
    await page.getByLabel("Source").fill("slow");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.locator(".card").first().getByRole("button", { name: "Decline" }).click();
    await page.getByText("is declined by Ben").first().waitFor();
    assert.equal(new URL(page.url()).searchParams.get("kind"), "podcast");
    for (const kind of await page.locator("#list .kind").allTextContents()) assert.equal(kind, "podcast");
  });

  it("shows an entry with what was decided on it", async () => {
    await page.goto(desk.address);
    await page.locator("#latest a").first().click();
    await page.getByRole("heading", { name: "What it says" }).waitFor();
    await page.getByRole("button", { name: "Take the last decision back" }).click();
    await page.getByText("is a candidate again").waitFor();
    assert.equal(await page.locator(".past del").count(), 1);
  });

  it("writes a commentary and a draft", async () => {
    await page.goto(`${desk.address}/issue`);
    await page.getByLabel("Commentary").first().fill("Without a script.");
    await page.getByRole("button", { name: "Keep" }).first().click();
    await page.getByText("The commentary is kept.").waitFor();
    assert.match(await page.locator("section.preview details pre").textContent(), /Without a script\./);
    await page.getByRole("button", { name: "Make the draft" }).click();
    await page.getByText("The draft is written").waitFor();
    await page.getByText("as it was made here").waitFor();
  });

  it("adds a source by any address, pauses, resumes and retires it", async () => {
    await page.goto(`${desk.address}/sources`);
    await page.getByLabel("Add the feed behind any address").fill(`http://127.0.0.1:${blog.address().port}/a-post`);
    await page.getByRole("button", { name: "Look" }).click();
    await page.getByRole("heading", { name: "A Loopback Blog" }).waitFor();
    await page.getByLabel("File under").first().fill("blogs, new");
    await page.getByRole("button", { name: "Add it" }).first().click();
    await page.getByText("The source is added").waitFor();
    await desk.run("poll");
    await page.goto(`${desk.address}/sources?q=loopback`);
    await page.getByRole("link", { name: "A Loopback Blog" }).click();
    await page.getByRole("link", { name: "One post" }).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("It is not polled until somebody resumes it.").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("It is polled again.").waitFor();
    await page.getByRole("button", { name: "Retire" }).click();
    await page.getByText("The source is polled no more").waitFor();
    assert.equal(await page.getByRole("link", { name: "A Loopback Blog" }).count(), 0);
  });

  it("says what is no source of the web", async () => {
    for (const address of ["file:///etc/passwd", "javascript:alert(1)", "not an address at all"]) {
      await page.goto(`${desk.address}/sources`);
      await page.getByLabel("Add the feed behind any address").fill(address);
      await page.getByRole("button", { name: "Look" }).click();
      await page.getByText("is no address of the web").waitFor();
    }
  });

  it("takes lists in, but no files of this machine, and gives them out", async () => {
    const list = `<opml version="2.0"><body><outline text="Listed" type="rss" xmlUrl="https://listed.example/feed"/><outline text="Local" type="rss" xmlUrl="file:///etc/passwd"/></body></opml>`;
    await page.goto(`${desk.address}/sources`);
    await page.getByText("Lists (OPML)").click();
    await page.getByLabel("Add the sources of a list").setInputFiles({ name: "list.opml", mimeType: "text/x-opml", buffer: Buffer.from(list) });
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByText("The list is read: added 1 source, 1 file left out.").waitFor();
    const cookies = (await page.context().cookies()).map((it) => `${it.name}=${it.value}`).join("; ");
    const exported = await fetch(`${desk.address}/sources/sources.opml`, { headers: { cookie: cookies } });
    assert.match(exported.headers.get("content-type"), /opml/);
    const text = await exported.text();
    assert.match(text, /listed\.example/);
    assert.doesNotMatch(text, /passwd/);
  });

  it("searches the archive and measures the ranking", async () => {
    await page.goto(`${desk.address}/archive`);
    await page.getByLabel("Words").fill("evening");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("recommended by Ada in Issue of").first().waitFor();
    assert.equal(await page.locator(".chart").count(), 3);
    await page.getByRole("button", { name: "Measure it" }).click();
    for (let tries = 0; tries < 300 && (await page.getByText("Measured just now").count()) === 0; tries += 1) {
      await page.waitForTimeout(200);
      await page.goto(`${desk.address}/archive`);
    }
    await page.getByText("Measured just now").waitFor();
  });

  it("asked nobody else", () => assert.deepEqual(asked, []));
});
