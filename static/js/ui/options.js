/**
 * A list of checkboxes, each with its mark and the number of events. An empty choice means
 * everything.
 */
import { formatCount } from "../lib/numbers.js";
import { element } from "./element.js";

/**
 * @typedef {object} Option
 * @property {string} slug
 * @property {string} name
 * @property {string | null} [parent] the option that includes this one
 * @property {HTMLElement | null} [mark]
 * @property {string} [meaning] explanation, shown as a tooltip
 * @property {string} [note] explanation, always visible
 */

/**
 * Creates the list.
 * @param {object} choice
 * @param {string} choice.name of the group, for the form
 * @param {Option[]} choice.options parents before their children
 * @param {string} choice.language
 * @param {(chosen: string[]) => void} choice.onChange
 */
export function createOptions({ name, options, language, onChange }) {
  const parents = new Map(options.map(({ slug, parent }) => [slug, parent ?? null]));
  /** @type {string[]} */
  let chosen = [];

  const rows = options.map((option) => {
    const input = element("input", {
      type: "checkbox",
      name,
      value: option.slug,
      change: () => toggle(option.slug, input.checked),
    });
    const count = element("span", { class: "option-count" });
    const label = element(
      "label",
      { class: "option", title: option.meaning, "data-depth": String(depth(option.slug)) },
      input,
      option.mark,
      element(
        "span",
        { class: "option-name" },
        option.name,
        option.note && element("span", { class: "option-note note" }, option.note),
      ),
      count,
    );
    return { slug: option.slug, input, count, label };
  });

  /** Returns the depth of an option in the tree. @param {string} slug @returns {number} */
  function depth(slug) {
    const parent = parents.get(slug) ?? null;
    return parent === null ? 0 : 1 + depth(parent);
  }

  /** Returns the ancestors of an option. @param {string} slug @returns {string[]} nearest first */
  function above(slug) {
    const parent = parents.get(slug) ?? null;
    return parent === null ? [] : [parent, ...above(parent)];
  }

  /** Returns whether an option or an ancestor is chosen. @param {string} slug */
  const isIncluded = (slug) => [slug, ...above(slug)].some((one) => chosen.includes(one));

  /**
   * Toggles an option. Checking includes all descendants. Unchecking a descendant of a chosen
   * parent keeps its siblings.
   *
   * @param {string} slug
   * @param {boolean} on
   */
  function toggle(slug, on) {
    /** Returns whether an option is a descendant. @param {string} of */
    const isBelow = (of) => above(of).includes(slug);
    let next = chosen.filter((one) => one !== slug && !isBelow(one));
    if (on) next.push(slug);
    else {
      let split = slug;
      for (const ancestor of above(slug)) {
        if (!next.includes(ancestor) && !above(ancestor).some((one) => next.includes(one))) break;
        const others = options
          .filter((option) => option.parent === ancestor && option.slug !== split)
          .map((option) => option.slug);
        next = [...next.filter((one) => one !== ancestor), ...others];
        split = ancestor;
      }
    }
    onChange(next);
  }

  return {
    root: element("div", { class: "options" }, ...rows.map(({ label }) => label)),

    /** Sets the choice. @param {string[]} slugs */
    choose(slugs) {
      chosen = slugs;
      for (const { slug, input } of rows) {
        input.checked = isIncluded(slug);
        input.indeterminate = !input.checked && slugs.some((one) => above(one).includes(slug));
      }
    },

    /**
     * Shows the counts.
     * @param {Map<string, number>} counts by slug
     * @param {{ isKnown: boolean }} how isKnown: whether the events state values at all; if not, 0
     *   is shown as a dash
     */
    count(counts, { isKnown }) {
      for (const { slug, count, label } of rows) {
        const events = counts.get(slug) ?? 0;
        count.textContent = isKnown || events > 0 ? formatCount(events, language) : "–";
        label.classList.toggle("none", events === 0);
      }
    },
  };
}
