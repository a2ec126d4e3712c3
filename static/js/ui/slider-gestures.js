/**
 * Pointer gestures of the time slider: dragging a grip or the axis, pinching, the wheel, clicks. It
 * converts pixels to days and calls handlers, which change the window.
 */

import { oncePerFrame } from "../lib/frame.js";

/** @import { TimeScale } from "../time/time-scale.js" */

/** @typedef {"from" | "to" | "window"} Grip the dragged part of the window */

/**
 * @typedef {object} GestureHandlers
 * @property {(grip: Grip) => void} grabbed a drag of a grip starts
 * @property {(days: number) => void} dragged whole days since the start; at most once a frame
 * @property {() => void} released
 * @property {(day: number | null) => void} clicked a click on the axis at a day, or on a grip
 *   (null); once for a double click
 * @property {() => void} doubled a double click
 */

/** Maximum movement of a click, in pixels. */
const TREMBLE = { mouse: 3, pen: 5, touch: 8 };
/** Speed of the axis when a grip is dragged past the edge: days per frame and pixel. */
const EDGE_PACE = 0.2;
const EDGE_MOST = 60;
/** Zoom per pixel of the wheel. A trackpad's pinch arrives as wheel events with `ctrlKey`. */
const WHEEL_ZOOM = 0.0018;
const PINCH_ZOOM = 0.01;
const LINE_PX = 18;

/**
 * Listens to the gestures.
 * @param {HTMLElement} plot
 * @param {TimeScale} scale
 * @param {GestureHandlers} on
 * @returns {{ readonly dragging: boolean, readonly holding: boolean, destroy(): void }} `holding`: a
 *   grip is pressed, moved or not
 */
export function listenToGestures(plot, scale, on) {
  const ended = new AbortController();
  /** @type {Map<number, number>} positions of the pressed pointers, in pixels of the plot */
  const pointers = new Map();
  /**
   * @type {{ id: number, grip: Grip | null, x: number, day: number, moved: boolean, tremble: number
   *   } | null}
   */
  let hold = null;
  /** @type {{ ids: [number, number], days: [number, number] } | null} */
  let pinch = null;
  let left = 0;
  let suppressClick = false;

  /** Returns the position of a pointer. @param {MouseEvent} event */
  const xOf = (event) => event.clientX - left;

  const moving = oncePerFrame(() => {
    if (pinch) followPinch(pinch);
    else if (hold?.moved) followHold(hold);
  });

  /** Handles a drag. @param {NonNullable<typeof hold>} held */
  function followHold(held) {
    const x = pointers.get(held.id);
    if (x === undefined) return;
    if (!held.grip) {
      scale.pan(held.day - scale.dayAt(x));
      return;
    }
    const beyond = x < 0 ? x : Math.max(0, x - scale.width);
    if (beyond !== 0) {
      const pace = Math.max(-EDGE_MOST, Math.min(EDGE_MOST, beyond)) * EDGE_PACE;
      scale.pan(pace / scale.pixelsPerDay);
      moving.schedule();
    }
    const day = scale.dayAt(Math.max(0, Math.min(scale.width, x)));
    on.dragged(Math.round(day - held.day));
  }

  /**
   * Handles a pinch.
   * @param {NonNullable<typeof pinch>} held the days that stay under the fingers
   */
  function followPinch({ ids, days }) {
    const [a, b] = [pointers.get(ids[0]), pointers.get(ids[1])];
    if (a === undefined || b === undefined || days[0] === days[1]) return;
    const pixelsPerDay = (b - a) / (days[1] - days[0]);
    if (!(pixelsPerDay > 0)) return;
    const from = days[0] - a / pixelsPerDay;
    scale.show({ from, to: from + scale.width / pixelsPerDay });
  }

  /** Handles a pressed pointer. @param {PointerEvent} event */
  function down(event) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (pointers.size === 2) return;
    left = plot.getBoundingClientRect().left;
    const target = /** @type {HTMLElement} */ (event.target);
    target.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, xOf(event));
    if (pointers.size === 2) {
      release();
      const [[one, a], [two, b]] = /** @type {[[number, number], [number, number]]} */ ([...pointers]);
      pinch = { ids: [one, two], days: [scale.dayAt(a), scale.dayAt(b)] };
      suppressClick = true;
      return;
    }
    suppressClick = false;
    const grip = /** @type {Grip | undefined} */ (target.closest("[data-grip]")?.getAttribute("data-grip"));
    hold = {
      id: event.pointerId,
      grip: grip ?? null,
      x: xOf(event),
      day: scale.dayAt(xOf(event)),
      moved: false,
      tremble: TREMBLE[/** @type {keyof typeof TREMBLE} */ (event.pointerType)] ?? TREMBLE.mouse,
    };
  }

  /** Handles a moved pointer. @param {PointerEvent} event */
  function move(event) {
    if (!pointers.has(event.pointerId)) return;
    const x = xOf(event);
    pointers.set(event.pointerId, x);
    if (hold && !hold.moved && Math.abs(x - hold.x) >= hold.tremble) {
      hold.moved = true;
      suppressClick = true;
      plot.dataset["dragging"] = hold.grip ?? "axis";
      if (hold.grip) on.grabbed(hold.grip);
    }
    moving.schedule();
  }

  /** Handles a released pointer. @param {PointerEvent} event */
  function up(event) {
    if (!pointers.has(event.pointerId)) return;
    if (event.type === "pointerup") {
      pointers.set(event.pointerId, xOf(event));
      if (hold?.moved) followHold(hold); // the last movement, if no frame followed it
    }
    pointers.delete(event.pointerId);
    pinch = null;
    release();
  }

  function release() {
    moving.cancel();
    delete plot.dataset["dragging"];
    const held = hold;
    hold = null;
    if (held?.moved && held.grip) on.released();
  }

  /** Handles a click. @param {MouseEvent} event */
  function click(event) {
    if (suppressClick || event.detail !== 1) return;
    const onGrip = /** @type {HTMLElement} */ (event.target).closest("[data-grip]") !== null;
    on.clicked(onGrip ? null : scale.dayAt(xOf(event)));
  }

  let wheelPan = 0;
  let wheelZoom = 0;
  let wheelX = 0;
  const wheeling = oncePerFrame(() => {
    if (wheelZoom !== 0) scale.zoom(Math.exp(wheelZoom), scale.dayAt(wheelX));
    if (wheelPan !== 0) scale.pan(wheelPan / scale.pixelsPerDay);
    wheelPan = wheelZoom = 0;
  });

  /** Handles the wheel. @param {WheelEvent} event */
  function wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
    const sideways = event.shiftKey && event.deltaX === 0;
    wheelPan += (sideways ? event.deltaY : event.deltaX) * unit;
    if (!sideways) wheelZoom += event.deltaY * unit * (event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM);
    wheelX = event.clientX - plot.getBoundingClientRect().left;
    wheeling.schedule();
  }

  const { signal } = ended;
  plot.addEventListener("pointerdown", down, { signal });
  plot.addEventListener("pointermove", move, { signal });
  plot.addEventListener("pointerup", up, { signal });
  plot.addEventListener("pointercancel", up, { signal });
  plot.addEventListener("click", click, { signal });
  plot.addEventListener("dblclick", () => on.doubled(), { signal });
  plot.addEventListener("wheel", wheel, { signal, passive: false });

  return {
    get dragging() {
      return hold !== null && hold.moved && hold.grip !== null;
    },
    get holding() {
      return hold !== null && hold.grip !== null;
    },
    destroy() {
      ended.abort();
      moving.cancel();
      wheeling.cancel();
    },
  };
}
