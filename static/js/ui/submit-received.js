/**
 * The receipt with the tracking code, shown once. The server renders the same for a form without
 * scripts.
 */
import { element } from "./element.js";
import { copyButton } from "./share.js";

/** @import { Translate } from "../types.js" */

/**
 * Replaces the form with the receipt.
 *
 * @param {HTMLElement} page
 * @param {string} code
 * @param {Translate} t
 */
export function showReceived(page, code, t) {
  const heading = element("h1", { tabindex: "-1" }, t("Thank you. We have received your submission."));
  const receipt = element(
    "div",
    { class: "reading received" },
    heading,
    element("p", {}, t("Analysts check it before anything is published. Use this code to check its progress:")),
    element("p", { class: "tracking-code" }, copyButton(code, t("Tracking code"), t)),
    element("p", {}, t("Save the code now: you won't see it again, and we can't recover it.")),
    element(
      "div",
      { class: "received-actions" },
      element("a", { class: "button", href: `/track#${encodeURIComponent(code)}` }, t("Check progress")),
      element("a", { class: "button", href: "/submit" }, t("Send another submission")),
      element("a", { class: "button", href: "/" }, t("Go to the map")),
    ),
  );
  page.replaceWith(receipt);
  scrollTo({ top: 0 });
  heading.focus();
}
