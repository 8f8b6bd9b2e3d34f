/*
 * What only the map of a scenario has: a frame and a title that say so, broken outlines and names
 * at what is new or changed. Laid over `atlas.paint`; maps without a scenario stay as they are.
 */
(function () {
  "use strict";

  const paint = window.atlas.paint;
  const known = new WeakMap();

  function made(map) {
    if (known.has(map)) return known.get(map);
    map.createPane("scenario").style.zIndex = 455;
    map.createPane("scenario-names").style.zIndex = 475;
    for (const name of ["scenario", "scenario-names"]) map.getPane(name).style.pointerEvents = "none";
    const own = {
      layer: L.layerGroup().addTo(map),
      renderer: L.svg({ pane: "scenario", padding: 0.3 }),
      title: document.createElement("div"),
      ids: new Set(),
    };
    own.title.className = "atlas-scenario-title";
    own.title.append(document.createElement("b"), document.createElement("span"));
    map.getContainer().append(own.title);
    map.on("layeradd", () => dress(map, own));
    known.set(map, own);
    return own;
  }

  function dress(map, own) {
    for (const path of map.getContainer().querySelectorAll('path[data-kind="area"]')) {
      path.classList.toggle("atlas-assumed", own.ids.has(path.dataset.id));
    }
  }

  function show(map, given) {
    if (!given && !known.has(map)) return;
    const own = made(map);
    own.layer.clearLayers();
    map.getContainer().classList.toggle("atlas-scenario", Boolean(given));
    own.title.hidden = !given;
    own.ids = new Set(given ? given.areas.map(({ id }) => id) : []);
    dress(map, own);
    if (!given) return;
    own.title.children[0].textContent = given.title;
    own.title.children[1].textContent = given.note;
    const style = { color: given.colour, weight: 3, dashArray: given.dash, fillColor: given.colour, fillOpacity: 0.18 };
    for (const shape of given.shapes) {
      own.layer.addLayer(L.geoJSON(shape, { style: { ...style, pane: "scenario", renderer: own.renderer, interactive: false }, interactive: false, pane: "scenario" }));
    }
    for (const area of given.areas) {
      const box = document.createElement("div");
      box.className = "atlas-scenario-name";
      box.textContent = area.text;
      const icon = L.divIcon({ html: box, className: "atlas-label", iconSize: null, iconAnchor: [0, 0] });
      own.layer.addLayer(L.marker(area.place, { icon, interactive: false, keyboard: false, pane: "scenario-names" }));
    }
  }

  window.atlas.paint = (map, account) => {
    paint(map, account);
    show(map, account.scenario);
  };
})();
