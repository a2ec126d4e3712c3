/**
 * A chip: a button with the current choice that opens a popover. The browser closes the popover on
 * Escape and on a click outside, and restores the focus.
 */
import { isolate } from "../lib/bidi.js";
import { icon } from "../lib/icon.js";
import { element } from "./element.js";

const GAP_PX = 6;
const EDGE_PX = 8;

let lastNumber = 0;

/**
 * @typedef {object} Chip
 * @property {HTMLElement[]} elements the button and the popover
 * @property {(label: string, value?: string) => void} setLabel
 * @property {() => boolean} isOpen
 * @property {() => void} close
 */

/**
 * Creates a chip.
 * @param {object} options
 * @param {string} options.title of the popover
 * @param {boolean} [options.isShort] whether the label is shorter than the title, which is then the tooltip
 * @param {HTMLElement} options.content
 * @param {boolean} [options.dark] whether the chip is emphasised
 * @param {() => void} [options.onOpen] called before the popover is shown
 * @param {string} [options.name] name for the style sheet and tests
 * @returns {Chip}
 */
export function createChip({ title, isShort = false, content, dark = false, onOpen, name = "" }) {
  const id = `chip-${++lastNumber}`;
  const label = element("span", { class: "chip-label" });
  const value = element("b", { class: "chip-value" });
  const button = element(
    "button",
    {
      type: "button",
      class: dark ? "chip dark" : "chip",
      popovertarget: id,
      "data-chip": name,
      title: isShort ? title : undefined,
    },
    label,
    value,
    icon("down"),
  );
  const popover = element(
    "div",
    { id, class: "choice paper", popover: "auto", role: "dialog", "aria-label": title },
    element("h2", { class: "choice-title" }, title),
    content,
  );

  function place() {
    const { left, bottom } = button.getBoundingClientRect();
    const room = document.documentElement.clientWidth - popover.offsetWidth - EDGE_PX;
    popover.style.setProperty("--x", `${Math.max(EDGE_PX, Math.min(left, room))}px`);
    popover.style.setProperty("--y", `${bottom + GAP_PX}px`);
  }

  const isOpening = (/** @type {Event} */ event) => /** @type {ToggleEvent} */ (event).newState === "open";
  // Before it opens: "toggle" comes later, and would replace what is typed meanwhile.
  popover.addEventListener("beforetoggle", (event) => isOpening(event) && onOpen?.());
  popover.addEventListener("toggle", (event) => isOpening(event) && place());

  return {
    elements: [button, popover],
    setLabel(title, chosen = "") {
      const words = chosen ? `${title}:` : title;
      if (label.textContent !== words) label.textContent = words;
      const isolated = isolate(chosen);
      if (value.textContent !== isolated) value.textContent = isolated;
      value.hidden = chosen === "";
    },
    isOpen: () => popover.matches(":popover-open"),
    close: () => popover.hidePopover(),
  };
}
