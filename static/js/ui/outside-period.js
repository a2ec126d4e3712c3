/** The note on a card whose event is outside the days that the map shows. */
import { shownDays } from "../state/shown-days.js";
import { daysTouched, formatRange } from "../time/day.js";
import { element } from "./element.js";

/** @import { Config, EventFeature, Store, Translate } from "../types.js" */

/**
 * Creates the note.
 * @param {{ store: Store, config: Config, t: Translate }} parts
 * @returns {{ root: HTMLElement, show: (event: EventFeature) => void, destroy: () => void }} `show`
 *   sets the card's event
 */
export function createOutsidePeriod({ store, config, t }) {
  const root = element("p", { class: "card-outside", hidden: true });
  /** @type {EventFeature | null} */
  let event = null;

  function write() {
    if (!event) return;
    const period = shownDays(store.get());
    const { from, to } = daysTouched(event.properties.happened_from, event.properties.happened_to);
    root.hidden = from < period.to && to > period.from;
    root.textContent = t("Outside the period on the map: {days}", { days: formatRange(period, config.language) });
  }

  const end = store.watch((state) => state.shown, write);
  return {
    root,
    show(its) {
      event = its;
      write();
    },
    destroy: end,
  };
}
