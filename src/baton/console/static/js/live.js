// What changed elsewhere: said in a pill or a banner. Rows never move by themselves, and nothing typed is lost.
let stream = null, watched = null, fresh = 0;

const news = () => {
  const pill = document.getElementById("news");
  if (!pill) return;
  const words = pill.querySelector(".news-words");
  words.textContent = fresh === 1 ? words.dataset.one : `${fresh} ${words.dataset.many}`;
  pill.hidden = false;
};
const refresh = () => {
  const panel = document.getElementById("decision");
  const typing = panel?.querySelector("details.compose[open], details.edit[open], input:checked") || document.activeElement?.matches?.("#decision textarea, #decision input");
  const held = panel?.querySelector("[data-held]");
  if (panel && !typing && !held && window.htmx) window.htmx.ajax("GET", `/tasks/${watched}/decision`, { target: "#decision", swap: "outerHTML" });
  else if (panel && typing) panel.querySelector(".act").classList.add("changed");
};
const listen = () => {
  const task = document.getElementById("work")?.dataset.task ?? "";
  if (task === watched && stream) return;
  stream?.close();
  watched = task;
  stream = new EventSource(`/live?task=${encodeURIComponent(task)}`);
  stream.addEventListener("opened", (event) => {
    const { task: id } = JSON.parse(event.data);
    if (!document.querySelector(`.row[data-task="${CSS.escape(id)}"]`)) { fresh += 1; news(); }
  });
  stream.addEventListener("decided", refresh);
  stream.addEventListener("answer", refresh);
};

export const live = () => {
  if (!document.body.dataset.csrf || !window.EventSource) return;
  listen();
  document.addEventListener("htmx:after:swap", listen);
  window.addEventListener("pagehide", () => stream?.close());
};
