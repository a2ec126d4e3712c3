/**
 * The map layer of the control areas, of the chosen assessor on the last visible day. Above them
 * are a second assessor's line and the changes of a comparison. The history is in the browser, so
 * moving the window sends no request.
 *
 * @import { Config, Store, Territory, TerritorySource } from "../types.js"
 * @import { Assessed } from "../data/assessments.js"
 * @import { ChangeSource } from "../data/comparison.js"
 * @import { AreaShapes } from "./area-shapes.js"
 */
import { assessedNow, assessedOn, chosenAssessors, isOld } from "../data/assessments.js";
import { drawnChanges } from "../data/comparison.js";
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
   * Returns the shapes of an assessment.
   * @param {Territory} history
   * @param {Assessed} assessed
   * @returns {{ shapes: AreaShapes, isOld: boolean }}
   */
  function shapesIn(history, { assessment, age }) {
    let cache = ready.get(history);
    if (!cache) ready.set(history, (cache = new Lru(CACHED_ASSESSMENTS)));
    let shapes = cache.get(assessment);
    if (!shapes) cache.set(assessment, (shapes = shapesOf(history.areas(assessment))));
    return { shapes, isOld: isOld(age) };
  }

  /**
   * Returns the assessments of both assessors for the window, or for the later day of a comparison.
   * They are null without a history, or before the first assessment.
   */
  function assessmentsNow() {
    const { window, compare } = store.get();
    const { first, second } = chosenAssessors(store.get(), config);
    const [history, over] = [first && territory.get(first.slug), second && territory.get(second.slug)];
    const areas = history && assessedNow(history, { window, shown: null, compare });
    const line = over && assessedOn(over, compare ? compare.to : window.to - 1);
    return {
      areas: history && areas && { history, assessed: areas },
      line: over && line && { history: over, assessed: line },
    };
  }

  /**
   * Names what the window shows: the assessments, and whether they are old. Most steps of a window
   * change nothing of it.
   */
  function shownNow() {
    const { areas, line } = assessmentsNow();
    return [areas, line].map((one) => (one ? `${one.assessed.assessment} ${isOld(one.assessed.age)}` : "")).join();
  }

  const layer = createCanvasLayer({
    pane: "areas",
    paint(context, frame) {
      painted = shownNow();
      const now = assessmentsNow();
      const areas = now.areas && shapesIn(now.areas.history, now.areas.assessed);
      if (areas) paintAreas(context, areas.shapes, frame, customProperty, areas);
      const found = store.get().compare && change.get();
      if (found) {
        if (changed?.of !== found) changed = { of: found, outlines: changeOutlines(found) };
        paintChange(context, changed.outlines, frame, customProperty);
      }
      const line = now.line && shapesIn(now.line.history, now.line.assessed);
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
 * Returns the outlines of a change.
 * @param {import("../data/comparison.js").Change} change
 */
function changeOutlines(change) {
  /** Returns the rings of one kind of change. @param {import("../data/comparison.js").ChangeKind} kind */
  const rings = (kind) =>
    drawnChanges(change, kind)
      .flatMap(({ geometry }) => geometry.coordinates.flat())
      .map((ring) =>
        boxed(Float64Array.from(ring.slice(0, -1).flatMap(([x = NaN, y = NaN]) => [mercatorX(x), mercatorY(y)]))),
      );
  return { gained: rings("gained"), lost: rings("lost") };
}
