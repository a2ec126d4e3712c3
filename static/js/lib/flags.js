/** The flags of an event in the columns: one bit of `flags` for each, the lowest for the first. */
export const FLAGS = Object.freeze(["place_doubtful", "category_guessed"]);

/** The place should be checked: it is far from its name, or far outside the theatre. */
export const PLACE_DOUBTFUL = 1;
/** The category was guessed from the text. */
export const CATEGORY_GUESSED = 2;
