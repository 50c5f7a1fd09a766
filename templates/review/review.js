// The keyboard, and parts of pages that are replaced where a form would load the whole page.
// Everything here is also there without it: forms and links.
"use strict";
(() => {
  const list = () => document.getElementById("list");
  const cards = () => [...document.querySelectorAll("#list .card")];
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  let current = null;
  let busy = false;

  // Which candidate the keys are about.
  function select(card, how) {
    for (const other of document.querySelectorAll(".card.current")) other.classList.remove("current");
    current = card ? card.dataset.id : null;
    if (!card) return;
    card.classList.add("current");
    card.querySelector("h3").focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (how !== "still") card.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }
  function selected() {
    return cards().find((card) => card.dataset.id === current) || null;
  }
  function step(by) {
    const all = cards();
    const at = all.indexOf(selected());
    select(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  // Puts the parts of a page that was fetched into this one. A card that is in both stays as it
  // is: open drawers, and what somebody is typing.
  function take(page, speak) {
    const fresh = page.getElementById("list");
    if (!fresh || !list()) return false;
    const at = cards().indexOf(selected());
    const focused = document.activeElement;
    const known = new Map(cards().map((card) => [card.id, card]));
    for (const card of fresh.querySelectorAll(".card")) {
      const old = known.get(card.id);
      if (old) card.replaceWith(old);
    }
    list().replaceWith(document.adoptNode(fresh));
    if (focused && focused !== document.activeElement && document.contains(focused)) focused.focus({ preventScroll: true });
    for (const id of speak ? ["said", "latest"] : ["latest"]) {
      const part = page.getElementById(id);
      const own = document.getElementById(id);
      // A live region speaks where its content changes, not where it is replaced.
      if (part && own) own.replaceChildren(...document.adoptNode(part).childNodes);
    }
    if (current && !selected()) {
      const all = cards();
      const next = all[Math.min(Math.max(at, 0), all.length - 1)] || null;
      const typing = document.activeElement && document.activeElement.matches("input, textarea, select");
      if (!typing) select(next, "still");
    }
    dress();
    return true;
  }

  async function send(form, button) {
    if (busy) return;
    busy = true;
    try {
      const body = new URLSearchParams(new FormData(form));
      if (button && button.name) body.set(button.name, button.value);
      const answer = await fetch(form.action, { method: "POST", body });
      const page = parse(await answer.text());
      if (answer.ok && take(page, true)) return;
      // Signed out, or refused: the page that says so is shown as it is.
      document.getElementById("said").replaceChildren(wrong(page));
    } catch {
      document.getElementById("said").replaceChildren(wrong(null));
    } finally {
      busy = false;
    }
  }
  function wrong(page) {
    const box = document.createElement("div");
    box.className = "said wrong";
    const line = box.appendChild(document.createElement("p"));
    const said = page && page.querySelector("main p");
    line.textContent = (said && said.textContent.trim()) || "The server does not answer; nothing was changed.";
    return box;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-fetch") || !list()) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  // The whole text of a candidate is fetched when somebody wants to read it.
  document.addEventListener("toggle", async (event) => {
    const drawer = event.target;
    if (!drawer.open || !drawer.dataset.from) return;
    const from = drawer.dataset.from;
    delete drawer.dataset.from;
    try {
      const answer = await fetch(from);
      const content = parse(await answer.text()).getElementById("content");
      if (!content) return;
      content.removeAttribute("id");
      drawer.querySelector(".content-slot").prepend(document.adoptNode(content));
    } catch {
      drawer.dataset.from = from;
    }
  }, true);

  function press(card, answer) {
    const button = card && card.querySelector(`button[name="answer"][value="${answer}"]`);
    if (button) send(button.form, button);
  }
  function toggle(card, drawer) {
    const details = card && card.querySelector(drawer);
    if (details) details.open = !details.open;
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    o: () => { const link = selected() && selected().querySelector("a.open"); if (link) link.click(); },
    a: () => press(selected(), "accept"),
    d: () => press(selected(), "decline"),
    l: () => press(selected(), "later"),
    n: () => { const note = selected() && selected().querySelector("textarea"); if (note) note.focus(); },
    w: () => toggle(selected(), ".why-drawer"),
    r: () => toggle(selected(), ".text-drawer"),
    u: () => { const undo = document.querySelector("#latest [data-undo]"); if (undo) send(undo.form, undo); },
    "/": () => { const field = document.getElementById("q"); if (field) { field.focus(); field.select(); } },
    "?": () => { const help = document.getElementById("help"); if (help) help.showModal(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.closest && event.target.closest("input, textarea, select");
    if (field) {
      if (event.key === "Escape" && list()) {
        const card = field.closest(".card");
        field.blur();
        if (card) select(card, "still");
      }
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const key = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!key || (!list() && event.key !== "/")) return;
    event.preventDefault();
    key();
  });
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest && event.target.closest("#list .card");
    if (card && card.dataset.id !== current) {
      for (const other of document.querySelectorAll(".card.current")) other.classList.remove("current");
      card.classList.add("current");
      current = card.dataset.id;
    }
  });
  document.addEventListener("click", (event) => {
    const help = event.target.closest && event.target.closest("[data-help]");
    if (help) document.getElementById("help").showModal();
  });

  // What somebody else decided meanwhile.
  async function look() {
    if (document.hidden || busy || !list()) return;
    try {
      const answer = await fetch(list().dataset.changes);
      if (!answer.ok || answer.redirected) return;
      const mark = await answer.text();
      if (mark === list().dataset.mark || busy) return;
      const address = new URL(location.href);
      const page = await fetch(address.pathname + address.search);
      if (page.ok && !page.redirected && !busy) take(parse(await page.text()), false);
    } catch {
      // The next look may reach it.
    }
  }

  // What is of use only with a script.
  function dress() {
    for (const button of document.querySelectorAll("[data-help]")) button.hidden = false;
  }
  dress();
  if (list()) {
    // What was done is said once, and not again when the page is loaded again.
    const address = new URL(location.href);
    if (address.searchParams.has("done")) {
      address.searchParams.delete("done");
      address.searchParams.delete("id");
      history.replaceState(null, "", address);
    }
    setInterval(look, 5000);
  }
  // Nobody leaves a commentary behind that is not kept.
  addEventListener("beforeunload", (event) => {
    const open = [...document.querySelectorAll("[data-commentary] textarea")];
    if (open.some((area) => area.value !== area.defaultValue && !area.form.dataset.sent)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-commentary]")) event.target.dataset.sent = "1";
  });
})();
