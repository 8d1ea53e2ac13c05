// "Did you mean": the names nearest to one that is not known.

/** At most three of `known`, the nearest first; none that is too far off. */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase()
  return known
    .map((candidate) => ({candidate, distance: distance(wanted, candidate)}))
    .filter((entry) => entry.distance <= Math.max(2, Math.floor(name.length / 3)) || contains(wanted, entry.candidate))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map((entry) => entry.candidate)
}

function contains(name: string, candidate: string): boolean {
  return name.length >= 4 && (candidate.includes(name) || (candidate.length >= 4 && name.includes(candidate)))
}

/** Levenshtein's: how many characters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let above = Array.from({length: other.length + 1}, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const replaced = above[column - 1]! + (one[row - 1] === other[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1))
    }
    above = current
  }
  return above[other.length]!
}
