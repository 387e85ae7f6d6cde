// Lists that grow are fetched again while the page is looked at. Without this script a reload does the same.
"use strict";
for (const list of document.querySelectorAll("[data-live]")) {
  const state = document.createElement("p");
  const toggle = document.createElement("button");
  const text = document.createElement("span");
  let paused = false;
  state.className = "live";
  toggle.type = "button";
  toggle.textContent = "Pause";
  text.setAttribute("role", "status");
  text.textContent = "Up to date";
  state.append(toggle, text);
  list.before(state);
  toggle.addEventListener("click", () => {
    paused = !paused;
    toggle.textContent = paused ? "Go on" : "Pause";
    text.textContent = paused ? "Paused" : "Up to date";
  });

  const keyOf = (node) => node?.closest("[data-key]")?.dataset.key;
  const busy = () => list.contains(document.getSelection()?.anchorNode) && !document.getSelection().isCollapsed;
  const refresh = async () => {
    const answer = await fetch(location.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
    if (!fresh || fresh.innerHTML === last || busy()) return;
    last = fresh.innerHTML;
    const open = new Set([...list.querySelectorAll("details[open]")].map(keyOf));
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const key = keyOf(focused), tag = focused?.tagName;
    list.replaceChildren(...fresh.childNodes);
    for (const item of list.querySelectorAll("[data-key]")) {
      if (open.has(item.dataset.key)) item.querySelector("details").open = true;
      if (key && item.dataset.key === key) item.querySelector(tag)?.focus({ preventScroll: true });
    }
  };
  let last = list.innerHTML;
  setInterval(() => {
    if (paused || document.hidden) return;
    refresh().then(() => { text.textContent = "Up to date"; }, () => { text.textContent = "The server does not answer"; });
  }, 2000);
}
