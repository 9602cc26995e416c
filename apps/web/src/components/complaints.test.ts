import { ApiProblem, contract } from '@gatehouse/api'
import { describe, expect, it } from 'vitest'
import { complaintsOf, EMPTY, refusalOf, required, sayPlace } from './complaints.ts'

const PLACES = { lasts: 'body.maxDuration', begins: 'body.assumeStartTime', reviewers: 'body.suggestedReviewers' }

const refused = (
  field: string | undefined,
  detail: string,
  remedy = 'Enter a duration of at most 14 days.',
  code = 'invalid-value',
) =>
  new ApiProblem({
    type: 'about:blank',
    title: 'Refused',
    status: 400,
    code,
    detail,
    remedy,
    requestId: 'r',
    ...(field === undefined ? {} : { field }),
  })

describe('what is wrong with a form', () => {
  it('is what the contract refuses, at the field where it was typed', () => {
    const body = { maxDuration: '99y', assumeStartTime: '2099-01-01T00:00:00Z', suggestedReviewers: [] }
    expect(complaintsOf(contract.createAccessRequest, body, PLACES)).toEqual({
      lasts: 'Enter a duration such as 90m, 8h or 4d.',
    })
    expect(complaintsOf(contract.createAccessRequest, { ...body, maxDuration: '15d' }, PLACES)).toEqual({
      lasts: 'Enter a duration of at most 14 days.',
    })
    expect(complaintsOf(contract.createAccessRequest, { ...body, maxDuration: '14d' }, PLACES)).toEqual({})
  })

  it('is shown at the innermost field that stands there, and one field may stand in several places', () => {
    const places = { users: 'spec.owners', lists: ['spec.owners[1]', 'spec.owners[3]'] }
    const says = 'There is no such one. Name another.'
    const refusalAt = (field: string) =>
      refusalOf(refused(field, `${field}: There is no such one.`, 'Name another.', 'not-found'), places)
    expect(refusalAt('line 1 (access_list), spec.owners[0]')).toEqual({ users: says })
    expect(refusalAt('line 1 (access_list), spec.owners[3].name')).toEqual({ lists: says })
  })

  it('says of what is empty that it can’t be', () => {
    expect(complaintsOf(contract.createUser, { name: '', roles: [] }, { name: 'body.name' })).toEqual({ name: EMPTY })
    expect([required(' '), required([]), required('a'), required(['a'])]).toEqual([EMPTY, EMPTY, undefined, undefined])
  })

  it('belongs to a field also when it is about a part of it, and to the innermost of two', () => {
    const places = { roles: 'body.roles', first: 'body.roles[0]', rest: 'body.rolesOfOthers' }
    expect(Object.keys(refusalOf(refused('body.roles[3]', 'no'), places))).toEqual(['roles'])
    expect(Object.keys(refusalOf(refused('body.roles[0].name', 'no'), places))).toEqual(['first'])
    expect(Object.keys(refusalOf(refused('body.rolesOf', 'no'), places))).toEqual([])
    expect(Object.keys(refusalOf(refused('roles', 'no'), places))).toEqual(['roles'])
    expect(Object.keys(refusalOf(refused('max_duration', 'no'), PLACES))).toEqual(['lasts'])
    expect(refusalOf(refused(undefined, 'no'), places)).toEqual({})
    expect(refusalOf(new Error('no'), places)).toEqual({})
  })

  it('is told without the place that programs know', () => {
    const error = refused('body.maxDuration', 'body.maxDuration: "99y" is not valid.')
    expect(refusalOf(error, PLACES)).toEqual({ lasts: 'Enter a duration of at most 14 days.' })
    expect(sayPlace(error)).toBe('Max duration: "99y" is not valid.')
    const taken = 'line 3, spec.title: there is another list of this title.'
    const document = refused('spec.title', taken, 'Choose another.', 'invalid-document')
    expect(refusalOf(document, { title: 'spec.title' })).toEqual({
      title: 'There is another list of this title. Choose another.',
    })
    const owner = 'line 1 (access_list), spec.owners[0]'
    expect(
      refusalOf(refused(owner, `${owner}: there is no user "x".`, '', 'not-found'), { owners: 'spec.owners' }),
    ).toEqual({
      owners: 'There is no user "x". ',
    })
    const name = refused(undefined, 'There is a user "ana" already.', 'Choose another name.', 'already-exists')
    expect(refusalOf(name, { name: 'metadata.name' })).toEqual({
      name: 'There is a user "ana" already. Choose another name.',
    })
    expect(sayPlace(document)).toBe('line 3, spec.title: there is another list of this title.')
  })
})
