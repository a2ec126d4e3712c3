/**
 * The map layer of the control areas, of the chosen assessor on the last visible day. Above them
 * are a second assessor's line and the changes of a comparison. The history is in the browser, so
 * moving the window sends no request.
 *
 * @import { Config, Store, Territory, TerritorySource } from "../types.js"
 * @import { ChangeSource } from "../data/comparison.js"
 * @import { AreaShapes } from "./area-shapes.js"
 */
import { assessedOn, chosenAssessors, isOld } from "../data/assessments.js";
import { Lru } from "../lib/lru.js";
import { watchTheme } from "../lib/theme.js";
import { paintAreas, paintChange, paintSecondLine } from "./area-paint.js";
import { shapesOf } from "./area-shapes.js";
import { createCanvasLayer } from "./canvas-layer.js";
import { boxed } from "./outlines.js";
import { customProperty } from "../lib/colours.js";
import { mercatorX, mercatorY } from "../lib/mercator.js";

/** Cached assessments of each assessor, for dragging back and forth. */
const CACHED_ASSESSMENTS = 32;

/**
 * Creates the layer.
 * @param {object} options
 * @param {Store} options.store
 * @param {TerritorySource} options.territory
 * @param {ChangeSource} options.change
 * @param {Config} options.config
 * @returns {import("./canvas-layer.js").CanvasLayer}
 */
export function createAreasLayer({ store, territory, change, config }) {
  /** @type {WeakMap<Territory, Lru<number, AreaShapes>>} */
  const ready = new WeakMap();
  /** @type {{ of: unknown, outlines: ReturnType<typeof changeOutlines> } | null} */
  let changed = null;
  /** What the picture shows, and null before it is painted. @type {string | null} */
  let painted = null;

  /**
   * Returns the shapes of a day.
   * @param {Territory} history
   * @param {number} day
   * @returns {{ shapes: AreaShapes, isOld: boolean } | null} null: no assessment yet
   */
  function shapesOn(history, day) {
    const assessed = assessedOn(history, day);
    if (!assessed) return null;
    const { assessment, age } = assessed;
    let cache = ready.get(history);
    if (!cache) ready.set(history, (cache = new Lru(CACHED_ASSESSMENTS)));
    let shapes = cache.get(assessment);
    if (!shapes) cache.set(assessment, (shapes = shapesOf(history.areas(assessment))));
    return { shapes, isOld: isOld(age) };
  }

  /** Returns the day of the areas: a comparison shows the map of its later day. */
  function dayOfAreas() {
    const { window, compare } = store.get();
    return compare ? compare.to : window.to - 1;
  }

  /**
   * Names what the window shows: the assessments, and whether they are old. Most steps of a window
   * change nothing of it.
   */
  function shownNow() {
    const { first, second } = chosenAssessors(store.get(), config);
    return [first, second]
      .map((assessor) => {
        const history = assessor && territory.get(assessor.slug);
        const assessed = history && assessedOn(history, dayOfAreas());
        return assessed ? `${assessed.assessment} ${isOld(assessed.age)}` : "";
      })
      .join();
  }

  const layer = createCanvasLayer({
    pane: "areas",
    paint(context, frame) {
      painted = shownNow();
      const day = dayOfAreas();
      const { compare } = store.get();
      const { first, second } = chosenAssessors(store.get(), config);
      const history = first && territory.get(first.slug);
      const areas = history && shapesOn(history, day);
      if (areas) paintAreas(context, areas.shapes, frame, customProperty, areas);
      const found = compare && change.get();
      if (found) {
        if (changed?.of !== found) changed = { of: found, outlines: changeOutlines(found) };
        paintChange(context, changed.outlines, frame, customProperty);
      }
      const over = second && territory.get(second.slug);
      const line = over && shapesOn(over, day);
      if (line) paintSecondLine(context, line.shapes, frame, customProperty, line);
      return Boolean(areas || found || line);
    },
  });

  store.watch(
    (state) => state.window,
    () => shownNow() !== painted && layer.schedule(),
  );
  store.watch((state) => state.assessors, layer.schedule);
  store.watch((state) => state.compare, layer.schedule);
  territory.watch(layer.schedule);
  change.watch(layer.schedule);
  watchTheme(layer.schedule);
  return layer;
}

/**
 * Returns the outlines of a change. The map shows only held areas; the table has the other changes.
 * @param {import("../data/comparison.js").Change} change
 */
function changeOutlines({ features, held }) {
  /** Returns the rings of one kind of change. @param {"gained" | "lost"} kind */
  const rings = (kind) =>
    features
      .filter(({ properties }) => properties.change === kind && held.includes(properties.status))
      .flatMap(({ geometry }) => geometry.coordinates.flat())
      .map((ring) =>
        boxed(Float64Array.from(ring.slice(0, -1).flatMap(([x = NaN, y = NaN]) => [mercatorX(x), mercatorY(y)]))),
      );
  return { gained: rings("gained"), lost: rings("lost") };
}
