/**
 * The fields of an event form: filled from API data, read as API data, with the errors of the API.
 */
import { hasClock, readTimes, writeTimes } from "../lib/event-times.js";
import { replaceDateInputs } from "./date-input.js";
import { fillPlain, readPlain } from "./desk-plain-fields.js";

/** @import { Translate } from "../types.js" */

/** @typedef {ReturnType<typeof createEventFields>} EventFields */

const TEXTS = [
  "title",
  "description",
  "category",
  "verification",
  "actor",
  "affected",
  "time_precision",
  "precision_m",
];
const TIMES = /** @type {const} */ (["from_day", "from_time", "to_day", "to_time"]);
const NULLED = ["description", "actor", "affected"];
const DIGITS = 7;

/**
 * Connects the fields of a form.
 * @param {HTMLFormElement} form with the fields of templates/desk/event-fields.html
 * @param {object} options
 * @param {string} options.language BCP 47
 * @param {Translate} options.t
 * @param {(geometry: any) => void} options.onShape
 * @param {(metres: number | null) => void} options.onPrecision
 */
export function createEventFields(form, { language, t, onShape, onPrecision }) {
  /** Returns a field. @param {string} name @returns {HTMLInputElement} */
  const field = (name) => /** @type {HTMLInputElement} */ (form.querySelector(`[name="${name}"]`));
  const days = replaceDateInputs(form, { language, t });
  /** API properties without a field, sent back unchanged. */
  let withoutField = /** @type {Record<string, unknown>} */ ({});

  function showTimesOfDay() {
    for (const part of form.querySelectorAll("[data-time-of-day]")) {
      /** @type {HTMLElement} */ (part).hidden = !hasClock(field("time_precision").value);
    }
  }

  /** Returns the geometry. @returns {any} null: empty or invalid JSON */
  function geometry() {
    try {
      return JSON.parse(field("geometry").value);
    } catch {
      return null;
    }
  }

  /** Sets the geometry. @param {any} shape */
  function setShape(shape) {
    field("geometry").value = shape ? JSON.stringify(shape) : "";
    const point = shape?.type === "Point" ? shape.coordinates : null;
    field("coordinates").value = point ? `${trimmed(point[1])}, ${trimmed(point[0])}` : "";
  }

  /** The API checks the typed value. */
  const precision = () => (field("precision_m").value === "" ? null : Number(field("precision_m").value));

  field("time_precision").addEventListener("change", showTimesOfDay);
  field("precision_m").addEventListener("input", () => onPrecision(precision()));
  field("coordinates").addEventListener("change", () => {
    const [latitude, longitude, ...more] = field("coordinates")
      .value.split(",")
      .map((part) => Number(part.trim() || NaN));
    if (more.length || latitude === undefined || longitude === undefined) return;
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return;
    field("geometry").value = JSON.stringify({ type: "Point", coordinates: [longitude, latitude] });
    onShape(geometry());
  });
  field("geometry").addEventListener("change", () => {
    setShape(geometry() ?? null);
    onShape(geometry());
  });
  showTimesOfDay();

  return {
    /**
     * Fills the form.
     *
     * @param {any} event from the API
     */
    fill(event) {
      for (const name of TEXTS) if (name in event) field(name).value = event[name] ?? "";
      fillPlain(form, event);
      const times = writeTimes(event, event.time_precision);
      for (const name of TIMES) {
        const day = days.get(name);
        if (day) day.write(times[name]);
        else field(name).value = times[name];
      }
      field("time_inferred").checked = Boolean(event.time_inferred);
      for (const box of form.querySelectorAll("[name=sensitivity]")) {
        const one = /** @type {HTMLInputElement} */ (box);
        one.checked = event.sensitivity.includes(one.value);
      }
      setShape(event.geometry);
      withoutField = Object.fromEntries(
        ["places", "origin"].filter((name) => name in event).map((name) => [name, event[name]]),
      );
      showTimesOfDay();
      onShape(event.geometry);
      onPrecision(precision());
    },

    setShape,

    /** Returns the values of the form in the API's format. @returns {Record<string, any>} */
    read() {
      const texts = Object.fromEntries(TEXTS.map((name) => [name, field(name).value.trim()]));
      const nulled = Object.fromEntries(NULLED.map((name) => [name, texts[name] || null]));
      const times = Object.fromEntries(TIMES.map((name) => [name, field(name).value]));
      return {
        ...withoutField,
        ...texts,
        ...nulled,
        ...readPlain(form),
        precision_m: precision(),
        ...readTimes(/** @type {import("../lib/event-times.js").TimeFields} */ (times), texts.time_precision ?? "day"),
        time_inferred: field("time_inferred").checked,
        sensitivity: [...form.querySelectorAll("[name=sensitivity]:checked")].map(
          (box) => /** @type {HTMLInputElement} */ (box).value,
        ),
        ...(geometry() && { geometry: geometry() }),
      };
    },

    /**
     * Shows errors at their fields, in the API's words. An empty list clears the errors.
     *
     * @param {{ field: string, message: string }[]} errors
     * @param {string} [inside] path of the event in the body: "/event"
     * @returns {string[]} the messages of errors without a field
     */
    showErrors(errors, inside = "") {
      const left = [];
      for (const place of form.querySelectorAll(".error")) /** @type {HTMLElement} */ (place).hidden = true;
      for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
      for (const { field: pointer, message } of errors) {
        const path = pointer.startsWith(inside) ? pointer.slice(inside.length) : pointer;
        const name = path.split("/")[1] ?? "";
        const place = /** @type {HTMLElement | null} */ (form.querySelector(`[data-error="/${CSS.escape(name)}"]`));
        if (!place) {
          left.push(message);
          continue;
        }
        place.textContent = message;
        place.hidden = false;
        place.parentElement?.querySelector(`[name="${CSS.escape(name)}"]`)?.setAttribute("aria-invalid", "true");
      }
      return left;
    },
  };
}

/** Formats degrees without trailing zeros. @param {number} degrees */
const trimmed = (degrees) => String(Number(degrees.toFixed(DIGITS)));
