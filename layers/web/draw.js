/*
 * Drawing a polygon on the map: click by click, the first corner, a double click, Enter or a button
 * ends it. A tool of our own: Leaflet's plugins for drawing bring words that nobody translates.
 *
 *   atlasDraw.tool(map, done)   done("lon,lat;lon,lat;...") gets the ring, not closed
 */
(function () {
  "use strict";

  const NEAR_PX = 9;
  const PANE = "drawing";
  const STYLE = { color: "#b3124f", weight: 2.5, interactive: false, pane: PANE };
  const written = ({ lng, lat }) => `${lng.toFixed(5)},${lat.toFixed(5)}`;

  function button(text, go) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    // Later, since Leaflet takes a click on what has left the document for one on the map.
    made.onclick = () => setTimeout(go);
    return made;
  }

  function tool(map, done) {
    let words = null;
    let corners = null; // while drawing
    // Above everything, and letting clicks through to what gets them without it.
    Object.assign(map.createPane(PANE).style, { zIndex: 500, pointerEvents: "none" });
    const style = { ...STYLE, renderer: L.svg({ pane: PANE, padding: 0.3 }) };
    const layer = L.layerGroup().addTo(map);
    const thread = L.polyline([], { ...style, dashArray: "5 4" });
    const line = L.polygon([], { ...style, fillOpacity: 0.1 });
    const box = L.control({ position: "topleft" });
    const panel = document.createElement("div");
    panel.className = "atlas-draw";
    panel.setAttribute("role", "group");
    L.DomEvent.disableClickPropagation(panel);
    box.onAdd = () => panel;

    const near = (one, other) => map.latLngToContainerPoint(one).distanceTo(map.latLngToContainerPoint(other)) <= NEAR_PX;

    function show() {
      panel.replaceChildren();
      if (!words) return;
      panel.setAttribute("aria-label", words.draw);
      if (!corners) {
        panel.append(button(words.draw, begin));
        return;
      }
      const hint = document.createElement("span");
      hint.setAttribute("role", "status");
      hint.textContent = words.hint;
      const finish = button(words.finish, end);
      finish.disabled = corners.length < 3;
      const undo = button(words.undo, back);
      undo.disabled = !corners.length;
      panel.append(hint, finish, undo, button(words.cancel, stop));
    }

    function trace() {
      layer.clearLayers();
      line.setLatLngs(corners);
      layer.addLayer(line).addLayer(thread);
      for (const corner of corners) layer.addLayer(L.circleMarker(corner, { ...style, radius: 4, fillColor: "#fff", fillOpacity: 1 }));
      show();
    }

    function begin() {
      corners = [];
      map.doubleClickZoom.disable();
      map.getContainer().classList.add("atlas-drawing");
      trace();
    }

    function stop() {
      corners = null;
      layer.clearLayers();
      thread.setLatLngs([]);
      map.doubleClickZoom.enable();
      map.getContainer().classList.remove("atlas-drawing");
      show();
    }

    function end() {
      if (corners.length < 3) return;
      const ring = corners.map(written).join(";");
      stop();
      done(ring);
    }

    function back() {
      corners.pop();
      thread.setLatLngs([]);
      trace();
    }

    map.on("mousemove", ({ latlng }) => corners && corners.length && thread.setLatLngs([corners[corners.length - 1], latlng]));
    map.on("dblclick", () => corners && end());
    document.addEventListener("keydown", (event) => {
      if (!corners || event.target.closest("button")) return;
      if (event.key === "Enter") end();
      if (event.key === "Escape") stop();
      if (event.key === "Backspace") back();
    });

    return {
      busy: () => corners !== null,
      add(latlng) {
        if (corners.length > 2 && near(latlng, corners[0])) end();
        // The second click of a double click is no corner of its own.
        else if (!corners.length || !near(latlng, corners[corners.length - 1])) {
          corners.push(latlng);
          trace();
        }
      },
      offer(given) {
        if (JSON.stringify(given) === JSON.stringify(words)) return;
        words = given;
        if (corners) stop();
        if (words) box.addTo(map);
        else box.remove();
        show();
      },
    };
  }

  window.atlasDraw = { tool, written };
})();
