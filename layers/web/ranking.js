// Behaviour of the short list. The HTML comes from layers/sites/short_list.py, where it was made safe.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector("#ranking");
  if (root.shown !== data.html) {
    const top = root.scrollTop;
    const open = new Map([...root.querySelectorAll("details[data-keep]")].map((part) => [part.dataset.keep, part.open]));
    root.shown = data.html;
    root.innerHTML = data.html;
    root.querySelectorAll("details[data-keep]").forEach((part) => (part.open = open.get(part.dataset.keep) ?? part.open));
    root.scrollTop = top;
  }
  if (data.chosen && root.chosen !== data.chosen) {
    const item = [...root.querySelectorAll("[data-id]")].find((one) => one.dataset.id === data.chosen);
    const group = item && item.closest("details");
    if (group) group.open = true;
    if (item) root.scrollTop = item.offsetTop - 40;
  }
  root.chosen = data.chosen;

  root.onclick = (event) => {
    const button = event.target.closest("button[data-act]");
    if (button) setTriggerValue("act", button.dataset.act);
  };
}
