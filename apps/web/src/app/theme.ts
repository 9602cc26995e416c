import { textOnLight } from '../components/text-on-light.ts'
import {
  AppShell,
  Badge,
  Burger,
  Button,
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  Drawer,
  Menu,
  Modal,
  SegmentedControl,
} from '@mantine/core'

/** The dark scheme's own red is too bright under white letters. */
const FILLED_RED = {
  background: 'light-dark(var(--mantine-color-red-8), var(--mantine-color-red-9))',
  hover: 'var(--mantine-color-red-9)',
  color: 'var(--mantine-color-white)',
}

/** Motion shows where something comes from, and is over before anybody waits for it. */
const MOTION_MS = 120

/** Colours with a meaning, which have to be seen as what they are without a ground of their own. */
const MEANINGS: readonly (string | undefined)[] = ['green', 'yellow', 'red']

/** One neutral scale and one accent; colours with a meaning are used for that meaning only. Contrast holds in both schemes. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '22px' }, h2: { fontSize: '17px' }, h3: { fontSize: '15px' } },
  },
  variantColorResolver: (input) => {
    const resolved = defaultVariantColorsResolver(input)
    if (input.variant === 'filled' && input.color === 'red') return { ...resolved, ...FILLED_RED }
    if (input.variant === 'subtle' && MEANINGS.includes(input.color))
      return {
        ...resolved,
        color: `light-dark(var(--mantine-color-${input.color}-9), var(--mantine-color-${input.color}-4))`,
      }
    if (input.variant !== 'light') return resolved
    return { ...resolved, color: textOnLight(input.color ?? input.theme.primaryColor) }
  },
  components: {
    AppShell: AppShell.extend({ defaultProps: { transitionDuration: MOTION_MS } }),
    Burger: Burger.extend({ defaultProps: { transitionDuration: MOTION_MS } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { transitionDuration: MOTION_MS } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', tt: 'none', fw: 500, radius: 4 } }),
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    Drawer: Drawer.extend({
      defaultProps: {
        transitionProps: { duration: MOTION_MS },
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'none' } },
      },
    }),
    // What opens is a part of what it opens from: of the page, or of the dialog that nobody can leave meanwhile.
    // It is drawn when it is opened: a filter with a hundred values took longer than the page around it.
    Combobox: { defaultProps: { withinPortal: false, floatingStrategy: 'fixed', keepMounted: false } },
    // The first item of a menu has the focus, in place of an element without a meaning.
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: {
        transitionProps: { duration: MOTION_MS },
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'none' } },
        centered: true,
      },
    }),
  },
})

export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[7],
    '--mantine-color-error': colors.red[9],
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[1],
    '--mantine-color-error': colors.red[4],
  },
})
