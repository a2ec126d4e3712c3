/**
 * The words under the histogram: months and years at their places. For the eye alone; the grips say
 * their days themselves.
 */

import { oncePerFrame } from "../lib/frame.js";
import { axisLabels } from "../time/axis-labels.js";
import { element } from "./element.js";

/** @import { TimeScale } from "../time/time-scale.js" */

/**
 * @param {HTMLElement} row
 * @param {TimeScale} scale
 * @param {string} language BCP 47
 */
export function createTimeAxis(row, scale, language) {
  /** @type {HTMLElement[]} kept and used again, so that panning makes no elements */
  const pool = [];

  const writing = oncePerFrame(() => {
    if (scale.width === 0) return;
    const labels = axisLabels(scale.span, scale.width, language);
    while (pool.length < labels.length) {
      const label = element("span", { class: "dock-axis-label" });
      pool.push(label);
      row.append(label);
    }
    pool.forEach((label, i) => {
      const wanted = labels[i];
      label.hidden = !wanted;
      if (!wanted) return;
      if (label.textContent !== wanted.text) label.textContent = wanted.text;
      label.style.transform = `translateX(${wanted.edge ? 0 : scale.xOf(wanted.day)}px)`;
    });
  });
  const endWatch = scale.watch(writing.schedule);

  return {
    destroy() {
      endWatch();
      writing.cancel();
      row.replaceChildren();
    },
  };
}
