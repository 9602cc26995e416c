import { MalformedPolicy } from '../auth/policy-document.ts'
import { AwsError } from '../http/aws-error.ts'

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { status: 404 })
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, { status: 409 })
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message, { status: 409 })
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, { status: 409 })
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message)
}

/** Runs a parser of policies and says its complaint in IAM's way. @throws AwsError MalformedPolicyDocument */
export function checkPolicy<Parsed>(parse: (text: string) => Parsed, text: string): Parsed {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof MalformedPolicy) throw new AwsError('MalformedPolicyDocument', error.message, { cause: error })
    throw error
  }
}
