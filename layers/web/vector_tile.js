/*
 * Reads polygons of a vector tile (Mapbox Vector Tile 2.1), as few objects as can be: a view may
 * have a hundred thousand of them. The reader of protomaps-leaflet takes each apart five times, and
 * makes an object of each corner; `tests/e2e/test_plot_tiles.py` holds this one against it.
 *
 *   atlasTile.read(buffer, side)   features by layer: { props, rings, scale, bbox, geom }
 *   atlasTile.holds(feature, x, y)   whether a pixel of the tile lies in a feature
 *
 * `rings` are x, y, x, y ... in units of the tile, the first corner again at the end; times `scale`
 * they are pixels of a tile of that side, as `bbox` is. `geom` is what the library would go through.
 */
(function () {
  "use strict";

  const [VARINT, EIGHT_BYTES, TEXT, FOUR_BYTES] = [0, 1, 2, 5];
  const [MOVE, LINE, CLOSE] = [1, 2, 7];
  const texts = new TextDecoder();

  class Bytes {
    constructor(buffer) {
      this.bytes = new Uint8Array(buffer);
      this.view = new DataView(buffer);
      this.at = 0;
    }

    // Exact up to 2 ** 53.
    number() {
      let byte = this.bytes[this.at++];
      if (byte < 128) return byte;
      let value = byte & 127;
      let factor = 128;
      do {
        byte = this.bytes[this.at++];
        value += (byte & 127) * factor;
        factor *= 128;
      } while (byte > 127);
      return value;
    }

    signed() {
      const value = this.number();
      if (value < 2 ** 31) return (value >>> 1) ^ -(value & 1);
      return value % 2 ? -(value + 1) / 2 : value / 2;
    }

    // Goes to the content of a field that has just been named, and gives its end.
    content(kind) {
      if (kind === TEXT) return this.number() + this.at;
      if (kind === EIGHT_BYTES) return this.at + 8;
      if (kind === FOUR_BYTES) return this.at + 4;
      if (kind !== VARINT) throw new Error(`vector tile: field of kind ${kind}`);
      const before = this.at;
      this.number();
      const end = this.at;
      this.at = before;
      return end;
    }

    text(end) {
      let found = "";
      for (let i = this.at; i < end; i += 1) {
        const byte = this.bytes[i];
        if (byte > 127) return texts.decode(this.bytes.subarray(this.at, end));
        found += String.fromCharCode(byte); // short, as a rule: sooner than a decoder
      }
      return found;
    }

    value(end) {
      let found = null;
      while (this.at < end) {
        const key = this.number();
        const until = this.content(key & 7);
        const field = key >> 3;
        if (field === 1) found = this.text(until);
        else if (field === 2) found = this.view.getFloat32(this.at, true);
        else if (field === 3) found = this.view.getFloat64(this.at, true);
        else if (field === 4 || field === 5) found = this.number();
        else if (field === 6) found = this.signed();
        else if (field === 7) found = Boolean(this.number());
        this.at = until;
      }
      return found;
    }
  }

  function shape(tile, end, found) {
    const { rings, scale } = found;
    let [x, y, ring] = [0, 0, null];
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    while (tile.at < end) {
      const command = tile.number();
      const what = command & 7;
      if (what === CLOSE) {
        ring.push(ring[0], ring[1]);
        continue;
      }
      if (what !== MOVE && what !== LINE) throw new Error(`vector tile: command ${what}`);
      for (let left = command >> 3; left > 0; left -= 1) {
        x += tile.signed();
        y += tile.signed();
        if (what === MOVE) rings.push((ring = []));
        ring.push(x, y);
        if (x < minX) minX = x;
        if (x > maxX) maxX = x;
        if (y < minY) minY = y;
        if (y > maxY) maxY = y;
      }
    }
    found.bbox = { minX: minX * scale, minY: minY * scale, maxX: maxX * scale, maxY: maxY * scale };
  }

  const NOTHING = [];

  function feature(tile, end, { keys, values, scale }) {
    const found = { props: {}, rings: [], scale, bbox: null, geom: NOTHING };
    while (tile.at < end) {
      const key = tile.number();
      const until = tile.content(key & 7);
      const field = key >> 3;
      if (field === 4) shape(tile, until, found);
      else if (field === 2) {
        while (tile.at < until) {
          const name = keys[tile.number()];
          found.props[name] = values[tile.number()];
        }
      }
      tile.at = until;
    }
    return found;
  }

  function layer(tile, end, side) {
    const own = { keys: [], values: [], scale: side / 4096 };
    const places = [];
    let name = "";
    while (tile.at < end) {
      const key = tile.number();
      const until = tile.content(key & 7);
      const field = key >> 3;
      if (field === 1) name = tile.text(until);
      else if (field === 2) places.push(tile.at, until);
      else if (field === 3) own.keys.push(tile.text(until));
      else if (field === 4) own.values.push(tile.value(until));
      else if (field === 5) own.scale = side / tile.number();
      tile.at = until;
    }
    const features = [];
    for (let i = 0; i < places.length; i += 2) {
      tile.at = places[i];
      features.push(feature(tile, places[i + 1], own));
    }
    return [name, features];
  }

  function read(buffer, side) {
    const tile = new Bytes(buffer);
    const found = new Map();
    while (tile.at < buffer.byteLength) {
      const key = tile.number();
      const until = tile.content(key & 7);
      if (key >> 3 === 3) found.set(...layer(tile, until, side));
      tile.at = until;
    }
    return found;
  }

  // By the number of edges to the right of the place: odd is inside, of a hole too.
  function holds({ rings, scale, bbox }, x, y) {
    if (x < bbox.minX || x > bbox.maxX || y < bbox.minY || y > bbox.maxY) return false;
    const [across, down] = [x / scale, y / scale];
    let inside = false;
    for (const ring of rings) {
      for (let i = 2; i < ring.length; i += 2) {
        const [x0, y0, x1, y1] = [ring[i - 2], ring[i - 1], ring[i], ring[i + 1]];
        if (y0 > down !== y1 > down && across < x0 + ((down - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
      }
    }
    return inside;
  }

  window.atlasTile = { read, holds };
})();
