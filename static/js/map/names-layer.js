/** The map layer of the place names, from the gazetteer in the reader's language. */
import { fetchJson } from "../data/fetch-json.js";
import { loadPersistently } from "../data/persistent.js";
import { afterPause } from "../lib/frame.js";
import { watchTheme } from "../lib/theme.js";
import { createCanvasLayer } from "./canvas-layer.js";
import { COVERS, coversOf } from "./covers.js";
import { NAME_GAP, createNamePlan, isCut } from "./name-plan.js";
import { customProperty } from "../lib/colours.js";
import { eachTurn } from "./trace.js";

/** @import { PlacedName, Rank } from "./name-plan.js" */

/** Places with fewer people have a fainter name. */
const LOUD_FROM = 40_000;
const HALO_PX = 3;
const TRY_AGAIN_MS = 20_000;
/** Time after which what lies over the map counts as still, in milliseconds. */
const COVERS_STILL_MS = 200;
/** Maximum width of a name outside the canvas, in pixels. */
const REACH_PX = 200;

/**
 * Creates the layer.
 * @param {import("leaflet").Map} map
 * @param {string} language
 * @param {import("../data/persistent.js").Teller} [tell] shows that the names are missing
 * @returns {{ show: (wanted: boolean) => void }} the names are fetched when they are first shown
 */
export function createNamesLayer(map, language, tell) {
  const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const family = getComputedStyle(map.getContainer()).fontFamily;
  /** @type {((zoom: number) => PlacedName[]) | null} */
  let plan = null;
  let requested = false;
  let isShown = false;

  /** Returns the font of a rank. @param {Rank} rank */
  const font = ({ size, boldness }) => `${boldness} ${size}px ${family}`;

  const layer = createCanvasLayer({
    pane: "names",
    isStill: true,
    paint(context, frame, canvas) {
      if (!plan) return;
      const [ink, quiet, halo] = [
        customProperty("--ink"),
        customProperty("--quiet-on-ground"),
        customProperty("--ground"),
      ];
      const reach = REACH_PX / frame.worldPx;
      context.textBaseline = "middle";
      context.lineJoin = "round";
      context.lineWidth = HALO_PX;
      const names = plan(frame.zoom);
      const covers = coversOf(canvas, `${COVERS}, .place-mark`);
      eachTurn(frame, (within, place) => {
        for (const one of names) {
          const { name, rank, x, y } = one;
          if (x < within.left - reach || x > within.right || y < within.top || y > within.bottom) continue;
          const [left, top] = [Math.round(x * frame.worldPx + place.x), Math.round(y * frame.worldPx + place.y)];
          if (isCut(one, left, top, covers)) continue;
          context.strokeStyle = halo;
          context.fillStyle = rank.least >= LOUD_FROM ? ink : quiet;
          context.beginPath();
          context.arc(left, top, rank.dot, 0, 2 * Math.PI);
          context.stroke();
          context.fill();
          context.font = font(rank);
          const start = one.isLeft ? left - rank.dot - NAME_GAP - one.width : left + rank.dot + NAME_GAP;
          context.strokeText(name, start, top);
          context.fillText(name, start, top);
        }
      });
    },
  });
  watchTheme(() => layer.schedule());
  // The name of a search result is written there already.
  map.on("tooltipopen tooltipclose", () => layer.schedule());
  // While the window moves, a chip's width follows its words at each step.
  const covered = afterPause(COVERS_STILL_MS, () => layer.schedule());
  const sizes = new ResizeObserver(covered);
  for (const cover of document.querySelectorAll(COVERS)) sizes.observe(cover);

  async function fetchNames() {
    requested = true;
    const url = `/api/collections/places/labels?lang=${encodeURIComponent(language)}`;
    const { body } = await loadPersistently(() => fetchJson(url, { priority: "low" }), tell);
    if (body.count === 0) {
      // The gazetteer of a new installation is still loading.
      setTimeout(() => void fetchNames(), TRY_AGAIN_MS);
      return;
    }
    /**
     * @type {Rank | null} the current rank, because setting a font is as slow as measuring a name
     */
    let set = null;
    plan = createNamePlan(body, (name, rank) => {
      if (rank !== set) ruler.font = font(rank);
      set = rank;
      return ruler.measureText(name).width;
    });
    layer.schedule();
  }

  return {
    show(now) {
      if (now === isShown) return;
      isShown = now;
      if (!isShown) layer.remove();
      else {
        layer.addTo(map);
        if (!requested) void fetchNames();
      }
    },
  };
}
