/*
 * Reads polygons of a vector tile (Mapbox Vector Tile 2.1) into what protomaps-leaflet keeps and
 * draws. Its own reader takes each feature apart five times, which is felt where a view has a
 * hundred thousand of them; `tests/e2e/test_plot_tiles.py` holds this one against it.
 *
 *   atlasTile.read(buffer, side)   layers by name, their features in pixels of a tile of that side
 */
(function () {
  "use strict";

  const [VARINT, EIGHT_BYTES, TEXT, FOUR_BYTES] = [0, 1, 2, 5];
  const [MOVE, LINE, CLOSE] = [1, 2, 7];
  const texts = new TextDecoder();

  // With what the library does to a corner where it draws a tile larger than it is.
  class Corner {
    constructor(x, y) {
      this.x = x;
      this.y = y;
    }
    clone() {
      return new Corner(this.x, this.y);
    }
    mult(factor) {
      return new Corner(this.x * factor, this.y * factor);
    }
    add({ x, y }) {
      return new Corner(this.x + x, this.y + y);
    }
  }

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

    // Gives each field's number to `take`, with this at its content and told where that ends.
    fields(end, take) {
      while (this.at < end) {
        const key = this.number();
        const kind = key & 7;
        let until = this.at;
        if (kind === TEXT) {
          const length = this.number();
          until = this.at + length;
        } else if (kind === EIGHT_BYTES) until += 8;
        else if (kind === FOUR_BYTES) until += 4;
        else if (kind !== VARINT) throw new Error(`vector tile: field of kind ${kind}`);
        take(key >> 3, until);
        if (kind === VARINT) {
          if (this.at === until) this.number(); // nobody took it
        } else this.at = until;
      }
    }

    text(end) {
      return texts.decode(this.bytes.subarray(this.at, end));
    }

    value(end) {
      let found = null;
      this.fields(end, (field, until) => {
        if (field === 1) found = this.text(until);
        else if (field === 2) found = this.view.getFloat32(this.at, true);
        else if (field === 3) found = this.view.getFloat64(this.at, true);
        else if (field === 4 || field === 5) found = this.number();
        else if (field === 6) found = this.signed();
        else if (field === 7) found = Boolean(this.number());
      });
      return found;
    }
  }

  function shape(tile, end, scale) {
    const geom = [];
    const bbox = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
    let [x, y, ring, numVertices] = [0, 0, [], 0];
    while (tile.at < end) {
      const command = tile.number();
      const what = command & 7;
      if (what === CLOSE) {
        ring.push(ring[0].clone());
        numVertices += 1;
        continue;
      }
      if (what !== MOVE && what !== LINE) throw new Error(`vector tile: command ${what}`);
      for (let left = command >> 3; left > 0; left -= 1) {
        x += tile.signed() * scale;
        y += tile.signed() * scale;
        if (what === MOVE) geom.push((ring = []));
        ring.push(new Corner(x, y));
        numVertices += 1;
        if (x < bbox.minX) bbox.minX = x;
        if (x > bbox.maxX) bbox.maxX = x;
        if (y < bbox.minY) bbox.minY = y;
        if (y > bbox.maxY) bbox.maxY = y;
      }
    }
    return { geom, numVertices, bbox };
  }

  function feature(tile, end, { keys, values, scale }) {
    const found = { id: undefined, geomType: 0, geom: [], numVertices: 0, bbox: null, props: {} };
    tile.fields(end, (field, until) => {
      if (field === 1) found.id = tile.number();
      else if (field === 2) while (tile.at < until) found.props[keys[tile.number()]] = values[tile.number()];
      else if (field === 3) found.geomType = tile.number();
      else if (field === 4) Object.assign(found, shape(tile, until, scale));
    });
    return found;
  }

  function layer(tile, end, side) {
    const own = { name: "", keys: [], values: [], scale: side / 4096 };
    const places = [];
    tile.fields(end, (field, until) => {
      if (field === 1) own.name = tile.text(until);
      else if (field === 2) places.push(tile.at, until);
      else if (field === 3) own.keys.push(tile.text(until));
      else if (field === 4) own.values.push(tile.value(until));
      else if (field === 5) own.scale = side / tile.number();
    });
    const features = [];
    for (let i = 0; i < places.length; i += 2) {
      tile.at = places[i];
      features.push(feature(tile, places[i + 1], own));
    }
    return [own.name, features];
  }

  function read(buffer, side) {
    const tile = new Bytes(buffer);
    const found = new Map();
    tile.fields(buffer.byteLength, (field, until) => {
      if (field === 3) found.set(...layer(tile, until, side));
    });
    return found;
  }

  window.atlasTile = { read };
})();
