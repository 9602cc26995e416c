import fc from 'fast-check'

const LINES = [
  '',
  '   ',
  '# note',
  '; note',
  '\t# indented note',
  'region = x',
  'output=json',
  '\tindented: value',
  'key = value ; with more',
  's3 =',
  '  max_concurrent_requests = 20',
  '    deeper = 1',
  'no value here',
  'umlaut = ü',
  '; Do not edit. Section managed by Teleport.',
]
const HEADERS = [
  '[default]',
  '[profile mine]',
  '[profile "quoted name"]',
  "[ profile\t'tabbed' ] # mine",
  '[profile a:b/ü]',
  '[sso-session corp]',
  '[services s]',
  '[plugins]',
  '  [odd]',
  '[profile mine]',
]

/** AWS config files of other people: comments, nested blocks, duplicates, any line ends, and what is half broken. */
export const foreignConfigs: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom(...LINES), { maxLength: 2 }),
    fc.array(fc.tuple(fc.constantFrom(...HEADERS), fc.array(fc.constantFrom(...LINES), { maxLength: 5 })), {
      maxLength: 4,
    }),
    fc.constantFrom('\n', '\n', '\r\n', '\r'),
    fc.constantFrom('', '', '', '\ufeff'),
  )
  .map(
    ([head, sections, end, mark]) =>
      mark + [...head, ...sections.flatMap(([header, body]) => [header, ...body])].map((line) => line + end).join(''),
  )

/** Files that all of AWS's programs read. */
export const readableConfigs: fc.Arbitrary<string> = fc
  .tuple(
    fc.uniqueArray(
      fc.constantFrom('default', 'profile mine', 'profile "quoted name"', 'sso-session corp', 'services s'),
    ),
    fc.array(
      fc.tuple(fc.constantFrom('# a', '', '\t; b'), fc.constantFrom('region = x', 'output=json', 'umlaut = ü')),
      {
        minLength: 5,
        maxLength: 5,
      },
    ),
    fc.boolean(),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([names, bodies, isNested, end]) =>
    names
      .flatMap((name, index) => [`[${name}]`, ...(bodies[index] ?? []), ...(isNested ? ['s3 =', '  max = 1'] : [])])
      .map((line) => line + end)
      .join(''),
  )
