/*
 * Plots by the thousand, drawn from tiles: what `layers/plot_tiles` serves, with protomaps-leaflet.
 *
 *   atlasPlots.follow(map, group, pane, write)   once per map; gives { paint(given), tell(latlng) }
 *
 * A tile has ids and codes alone; the card of a plot is asked for when it is clicked, and its
 * lines go into the document by `write`, as text.
 */
(function () {
  "use strict";

  const TILE = 512; // pixels of a data tile, which a map shows one zoom closer
  const EDGE = "#3a2a1a";
  const LEAST_EDGED = 6; // pixels: an edge would hide the colour of what is smaller
  const CLOSEST = 18;

  // ---- what is asked of the server ----------------------------------------------------------

  const asked = (given) => ({ headers: { [given.header]: given.token }, credentials: "same-origin", cache: "no-store" });

  // Archives begin with what is seen from afar, so one reply serves many questions.
  const HEAD = 32768;

  // A source of the PMTiles library, which gives the token with each range.
  function ranges(key, current) {
    let head = null;

    async function fetched(offset, length, signal) {
      const { headers, ...options } = asked(current());
      const range = `bytes=${offset}-${offset + length - 1}`;
      const reply = await fetch(`${current().path}/${key}`, { ...options, signal, headers: { ...headers, Range: range } });
      if (reply.status !== 206) throw new Error(`plots: ${reply.status}`);
      return { data: await reply.arrayBuffer(), etag: reply.headers.get("ETag") || undefined };
    }

    async function getBytes(offset, length, signal) {
      if (offset + length > HEAD) return fetched(offset, length, signal);
      head ||= fetched(0, HEAD).catch((error) => {
        head = null; // another time it may come
        throw error;
      });
      const { data, etag } = await head;
      return { data: data.slice(offset, offset + length), etag };
    }

    return { getKey: () => key, getBytes };
  }

  function tileBounds(z, x, y) {
    const lon = (i) => (i / 2 ** z) * 360 - 180;
    const lat = (i) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * i) / 2 ** z))) * 180) / Math.PI;
    return L.latLngBounds([lat(y + 1), lon(x)], [lat(y), lon(x + 1)]);
  }

  // One archive as protomaps-leaflet asks for it; a tile beside its bounds isn't asked for, and one
  // of a zoom that was left is waited for no longer.
  function archiveView(protomaps, archive, current, bounds) {
    // The library that reads archives has no name of its own in the bundle.
    const PMTiles = new protomaps.PmtilesSource("x", false).p.constructor;
    const file = new PMTiles(ranges(archive.key, current));
    const waiting = new Map();

    async function get({ z, x, y }, side) {
      for (const [other, zoom] of waiting) if (zoom !== z) other.abort();
      if (!tileBounds(z, x, y).overlaps(bounds)) return new Map();
      const turn = new AbortController();
      waiting.set(turn, z);
      try {
        const tile = await file.getZxy(z, x, y, turn.signal);
        return tile ? window.atlasTile.read(tile.data, side) : new Map();
      } finally {
        waiting.delete(turn);
      }
    }

    const view = new protomaps.View(new protomaps.TileCache({ get }, TILE), archive.last, 1);
    // The features at a place, of a tile that was read.
    view.found = ({ lat, lng }, zoom) => {
      const x = (lng / 360 + 0.5) * 2 ** zoom;
      const y = (0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * 2 ** zoom;
      const [column, row] = [Math.floor(x), Math.floor(y)];
      const read = view.tileCache.cache.get(`${column}:${row}:${zoom}`);
      const layers = read ? [...read.data.values()] : [];
      return layers.flat().filter((one) => window.atlasTile.holds(one, (x - column) * TILE, (y - row) * TILE));
    };
    return view;
  }

  // ---- how plots are drawn ------------------------------------------------------------------

  const patterns = new Map();

  function stripes(pen, sign) {
    const name = sign.fill + sign.stripe;
    if (!patterns.has(name)) {
      const side = 8;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = side;
      const brush = canvas.getContext("2d");
      brush.fillStyle = sign.fill;
      brush.fillRect(0, 0, side, side);
      brush.strokeStyle = sign.stripe;
      brush.lineWidth = sign.wide ? 3 : 1.4;
      for (const shift of [-side, 0, side]) {
        brush.beginPath();
        brush.moveTo(shift - 1, side + 1);
        brush.lineTo(shift + side + 1, -1);
        brush.stroke();
      }
      patterns.set(name, pen.createPattern(canvas, "repeat"));
    }
    return patterns.get(name);
  }

  const signOf = (signs, { status, use }) => signs[use] || signs[status] || signs.unknown;

  // Fill and edge of a plot; no edge where a tile cuts it, nor of land drawn together or too small.
  function symbolizer(signs, last) {
    return {
      draw(pen, _, zoom, { props, rings, scale, bbox }) {
        const sign = signOf(signs, props);
        const size = scale * 2 ** Math.max(0, zoom - 1 - last);
        pen.globalAlpha = sign.opacity;
        pen.fillStyle = sign.stripe ? stripes(pen, sign) : sign.fill;
        pen.beginPath();
        for (const ring of rings) {
          pen.moveTo(ring[0] * size, ring[1] * size);
          for (let i = 2; i < ring.length; i += 2) pen.lineTo(ring[i] * size, ring[i + 1] * size);
        }
        pen.fill("evenodd");
        const wide = Math.max(bbox.maxX - bbox.minX, bbox.maxY - bbox.minY) * (size / scale);
        if (props.plot === undefined || wide < LEAST_EDGED) return;
        const side = TILE / scale;
        const cut = (from, to) => from === to && (from <= 0 || from >= side);
        pen.globalAlpha = 1;
        pen.strokeStyle = EDGE;
        pen.lineWidth = zoom < 15 ? 0.4 : 0.8;
        pen.beginPath();
        for (const ring of rings) {
          pen.moveTo(ring[0] * size, ring[1] * size);
          for (let i = 2; i < ring.length; i += 2) {
            const [x, y] = [ring[i], ring[i + 1]];
            if (cut(ring[i - 2], x) || cut(ring[i - 1], y)) pen.moveTo(x * size, y * size);
            else pen.lineTo(x * size, y * size);
          }
        }
        pen.stroke();
      },
    };
  }

  function layerOf(protomaps, given, current, pane) {
    const views = new Map();
    const boxes = new Map();
    const paintRules = [];
    for (const archive of given.archives) {
      boxes.set(archive.key, L.latLngBounds(archive.bounds));
      views.set(archive.key, archiveView(protomaps, archive, current, boxes.get(archive.key)));
      const draws = symbolizer(given.signs, archive.last);
      for (const plots of [false, true]) {
        for (let zoom = given.from - 1; zoom <= archive.last; zoom += 1) {
          paintRules.push({
            dataSource: archive.key,
            dataLayer: `z${zoom}`,
            symbolizer: draws,
            filter: (_, feature) => (feature.props.plot !== undefined) === plots,
          });
        }
      }
    }
    const layer = protomaps.leafletLayer({ sources: {}, paintRules, pane, attribution: "", minZoom: given.from, noWrap: false });
    // A tile waits for the archives that it lies in, not for all: they are named before it waits.
    const render = layer.renderTile;
    layer.renderTile = (place, ...others) => {
      const box = tileBounds(place.z, place.x, place.y).pad(0.02); // edges are broad
      layer.views = new Map([...views].filter(([key]) => boxes.get(key).overlaps(box)));
      const painted = render.call(layer, place, ...others);
      layer.views = views;
      return painted;
    };
    layer.views = views;
    // Plots have no labels, and looking for room for them takes time with every archive.
    layer.labelers = { add: () => 0, getIndex: () => null };
    return layer;
  }

  // ---- on a map -----------------------------------------------------------------------------

  function hint(map) {
    const text = document.createElement("div");
    text.className = "atlas-hint";
    text.setAttribute("role", "status");
    text.hidden = true;
    map.getContainer().append(text);
    return text;
  }

  function follow(map, group, pane, write) {
    let given = null;
    let layer = null;
    let drawn = "";
    const text = hint(map);
    const shown = () => layer && map.hasLayer(layer);

    function advise() {
      const zoom = Math.round(map.getZoom());
      const seen = given && map.hasLayer(group) ? given.archives.filter((one) => map.getBounds().overlaps(one.bounds)) : [];
      let said = "";
      if (given && map.hasLayer(group) && zoom < given.from) said = given.words.from;
      else if (seen.some((one) => zoom <= one.last)) said = given.words.merged;
      if (text.textContent !== said) text.textContent = said;
      text.hidden = !said;
    }

    function paint(next) {
      given = next || null;
      map.setMaxZoom(Math.max(map.getMaxZoom(), given ? CLOSEST : 0));
      const wanted = given ? JSON.stringify([given.archives, given.signs]) : "";
      advise();
      if (wanted === drawn) return;
      drawn = wanted;
      if (layer) group.removeLayer(layer);
      layer = given && given.archives.length ? layerOf(window.protomapsL, given, () => given, pane) : null;
      if (layer) group.addLayer(layer);
      map.getContainer().dataset.plots = layer ? given.archives.length : 0;
    }

    // The plot at a place; where land is drawn together, the area that it belongs to.
    function at(latlng) {
      const zoom = Math.round(map.getZoom());
      if (!shown() || zoom < given.from) return null;
      let hit = null;
      for (const { key, last, bounds } of given.archives) {
        if (!L.latLngBounds(bounds).contains(latlng)) continue;
        for (const { props } of layer.views.get(key).found(latlng, Math.min(zoom - 1, last))) {
          if (!hit || props.plot !== undefined) hit = { key, plot: props.plot };
        }
      }
      return hit;
    }

    // Answers a click: true where there is a plot, whose card is on its way; the id of an area
    // where its land is drawn together; false where there is neither.
    function tell(latlng) {
      const hit = at(latlng);
      if (!hit) return false;
      if (hit.plot === undefined) return given.archives.find((one) => one.key === hit.key).area;
      const popup = L.popup().setLatLng(latlng);
      const say = (lines) => popup.setContent(write(lines)).openOn(map);
      const address = `${given.path}/${hit.key}/card?plot=${encodeURIComponent(hit.plot)}`;
      fetch(address, asked(given))
        .then((reply) => (reply.ok ? reply.json() : Promise.reject(reply.status)))
        .then(({ lines }) => say(lines))
        .catch(() => say([given.words.gone]));
      return true;
    }

    // What lies under a plot isn't told while the pointer is on it.
    let place = null;
    const point = () => {
      map.getContainer().classList.toggle("atlas-on-plot", Boolean(at(place)));
      place = null;
    };
    map.on("mousemove", ({ latlng }) => {
      if (!place && layer) requestAnimationFrame(point);
      place = layer && latlng;
    });
    map.on("zoomend moveend layeradd layerremove", advise);
    return { paint, tell };
  }

  window.atlasPlots = { follow };
})();
