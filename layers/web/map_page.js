/*
 * A map sent as a file: draws what `layers/map_files/page.py` wrote into the page, and shows what was
 * clicked. Nothing is asked of any server; texts go in by `textContent`.
 */
(function () {
  "use strict";

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const base = read("base");
  const account = read("account");
  const page = read("page");
  let map = null;

  function make(name, text, ...children) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  }

  function choose(kind, id) {
    account.chosen = { kind, id, bounds: (page.bounds[kind] || {})[id] || null, shape: null };
    window.atlas.paint(map, account);
    tell(kind, id);
  }

  function tell(kind, id) {
    const told = (page.told[kind] || {})[id];
    const card = document.getElementById("card");
    card.replaceChildren();
    if (told) {
      card.append(make("h2", told.name));
      for (const line of told.lines) card.append(make("p", line));
      if (told.figures.length) {
        const rows = told.figures.map(([what, value, about]) => make("tr", "", make("th", what), make("td", value, make("small", about))));
        card.append(make("table", "", make("tbody", "", ...rows)));
      }
    } else {
      card.append(make("p", page.words.pick));
    }
    for (const row of document.querySelectorAll("#zones tr[data-id]")) row.classList.toggle("chosen", kind === "zone" && row.dataset.id === id);
  }

  function list() {
    const body = make("tbody");
    for (const zone of page.zones) {
      const button = make("button", zone.name);
      button.type = "button";
      button.onclick = () => choose("zone", zone.id);
      const row = make("tr", "", make("td", zone.mark), make("th", "", button), make("td", zone.rate, make("small", zone.remark)), make("td", zone.available));
      row.dataset.id = zone.id;
      body.append(row);
    }
    const heads = make("tr", "", ...page.words.heads.map((head) => make("th", head)));
    document.getElementById("zones").append(make("thead", "", heads), body);
  }

  // What the map tells the application, it tells this page.
  window.Streamlit = {
    setComponentValue: ({ kind, id }) => {
      const same = account.chosen.kind === kind && account.chosen.id === id;
      // A click chooses without moving the view; a click in the list moves it.
      account.chosen = same ? { kind: "", id: "", bounds: null, shape: null } : { kind, id, bounds: null, shape: null };
      window.atlas.paint(map, account);
      tell(account.chosen.kind, account.chosen.id);
    },
  };

  map = L.map("map_div", { zoomSnap: 0.25, zoomDelta: 0.5, maxZoom: 15, zoomControl: true, attributionControl: true });
  window.atlas.start(map, base);
  window.atlas.paint(map, account);
  list();
  tell(account.chosen.kind, account.chosen.id);
})();
