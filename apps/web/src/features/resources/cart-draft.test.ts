import { expect, it } from 'vitest'
import { EMPTY_CART, isMixed, parseCart, rowOfBundle, rowOfRole, wishOf } from './cart-draft.ts'

const assignment = { resourceId: '/acme/aws_ic_account_assignment/111111111111--readonly', title: 'ReadOnly on prod' }

it('asks for roles and bundles by their names, and for the rest by their ids', () => {
  expect(wishOf([assignment, rowOfRole('on-call'), rowOfBundle('web', 'Web team')])).toEqual({
    roles: ['on-call'],
    bundles: ['web'],
    resources: [assignment.resourceId],
  })
})

it('knows that roles are asked for alone, and bundles beside account assignments', () => {
  expect(isMixed(wishOf([rowOfRole('on-call'), assignment]))).toBe(true)
  expect(isMixed(wishOf([rowOfRole('on-call'), rowOfBundle('web', 'Web team')]))).toBe(true)
  expect(isMixed(wishOf([rowOfBundle('web', 'Web team'), assignment]))).toBe(false)
  expect(isMixed(wishOf([rowOfRole('on-call'), rowOfRole('deploy')]))).toBe(false)
})

it('reads back what a browser keeps, also from before there were roles in it, and nothing that it does not know', () => {
  const rows = [assignment, rowOfRole('on-call'), rowOfBundle('web', 'Web team')]
  const draft = { ...EMPTY_CART, rows, longTerm: true }
  expect(parseCart(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
  expect(parseCart({ rows: [assignment], text: {} })).toEqual({ ...EMPTY_CART, rows: [assignment] })
  expect(parseCart({ rows: [{ ...assignment, kind: 'wish' }, { title: 'x' }, null], text: {} })).toEqual(EMPTY_CART)
})
