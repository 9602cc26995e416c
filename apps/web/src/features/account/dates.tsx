import { Input, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core'
import { type DateFormat, setDateFormat, useDateFormat, useDates } from '../../components/date-format.ts'

/** Each in its own language; what a browser prefers need not be among them. */
const LANGUAGES = [
  'en-GB',
  'en-US',
  'en-CA',
  'en-AU',
  'en-IN',
  'cs',
  'da',
  'de',
  'de-AT',
  'de-CH',
  'es',
  'fi',
  'fr',
  'fr-CA',
  'it',
  'ja',
  'ko',
  'nb',
  'nl',
  'pl',
  'pt-BR',
  'pt-PT',
  'sv',
  'tr',
  'uk',
  'zh-CN',
] as const
const HOURS = [
  { value: 'language', label: 'As the language' },
  { value: '24', label: '24 hours' },
  { value: '12', label: '12 hours' },
] as const

const nameOf = (language: string): string =>
  new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language

export function Dates() {
  const format = useDateFormat()
  const { lang, moment } = useDates()
  const languages: readonly string[] = LANGUAGES
  // One that is no longer offered stays chosen.
  const offered =
    format.language === '' || languages.includes(format.language) ? languages : [format.language, ...languages]
  return (
    <Stack gap="sm" align="flex-start" maw={400}>
      <NativeSelect
        label="Language of dates"
        w="100%"
        data={[
          { value: '', label: `As the browser: ${nameOf(navigator.language)}` },
          ...offered.map((language) => ({ value: language, label: nameOf(language) })),
        ]}
        value={format.language}
        onChange={({ currentTarget: { value } }) => setDateFormat({ ...format, language: value })}
      />
      <Input.Wrapper label="Hours" labelElement="div" w="100%">
        <div>
          <SegmentedControl<DateFormat['hours']>
            aria-label="Hours"
            data={[...HOURS]}
            value={format.hours}
            onChange={(hours) => setDateFormat({ ...format, hours })}
          />
        </div>
      </Input.Wrapper>
      <Text size="sm">
        Now is <strong lang={lang}>{moment(new Date())}</strong>.
      </Text>
      <Text size="sm" c="dimmed">
        Times stand as “2 hours ago”, and like this where the pointer or the focus is. Kept in this browser.
      </Text>
    </Stack>
  )
}
