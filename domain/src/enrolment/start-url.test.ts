import { expect, it } from 'vitest'
import { defaultStartUrl, isAwsStartUrl } from './start-url.ts'

it.each([
  'https://d-1234567890.awsapps.com/start',
  'https://acme.awsapps.com/start/',
  'https://d-1234567890.awsapps.com/start/#',
  'https://d-1234567890.awsapps.com:443/start?x=y',
  'https://d-1234567890.awsapps.com',
  'https://D-1234567890.AWSAPPS.COM/start',
  'https://start.us-gov-home.awsapps.com/directory/d-1234567890',
  'https://start.cn-north-1.home.awsapps.cn/directory/d-1234567890',
  'https://ssoins-7223a1b2c3d4e5f6.portal.eu-west-1.app.aws',
  'https://ssoins-7223a1b2c3d4e5f6.eu-west-1.portal.amazonaws.com',
  'https://ssoins-7223a1b2c3d4e5f6.cn-north-1.portal.amazonaws.com.cn',
  'https://ssoins-7223a1b2c3d4e5f6.portal.cn-north-1.app.amazonwebservices.com.cn',
  'https://ssoins-7223a1b2c3d4e5f6.eusc-de-east-1.portal.amazonaws.eu',
  'https://ssoins-7223a1b2c3d4e5f6.portal.eusc-de-east-1.api.amazonwebservices.eu',
  'https://identitycenter.amazonaws.com/ssoins-7223a1b2c3d4e5f6',
  'https://identitycenter.amazonaws.com.cn/ssoins-7223a1b2c3d4e5f6',
  'https://identitycenter.amazonaws.eu/ssoins-7223a1b2c3d4e5f6',
  'https://identitycenter.us-gov.amazonaws.com/ssoins-7223a1b2c3d4e5f6',
])('the AWS CLI knows %s as AWS’s', (address) => expect(isAwsStartUrl(address)).toBe(true))

it.each([
  'https://aws.acme.example/start',
  'http://d-1234567890.awsapps.com/start',
  'https://awsapps.com/start',
  'https://awsapps.com.evil.example/start',
  'https://evil-awsapps.com/start',
  'https://d-1234567890.awsapps.com@evil.example/start',
  'https://evil.example/.awsapps.com',
  'https://notidentitycenter.amazonaws.com/ssoins-7223a1b2c3d4e5f6',
  'https://x.identitycenter.amazonaws.com/ssoins-7223a1b2c3d4e5f6',
  'https://eu-west-1.console.aws.amazon.com/singlesignon',
  'http://127.0.0.1:4190/start',
  'd-1234567890.awsapps.com/start',
  'https:d-1234567890.awsapps.com/start',
  'https:///d-1234567890.awsapps.com/start',
  'https://d-1234567890.awsapps.com\\@evil.example/start',
  'https://d-1234567890.awsapps.com/a start',
  'https://d-1234567890%2eawsapps.com/start',
  'https://d-1234567890.aws\u00adapps.com/start',
  'https://d-1234567890。awsapps。com/start',
  'https://@d-1234567890.awsapps.com/start',
  '',
])('it does not know "%s"', (address) => expect(isAwsStartUrl(address)).toBe(false))

it.each([
  ['aws', 'https://d-1234567890.awsapps.com/start'],
  ['aws-us-gov', 'https://start.us-gov-home.awsapps.com/directory/d-1234567890'],
  ['aws-cn', 'https://start.home.awsapps.cn/directory/d-1234567890'],
  ['aws-eusc', undefined],
])('the portal of a store in the partition %s is at %s', (partition, address) => {
  const instanceArn = `arn:${partition}:sso:::instance/ssoins-7223a1b2c3d4e5f6`
  expect(defaultStartUrl({ identityStoreId: 'd-1234567890', instanceArn })).toBe(address)
  if (address !== undefined) expect(isAwsStartUrl(address)).toBe(true)
})
