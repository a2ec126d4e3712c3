/**
 * Ways to draw events under a time slider, in one page: ours, and what others use. Each is given the same columns and draws
 * the window that it is told; the bench moves the window and times the frames.
 *
 * @import { DayRange, EventColumns, State } from "../static/js/types.js"
 */
import { assemble } from "../static/js/data/assemble.js";
import { decodeColumns } from "../static/js/data/event-columns.js";
import { latitudeOf, longitudeOf } from "../static/js/lib/grid.js";
import { createEventsLayer } from "../static/js/map/events-layer.js";
import { createStore } from "../static/js/state/store.js";
import { countByDay, countIn } from "../static/js/time/bins.js";
import { createTimeScale } from "../static/js/time/time-scale.js";
import { createHistogram } from "../static/js/ui/histogram.js";

const L = window.L;
/** Frames that are not timed. */
const WARM_UP = 3;
const VIEW = { centre: [48.5, 31.5], zoom: 6 };

/** @param {string} src */
function script(src) {
  return new Promise((resolve, reject) => {
    const made = document.createElement("script");
    made.src = src;
    made.onload = resolve;
    made.onerror = () => reject(new Error(`${src} did not load`));
    document.head.append(made);
  });
}

/** @returns {Promise<EventColumns>} */
async function load(/** @type {string[]} */ files) {
  const blobs = await Promise.all(files.map(async (file) => new Uint8Array(await (await fetch(file)).arrayBuffer())));
  const start = performance.now();
  const columns = assemble(blobs.map(decodeColumns), { revision: "bench" });
  return Object.assign(columns, { usableMs: performance.now() - start });
}

function newMap() {
  const old = document.getElementById("map");
  const root = document.createElement("div");
  root.id = "map";
  old?.replaceWith(root);
  return L.map(root, { maxZoom: 18, zoomAnimation: false, fadeAnimation: false, attributionControl: false }).setView(
    VIEW.centre,
    VIEW.zoom,
  );
}

/** Degrees of all rows, once. @param {EventColumns} columns */
function placesOf(columns) {
  return Array.from(columns.x, (x, row) => [latitudeOf(columns.y[row]), longitudeOf(x)]);
}

/** Which rows enter and leave when a window moves; every peer that keeps marks is told only of those. @param {EventColumns} columns */
function changes({ day, days, count }) {
  let shown = new Set();
  return (/** @type {DayRange} */ { from, to }) => {
    const next = new Set();
    for (let row = 0; row < count; row++) if (day[row] < to && day[row] + days[row] > from) next.add(row);
    const enter = [...next].filter((row) => !shown.has(row));
    const leave = [...shown].filter((row) => !next.has(row));
    shown = next;
    return { enter, leave };
  };
}

/** What a way answers that has drawn in an animation's frame, so that there is no other to wait for. */
const IN_FRAME = "in frame";

/** Waits until all is drawn: WebGL only takes down what to draw. @param {WebGL2RenderingContext | null | undefined} gl */
function finish(gl) {
  if (!gl) throw new Error("there is no WebGL");
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

const WAYS = {
  async frontline(/** @type {EventColumns} */ columns) {
    const map = newMap();
    const store = createStore(/** @type {State} */ ({ window: { from: 0, to: 1 }, shown: null, colour: "side" }));
    const mask = new Uint8Array(columns.count).fill(1);
    const chosen = { columns, mask, count: columns.count };
    const selection = { get: () => chosen, watch: (run) => (run(chosen), () => undefined) };
    createEventsLayer({ store, selection }).layer.addTo(map);
    const counts = countByDay(chosen, ["ua"]);
    const scale = createTimeScale(columns.extent);
    const chart = document.getElementById("chart");
    const histogram = createHistogram(chart, scale);
    histogram.show(counts);
    scale.show(columns.extent);
    const words = document.getElementById("count");
    return (/** @type {DayRange} */ window) => {
      store.set({ window });
      histogram.mark(window);
      words.textContent = String(countIn(counts, window).exact);
    };
  },

  async markers(/** @type {EventColumns} */ columns) {
    const map = newMap();
    const renderer = L.canvas();
    const options = { renderer, radius: 3, weight: 1 };
    const markers = placesOf(columns).map((place) => L.circleMarker(place, options));
    const change = changes(columns);
    return (/** @type {DayRange} */ window) => {
      const { enter, leave } = change(window);
      for (const row of leave) markers[row].remove();
      for (const row of enter) markers[row].addTo(map);
    };
  },

  async markercluster(/** @type {EventColumns} */ columns) {
    await script("/peers/leaflet.markercluster/dist/leaflet.markercluster-src.js");
    const map = newMap();
    const group = L.markerClusterGroup({ animate: false, chunkedLoading: false });
    const markers = placesOf(columns).map((place) => L.marker(place));
    const change = changes(columns);
    map.addLayer(group);
    return (/** @type {DayRange} */ window) => {
      const { enter, leave } = change(window);
      group.removeLayers(leave.map((row) => markers[row]));
      group.addLayers(enter.map((row) => markers[row]));
    };
  },

  async glify(/** @type {EventColumns} */ columns) {
    await script("/peers/leaflet.glify/dist/glify-browser.js");
    const map = newMap();
    const places = placesOf(columns);
    const { day, days, count } = columns;
    let points = null;
    return (/** @type {DayRange} */ { from, to }) => {
      const data = [];
      for (let row = 0; row < count; row++) if (day[row] < to && day[row] + days[row] > from) data.push(places[row]);
      points?.remove();
      points = data.length ? L.glify.points({ map, data, size: 5 }) : null;
      finish(points?.gl);
    };
  },

  async deck(/** @type {EventColumns} */ columns) {
    for (const name of ["core", "layers", "extensions"]) await script(`/peers/@deck.gl/${name}/dist.min.js`);
    const { Deck, DataFilterExtension, MapView, ScatterplotLayer } = window.deck;
    const old = document.getElementById("map");
    const root = document.createElement("div");
    root.id = "map";
    root.style.position = "relative";
    old?.replaceWith(root);
    const { x, y, day, days, count } = columns;
    const place = new Float32Array(2 * count);
    const ends = new Float32Array(2 * count);
    for (let row = 0; row < count; row++) {
      place.set([longitudeOf(x[row]), latitudeOf(y[row])], 2 * row);
      ends.set([day[row], day[row] + days[row]], 2 * row);
    }
    const data = {
      length: count,
      attributes: { getPosition: { value: place, size: 2 }, getFilterValue: { value: ends, size: 2 } },
    };
    let drawn = () => undefined;
    let gl = null;
    const deck = new Deck({
      parent: root,
      width: 1000,
      height: 700,
      views: new MapView(),
      initialViewState: { longitude: VIEW.centre[1], latitude: VIEW.centre[0], zoom: VIEW.zoom - 1 },
      onDeviceInitialized: (device) => (gl = device.gl),
      onAfterRender: () => {
        finish(gl);
        drawn(IN_FRAME);
      },
    });
    const extension = new DataFilterExtension({ filterSize: 2 });
    return (/** @type {DayRange} */ { from, to }) =>
      new Promise((resolve) => {
        drawn = resolve;
        const layer = new ScatterplotLayer({
          id: "events",
          data,
          radiusUnits: "pixels",
          getRadius: 3,
          getFillColor: [176, 32, 60],
          extensions: [extension],
          filterRange: [
            [-1e6, to - 0.5],
            [from + 0.5, 1e6],
          ],
        });
        deck.setProps({ layers: [layer] });
      });
  },
};

/**
 * Moves a window over all days, as fast as it goes, and times from frame to frame, so that script, raster and putting
 * together are in it: the next frame does not begin before the browser is done with the one before. Nothing waits for a
 * screen, and each frame changes what is seen: one that changes nothing is held back by the browser.
 *
 * @param {{ files: string[], way: keyof typeof WAYS, length: number | null, steps: number, budgetMs: number }} asked
 *   `length`: days of the window; null: all from the first day on
 */
window.run = async ({ files, way, length, steps, budgetMs }) => {
  const columns = await load(files);
  const draw = await WAYS[way](columns);
  const { from: first, to: last } = columns.extent;
  const begun = performance.now();
  const at = (/** @type {number} */ step) => {
    const to = first + Math.round((last - first) * (0.4 + (0.6 * step) / steps));
    return { from: length === null ? first : to - length, to };
  };
  const frame = () => new Promise(requestAnimationFrame);
  const show = async (/** @type {DayRange} */ window) => {
    if ((await draw(window)) !== IN_FRAME) await frame();
  };
  await show(stepped(at(0), 0));
  for (let step = 1; step < WARM_UP && performance.now() - begun < budgetMs; step++) await show(stepped(at(0), step));
  const frames = [];
  let start = performance.now();
  for (let step = WARM_UP; step < WARM_UP + steps; step++) {
    if (frames.length > 0 && performance.now() - begun > budgetMs) break;
    await show(stepped(at(0), step));
    const end = performance.now();
    frames.push(end - start);
    start = end;
  }
  await frame();
  return { usable_ms: columns.usableMs, events: columns.count, frames };

  /** Three days a frame, there and back: a fast drag. @param {DayRange} start @param {number} step */
  function stepped({ from, to }, step) {
    const room = last - to;
    const away = room - Math.abs(((3 * step) % (2 * room)) - room);
    return { from: length === null ? first : from + away, to: to + away };
  }
};

/** Pixels of a picture (PNG, in base64) that are not the page's ground. */
window.countDrawn = async (/** @type {string} */ picture) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const words = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
  const GROUND = 0xffeef3f5;
  return words.reduce((sum, word) => sum + Number(word !== GROUND), 0);
};

window.ready = true;
