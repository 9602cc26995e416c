/** The colour of text on the light ground of a colour, where the kit's own has too little contrast. */
export const textOnLight = (color: string): string =>
  `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9), black 35%), var(--mantine-color-${color}-2))`
