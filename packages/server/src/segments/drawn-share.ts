/** Percent of the whole work at which the drawing of segments begins and ends, as the engine's own stages say. */
export const DRAWN_FROM = 38;
export const DRAWN_TO = 98;
