// How long pages take with many candidates in the store: node measure.js [COUNT]
// Build with --release first, and name that program in NEWSDESK.
import { open } from "./newsroom.js";

const count = Number(process.argv[2] || 100_000);
const began = Date.now();
const desk = await open({ crowd: count });
console.log(`gathered ${count} entries in ${((Date.now() - began) / 1000).toFixed(1)} s`);
try {
  const form = await fetch(`${desk.address}/login`);
  const cookie = (answer) => answer.headers.getSetCookie().map((it) => it.split(";")[0]).join("; ");
  const csrf = (await form.text()).match(/name="csrf" value="([^"]+)"/)[1];
  const body = new URLSearchParams({ csrf, name: "Ada", next: "" });
  const signed = await fetch(`${desk.address}/login`, { method: "POST", body, headers: { cookie: cookie(form) }, redirect: "manual" });
  const session = cookie(signed);
  const get = async (path) => {
    const start = performance.now();
    const answer = await fetch(desk.address + path, { headers: { cookie: session } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return [performance.now() - start, text];
  };
  for (const path of ["", "?page=2", "?page=3000", "?kind=paper", "?source=planet", "?q=maps", "?q=maps+tables&kind=post", "/changes", "/entry/1", "/issue", "/sources", "/archive", "/archive?q=maps"]) {
    const [first, text] = await get(path);
    const times = [];
    for (let turn = 0; turn < 15; turn += 1) times.push((await get(path))[0]);
    times.sort((one, other) => one - other);
    const title = text.match(/id="list-title">([^<]*)/);
    console.log(`${path || "/"}: first ${first.toFixed(0)} ms, then median ${times[7].toFixed(1)} ms, worst ${times[14].toFixed(1)} ms, ${(text.length / 1000).toFixed(0)} kB ${title ? title[1] : ""}`);
  }
} finally {
  desk.close();
}
