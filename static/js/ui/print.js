/**
 * The printed page: the title, the days and counts of the map, the address of the view, and the
 * open legend, in the colours of paper. `map/print-picture.js` draws the map.
 *
 * @import { Config, Store, Translate } from "../types.js"
 */
import { chosenTheme } from "../lib/theme.js";
import { linkTo } from "../state/url.js";
import { formatMoment } from "../time/day.js";
import { element } from "./element.js";

/**
 * Creates the printed page. It must be created before the map, which paints in the light theme that
 * is set here.
 *
 * @param {HTMLElement} root the head of the printed page
 * @param {object} options
 * @param {HTMLElement} options.dock its texts about the map are printed
 * @param {HTMLDetailsElement} options.legend
 * @param {Store} options.store
 * @param {Config} options.config
 * @param {Translate} options.t
 */
export function createPrint(root, { dock, legend, store, config, t }) {
  const page = document.documentElement;
  /** @type {{ theme: string, isOpen: boolean } | null} */
  let before = null;

  addEventListener("beforeprint", () => {
    before ??= { theme: chosenTheme(), isOpen: legend.open };
    page.dataset.theme = "light";
    legend.open = true;
    const texts = [...dock.querySelectorAll(".dock-period, .dock-areas, .dock-count, .dock-imprecise, .dock-occupied")];
    root.replaceChildren(
      element("h1", {}, config.theatre.name, " · ", t("Frontline")),
      ...texts.map((text) => text.cloneNode(true)),
      element("p", { class: "print-address" }, linkTo(store.get(), location)),
      element("p", {}, t("Printed {moment}.", { moment: formatMoment(Date.now(), config.language) })),
    );
  });

  addEventListener("afterprint", () => {
    if (!before) return;
    page.dataset.theme = before.theme;
    legend.open = before.isOpen;
    before = null;
  });
}
