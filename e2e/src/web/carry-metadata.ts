import type { Page } from 'playwright-core'
import type { Sandbox } from '../harness/sandbox.ts'

/** In the step about the identity source: AWS's metadata file in, its addresses, and our metadata file out to AWS. */
export async function carryMetadata(page: Page, { control, startUrl, portalUrl }: Sandbox): Promise<void> {
  const { serviceProvider } = await control.identitySource()
  const metadata = await (await fetch(serviceProvider.metadataUrl)).text()
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Read a metadata file' }).click()
  await (await chosen).setFiles({ name: 'sp.xml', mimeType: 'application/xml', buffer: Buffer.from(metadata) })
  await page.getByText('The metadata can be used.').waitFor()
  await page.getByText('The access portal has an address of its own').click()
  await page.getByLabel('AWS access portal URL').fill(startUrl)
  await page.getByLabel('Address that people open').fill(portalUrl)
  await page.keyboard.press('Tab')

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the metadata file' }).click()
  const chunks: Buffer[] = []
  for await (const chunk of await (await saved).createReadStream()) chunks.push(chunk as Buffer) // as Node gives it
  await control.trustIdentityProvider(Buffer.concat(chunks).toString('utf8'))
}
