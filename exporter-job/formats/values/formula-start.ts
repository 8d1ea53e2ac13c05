// What a spreadsheet takes for the start of a formula when it opens a file.
/** 1 for = + - @. A tab, which does so too, is a control character: each format says itself what becomes of it. */
export const FORMULA_START = Uint8Array.from({length: 256}, (_, byte) => ('=+-@'.includes(String.fromCharCode(byte)) ? 1 : 0))
