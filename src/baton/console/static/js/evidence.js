// Fields light up where they stand on the page, and the page leads to its fields.
const seen = new Set();
let since = performance.now(), counted = 0, task = "";

const lit = (name) => {
  for (const one of document.querySelectorAll("[data-field]")) one.classList.toggle("on", one.dataset.field === name);
  document.getElementById("stage")?.classList.toggle("lit", Boolean(name));
};
const place = (name) => document.querySelector(`#stage [data-field="${CSS.escape(name)}"]`);

const show = (tab) => {
  for (const one of tab.parentElement.children) {
    const on = one === tab;
    one.setAttribute("aria-selected", on);
    one.tabIndex = on ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls"))?.toggleAttribute("data-later", !on);
  }
  seen.add(tab.dataset.paper);
};

const follow = (name) => {
  lit(name);
  const where = place(name);
  const paper = where?.closest(".paper");
  if (paper?.hasAttribute("data-later")) show(document.getElementById(paper.getAttribute("aria-labelledby")));
  where?.scrollIntoView({ block: "center", inline: "center" });
};

const zoom = (how) => {
  const stage = document.getElementById("stage");
  const page = stage.querySelector(".paper:not([data-later])");
  if (how === "turn") page.dataset.turn = (Number(page.dataset.turn || 0) + 90) % 360;
  const size = how === "in" ? 1.3 : how === "out" ? 1 / 1.3 : 0;
  page.dataset.size = size ? Math.min(Math.max((page.dataset.size || 1) * size, 0.4), 5) : how === "fit" ? 1 : page.dataset.size || 1;
  for (const one of page.querySelectorAll(".page")) {
    one.style.width = `calc(var(--fit) * ${page.dataset.size})`;
    one.style.rotate = `${page.dataset.turn || 0}deg`;
  }
};

// Only time in sight counts.
const tick = () => { counted += document.hidden ? 0 : performance.now() - since; since = performance.now(); };
document.addEventListener("visibilitychange", () => { if (document.hidden) counted += performance.now() - since; since = performance.now(); });

export const spent = () => { tick(); return (counted / 1000).toFixed(1); };
export const looked = () => [...seen].join(" ");

export const evidence = (root) => {
  const work = root.querySelector("#work");
  if (work && work.dataset.task !== task) { task = work.dataset.task; counted = 0; since = performance.now(); seen.clear(); }
  const first = root.querySelector('[role="tab"][aria-selected="true"]');
  if (first) seen.add(first.dataset.paper);
};

document.addEventListener("click", (event) => {
  const tab = event.target.closest('[role="tab"]');
  if (tab) show(tab);
  const zoomed = event.target.closest("[data-zoom]");
  if (zoomed) zoom(zoomed.dataset.zoom);
  const mark = event.target.closest("#stage [data-field], .mail-words [data-field]");
  if (mark) {
    const field = document.querySelector(`.decision [data-field="${CSS.escape(mark.dataset.field)}"]`);
    (field?.querySelector("input") ?? field)?.focus();
    field?.scrollIntoView({ block: "nearest" });
  }
});
for (const [on, name] of [["focusin", true], ["mouseover", true], ["mouseout", false], ["focusout", false]]) {
  document.addEventListener(on, (event) => {
    const field = event.target.closest?.("[data-field]");
    if (!field) return;
    if (name) on === "focusin" ? follow(field.dataset.field) : lit(field.dataset.field);
    else lit("");
  });
}
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const next = event.key === "ArrowRight" ? tab.nextElementSibling : tab.previousElementSibling;
  if (next) { show(next); next.focus(); }
});

// What was chosen in a dispute folds its warning away, and counts down what is left to check.
document.addEventListener("change", (event) => {
  const field = event.target.closest(".dispute");
  if (!field) return;
  field.classList.add("done");
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.elements.seconds) form.elements.seconds.value = spent();
  if (form.elements.looked) form.elements.looked.value = looked();
}, true);
