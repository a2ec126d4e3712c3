/** What the page's code may not do; each rule says what to do instead. */

import js from "@eslint/js";
import globals from "globals";

/** Ways for text to become markup. What people wrote reaches the page as text alone. */
const MARKUP_PROPERTIES = ["innerHTML", "outerHTML", "srcdoc"];
const MARKUP_METHODS = [
  "insertAdjacentHTML",
  "setHTMLUnsafe",
  "parseHTMLUnsafe",
  "createContextualFragment",
  "bindPopup",
  "bindTooltip",
];

/** What reads or writes a Date in the browser's own time zone. The whole project counts in UTC. */
const LOCAL_TIME =
  "/^((get|set)(Date|Day|FullYear|Month|Hours|Minutes|Seconds|Milliseconds|Year)" +
  "|getTimezoneOffset|toDateString|toTimeString|toLocaleDateString|toLocaleTimeString)$/";

const AS_TEXT = "What people wrote must not become markup: set textContent, or build elements with ui/element.js.";

const everywhere = [
  ...MARKUP_PROPERTIES.map((name) => ({ selector: `MemberExpression[property.name="${name}"]`, message: AS_TEXT })),
  ...MARKUP_METHODS.map((name) => ({ selector: `MemberExpression[property.name="${name}"]`, message: AS_TEXT })),
  {
    selector: 'MemberExpression[object.name="document"][property.name=/^(write|writeln)$/]',
    message: AS_TEXT,
  },
  {
    selector: `MemberExpression[property.name=${LOCAL_TIME}]`,
    message: "This is the browser's time zone; the project counts in UTC: getUTC…, or time/day.js.",
  },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length>1]',
    message: "This is a moment in the browser's time zone: use Date.UTC(…).",
  },
  {
    selector: 'NewExpression[callee.property.name="DateTimeFormat"]:not(:has(Property[key.name="timeZone"]))',
    message: 'Without timeZone: "UTC" this writes days of the browser\'s time zone.',
  },
];

/**
 * The layers of static/js, from the top down: a folder imports from those that stand to its right, and from itself. The
 * scripts of pages lie above all of them, beside no folder.
 *
 * @type {Record<string, string[]>}
 */
const MAY_IMPORT = {
  ui: ["data", "state", "time", "lib"],
  map: ["data", "state", "time", "lib"],
  data: ["state", "time", "lib"],
  state: ["time", "lib"],
  time: ["lib"],
  lib: [],
};

/** Where a folder may not reach: a pattern of the import's address, for `import` and for `import()` alike. */
function layerRules(/** @type {string} */ folder, /** @type {string[]} */ below) {
  const outside = `^\\.\\./(?!(${below.join("|") || "-"})/)`;
  const message = `static/js/${folder} may import from ${below.join(", ") || "itself alone"}: see "The browser" in ARCHITECTURE.md.`;
  const vendor = { group: ["leaflet", "**/vendor/**"], message: LEAFLET_HERE_ONLY };
  return {
    files: [`static/js/${folder}/**/*.js`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: outside, message }, vendor] }],
      "no-restricted-syntax": [
        "error",
        ...everywhere,
        { selector: `ImportExpression[source.value=/${outside.replaceAll("/", "\\/")}/]`, message },
      ],
    },
  };
}

const LEAFLET_HERE_ONLY = "Leaflet is for static/js/map alone; the rest speaks to the map through map-view.js.";

export default [
  { ignores: ["static/vendor/", "static/made/", "node_modules/", "var/", "build/", ".venv/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error", reportUnusedInlineConfigs: "error" },
    rules: {
      "no-restricted-syntax": ["error", ...everywhere],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-console": "error",
      "no-alert": "error",
    },
  },
  {
    files: ["static/js/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-restricted-globals": ["error", { name: "L", message: LEAFLET_HERE_ONLY }],
      "no-restricted-properties": [
        "error",
        ...["window", "globalThis", "self"].map((object) => ({ object, property: "L", message: LEAFLET_HERE_ONLY })),
      ],
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["leaflet", "**/map/leaflet.js", "**/vendor/**"], message: LEAFLET_HERE_ONLY }] },
      ],
    },
  },
  ...Object.entries(MAY_IMPORT).map(([folder, below]) => layerRules(folder, below)),
  {
    files: ["static/js/map/leaflet.js"],
    rules: { "no-restricted-globals": "off", "no-restricted-properties": "off" },
  },
  {
    files: ["bench/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["tests/js/**/*.js", "bench/*.mjs", "eslint.config.js"],
    languageOptions: { globals: globals.node },
    rules: { "no-script-url": "off" }, // what is refused has to be written down
  },
];
