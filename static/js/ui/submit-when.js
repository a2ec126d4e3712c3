/** The time fields of the form: shows only the fields of the chosen precision. */

/** Connects the fields. @param {HTMLFormElement} form */
export function bindTimeFields(form) {
  const precision = /** @type {HTMLSelectElement} */ (form.elements.namedItem("time_precision"));
  const hint = form.querySelector("#time-hint");
  for (const note of form.querySelectorAll("[data-without-script]")) note.remove();

  function fit() {
    const clock = precision.value === "minute" || precision.value === "hour";
    for (const part of form.querySelectorAll("[data-time-of-day]")) {
      if (part instanceof HTMLElement) part.hidden = !clock;
    }
    if (hint instanceof HTMLElement) hint.hidden = precision.value !== "month" && precision.value !== "year";
  }

  precision.addEventListener("change", fit);
  fit();
}
