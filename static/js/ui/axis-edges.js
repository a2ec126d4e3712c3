/**
 * The marks at the ends of the axis: how many events lie before the theatre's first day or after
 * the last one. A click leads to the nearest of them.
 */

import { icon } from "../lib/icon.js";
import { straysOf } from "../time/domain.js";
import { formatDay } from "../time/day.js";
import { element } from "./element.js";

/** @import { Day, DayRange, Selection, Translate } from "../types.js" */
/** @import { Strays } from "../time/domain.js" */
/** @import { TimeScale } from "../time/time-scale.js" */

/**
 * Creates the marks.
 * @param {HTMLElement} plot
 * @param {object} needs
 * @param {TimeScale} needs.scale
 * @param {() => DayRange} needs.days the theatre's days
 * @param {() => DayRange} needs.window
 * @param {(day: Day, side: "before" | "after") => void} needs.onGo
 * @param {string} needs.language BCP 47
 * @param {Translate} needs.t
 */
export function createAxisEdges(plot, { scale, days, window, onGo, language, t }) {
  /** @type {Selection | null} */
  let selection = null;
  const marks = {
    before: mark("before", icon("back"), element("span", {})),
    after: mark("after", element("span", {}), icon("forward")),
  };

  /**
   * Creates a mark.
   * @param {"before" | "after"} side
   * @param {...Element} face
   */
  function mark(side, ...face) {
    const button = element("button", { type: "button", class: "dock-edge", "data-side": side, hidden: true }, ...face);
    // The plot behind it must not take the press for a gesture.
    for (const type of ["pointerdown", "dblclick"]) button.addEventListener(type, (event) => event.stopPropagation());
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      const { nearest } = selection ? straysOf(selection, days(), window())[side] : { nearest: null };
      if (nearest !== null) onGo(nearest, side);
    });
    plot.append(button);
    return button;
  }

  /** @type {ReturnType<typeof straysOf> | null} */
  let strays = null;

  function update() {
    if (!strays) return;
    const { from, to } = days();
    write("before", strays.before, scale.span.from <= from, formatDay(from, language));
    write("after", strays.after, scale.span.to >= to, formatDay(to - 1, language));
  }

  /**
   * Writes a mark.
   * @param {"before" | "after"} side
   * @param {Strays} strays
   * @param {boolean} isAtEdge the axis is seen to its end
   * @param {string} day the end
   */
  function write(side, { count, isComplete }, isAtEdge, day) {
    const button = marks[side];
    button.hidden = !isAtEdge || (count === 0 && isComplete);
    const number = isComplete ? count : t("{count} or more", { count });
    const words =
      side === "before"
        ? t.plural("{count} event before {day}", "{count} events before {day}", count, { count: number, day })
        : t.plural("{count} event after {day}", "{count} events after {day}", count, { count: number, day });
    button.title = words;
    const text = button.querySelector("span");
    const short = side === "before" ? t("{count} earlier", { count: number }) : t("{count} later", { count: number });
    if (text && text.textContent !== short) text.textContent = short;
  }

  const end = scale.watch(update);
  return {
    /** Takes a new selection, or new days. @param {Selection} latest */
    show(latest) {
      selection = latest;
      strays = straysOf(latest, days(), window());
      update();
    },
    destroy() {
      end();
      for (const button of Object.values(marks)) button.remove();
    },
  };
}
