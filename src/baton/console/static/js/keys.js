// One key for everything; none of them while typing, and none together with Ctrl, Alt or Meta but Ctrl K.
import { stillOpen } from "./outcome.js";
import { move, pick, many } from "./list.js";
let going = 0;

const compose = (says) => {
  const box = document.getElementById(`compose-${says}`);
  if (!box) return;
  box.open = true;
  box.querySelector("select, textarea")?.focus();
};
const approve = () => {
  const wanted = stillOpen();
  if (wanted) { wanted.focus(); wanted.closest("fieldset").scrollIntoView({ block: "center" }); return; }
  document.getElementById("approve")?.click();
};
const choose = (number) => {
  const field = document.activeElement?.closest?.(".dispute") ?? document.querySelector(".dispute:not(.done)") ?? document.querySelector("[data-option]");
  const input = field?.querySelectorAll('input[type="radio"]')[number - 1];
  if (input) { input.click(); input.focus(); }
};
const edit = () => {
  const open = stillOpen();
  const box = document.getElementById("edit");
  if (open) open.focus();
  else if (box) { box.open = true; box.querySelector("input, textarea").focus(); }
};
const note = () => (document.getElementById("comment-words") ?? document.querySelector("#notes textarea"))?.focus();
const give = () => {
  const box = document.querySelector("#bulk:not([hidden]) #bulk-give") ?? document.querySelector("details.assign");
  if (box) { box.open = true; box.querySelector("select").focus(); }
};
const leaf = () => {
  const all = [...document.querySelectorAll('[role="tab"]')];
  all[(all.findIndex((one) => one.getAttribute("aria-selected") === "true") + 1) % all.length]?.click();
};
const turn = () => {
  const all = [...document.querySelectorAll(".tabs > a:not(.narrow)")];
  all[(all.findIndex((one) => one.hasAttribute("aria-current")) + 1) % all.length]?.click();
};
const go = (letter) => document.querySelector(`[data-go="${letter}"]`)?.click();

const what = {
  j: () => move(1), k: () => move(-1), x: pick, a: approve, r: () => compose("reject"), q: () => compose("ask"), b: () => compose("return"),
  e: edit, z: () => document.querySelector("[data-undo]")?.click(), "1": () => choose(1), "2": () => choose(2), "3": () => choose(3),
  t: () => document.getElementById("claim")?.click(), f: () => document.querySelector(".narrow")?.click(),
  n: note, m: give, d: leaf, v: turn, "/": () => document.querySelector('.search input[type="search"], .find input[type="search"]')?.focus(),
  "?": () => document.getElementById("keys")?.showModal(), g: () => { going = Date.now(); },
};

// Whoever speaks to their machine, or often hits a key by chance, can switch off every key that is a letter alone.
export const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
document.addEventListener("change", (event) => {
  if (event.target.id === "keys-on") try { localStorage.setItem("keys", event.target.checked ? "on" : "off"); } catch { /* kept for this page alone */ }
});

export const keys = () => document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
  if (event.key === "Escape" && typing) return event.target.blur();
  if (event.key === "Escape") { for (const open of document.querySelectorAll("details.compose[open]")) open.open = false; return; }
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); document.getElementById("jump")?.showModal(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || off()) return;
  if (event.shiftKey && event.key === "A") { event.preventDefault(); return many(); }
  const key = event.key.toLowerCase();
  if (Date.now() - going < 1500 && key !== "g") { going = 0; event.preventDefault(); return go(key); }
  if (what[key] && !(event.shiftKey && !["?", "/"].includes(event.key))) { event.preventDefault(); what[key](); }
});
