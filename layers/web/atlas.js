/*
 * The map of the atlas, drawn with Leaflet.
 *
 * Python hands over plain values (`layers/payload.py`); this file alone decides how they are put
 * into the document. Texts go in by `textContent`, never as HTML.
 *
 *   atlas.start(map, base)      once per map: panes, layers, controls, zones, roads, nodes
 *   atlas.paint(map, account)   at each change: colours, texts, symbols, what is selected
 */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const EARTH = 40075016.686;
  const state = new WeakMap();

  function svg(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function html(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  // ---- fills ------------------------------------------------------------------------------

  const defs = svg("defs");

  function define(id, make) {
    if (!defs.isConnected) {
      const holder = svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "atlas-defs" });
      holder.append(defs);
      document.body.append(holder);
    }
    if (!defs.querySelector("#" + id)) defs.append(make(id));
    return "url(#" + id + ")";
  }

  function hatch(ground, line, width) {
    const name = "hatch-" + [ground, line].join("-").replace(/[^a-z0-9-]/gi, "");
    return define(name, (id) =>
      svg(
        "pattern",
        { id, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        svg("rect", { width: 8, height: 8, fill: ground }),
        svg("rect", { width, height: 8, fill: line })
      )
    );
  }

  function half(colour) {
    return define("half-" + colour.replace(/[^a-z0-9]/gi, ""), (id) =>
      svg(
        "linearGradient",
        { id },
        svg("stop", { offset: "50%", "stop-color": colour }),
        svg("stop", { offset: "50%", "stop-color": "#ffffff" })
      )
    );
  }

  function fillOf(sign) {
    if (!sign.stripe) return sign.fill;
    return hatch(sign.fill, sign.stripe, sign.wide ? 4 : 1.6);
  }

  // ---- symbols ----------------------------------------------------------------------------

  const SHAPES = {
    square: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    disc: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    diamond: (x, y, r) => `M${x} ${y - 1.3 * r}l${1.3 * r} ${1.3 * r}l${-1.3 * r} ${1.3 * r}l${-1.3 * r} ${-1.3 * r}z`,
  };

  // A symbol whose area grows with the land; smaller where the whole province is in view. From
  // the zoom on where it would be smaller than the land itself it is drawn as large as the land.
  const GROWTH = 0.27;
  const scaleAt = (zoom, home) => Math.min(1.15, Math.max(0.78, 0.78 + 0.13 * (zoom - home)));

  const Mark = L.CircleMarker.extend({
    _project() {
      const { ha, least, shift, shape } = this.options;
      const zoom = this._map.getZoom();
      const metres = (EARTH * Math.cos((this._latlng.lat * Math.PI) / 180)) / (256 * 2 ** zoom);
      const area = Math.max(ha || 0, 0);
      const ground = (shape === "disc" ? Math.sqrt((area * 1e4) / Math.PI) : Math.sqrt(area * 1e4) / 2) / metres;
      const scale = scaleAt(zoom, this.options.home());
      this._radius = Math.max(scale * Math.max(least, GROWTH * Math.sqrt(area)), ground);
      this._point = this._map.latLngToLayerPoint(this._latlng).add(L.point(shift));
      this._updateBounds();
    },
    _updatePath() {
      const { x, y } = this._point;
      const path = this._empty() ? "M0 0" : SHAPES[this.options.shape](x, y, this._radius);
      this._renderer._setPath(this, path);
    },
  });

  function markStyle(sign, chosen) {
    const fills = { full: sign.colour, half: half(sign.colour), none: "#ffffff" };
    return {
      color: chosen ? "#0b5a8a" : sign.edge,
      weight: chosen ? 4 : 1.5,
      dashArray: sign.dash || null,
      fillColor: fills[sign.filling],
      fillOpacity: sign.filling === "none" ? 0.85 : 1,
    };
  }

  // 16 x 16, strokes only, one weight: port, dry port, airport, station, gate, interchange, power.
  const NODES = {
    seaport: "M8 3.5a1.5 1.5 0 1 0 0-.01M8 5v9M4.5 7.5h7M2.5 10c.5 3 3 4 5.5 4s5-1 5.5-4",
    inland_port: "M2 5h12v8H2zM6 5v8M10 5v8M2 3h12",
    airport: "M8 1.5v13M8 6l6 3.5M8 6L2 9.5M8 12l3 2.5M8 12l-3 2.5",
    railway_station: "M4 2.5h8v8H4zM4 6.5h8M5 13.5l1.5-3M11 13.5l-1.5-3",
    border_gate: "M2.5 14V4h11v10M2.5 7h11M8 7v7",
    expressway_interchange: "M2 12c4 0 4-8 8-8h4M2 4c4 0 4 8 8 8h4",
    power_substation_220_500: "M9 1.5L4 9h3.5L6.5 14.5 12 6.5H8.5z",
  };

  function nodeSymbol(type, planned) {
    return svg(
      "svg",
      { viewBox: "-2 -2 20 20", width: 18, height: 18, class: planned ? "atlas-node planned" : "atlas-node" },
      svg("circle", { cx: 8, cy: 8, r: 9 }),
      svg("path", { d: NODES[type] || "M4 8h8M8 4v8" })
    );
  }

  // ---- texts ------------------------------------------------------------------------------

  function lines(texts) {
    const box = html("div", "atlas-tip");
    texts.forEach((text, i) => {
      const line = html(i ? "div" : "b");
      line.textContent = text;
      box.append(line);
    });
    return box;
  }

  function label(latlng, className, texts, pane) {
    const box = html("div", className);
    for (const text of texts) {
      const line = html("span");
      line.textContent = text;
      box.append(line);
    }
    return L.marker(latlng, {
      icon: L.divIcon({ html: box, className: "atlas-label", iconSize: null }),
      interactive: false,
      keyboard: false,
      pane,
    });
  }

  // The number of a ranked place, on its symbol.
  function badge(area) {
    const marker = label(area.place, "atlas-rank", [area.sign.number], "labels");
    marker.options.icon.options.html.style.color = area.sign.ink;
    return marker;
  }

  function operable(layer, kind, id, text, pick) {
    const element = layer.getElement();
    if (!element) return;
    element.dataset.kind = kind;
    element.dataset.id = id;
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", text);
    element.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        pick(kind, id);
      }
    };
  }

  // ---- controls ---------------------------------------------------------------------------

  function control(map, position, className, title, open, ...children) {
    const box = L.control({ position });
    box.onAdd = () => {
      const summary = html("summary");
      summary.textContent = title;
      const details = html("details", "atlas-box " + className, summary, ...children);
      details.open = open;
      L.DomEvent.disableClickPropagation(details);
      L.DomEvent.disableScrollPropagation(details);
      return details;
    };
    box.addTo(map);
  }

  function switches(map, groups, names) {
    return names.map(({ key, name, on }) => {
      const input = html("input");
      input.type = "checkbox";
      input.checked = on;
      input.dataset.layer = key;
      input.onchange = () => (input.checked ? groups[key].addTo(map) : groups[key].remove());
      if (on) groups[key].addTo(map);
      const text = html("span");
      text.textContent = name;
      return html("label", "", input, text);
    });
  }

  function swatch(sign) {
    const box = svg("svg", { width: 22, height: 14, viewBox: "0 0 22 14", preserveAspectRatio: sign.shape ? "xMidYMid" : "none" });
    if (sign.shape) {
      const style = markStyle(sign, false);
      box.append(
        svg("path", {
          d: SHAPES[sign.shape](11, 7, sign.number ? 6.4 : sign.shape === "square" ? 5 : 4.5),
          fill: style.fillColor,
          stroke: style.color,
          "stroke-width": 1.5,
          "stroke-dasharray": style.dashArray || "",
        })
      );
      if (sign.number) {
        const text = svg("text", { x: 11, y: 10.4, "text-anchor": "middle", "font-size": 9, "font-weight": 700, fill: sign.ink });
        text.textContent = sign.number;
        box.append(text);
      }
    } else if (sign.line) {
      box.append(
        svg("rect", { x: 1.5, y: 1.5, width: 19, height: 11, fill: "none", stroke: sign.line, "stroke-width": 2, "stroke-dasharray": sign.dash })
      );
    } else {
      box.append(
        svg("rect", { x: 0.5, y: 0.5, width: 21, height: 13, fill: fillOf(sign), "fill-opacity": sign.opacity, stroke: "#5b6773", "stroke-width": 0.6 })
      );
    }
    return box;
  }

  function explained(legend) {
    const ramp = html("div", "ramp");
    legend.ramp.forEach((sign) => ramp.append(swatch(sign)));
    const ticks = html("div", "ticks");
    legend.ticks.forEach((tick) => {
      const text = html("span");
      text.textContent = tick;
      ticks.append(text);
    });
    const rows = legend.rows.map(({ sign, text, wide }) => {
      const words = html("span");
      words.textContent = text;
      return html("div", wide ? "row wide" : "row", swatch(sign), words);
    });
    const note = html("div", "note");
    note.textContent = legend.note;
    const heading = html("div", "heading");
    heading.textContent = legend.heading;
    return [heading, ramp, ticks, html("div", "rows", ...rows), note];
  }

  function legend(map, base) {
    const open = window.innerWidth > 560 && window.innerHeight > 340;
    control(map, "bottomleft", "atlas-legend", base.legend.title, open, ...explained(base.legend));
  }

  function paintLegend(map, given) {
    const box = map.getContainer().querySelector(".atlas-legend");
    const text = JSON.stringify(given);
    if (box.dataset.shown === text) return;
    box.dataset.shown = text;
    box.replaceChildren(box.querySelector("summary"), ...explained(given));
  }

  function homeButton(map, title, go) {
    const box = L.control({ position: "topleft" });
    box.onAdd = () => {
      const button = html("button", "atlas-home");
      button.type = "button";
      button.title = title;
      button.setAttribute("aria-label", title);
      button.append(svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16 }, svg("path", { d: "M2 8l6-5.5L14 8M4 7v6.5h8V7" })));
      button.onclick = go;
      L.DomEvent.disableClickPropagation(button);
      return button;
    };
    box.addTo(map);
  }

  // ---- the map ----------------------------------------------------------------------------

  function start(map, base) {
    const groups = {};
    const panes = ["zones", "borders", "overlays", "roads", "nodes", "marks", "plots", "labels"];
    const renderers = {};
    panes.forEach((name, i) => {
      map.createPane(name).style.zIndex = 400 + 10 * i;
      renderers[name] = L.svg({ pane: name, padding: 0.3 });
    });
    for (const key of ["zones", "economic_zone", "overlay", "roads", "nodes", "industrial_park", "industrial_cluster", "plots", "labels"]) {
      groups[key] = L.layerGroup();
    }

    let count = 0;
    const pick = (kind, id) => {
      count += 1;
      window.Streamlit.setComponentValue({ kind, id, n: `${Date.now()}-${count}` });
    };
    // Where a page asks for places, a click on the ground is a place; while drawing, every click is.
    const route = (event, kind, id) => {
      const { draw, places, tiledPlots } = state.get(map);
      const told = !draw.busy() && !places && tiledPlots.tell(event.latlng);
      if (draw.busy()) draw.add(event.latlng);
      else if (told) told === true || pick("area", told);
      else if (places && kind !== "area") pick("point", window.atlasDraw.written(event.latlng));
      else pick(kind, id);
    };
    map.on("click", (event) => route(event, "", ""));

    const zones = {};
    L.geoJSON(base.zones, {
      style: (feature) => {
        const area = feature.properties.group === "base_partition";
        const pane = area ? "zones" : "overlays";
        return { pane, renderer: renderers[pane], bubblingMouseEvents: false, ...base.outlines[feature.properties.group] };
      },
      onEachFeature: (feature, layer) => {
        const { group } = feature.properties;
        zones[feature.id] = layer;
        layer.on("click", (event) => route(event, "zone", feature.id));
        layer.bindTooltip(() => lines(layer.tip || []), { sticky: true });
        groups[{ base_partition: "zones", economic_zone: "economic_zone" }[group] || "overlay"].addLayer(layer);
      },
    });
    const isBase = (feature) => feature.properties.group === "base_partition";
    groups.zones.addLayer(
      L.geoJSON(base.zones, { filter: isBase, style: { pane: "borders", renderer: renderers.borders, interactive: false, fill: false, ...base.border } })
    );

    const shields = [];
    for (const road of base.roads) {
      const line = L.polyline(road.line, { pane: "roads", renderer: renderers.roads, interactive: false, ...road.style });
      groups.roads.addLayer(line);
      if (!road.shield) continue;
      const shield = label(road.line[Math.floor(road.line.length / 2)], "atlas-shield " + road.class, [road.shield], "roads");
      groups.roads.addLayer(shield);
      shields.push({ shield, line: road.line });
    }
    const nodes = [];
    for (const node of base.nodes) {
      const icon = L.divIcon({ html: nodeSymbol(node.type, node.planned), className: "atlas-label", iconSize: [18, 18] });
      const marker = L.marker(node.place, { icon, pane: "nodes", keyboard: false, alt: "", bubblingMouseEvents: false });
      marker.on("click", (event) => route(event, "", ""));
      nodes.push(marker);
      groups.nodes.addLayer(marker.bindTooltip(() => lines(node.tip)));
    }

    const sized = () => map.getSize().x > 60 && map.getSize().y > 60;
    const whole = L.latLngBounds(base.bounds);
    const widest = L.latLngBounds(base.max_bounds);
    let homeZoom = null;
    // The view never leaves `max_bounds`: the map can't become wide enough to reach the East Sea.
    const confine = () => {
      map.invalidateSize({ pan: false });
      map.options.minZoom = 0; // what is asked for below is limited by it
      map.setMinZoom(Math.min(map.getBoundsZoom(widest, true), map.getBoundsZoom(whole)));
    };
    map.options.maxBoundsViscosity = 1;
    map.setMaxBounds(widest);
    const places = base.zones.features.filter(isBase).flatMap((feature) => corners(feature.geometry.coordinates));
    const home = () => {
      fitClear(map, places, map.getMaxZoom());
      homeZoom = map.getZoom();
      arrange(map);
    };
    // Symbols have their sizes by it, wherever the view begins.
    const zoomOfHome = () => {
      if (homeZoom === null && sized()) homeZoom = (clearView(map, places, map.getMaxZoom()) || { zoom: map.getBoundsZoom(whole) }).zoom;
      return homeZoom === null ? map.getBoundsZoom(whole) : homeZoom;
    };
    // Where the view belongs until the user moves it: the frame gets its size after the map.
    const view = { goal: home, held: false };
    const settle = () => {
      confine();
      if (!view.held && sized()) view.goal();
    };
    for (const event of ["mousedown", "wheel", "touchstart", "keydown"]) {
      map.getContainer().addEventListener(event, () => (view.held = true), { passive: true });
    }
    const sizes = new ResizeObserver(settle);
    sizes.observe(map.getContainer());

    homeButton(map, base.words.home, home);
    control(map, "topright", "atlas-layers", base.words.layers, false, ...switches(map, groups, base.layers));
    legend(map, base);
    sizes.observe(map.getContainer().querySelector(".atlas-legend"));
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    map.attributionControl.setPrefix(false).addAttribution(base.attribution);
    map.zoomControl.getContainer().querySelectorAll("a").forEach((button, i) => {
      button.title = base.words.zoom[i];
      button.setAttribute("aria-label", base.words.zoom[i]);
    });
    state.set(map, {
      groups, zones, renderers, pick, route, base, view, settle, shields, nodes,
      draw: window.atlasDraw.tool(map, (ring) => pick("polygon", ring)), places: false, site: L.layerGroup().addTo(map),
      homeZoom: zoomOfHome,
      tiledPlots: window.atlasPlots ? window.atlasPlots.follow(map, groups.plots, "plots", lines) : { paint() {}, tell: () => false },
      marks: [], labels: [], leaders: L.layerGroup().addTo(map), unit: L.layerGroup().addTo(map), focus: null, tiles: null,
    });
    map.on("zoomend layeradd layerremove", () => arrange(map));
    map.on("zoomend", () => revealPlots(map));
    map.getContainer().dataset.drawn = "base";
  }

  // ---- what goes where --------------------------------------------------------------------

  function corners(coordinates) {
    return typeof coordinates[0] === "number" ? [L.latLng(coordinates[1], coordinates[0])] : coordinates.flatMap(corners);
  }

  const EDGE = 12; // pixels around places that are fitted in

  // The closest view of these places in which none lies under the legend or a control, or null.
  function clearView(map, places, maxZoom) {
    const size = map.getSize();
    const frame = map.getContainer().getBoundingClientRect();
    const boxes = [...map.getContainer().querySelectorAll(".leaflet-control-container .leaflet-control")].map((control) => {
      const box = control.getBoundingClientRect();
      return [box.left - frame.left - 8, box.top - frame.top - 8, box.right - frame.left + 8, box.bottom - frame.top + 8];
    });
    const bounds = L.latLngBounds(places);
    const limit = map.getMinZoom();
    map.options.minZoom = 0;
    const closest = Math.min(maxZoom, map.getBoundsZoom(bounds, false, L.point(2 * EDGE, 2 * EDGE)));
    map.options.minZoom = limit;
    const points = places.map((place) => map.project(place, closest));
    const least = L.point(Math.min(...points.map((p) => p.x)), Math.min(...points.map((p) => p.y)));
    const most = L.point(Math.max(...points.map((p) => p.x)), Math.max(...points.map((p) => p.y)));
    const shares = [0.5, 0.7, 0.3, 0.85, 0.15, 1, 0];
    const tries = shares.flatMap((x) => shares.map((y) => [x, y])).sort((a, b) => off(a) - off(b));
    for (let zoom = closest; zoom >= closest - 2; zoom -= map.options.zoomSnap) {
      const scale = 2 ** (zoom - closest);
      const room = size.subtract(most.subtract(least).multiplyBy(scale)).subtract(L.point(2 * EDGE, 2 * EDGE));
      for (const [x, y] of tries) {
        const shift = L.point(EDGE + x * Math.max(room.x, 0), EDGE + y * Math.max(room.y, 0));
        const at = points.map((point) => point.subtract(least).multiplyBy(scale).add(shift));
        if (at.some((p) => boxes.some(([left, top, right, bottom]) => p.x > left && p.x < right && p.y > top && p.y < bottom))) continue;
        const middle = size.divideBy(2).subtract(shift).divideBy(scale).add(least);
        const half = size.divideBy(2 * scale);
        const view = [middle.subtract(half), middle.add(half)].map((corner) => map.unproject(corner, closest));
        if (!map.options.maxBounds.contains(L.latLngBounds(view))) continue;
        return { centre: map.unproject(middle, closest), zoom };
      }
    }
    return null;
  }

  function fitClear(map, places, maxZoom) {
    const view = clearView(map, places, maxZoom);
    if (!view) {
      map.fitBounds(L.latLngBounds(places), { maxZoom, animate: false, padding: [EDGE, EDGE] });
      return;
    }
    if (view.zoom < map.getMinZoom()) map.options.minZoom = view.zoom;
    map.setView(view.centre, view.zoom, { animate: false });
  }

  const off = ([x, y]) => (x - 0.5) ** 2 + (y - 0.5) ** 2;
  const overlap = (a, b) =>
    Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const around = (p, wide, high) => [p.x - wide / 2, p.y - high / 2, p.x + wide / 2, p.y + high / 2];

  // Symbols that would lie on each other move apart, a thin line leading to where they belong;
  // names, shields and signs give way to symbols.
  function arrange(map) {
    const own = state.get(map);
    if (!own || own.busy) return;
    own.busy = true;
    const marks = own.marks.filter((mark) => map.hasLayer(mark));
    spread(map, marks, own);
    const taken = marks.map((mark) => around(mark._point, 2 * mark._radius + 2, 2 * mark._radius + 2));
    const cost = (box, boxes) => boxes.reduce((sum, other) => sum + overlap(box, other), 0);
    for (const { marker, zone } of own.labels) {
      const box = marker.getElement() && marker.getElement().firstChild;
      if (!box) continue;
      const [wide, high] = [box.offsetWidth, box.offsetHeight];
      const middle = map.latLngToLayerPoint(marker.getLatLng());
      const path = zone.getElement();
      let best = null;
      for (const dx of [0, -30, 30, -60, 60, -90, 90]) {
        for (const dy of [0, -20, 20, -40, 40, -65, 65]) {
          const p = L.point(middle.x + dx, middle.y + dy);
          const inside = !path || !path.isPointInFill || path.isPointInFill(new DOMPoint(p.x, p.y));
          const price = cost(around(p, wide, high), taken) + 1.5 * Math.hypot(dx, dy) + (inside ? 0 : 4000);
          if (!best || price < best.price) best = { price, dx, dy, p };
        }
      }
      box.style.transform = `translate(-50%, -50%) translate(${best.dx}px, ${best.dy}px)`;
      taken.push(around(best.p, wide, high));
    }
    for (const { shield, line } of own.shields) {
      const box = shield.getElement() && shield.getElement().firstChild;
      if (!box) continue;
      const stretch = [0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95].map((part) => line[Math.round(part * (line.length - 1))]);
      const free = stretch.find((place) => !cost(around(map.latLngToLayerPoint(place), box.offsetWidth, box.offsetHeight), taken));
      box.style.visibility = free ? "" : "hidden";
      if (!free) continue;
      shield.setLatLng(free);
      taken.push(around(map.latLngToLayerPoint(free), box.offsetWidth, box.offsetHeight));
    }
    for (const node of own.nodes) {
      const box = node.getElement();
      if (!box) continue;
      const place = around(map.latLngToLayerPoint(node.getLatLng()), 14, 14);
      const covered = cost(place, taken) > 40;
      box.style.visibility = covered ? "hidden" : "";
      if (!covered) taken.push(place);
    }
    own.busy = false;
  }

  function spread(map, marks, own) {
    const reach = 22;
    const rows = marks.map((mark) => {
      const home = map.latLngToLayerPoint(mark.getLatLng());
      const [x, y] = mark.options.seed;
      mark._project();
      return { mark, home, r: mark._radius + 1, at: home.add(L.point(x / 2, y / 2)) };
    });
    for (let turn = 0; turn < 30; turn += 1) {
      let moved = false;
      rows.forEach((a, i) => {
        for (const b of rows.slice(i + 1)) {
          const gap = b.at.subtract(a.at);
          const far = Math.hypot(gap.x, gap.y) || 0.01;
          // Land as large as on the ground stays where it is; small ones may stand on it.
          const near = 0.92 * (Math.min(a.r, 14) + Math.min(b.r, 14));
          if (far >= near) continue;
          moved = true;
          const push = gap.multiplyBy((near - far) / far / 2);
          a.at = a.at.subtract(push);
          b.at = b.at.add(push);
        }
      });
      for (const row of rows) {
        const way = row.at.subtract(row.home);
        const far = Math.hypot(way.x, way.y);
        if (far > reach) row.at = row.home.add(way.multiplyBy(reach / far));
      }
      if (!moved) break;
    }
    own.leaders.clearLayers();
    for (const { mark, home, at } of rows) {
      const shift = at.subtract(home).round();
      mark.options.shift = [shift.x, shift.y];
      mark._project();
      mark._update();
      if (mark.options.badge) mark.options.badge.setLatLng(map.layerPointToLatLng(mark._point));
      if (Math.hypot(shift.x, shift.y) <= 6) continue;
      const line = [mark.getLatLng(), map.layerPointToLatLng(at)];
      own.leaders.addLayer(L.polyline(line, { pane: "marks", renderer: own.renderers.marks, interactive: false, color: mark.options.color, weight: 1, opacity: 0.8 }));
    }
    own.leaders.eachLayer((line) => line.bringToBack());
  }

  function paintZones(map, account) {
    const { groups, zones, pick } = state.get(map);
    const own = state.get(map);
    groups.labels.clearLayers();
    own.labels = [];
    for (const [id, layer] of Object.entries(zones)) {
      const row = account.zones[id];
      const chosen = account.chosen.kind === "zone" && account.chosen.id === id;
      const outline = state.get(map).base.outlines[layer.feature.properties.group];
      layer.tip = row.tip;
      if (row.sign) {
        layer.setStyle({ fillColor: fillOf(row.sign), fillOpacity: row.sign.opacity });
      }
      layer.setStyle(chosen ? { color: "#0b5a8a", weight: 4, dashArray: null } : { dashArray: null, ...outline });
      if (!row.sign) {
        layer.setStyle({ fill: chosen, fillColor: "#0b5a8a", fillOpacity: 0.12 });
        // A chosen overlay is shown even where its layer is off.
        if (chosen && !map.hasLayer(layer)) map.addLayer(layer);
        if (!chosen && map.hasLayer(layer)) {
          const on = Object.values(groups).some((group) => map.hasLayer(group) && group.hasLayer(layer));
          if (!on) map.removeLayer(layer);
        }
      }
      if (chosen && map.hasLayer(layer)) layer.bringToFront();
      const dress = () => operable(layer, "zone", id, row.tip.join(". "), pick);
      layer.off("add").on("add", dress);
      dress();
      if (!row.label) continue;
      const marker = label(row.label.place, "atlas-zone-label", row.label.texts, "labels");
      own.labels.push({ marker, zone: layer });
      groups.labels.addLayer(marker);
    }
  }

  function paintMarks(map, account) {
    const { groups, renderers, pick, route } = state.get(map);
    groups.industrial_park.clearLayers();
    groups.industrial_cluster.clearLayers();
    const own = state.get(map);
    own.marks = [];
    for (const area of account.areas) {
      const chosen = account.chosen.kind === "area" && account.chosen.id === area.id;
      const mark = new Mark(area.place, {
        pane: "marks",
        renderer: renderers.marks,
        bubblingMouseEvents: false,
        shape: area.sign.shape,
        ha: area.ha,
        least: area.sign.least,
        shift: [0, 0],
        seed: area.shift,
        home: own.homeZoom,
        badge: area.sign.number ? badge(area) : null,
        ...markStyle(area.sign, chosen),
      });
      mark.on("click", (event) => route(event, "area", area.id));
      mark.on("add", () => operable(mark, "area", area.id, area.tip.join(". "), pick));
      mark.bindTooltip(() => lines(area.tip), { direction: "top" });
      own.marks.push(mark);
      groups[area.layer].addLayer(mark);
      if (mark.options.badge) groups[area.layer].addLayer(mark.options.badge);
      if (chosen && !map.hasLayer(mark)) groups.industrial_park.addLayer(mark);
      if (chosen && map.hasLayer(mark)) mark.bringToFront();
    }
  }

  // From this zoom on plots can be told apart; before, the symbol of their park stands for them.
  const PLOTS_FROM = 12;
  const MOST_STOPS = 300; // of the tab key

  function paintPlots(map, given) {
    const own = state.get(map);
    if (own.plots) own.groups.plots.removeLayer(own.plots);
    own.plots = null;
    if (!given) return;
    const pane = { pane: "plots", renderer: own.renderers.plots };
    own.plots = L.geoJSON(given, {
      style: ({ properties: { outline, sign } }) =>
        outline
          ? { ...pane, interactive: false, fill: false, color: "#6d2018", weight: 2.5 }
          : { ...pane, bubblingMouseEvents: false, color: "#3a2a1a", weight: 1, fillColor: fillOf(sign), fillOpacity: sign.opacity },
      onEachFeature: ({ id, properties: { outline, tip } }, plot) => {
        if (outline) return;
        plot.bindTooltip(() => lines(tip.slice(0, 3)), { sticky: true });
        plot.bindPopup(() => lines(tip)).on("popupopen", () => plot.closeTooltip());
        const stops = given.features.length <= MOST_STOPS;
        plot.on("add", () => stops && operable(plot, "plot", id, tip.join(". "), () => plot.openPopup()));
      },
    });
    revealPlots(map);
  }

  function revealPlots(map) {
    const own = state.get(map);
    if (!own.plots) return;
    const seen = map.getZoom() >= PLOTS_FROM;
    if (seen === own.groups.plots.hasLayer(own.plots)) return;
    const busy = own.busy;
    own.busy = true; // each of them would have the symbols arranged
    if (seen) own.groups.plots.addLayer(own.plots);
    else own.groups.plots.removeLayer(own.plots);
    own.busy = busy;
  }

  function paintTiles(map, tiles) {
    const own = state.get(map);
    if (own.tiles && !tiles) {
      own.tiles.remove();
      own.tiles = null;
    }
    if (!own.tiles && tiles) {
      own.tiles = L.tileLayer(tiles.url, { attribution: tiles.attribution, maxZoom: 19 });
      // Without internet the plain background stays, and nothing asks again and again.
      own.tiles.once("tileerror", () => own.tiles && own.tiles.remove());
      own.tiles.addTo(map);
    }
  }

  function paintUnit(map, shape) {
    const own = state.get(map);
    own.unit.clearLayers();
    if (!shape) return;
    const style = { pane: "overlays", renderer: own.renderers.overlays, interactive: false, color: "#0b5a8a", weight: 3, fillOpacity: 0.12 };
    own.unit.addLayer(L.geoJSON(shape, { style, interactive: false, pane: "overlays" }));
  }

  function paintSite(map, { site, tools }) {
    const own = state.get(map);
    own.places = Boolean(tools);
    own.draw.offer(tools || null);
    map.getContainer().classList.toggle("atlas-places", own.places);
    own.site.clearLayers();
    if (!site) return;
    const style = { pane: "labels", renderer: own.renderers.labels, interactive: false, color: "#b3124f", weight: 3, fillColor: "#b3124f", fillOpacity: 0.15 };
    if (site.shape) own.site.addLayer(L.geoJSON(site.shape, { style, interactive: false, pane: "labels" }));
    if (!site.place) return;
    const pin = svg("svg", { viewBox: "0 0 24 32", width: 24, height: 32 }, svg("path", { d: "M12 31C9 25 2 18 2 11.5a10 10 0 0 1 20 0C22 18 15 25 12 31z" }), svg("circle", { cx: 12, cy: 11.5, r: 3.6 }));
    const icon = L.divIcon({ html: html("div", "atlas-pin", pin), className: "atlas-label", iconSize: [24, 32], iconAnchor: [12, 31] });
    own.site.addLayer(L.marker(site.place, { icon, interactive: false, keyboard: false, pane: "labels" }));
  }

  // Beside the legend, not under it: the zone itself where there is one, else the box.
  function show(map, account) {
    const { kind, id, bounds, shape } = account.chosen;
    const feature = kind === "zone" && state.get(map).base.zones.features.find((one) => one.id === id);
    const [[south, west], [north, east]] = bounds;
    const box = [[west, south], [west, north], [east, south], [east, north]];
    fitClear(map, corners(feature ? feature.geometry.coordinates : shape ? shape.coordinates : box), account.chosen.zoom || 12);
  }

  function paint(map, account) {
    const own = state.get(map);
    own.busy = true; // arranged once, at the end
    if (account.legend) paintLegend(map, account.legend);
    // First of all the view: what is drawn before has to be drawn again, and tiles are on their way.
    const focus = account.chosen.kind + ":" + account.chosen.id;
    if (account.chosen.bounds && focus !== own.focus) {
      own.view.goal = () => show(map, account);
      own.view.held = false;
    }
    if (own.view.goal !== own.seen) own.settle();
    own.seen = own.view.goal;
    own.focus = focus;
    own.tiledPlots.paint(account.plot_tiles);
    paintZones(map, account);
    paintMarks(map, account);
    paintUnit(map, account.chosen.shape);
    paintTiles(map, account.tiles);
    paintPlots(map, account.plots);
    paintSite(map, account);
    own.busy = false;
    arrange(map);
    map.getContainer().dataset.drawn = account.stamp;
  }

  window.atlas = { start, paint };
})();
