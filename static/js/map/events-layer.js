/**
 * The events on the map: one canvas, drawn anew within a frame whenever the window, the filters,
 * the colours or the view change. What it has drawn it tells the store (`shown`), and it knows what
 * lies under a pointer.
 *
 * @import { DayRange, Selection, SelectionSource, State, Store } from "../types.js"
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
import { createPainter } from "./paint.js";
import { colourProperty, customProperty } from "../lib/colours.js";
import { createPalette } from "./palette.js";
import { looksAlike } from "./ring.js";
import { createScenes } from "./scene.js";

/**
 * @typedef {object} EventsLayer
 * @property {import("./canvas-layer.js").CanvasLayer} layer
 * @property {(point: import("leaflet").Point, reach: number) => Hit | null} hit what lies within
 *   `reach` pixels of a point of the map's container
 * @property {(event: Ringed | null) => void} choose
 *   rings an event, or none
 */

/**
 * From so many marks on they are many, and no longer when they have become fewer than the other.
 */
const [MANY_MARKS, FEWER_MARKS] = [300, 200];

/**
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {(many: boolean) => void} options.onMany called when the marks on the map have become
 *   many, or few again
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
   * What is drawn; null: nothing, or cells, in which a pointer has to look for itself.
   * @type {Scene | null}
   */
  let scene = null;
  /** @type {Ringed | null} */
  let ringed = null;
  /**
   * What was looked for last among cells, and found: a pointer that goes down and up again asks the
   * same.
   * @type {{ where: string, chosen: Selection, window: DayRange, found: Hit | null } | null}
   */
  let looked = null;
  let many = false;

  /** @param {number} marks */
  function reportManyMarks(marks) {
    if (many === marks >= (many ? FEWER_MARKS : MANY_MARKS)) return;
    many = !many;
    onMany(many);
  }

  const layer = createCanvasLayer({
    pane: "overlayPane",
    keeps: true,
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
      const cells = density.update(chosen.mask, window, frame, palette);
      if (cells) {
        scene = null;
        const shapes = scenes.shapesIn(chosen.mask, window, frame);
        painter.paintCells(context, cells, shapes, frame, ring);
        reportManyMarks(Infinity);
      } else {
        scene = scenes.gather(chosen.mask, window, frame);
        painter.paint(context, scene, frame, ring);
        reportManyMarks(scene.marks.count);
      }
      store.set({ shown: window });
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
  store.watch(
    (state) => state.window,
    () => layer.schedule(),
  );
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
      if (!before || !event || !frame || !looksAlike(before, event, frame)) layer.schedule();
    },
  };
}

/**
 * The chosen event as it stands to the window and the colours.
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
