// What somebody has typed or chosen and not sent yet: no live update may take it away.
const changed = (one) => {
  if (one.type === "hidden" || one.disabled) return false;
  if (one.type === "radio" || one.type === "checkbox") return one.checked !== one.defaultChecked;
  if (one.tagName === "SELECT") return one.selectedIndex !== Math.max([...one.options].findIndex((option) => option.defaultSelected), 0);
  return one.value !== one.defaultValue;
};

export const typed = (root) => [...(root?.querySelectorAll("input, textarea, select") ?? [])].some(changed) || Boolean(root?.querySelector("details.compose[open], details.edit[open]"));
