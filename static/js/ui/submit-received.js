/** What a sender gets: the tracking code, once. The server renders the same for a form without scripts. */
import { element } from "./element.js";
import { copyButton } from "./share.js";

/** @import { Translate } from "../types.js" */

/**
 * Puts the receipt in the place of the form.
 *
 * @param {HTMLElement} page
 * @param {string} code
 * @param {Translate} t
 */
export function showReceived(page, code, t) {
  const heading = element("h1", { tabindex: "-1" }, t("Thank you. It has been received."));
  const receipt = element(
    "div",
    { class: "reading received" },
    heading,
    element(
      "p",
      {},
      t("Analysts will look at it before anything is published. With this code you can look up what became of it:"),
    ),
    element("p", { class: "tracking-code" }, copyButton(code, t("Tracking code"), t)),
    element("p", {}, t("Keep it: it is shown only now, and nobody here can find it again.")),
    element(
      "div",
      { class: "received-ways" },
      element("a", { class: "button", href: `/track#${encodeURIComponent(code)}` }, t("Look it up")),
      element("a", { class: "button", href: "/submit" }, t("Send something else")),
      element("a", { class: "button", href: "/" }, t("To the map")),
    ),
  );
  page.replaceWith(receipt);
  scrollTo({ top: 0 });
  heading.focus();
}
