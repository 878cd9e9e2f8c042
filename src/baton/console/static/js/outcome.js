// After a decision: time for an undo, then the next task. The undo stays in reach when one moves on at once.
import { move } from "./list.js";
import { typed } from "./typed.js";
let timer = 0, held = null;

export const stillOpen = () => {
  const dispute = [...document.querySelectorAll('.dispute[data-weighs="yes"]')].find((one) => !one.querySelector("input:checked"));
  const option = document.querySelector("[data-option]");
  return (dispute ?? (option && !option.querySelector("input:checked") ? option : null))?.querySelector("input") ?? null;
};

const quiet = () => { const toast = document.getElementById("toast"); if (toast) { toast.hidden = true; toast.textContent = ""; } };

const toast = () => {
  const bar = document.getElementById("toast");
  const rest = held ? held.until - Date.now() : 0;
  if (!bar || rest <= 0 || document.querySelector(`.outcome[data-id="${held.id}"]`)) return;
  bar.textContent = `${held.words} `;
  const button = document.createElement("button");
  button.dataset.undo = "";
  button.textContent = held.undo;
  button.addEventListener("click", async () => {
    const body = new URLSearchParams({ csrf: document.body.dataset.csrf });
    const answer = await fetch(`/answers/${held.id}/withdraw`, { method: "POST", body, headers: { "HX-Request": "true" } });
    quiet();
    if (answer.ok) location.href = `/tasks/${held.task}`;
  });
  bar.append(button);
  bar.hidden = false;
  setTimeout(quiet, rest);
};

// The task is open again before anybody moved on: nothing is left to undo, and its row stands as before.
const takenBack = (decided) => {
  const work = document.getElementById("work");
  if (!held || decided || work?.dataset.task !== held.task || document.querySelector("#decision .outcome[data-id]")) return;
  document.querySelector(`.row[data-task="${CSS.escape(held.task)}"]`)?.classList.remove("gone");
  held = null;
  clearTimeout(timer);
  quiet();
};

export const outcome = (root) => {
  const box = root.querySelector(".outcome[data-held]");
  const decided = document.getElementById("decision")?.dataset.waits;
  if (decided) document.querySelector(`.row[data-task="${CSS.escape(decided)}"]`)?.classList.add("gone");
  if (!box) { takenBack(decided); toast(); return; }
  if (held?.id === box.dataset.id) return;
  const task = document.getElementById("work").dataset.task;
  held = { id: box.dataset.id, task, words: box.dataset.words, undo: box.querySelector("[data-undo]")?.textContent.trim() ?? "Z", until: Date.now() + 1000 * box.dataset.held };
  clearTimeout(timer);
  timer = setTimeout(() => {
    const here = document.querySelector(`.outcome[data-id="${held?.id}"]`) && !document.querySelector("dialog[open]") && !typed(document.getElementById("decision"));
    if (here && !move(1))
      window.htmx?.ajax("GET", `/tasks/${task}/decision`, { target: "#decision", swap: "outerHTML" });
  }, 1000 * box.dataset.held);
};

document.addEventListener("submit", (event) => {
  if (event.target.id !== "answer" || event.submitter?.value !== "approve") return;
  const wanted = stillOpen();
  if (wanted) { event.preventDefault(); event.stopImmediatePropagation(); wanted.focus(); wanted.closest("fieldset").scrollIntoView({ block: "center" }); }
}, true);
