/**
 * Converts the form's fields to the API's request body. The server does the same for a form without
 * scripts (`app/pages/submit_form.py`). Pure.
 */

import { hasClock, parseClock } from "../lib/event-times.js";

/** @import { LonLat } from "../types.js" */

/** Lists, with one field for each entry. */
const LISTS = ["footage_urls", "sensitivity", "confirm"];
const TEXTS = ["time_precision", "description", "category", "actor", "affected", "geolocation_url", "idempotency_key"];

/**
 * Returns the request body.
 *
 * @param {Pick<FormData, "get" | "getAll">} fields
 * @param {LonLat | null} spot coordinates of the typed place
 * @returns {Record<string, unknown>} empty fields are left out
 */
export function draftOf(fields, spot) {
  /** @type {Record<string, unknown>} */
  const draft = { ...spot };
  for (const name of TEXTS) draft[name] = text(fields, name);
  for (const name of LISTS)
    draft[name] = fields
      .getAll(name)
      .map((value) => String(value).trim())
      .filter(Boolean);
  const precision = text(fields, "precision_m");
  draft.precision_m = precision && Number(precision);
  const [timeFrom, timeTo] = hasClock(text(fields, "time_precision"))
    ? [parseClock(text(fields, "time_from")), parseClock(text(fields, "time_to"))]
    : ["", ""];
  const from = text(fields, "happened_from");
  draft.happened_from = moment(from, timeFrom);
  draft.happened_to = moment(text(fields, "happened_to") || (timeTo && from), timeTo);
  return Object.fromEntries(
    Object.entries(draft).filter(([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0)),
  );
}

/**
 * Returns the field of a JSON pointer: "footage_urls-1" for "/footage_urls/1".
 *
 * @param {string} pointer
 */
export function fieldOf(pointer) {
  const [, name = "", entry = "0"] = pointer.split("/");
  if (name === "longitude" || name === "latitude") return "place";
  return name === "footage_urls" ? `${name}-${entry}` : name;
}

/**
 * Returns the trimmed text of a field.
 *
 * @param {Pick<FormData, "get">} fields
 * @param {string} name
 */
function text(fields, name) {
  return String(fields.get(name) ?? "").trim();
}

/**
 * Combines a day and a time.
 *
 * @param {string} day
 * @param {string} time of day in UTC, "06:00" or "06:00:30"
 */
function moment(day, time) {
  if (!day || !time) return day;
  return `${day}T${time}${time.length < 8 ? ":00" : ""}Z`;
}
