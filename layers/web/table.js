// Behaviour of the zone table. The HTML comes from layers/table.py, where it was made safe.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector("#zones");
  if (root.shown !== data.html) {
    root.shown = data.html;
    root.innerHTML = data.html;
  }
  const sorted = root.sorted;
  if (sorted) order(root, sorted.column, sorted.up);

  root.onclick = (event) => {
    const button = event.target.closest("button[data-sort]");
    if (button) {
      const column = button.closest("th").cellIndex;
      const up = root.sorted && root.sorted.column === column ? !root.sorted.up : column === 0;
      root.sorted = { column, up };
      order(root, column, up);
      return;
    }
    const row = event.target.closest("tr[data-zone]");
    if (row) setTriggerValue("pick", row.classList.contains("chosen") ? "" : row.dataset.zone);
  };
  root.onkeydown = (event) => {
    if (event.target.matches("tr[data-zone]") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      event.target.click();
    }
  };
}

function order(root, column, up) {
  root.querySelectorAll("thead th").forEach((head, i) => {
    if (i === column) head.setAttribute("aria-sort", up ? "ascending" : "descending");
    else head.removeAttribute("aria-sort");
  });
  root.querySelectorAll("tbody.sortable").forEach((body) => {
    const value = (row) => row.cells[column].dataset.value || "";
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const [m, n] = [Number(x), Number(y)];
      const by = column === 4 || Number.isNaN(m) || Number.isNaN(n) ? x.localeCompare(y) : m - n;
      return up ? by : -by;
    });
    body.append(...rows);
  });
}
