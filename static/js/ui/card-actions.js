/** The buttons of the card. */
import { icon } from "../lib/icon.js";
import { webLink } from "../lib/web-link.js";
import { middleOf } from "../lib/shape.js";
import { element } from "./element.js";
import { reportProblem } from "./report-problem.js";
import { shareButton } from "./share.js";

/** @import { EventFeature, Translate } from "../types.js" */

/**
 * Creates the buttons.
 * @param {EventFeature} event
 * @param {Translate} t
 * @param {() => string} address the link to this view
 * @returns {HTMLElement}
 */
export function cardActions(event, t, address) {
  const { id, geometry, properties } = event;
  const [longitude, latitude] = middleOf(geometry);
  const source = properties.sources.find(({ url, status }) => webLink(url) && status !== "deleted");
  const link = source && webLink(source.url);
  const at = `${latitude.toFixed(5)},${longitude.toFixed(5)}`;
  return element(
    "div",
    { class: "card-actions no-print" },
    link &&
      element(
        "a",
        { class: "button dark", href: link.href, target: "_blank", rel: "noopener noreferrer nofollow" },
        t("Open the source"),
      ),
    element("a", { class: "button", href: `/submit?at=${at}&event=${id}` }, icon("send"), t("Submit footage")),
    shareButton(properties.title, t, address),
    element(
      "button",
      {
        type: "button",
        class: "link-button card-report",
        click: () => void reportProblem({ id, title: properties.title }, t),
      },
      t("Report a problem"),
    ),
  );
}
