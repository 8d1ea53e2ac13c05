// Text that has to fit.

/** At most so many characters (as JavaScript counts them, never fewer than a schema does), the last one … where something is left out. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  // A surrogate pair may have been cut in two.
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
