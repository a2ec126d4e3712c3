/**
 * What playback does otherwise than it was asked: it is slower than the chosen speed, or it skipped
 * a silence.
 */

import { formatRange } from "../time/day.js";
import { element } from "./element.js";

/** @import { Store, Translate } from "../types.js" */

/** How long a skipped silence is shown, in milliseconds. */
const SHOWN_MS = 4_000;
/** Below this many days a second, a decimal matters. */
const ROUND_FROM = 3;

/**
 * Creates the note.
 * @param {object} needs
 * @param {Store} needs.store
 * @param {string} needs.language BCP 47
 * @param {Translate} needs.t
 */
export function createPlaybackNote({ store, language, t }) {
  const root = element("p", { class: "dock-note", role: "status", hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let hiding;
  let skipping = "";

  function write() {
    const words = [skipping, slowText(store.get().slowedTo)].filter(Boolean).join(" · ");
    if (root.textContent !== words) root.textContent = words;
    root.hidden = words === "";
  }

  /** Formats the speed that is reached. @param {number | null} speed days a second */
  function slowText(speed) {
    if (speed === null) return "";
    const days = speed < ROUND_FROM ? Math.round(speed * 10) / 10 : Math.round(speed);
    return t.plural("slowed to {count} day a second", "slowed to {count} days a second", days, {
      count: days,
    });
  }

  function showSkipped() {
    const { skipped } = store.get();
    clearTimeout(hiding);
    skipping = skipped
      ? t("Skipped {range}: no events, no new assessment", {
          range: formatRange(skipped, language, { month: "short" }),
        })
      : "";
    if (skipped) {
      hiding = setTimeout(() => {
        skipping = "";
        write();
      }, SHOWN_MS);
    }
    write();
  }

  const ends = [store.watch(({ slowedTo }) => slowedTo, write), store.watch(({ skipped }) => skipped, showSkipped)];
  return {
    root,
    destroy() {
      clearTimeout(hiding);
      for (const end of ends) end();
    },
  };
}
