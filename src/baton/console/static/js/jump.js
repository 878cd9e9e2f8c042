// Ctrl K: type a case, a task, a decision, a name or a subject, and go there.
let asked = 0;
export const jump = () => {
  const dialog = document.getElementById("jump");
  if (!dialog) return;
  const input = dialog.querySelector("input"), list = document.getElementById("found");
  input.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const answer = await fetch(`/jump?q=${encodeURIComponent(input.value)}`, { headers: { "HX-Request": "true" } });
      if (answer.ok) list.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("li"));
    }, 120);
  });
  dialog.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { event.preventDefault(); links[at + 1]?.focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (links[at - 1] ?? input).focus(); }
    if (event.key === "Enter" && at < 0 && links[0]) { event.preventDefault(); links[0].click(); }
  });
};
