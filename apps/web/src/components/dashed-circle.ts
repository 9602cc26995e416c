import { createReactComponent } from '@tabler/icons-react'

/** The kit's has a path for each dash; by the hundred, those take longer to draw than all else of their rows. */
export const DashedCircle = createReactComponent('outline', 'dashed-circle', 'DashedCircle', [
  ['circle', { key: 'circle', cx: '12', cy: '12', r: '9', strokeDasharray: '3.53 3.54', strokeDashoffset: '1.77' }],
])
