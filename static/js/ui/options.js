/**
 * A list of boxes to tick, each with its mark and how many events it would leave. Nothing ticked
 * stands for everything.
 */
import { formatCount } from "../lib/numbers.js";
import { element } from "./element.js";

/**
 * @typedef {object} Option
 * @property {string} slug
 * @property {string} name
 * @property {string | null} [parent] the option that includes this one
 * @property {HTMLElement | null} [mark]
 * @property {string} [meaning] said more fully, to whoever points at it
 * @property {string} [note] said more fully, to everybody
 */

/**
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

  /** @param {string} slug @returns {number} */
  function depth(slug) {
    const parent = parents.get(slug) ?? null;
    return parent === null ? 0 : 1 + depth(parent);
  }

  /** @param {string} slug @returns {string[]} nearest first */
  function above(slug) {
    const parent = parents.get(slug) ?? null;
    return parent === null ? [] : [parent, ...above(parent)];
  }

  /** @param {string} slug */
  const isIncluded = (slug) => [slug, ...above(slug)].some((one) => chosen.includes(one));

  /**
   * Ticking includes all below; unticking one below an included parent leaves the parent's others.
   *
   * @param {string} slug
   * @param {boolean} on
   */
  function toggle(slug, on) {
    /** @param {string} of */
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

    /** @param {string[]} slugs */
    choose(slugs) {
      chosen = slugs;
      for (const { slug, input } of rows) {
        input.checked = isIncluded(slug);
        input.indeterminate = !input.checked && slugs.some((one) => above(one).includes(slug));
      }
    },

    /** @param {Map<string, number>} counts by slug */
    count(counts) {
      for (const { slug, count, label } of rows) {
        const events = counts.get(slug) ?? 0;
        count.textContent = formatCount(events, language);
        label.classList.toggle("none", events === 0);
      }
    },
  };
}
