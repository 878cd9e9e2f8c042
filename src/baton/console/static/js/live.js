// What changed elsewhere: said in a pill or a banner. Rows never move by themselves, and nothing typed is lost.
import { typed } from "./typed.js";
let stream = null, watched = null;
const fresh = new Set(), told = new Set();

const news = () => {
  const pill = document.getElementById("news");
  if (!pill) return;
  const words = pill.querySelector(".news-words");
  words.textContent = fresh.size === 1 ? words.dataset.one : words.dataset.many.replace("#", fresh.size);
  pill.hidden = false;
};
const hush = () => { fresh.clear(); const pill = document.getElementById("news"); if (pill) pill.hidden = true; };
const swap = () => window.htmx?.ajax("GET", `/tasks/${watched}/decision`, { target: "#decision", swap: "outerHTML" });
const refresh = () => {
  const panel = document.getElementById("decision");
  if (!panel || panel.querySelector("[data-held]")) return;
  if (typed(panel) || panel.contains(document.activeElement)) panel.querySelector(".stale").hidden = false;
  else swap();
};
const listen = () => {
  const work = document.getElementById("work"), task = work?.dataset.task ?? "";
  if (task === watched && stream) return;
  stream?.close();
  watched = task;
  // What was drawn goes along, so that nothing is missed between the drawing and the first look.
  const { at, stops } = document.body.dataset;
  stream = new EventSource(`/live?${new URLSearchParams({ task, standing: work?.dataset.standing ?? "", at, stops })}`);
  stream.addEventListener("opened", (event) => {
    const { task: id } = JSON.parse(event.data);
    if (told.has(id)) return; // a new stream tells the same again
    told.add(id);
    if (!document.querySelector(`.row[data-task="${CSS.escape(id)}"]`)) { fresh.add(id); news(); }
  });
  stream.addEventListener("decided", refresh);
  stream.addEventListener("answer", refresh);
  stream.addEventListener("stops", () => { const banner = document.getElementById("stop-news"); if (banner) banner.hidden = false; });
};

export const live = () => {
  if (!document.body.dataset.csrf || !window.EventSource) return;
  listen();
  document.addEventListener("htmx:after:swap", (event) => { listen(); if (event.detail.ctx?.target?.id === "rows") hush(); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-refresh]")) swap(); });
  window.addEventListener("pagehide", () => stream?.close());
};
