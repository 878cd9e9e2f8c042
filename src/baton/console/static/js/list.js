// Moving through the list and choosing several rows; what cannot go along is counted out.
const rows = () => [...document.querySelectorAll(".row[data-task]")].filter((row) => row.dataset.task);

export const move = (step) => {
  const all = rows();
  const here = all.findIndex((row) => row.classList.contains("current"));
  const next = all[here < 0 ? 0 : here + step];
  if (!next) return false;
  next.querySelector("a").click();
  next.scrollIntoView({ block: "nearest" });
  return true;
};
// The row of what is on the screen: its mark in the list may come a moment later.
export const pick = () => rows().find((row) => row.dataset.task === document.getElementById("work")?.dataset.task)?.querySelector("input")?.click();
export const many = () => { const button = document.getElementById("bulk-approve"); if (button && !button.closest("[hidden]") && !button.disabled) button.click(); };

const count = () => {
  const bar = document.getElementById("bulk");
  if (!bar) return;
  const chosen = rows().filter((row) => row.querySelector("input")?.checked);
  const reasons = {};
  for (const row of chosen) if (row.dataset.sole) reasons[row.dataset.sole] = (reasons[row.dataset.sole] ?? 0) + 1;
  const [sole, able] = Object.entries(reasons).sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  const left = chosen.length - able;
  bar.hidden = chosen.length === 0;
  document.getElementById("list").classList.toggle("picking", chosen.length > 0);
  const say = (at, words) => { bar.querySelector(at).textContent = words; };
  say("[data-selected]", bar.querySelector("[data-selected]").dataset.selected.replace("#", chosen.length));
  const needs = bar.querySelector("[data-needs]").dataset;
  say("[data-needs]", left ? (left === 1 ? needs.one : needs.many).replace("#", left) : "");
  const button = document.getElementById("bulk-approve");
  button.querySelector("span").textContent = `${button.dataset.label} ${able}`;
  button.disabled = able === 0;
  document.querySelector('#many [name="sole"]').value = sole;
};

// What is fetched on the way down goes on with the group that it belongs to.
const joined = () => {
  for (const group of document.querySelectorAll("#rows .group + .group")) {
    const before = group.previousElementSibling;
    if (before.getAttribute("aria-label") !== group.getAttribute("aria-label")) continue;
    const [said, more] = [before, group].map((one) => one.querySelector("h2 span:last-child").textContent);
    before.querySelector("ul").append(...group.querySelectorAll("li"));
    before.querySelector("h2 span:last-child").textContent = parseInt(said) + parseInt(more) + (more.endsWith("+") ? "+" : "");
    group.remove();
  }
};

export const choosing = () => {
  document.addEventListener("change", (event) => { if (event.target.matches(".row input")) count(); });
  document.addEventListener("htmx:after:swap", () => { joined(); count(); });
  count();
};
