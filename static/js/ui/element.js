/**
 * Creates elements. Strings become text nodes, so user content cannot become markup, and their text
 * direction is isolated.
 */

import { isolate } from "../lib/bidi.js";
import { icon } from "../lib/icon.js";

/** @typedef {Node | string | null | undefined | false} Child absent ones are left out */

/**
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>}
 *   Attributes
 */

// Attributes that people read. All others, such as `value`, keep every character.
const READ = /^(?:title|alt|placeholder|label|aria-.*)$/;

/**
 * Creates an element.
 *
 * @example element("a", { href, class: "source" }, "Ukrainska Pravda")
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes] a function is added as a listener of the event of that name;
 *   `true` sets an empty value; `false`, null and undefined omit the attribute
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") created.addEventListener(name, value);
    else if (value === true) created.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      created.setAttribute(name, READ.test(name) ? isolate(String(value)) : String(value));
    }
  }
  created.append(...present(children));
  return created;
}

/**
 * Returns the children that are not null, strings with their text direction isolated.
 *
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
export function present(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === "string" ? isolate(child) : child));
}

/**
 * Creates a button with an icon and a text for screen readers.
 *
 * @param {string} picture
 * @param {string} words
 * @param {Attributes} attributes
 * @returns {HTMLButtonElement}
 */
export function iconButton(picture, words, attributes) {
  return element(
    "button",
    { type: "button", class: "button plain icon-only", title: words, "aria-label": words, ...attributes },
    icon(picture),
  );
}
