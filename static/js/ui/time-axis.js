/**
 * The labels of months and years below the histogram. Screen readers skip them, because the grips
 * announce their days.
 */

import { oncePerFrame } from "../lib/frame.js";
import { axisLabels } from "../time/axis-labels.js";
import { element } from "./element.js";

/** @import { TimeScale } from "../time/time-scale.js" */

/**
 * Creates the labels.
 * @param {HTMLElement} row
 * @param {TimeScale} scale
 * @param {string} language BCP 47
 */
export function createTimeAxis(row, scale, language) {
  /** @type {HTMLElement[]} reused, so that panning creates no elements */
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
      const axisLabel = labels[i];
      label.hidden = !axisLabel;
      if (!axisLabel) return;
      if (label.textContent !== axisLabel.text) label.textContent = axisLabel.text;
      label.style.transform = `translateX(${axisLabel.edge ? 0 : scale.xOf(axisLabel.day)}px)`;
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
