/** Play and pause, the speed, and the three modes. */

import { icon } from "../lib/icon.js";
import { SPEEDS } from "../time/playback.js";
import { element } from "./element.js";

/** @import { Mode, Store, Translate } from "../types.js" */

/** Default speed, in days a second. */
const USUAL_SPEED = 7;

/**
 * Creates the controls.
 * @param {object} needs
 * @param {Store} needs.store
 * @param {(mode: Mode) => void} needs.chooseMode
 * @param {Translate} needs.t
 */
export function createTransport({ store, chooseMode, t }) {
  const play = element("button", { type: "button", class: "dock-play", click: toggle }, icon("play"), icon("pause"));
  const speed = element(
    "select",
    { class: "dock-speed", "aria-label": t("Speed"), change: changeSpeed },
    ...SPEEDS.map((days) =>
      element("option", { value: days }, t.plural("{count} day/s", "{count} days/s", days, { count: days })),
    ),
  );
  speed.value = String(USUAL_SPEED);

  /** @type {[Mode, string][]} */
  const named = [
    ["window", t("Period")],
    ["cumulative", t("Cumulative")],
    ["day", t("Day")],
  ];
  const radios = named.map(([mode]) =>
    element("input", { type: "radio", name: "dock-mode", value: mode, change: () => chooseMode(mode) }),
  );
  const modes = element(
    "fieldset",
    { class: "dock-modes" },
    element("legend", { class: "visually-hidden" }, t("Time mode")),
    ...named.map(([, name], i) => element("label", {}, radios[i], element("span", {}, name))),
  );

  function toggle() {
    store.set({ playing: store.get().playing === null ? Number(speed.value) : null });
  }

  function changeSpeed() {
    if (store.get().playing !== null) store.set({ playing: Number(speed.value) });
  }

  /** Shows whether the time plays. @param {number | null} playing */
  function writePlaying(playing) {
    play.setAttribute("aria-label", playing === null ? t("Play") : t("Pause"));
    play.toggleAttribute("data-playing", playing !== null);
    if (playing !== null && SPEEDS.includes(playing)) speed.value = String(playing);
  }

  /** Shows the mode. @param {Mode} mode */
  function writeMode(mode) {
    for (const radio of radios) radio.checked = radio.value === mode;
  }

  const ends = [store.watch(({ playing }) => playing, writePlaying), store.watch(({ mode }) => mode, writeMode)];
  writePlaying(store.get().playing);
  writeMode(store.get().mode);

  return {
    play,
    element: element("div", { class: "dock-transport" }, modes, speed),
    toggle,
    destroy() {
      for (const end of ends) end();
    },
  };
}
