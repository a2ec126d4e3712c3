/**
 * The map layer of the events: one canvas, repainted within a frame after a change of the window,
 * filters, colours or view. The layer sets `shown` in the store and finds the events under a
 * pointer.
 *
 * @import { DayRange, Selection, SelectionSource, State, Store } from "../types.js"
 * @import { Frame } from "./canvas-layer.js"
 * @import { Chosen } from "./paint.js"
 * @import { Hit } from "./hit.js"
 * @import { Ringed } from "./ring.js"
 * @import { Scene } from "./scene.js"
 */
import { dayIndexOf } from "../data/day-index.js";
import { watchTheme } from "../lib/theme.js";
import { createCanvasLayer } from "./canvas-layer.js";
import { createDensity } from "./density.js";
import { hitAt } from "./hit.js";
import { areMany } from "./blit.js";
import { createPainter } from "./paint.js";
import { colourProperty, customProperty } from "../lib/colours.js";
import { afterPause, nextFrame } from "../lib/frame.js";
import { createPalette } from "./palette.js";
import { looksAlike } from "./ring.js";
import { createScenes, isSameView } from "./scene.js";

/**
 * @typedef {object} EventsLayer
 * @property {import("./canvas-layer.js").CanvasLayer} layer
 * @property {(point: import("leaflet").Point, reach: number) => Hit | null} hit the event within
 *   `reach` pixels of a point of the map's container
 * @property {(event: Ringed | null) => void} choose draws a ring around an event, or removes it
 */

/** Time after which a window that moved stands still, in milliseconds. */
const STILL_MS = 500;
/** Number of marks from which they count as many, and number below which they do not. */
const [MANY_MARKS, FEWER_MARKS] = [300, 200];

/**
 * Creates the layer.
 *
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {(many: boolean) => void} options.onMany called when the marks become many or few
 * @returns {EventsLayer}
 */
export function createEventsLayer({ store, selection, onMany }) {
  /**
   * @type {{ chosen: Selection, scenes: ReturnType<typeof createScenes>, density: ReturnType<typeof
   *   createDensity> } | null}
   */
  let events = null;
  /** @type {ReturnType<typeof createPainter> | null} */
  let painter = null;
  /** @type {import("./palette.js").Palette | null} */
  let palette = null;
  /**
   * The painted scene. Null if nothing is painted, or cells: then `hit` searches the columns.
   * @type {Scene | null}
   */
  let scene = null;
  /** What the scene shows. @type {{ chosen: Selection, window: DayRange, frame: Frame } | null} */
  let drawn = null;
  /** @type {Ringed | null} */
  let ringed = null;
  /**
   * Cached result of the last search among cells. A click searches twice, when pressed and when
   * released.
   * @type {{ where: string, chosen: Selection, window: DayRange, found: Hit | null } | null}
   */
  let looked = null;
  let many = false;
  /** Whether the picture takes so long that it is coarse while the window moves. */
  let isHeavy = false;
  let isMoving = false;
  let paintedAt = -Infinity;
  const rest = afterPause(STILL_MS, () => {
    isMoving = false;
    if (isHeavy && devicePixelRatio > 1) layer.schedule();
  });

  /** Paints after a step of the window. Of several in a row, all but the first are coarse. */
  function move() {
    isMoving = performance.now() - paintedAt < STILL_MS;
    layer.schedule();
  }

  /** Reports a change between many and few marks. @param {number} marks */
  function reportManyMarks(marks) {
    if (many === marks >= (many ? FEWER_MARKS : MANY_MARKS)) return;
    many = !many;
    onMany(many);
  }

  const layer = createCanvasLayer({
    pane: "overlayPane",
    keeps: true,
    isCoarse: () => isHeavy && isMoving,
    paint(context, frame) {
      if (!events) {
        context.clearRect(0, 0, frame.width, frame.height);
        return;
      }
      const { window, colour } = store.get();
      const { chosen, scenes, density } = events;
      palette ??= createPalette(chosen.columns, colour, customProperty);
      painter ??= createPainter(chosen.columns, palette);
      const ring = ringed && chosenIn(ringed, window, colour);
      // A ring changes nothing else of the picture.
      const isSame = scene && drawn?.chosen === chosen && drawn.window === window && isSameView(drawn.frame, frame);
      const cells = isSame ? null : density.update(chosen.mask, window, frame, palette);
      drawn = { chosen, window, frame };
      if (cells) {
        scene = null;
        const shapes = scenes.shapesIn(chosen.mask, window, frame);
        painter.paintCells(context, cells, shapes, frame, ring);
        reportManyMarks(Infinity);
      } else {
        if (!scene || !isSame) scene = scenes.gather(chosen.mask, window, frame);
        painter.paint(context, scene, frame, ring);
        reportManyMarks(scene.marks.count);
      }
      isHeavy = cells !== null || areMany(scene?.marks.count ?? 0, frame.width * frame.height);
      store.set({ shown: window, dense: cells !== null });
      // Counted from here, so that it holds on a slow processor too.
      paintedAt = performance.now();
      if (isMoving) rest();
    },
  });

  function repaint() {
    painter = palette = null;
    layer.schedule();
  }

  selection.watch((latest) => {
    if (events?.chosen.columns !== latest.columns) {
      const { columns } = latest;
      const scenes = createScenes(columns, dayIndexOf(columns));
      const density = createDensity(columns, dayIndexOf(columns), scenes.shapeRows);
      events = { chosen: latest, scenes, density };
      painter = palette = null;
    } else events.chosen = latest;
    layer.schedule();
  });
  store.watch((state) => state.window, move);
  store.watch((state) => state.colour, repaint);
  watchTheme(repaint);

  return {
    layer,

    hit(point, reach) {
      const { x, y } = layer.toCanvas(point);
      const frame = layer.frame();
      if (scene) return hitAt(scene, x, y, reach);
      if (!events || !frame) return null;
      const { chosen, scenes } = events;
      const window = store.get().shown ?? store.get().window;
      const [left, top] = [x - reach, y - reach];
      const where = [frame.left + x, frame.top + y, frame.worldPx, reach].join(" ");
      if (looked?.where === where && looked.chosen === chosen && looked.window === window) return looked.found;
      const near = { ...frame, left: frame.left + left, top: frame.top + top, width: 2 * reach, height: 2 * reach };
      const there = scenes.gatherNear(chosen, window, near);
      const hit = hitAt(there, x - left, y - top, reach);
      const found = hit && { ...hit, points: there.points };
      looked = { where, chosen, window, found };
      return found;
    },

    choose(event) {
      const before = ringed;
      ringed = event;
      const frame = layer.frame();
      // The card is shown first.
      if (!before || !event || !frame || !looksAlike(before, event, frame)) void nextFrame().then(layer.schedule);
    },
  };
}

/**
 * Returns the selected event for the painter.
 *
 * @param {Ringed} event
 * @param {DayRange} window
 * @param {State["colour"]} by
 * @returns {Chosen}
 */
function chosenIn(event, window, by) {
  const { side, actor, category, verification, days } = event;
  const slug = { side, actor, category, verification }[by];
  return {
    ...event,
    colour: customProperty(colourProperty(by, slug)) || customProperty("--side-unknown"),
    inWindow: days.from < window.to && days.to > window.from,
  };
}
