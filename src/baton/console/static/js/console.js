// The console's own script: everything here makes faster what works without it.
import { keys, off } from "./keys.js";
import { evidence } from "./evidence.js";
import { choosing } from "./list.js";
import { live } from "./live.js";
import { outcome } from "./outcome.js";
import { jump } from "./jump.js";

document.documentElement.classList.add("js");

// A task that was swapped in is set up like one that came with its page.
const set = (root) => { evidence(root); outcome(root); };

set(document);
choosing();
keys();
for (const box of document.querySelectorAll("#keys-on")) box.checked = !off();
live();
jump();

document.addEventListener("htmx:after:swap", (event) => {
  const work = document.getElementById("work");
  const id = work?.dataset.task;
  for (const row of document.querySelectorAll(".row")) {
    const here = row.dataset.task && row.dataset.task === id;
    row.classList.toggle("current", Boolean(here));
    row.querySelector("a")?.toggleAttribute("aria-current", Boolean(here));
  }
  set(document);
  if (event.detail?.ctx?.target?.id === "filters") document.querySelector("#filters a")?.focus();
});

// Every request of htmx carries the session's form token.
document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method !== "GET") request.headers["X-CSRF-Token"] = document.body.dataset.csrf;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-open]")?.dataset.open;
  if (name && document.getElementById(name)?.showModal) document.getElementById(name).showModal();
  for (const open of document.querySelectorAll("details.me[open], details.compose[open]")) if (!open.contains(event.target)) open.open = false;
});
