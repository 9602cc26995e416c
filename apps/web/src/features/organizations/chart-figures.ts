/** What was measured in one slot of time, in milliseconds since 1970. */
export interface Measured {
  readonly at: number
  readonly value: number
}

const STEPS = [1, 2, 4, 6, 10]

/** A round number at or above, whose half is as short to write. */
export function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return (STEPS.find((step) => step * unit >= value) ?? 10) * unit
}

/** The outline of values that each hold for a slot; nothing was measured between slots that do not follow each other. */
export function outlineOf(
  points: readonly Measured[],
  every: number,
  { x, y }: { readonly x: (at: number) => number; readonly y: (value: number) => number },
): string {
  const parts = points.map(({ at, value }, index) => {
    const follows = points[index - 1]?.at === at - every
    const goesOn = points[index + 1]?.at === at + every
    const [left, right] = [round(x(at)), round(x(at + every))]
    const begin = follows ? `V${round(y(value))}` : `M${left} ${round(y(0))}V${round(y(value))}`
    return `${begin}H${right}${goesOn ? '' : `V${round(y(0))}`}`
  })
  return parts.join('')
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10

/** Sums up into longer stretches, of which those with nothing in them are left out. */
export function stretches<T extends { readonly at: string }>(
  points: readonly T[],
  every: number,
): readonly { readonly from: number; readonly points: readonly T[] }[] {
  const found = new Map<number, T[]>()
  for (const point of points) {
    const from = Math.floor(Date.parse(point.at) / every) * every
    found.set(from, [...(found.get(from) ?? []), point])
  }
  return [...found].map(([from, some]) => ({ from, points: some })).toSorted((a, b) => a.from - b.from)
}
