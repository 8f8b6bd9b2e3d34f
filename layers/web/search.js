// The search box: a combobox whose list comes from layers/search.py. Texts go in by textContent.
const WAIT_MS = 140;

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const root = parentElement.querySelector("#search");
  const box = root.box || (root.box = build(root));
  const { input, list } = box;
  // A box with a value holds one choice: it shows that, and lists everything when it is entered.
  const holds = data.value !== undefined;
  const focused = () => root.getRootNode().activeElement === input;
  if (holds && !focused()) input.value = data.value;
  input.placeholder = data.words.label;
  input.setAttribute("aria-label", data.words.label);
  list.setAttribute("aria-label", data.words.label);

  const close = () => {
    list.hidden = true;
    box.wanted = false;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (option) => {
    close();
    input.value = "";
    input.blur();
    if (holds) {
      input.value = option.querySelector("b").textContent;
      setStateValue("query", "");
    }
    setTriggerValue("pick", option.dataset.id);
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const activate = (option) => {
    options().forEach((other) => other.setAttribute("aria-selected", other === option ? "true" : "false"));
    if (!option) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const active = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  const typed = () => (holds && input.value === data.value ? "" : input.value.trim());
  const asked = () => holds || typed();
  const fresh = () => data.query === typed();
  const draw = () => {
    list.replaceChildren(...entries(data));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    activate(options()[0]);
    list.querySelectorAll("[role=option]").forEach((option) => {
      option.onmousedown = (event) => event.preventDefault();
      option.onclick = () => pick(option);
      option.onmousemove = () => activate(option);
    });
  };

  // What is shown belongs to what stands in the box; an Enter that came before its list waits.
  if (asked() && fresh() && focused() && box.drawn !== data) {
    draw();
    if (box.wanted && active()) pick(active());
  }
  box.drawn = data;

  input.oninput = () => {
    clearTimeout(box.timer);
    box.wanted = false;
    if (!asked()) close();
    else box.timer = setTimeout(() => (fresh() ? draw() : setStateValue("query", typed())), WAIT_MS);
  };
  input.onfocus = () => {
    if (holds) input.select();
    if (asked() && fresh()) draw();
  };
  input.onblur = () => {
    close();
    if (holds) input.value = data.value;
  };
  input.onkeydown = (event) => {
    const all = options();
    const at = all.indexOf(active());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden && asked() && fresh()) draw();
      else if (all.length) activate(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && fresh() && active()) pick(active());
      else if (typed()) {
        box.wanted = true;
        clearTimeout(box.timer);
        if (!fresh()) setStateValue("query", typed());
        else draw();
      }
    } else if (event.key === "Escape") {
      if (list.hidden) input.value = holds ? data.value : "";
      close();
    }
  };
}

function build(root) {
  const input = document.createElement("input");
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "found");
  const list = document.createElement("div");
  list.id = "found";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  root.replaceChildren(input, list);
  return { input, list, wanted: false, timer: 0, drawn: null };
}

function entries(data) {
  const made = [];
  let count = 0;
  for (const group of data.groups) {
    const title = document.createElement("div");
    title.className = "title";
    title.setAttribute("role", "presentation");
    title.textContent = group.title;
    made.push(title);
    for (const item of group.items) {
      const option = document.createElement("div");
      option.id = `found-${count}`;
      count += 1;
      option.setAttribute("role", "option");
      option.dataset.id = item.id;
      const name = document.createElement("b");
      name.textContent = item.name;
      const detail = document.createElement("small");
      detail.textContent = item.detail;
      option.append(name, " ", detail);
      made.push(option);
    }
  }
  if (!made.length) {
    const none = document.createElement("div");
    none.className = "none";
    none.setAttribute("role", "status");
    none.textContent = data.words.none;
    made.push(none);
  }
  return made;
}
