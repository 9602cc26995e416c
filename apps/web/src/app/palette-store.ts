import { createSpotlight } from '@mantine/spotlight'

/** Which row of the palette is lit, and what opens it. */
export const [paletteStore, palette] = createSpotlight()
