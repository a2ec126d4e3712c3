/**
 * The types that the modules share. This file has no code.
 *
 * A `Day` is a UTC day as an integer: days since 1970-01-01. Ranges of days are half-open, `[from,
 * to)`; only ranges that a person reads or types are inclusive; `time/day.js` converts them.
 */

/** @typedef {number} Day */

/** @typedef {{ from: Day, to: Day }} DayRange half-open: `to` is the first day after it */

/** @typedef {"window" | "cumulative" | "day"} Mode */

/** @typedef {"side" | "actor" | "category" | "verification"} ColourBy */

/**
 * The reader's filters. Each facet of `state/facets.js` has its chosen values; an empty list means
 * "all". `q` is a text search in title and description, which the server runs.
 * @typedef {Record<import("./state/facets.js").Facet, string[]> & { q: string }} Filters
 */

/** @typedef {{ longitude: number, latitude: number, zoom: number }} View */

/** @typedef {[west: number, south: number, east: number, north: number]} Bounds degrees */

/**
 * @typedef {"occupied" | "gray_zone" | "advance" | "claimed" | "counteroffensive" | "liberated"}
 *   AreaStatus
 */

/**
 * @typedef {{ from: Day, to: Day }} Comparison two days whose maps are compared; `from` is the
 *   earlier day, `to` the later one
 */

/**
 * A source of control areas.
 * @typedef {object} Assessor
 * @property {string} slug
 * @property {string} name
 * @property {string | null} home_page
 * @property {string | null} licence
 * @property {string | null} attribution
 * @property {string} definition what this assessor means by control
 * @property {AreaStatus[]} covers
 * @property {number} assessments
 * @property {string | null} first_valid_from RFC 3339
 * @property {string | null} last_valid_from
 */

/**
 * @typedef {object} ControlArea
 * @property {AreaStatus} status
 * @property {boolean} sinceBefore the status began before the theatre's first day
 * @property {Int32Array[]} rings longitude, latitude, longitude … in 1e-5 degrees, the first corner
 *   not repeated; filled by the even-odd rule. A ring that did not change is the same array on
 *   every day
 * @property {(Int32Array | null)[]} runs which edges of each ring are front line (`edgeRun` of
 *   line-history.js); null: the ring is not one of held ground
 */

/**
 * The complete history of one assessor, in the browser. An assessment is an index, in chronological
 * order.
 * @typedef {object} Territory
 * @property {Assessor} assessor
 * @property {number[]} validFrom milliseconds since 1970, ascending; an assessment holds until the
 *   next one
 * @property {number[]} lastSeen when the areas of each assessment were last seen, unchanged;
 *   milliseconds since 1970
 * @property {(assessment: number) => AreaStatus[]} covers returns the covered statuses; other
 *   statuses are unknown, not absent
 * @property {(assessment: number) => ControlArea[]} areas
 * @property {(milliseconds: number) => boolean} prepare builds rings for jumps through time, for
 *   this duration; returns true when all are built
 */

/**
 * The source of the assessors' histories: returns the loaded ones and notifies watchers.
 * @typedef {object} TerritorySource
 * @property {(slug: string) => Territory | null} get
 * @property {(run: () => void) => () => void} watch calls a function when another history is loaded
 */

/**
 * A failure shown to the reader.
 * @typedef {object} Problem
 * @property {string} what the task that failed
 * @property {string} why the reason, as text
 * @property {(() => void) | null} retry
 * @property {string} [retryLabel] label of the button, in the reader's language; default "Try
 *   again"
 */

/**
 * The state of the page: plain and serialisable, except for `problems`' `retry`. Data is in caches
 * instead.
 * @typedef {object} State
 * @property {DayRange} window the selected days
 * @property {DayRange | null} shown the days that the map has drawn; its label follows these, not
 *   `window`
 * @property {boolean} dense the map has drawn cells (a density), because there are very many events
 * @property {Mode} mode
 * @property {number | null} playing days a second, or null when paused
 * @property {number | null} slowedTo days a second that playback reaches, if the map is too slow for
 *   `playing`
 * @property {DayRange | null} skipped the silence that playback skipped last
 * @property {View} view
 * @property {Bounds | null} bounds the visible part of the world
 * @property {Filters} filters
 * @property {ColourBy} colour
 * @property {string[]} assessors slugs: first for the areas, second for the line over them; empty:
 *   the first available one
 * @property {Comparison | null} compare
 * @property {string | null} selected id of the selected event
 * @property {Bounds | null} spot the position whose events are listed with the card; null: that of
 *   the selected event
 * @property {Outlined | null} outlined the selection on the map while its events load; meanwhile
 *   `selected` is the previous selection
 * @property {"card" | "list" | null} panel the content at the right (desktop) or in the sheet
 *   (phone)
 * @property {DayRange | null} axis the visible days of the slider's axis
 * @property {boolean} loading
 * @property {Progress | null} progress of the running downloads
 * @property {Readonly<Record<string, Problem>>} problems by the part of the page that failed; see
 *   state/problems.js
 * @property {number} choices number of finished choices; see state/choices.js
 */

/**
 * The columns' data of the events at a selected position.
 * @typedef {object} Outlined
 * @property {number} turn distinguishes it from the previous one
 * @property {import("./data/outline.js").Outline[]} outlines the newest ones, as many as fit the
 *   screen; empty: the server has no such event
 * @property {number} count number of events
 * @property {DayRange} days the period
 * @property {Problem | null} problem why loading failed
 */

/** @typedef {{ loaded: number, all: number }} Progress bytes */

/**
 * The store of the page's state. Input calls `set`; watchers update the page.
 * @typedef {object} Store
 * @property {() => Readonly<State>} get
 * @property {(patch: Partial<State>) => void} set shallow patch; watchers run once, afterwards
 * @property {<T>(select: (state: Readonly<State>) => T, run: (now: T, before: T) => void) => () =>
 *   void} watch `run` is called when `select`'s result changes (by `Object.is`); returns a function
 *   that stops watching
 */

/**
 * Decoded columns of a part of the events, sorted by first day. Word columns and `precision` have
 * wire values: 1 + index into the list, 0 for unknown. `assemble` converts them to `EventColumns`
 * without an intermediate copy.
 * @typedef {object} EventPartOwn
 * @property {number} count
 * @property {number[]} precisions metres
 * @property {Int32Array} x
 * @property {Int32Array} y
 * @property {Day} firstDay
 * @property {number[]} perDay number of rows that begin on the first day, on the next one, and so
 *   on
 * @property {Int32Array | null} days null: all last one day
 * @property {Uint8Array} precision
 * @property {Map<number, Shape>} shapes
 */

/**
 * @typedef {import("./data/event-columns.js").WordList} WordList
 * @typedef {import("./data/event-columns.js").WordColumn} WordColumn
 * @typedef {import("./state/facets.js").NullableColumn} NullableColumn
 * @typedef {import("./data/event-columns.js").BitColumn} BitColumn
 */

/**
 * @typedef {EventPartOwn & Record<WordList, string[]> & Record<WordColumn | BitColumn, Uint8Array>}
 *   EventPart
 */

/**
 * The loaded public events as columns, sorted by `day`. Rows are indices into the typed arrays.
 * @typedef {object} EventColumnsOwn
 * @property {string} revision
 * @property {number} count
 * @property {number} total number of events, including those not loaded
 * @property {DayRange[]} missing days whose events are not all loaded, in order
 * @property {Int32Array} x position on the grid of `lib/grid.js`
 * @property {Int32Array} y
 * @property {Int32Array} day first UTC day
 * @property {Int32Array} days number of UTC days, at least 1
 * @property {Int32Array} precisionM metres, -1: unknown
 * @property {Map<number, Shape>} shapes the lines and areas, by row
 * @property {DayRange} extent the days that have events, loaded or not
 */

/**
 * Adds the columns of `state/facets.js`: indices into the word lists (-1 in nullable columns:
 * unknown), and bits.
 * @typedef {EventColumnsOwn & Record<WordList, string[]> & Record<NullableColumn, Int8Array> &
 *   Record<Exclude<WordColumn, NullableColumn> | BitColumn, Uint8Array>} EventColumns
 */

/** @typedef {{ id: string, geometry: import("geojson").Geometry }} Shape */

/**
 * The events that pass the filters: `mask[row]` is 1 for a row that passes. Recomputed when the
 * filters change, not when the window changes.
 * @typedef {object} Selection
 * @property {EventColumns} columns
 * @property {Uint8Array} mask
 * @property {number} count number of rows that pass, in all days
 */

/**
 * The source of the selection: returns the latest one and notifies watchers.
 * @typedef {object} SelectionSource
 * @property {() => Selection | null} get
 * @property {(run: (selection: Selection) => void) => () => void} watch calls a function for each
 *   new selection, and at once if there is one
 */

/**
 * @typedef {{ slug: string, name: string, adjective: string, colour: string, colour_night: string
 *   }} Belligerent
 */

/**
 * @typedef {{ slug: string, name: string, parent: string | null, colour: string, colour_night:
 *   string }} Category
 */

/**
 * The configuration that the server puts in `<script type="application/json" id="config">`.
 * @typedef {object} Config
 * @property {{ name: string, extent: Bounds, first_day: string, view: View, belligerents:
 *   Belligerent[], categories: Category[], guesses_categories?: boolean }} theatre
 * @property {Assessor[]} assessors sorted by newest assessment first
 * @property {{ slug: string, name: string }[]} origins with events, sorted by name
 * @property {{ event: PlainField[], source: PlainField[] }} fields the plain fields of the card and
 *   the event page
 * @property {{ from: string, to: string }} opening inclusive days
 * @property {string} newest_day of the events
 * @property {string} last_day last day that the map can show, including assessments
 * @property {{ url: string, attribution: string, attribution_url: string, max_zoom: number } |
 *   null} tiles
 * @property {string | null} ground URL of the ground's file; null: no file
 * @property {string} language
 * @property {Record<string, string>} messages English to the reader's language
 * @property {boolean} synthetic
 */

/**
 * A field that card and event page show as "Title: value".
 * @typedef {object} PlainField
 * @property {string} name of the property
 * @property {string} type as in `app/fields/field.py`: "text", "moment", …
 * @property {string} title in the reader's language
 * @property {boolean | null} [default] of a flag: not shown, because nobody stated it
 * @property {Record<string, string>} words of a closed list, each in the reader's language; empty:
 *   the values are free
 */

/**
 * Translates an English text, and replaces `{name}` by the value of that name. `plural` takes the
 * singular, the plural and the number.
 *
 * @typedef {((english: string, values?: Values) => string) & { plural: (singular: string, plural:
 *   string, number: number, values?: Values) => string }} Translate
 */

/** @typedef {Record<string, string | number>} Values */

/**
 * @typedef {Record<string, string | Record<string, string>>} Messages translations by English text;
 *   plural forms by category
 */

/**
 * An event from the API.
 * @typedef {import("geojson").Feature<import("geojson").Geometry, EventProperties> & { id: string
 *   }} EventFeature
 */

/**
 * @typedef {object} EventProperties
 * @property {string} title
 * @property {string | null} description
 * @property {string} category
 * @property {boolean} [category_guessed] nobody stated the category
 * @property {string | null} actor
 * @property {string | null} affected
 * @property {string} verification
 * @property {number | null} precision_m metres
 * @property {string} happened_from RFC 3339, UTC
 * @property {string} happened_to exclusive
 * @property {string} time_precision
 * @property {boolean} time_inferred
 * @property {string[]} sensitivity
 * @property {{ geonameid: number | null, name: string, as_spelled: string | null, names:
 *   Record<string, string> }[]} places
 * @property {PlaceDoubt | null} doubt why the place should be checked
 * @property {{ distance_m: number, country: string | null } | null} outside distance from the
 *   theatre's extent, and ISO 3166-1 code of the country; null: within the extent
 * @property {EventSource[]} sources
 * @property {Claim[]} claims
 * @property {string} origin
 * @property {string | null} attribution
 * @property {string | null} licence
 * @property {string} updated_at
 * @property {string} released_at time of publication on this map
 */

/**
 * @typedef {object} PlaceDoubt
 * @property {"far-from-name" | "far-outside"} reason
 * @property {number} distance_m from the nearest known place of the name, or from the extent
 * @property {{ name: string, names: Record<string, string> } | null} place that place
 */

/**
 * @typedef {object} EventSource
 * @property {string} id
 * @property {"footage" | "geolocation" | "report" | "statement"} kind
 * @property {string | null} url null: only the name is known
 * @property {string} name
 * @property {string | null} platform
 * @property {string | null} publisher
 * @property {string | null} author
 * @property {string | null} published_at
 * @property {string | null} language
 * @property {"live" | "deleted" | "unknown"} status
 * @property {"party" | "state_affiliated" | "independent" | "unknown"} source_class the kind of
 *   speaker; unknown counts as not independent
 * @property {string | null} archive_url
 * @property {string} first_seen_at time of its first import to this map
 */

/**
 * @typedef {object} Claim
 * @property {string} id
 * @property {string} party
 * @property {string} party_kind
 * @property {"asserts" | "denies"} stance
 * @property {string} statement
 * @property {"event" | "area"} about
 * @property {string[]} chain how the statement was passed on, nearest first
 * @property {string | null} source_id
 * @property {string | null} stated_at RFC 3339
 */

export {};

/** @typedef {{ longitude: number, latitude: number }} LonLat degrees */
