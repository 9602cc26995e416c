import { ORGANIZATION_TAG, type SetupOptions, setupSteps } from './setup-steps.ts'

/** Stands for the provider's ARN, which is known only once the account is. */
const PROVIDER = '\0provider\0'

/**
 * A bash script for AWS CloudShell that makes the OIDC provider and the role. It may be run again: the trust policy and
 * the permissions are then written anew; a role that it did not make is left alone. The role's ARN is its last line.
 * @throws DomainError `invalid-value` for what AWS would refuse
 */
export function awsicSetupScript(options: SetupOptions): string {
  const { provider, role, permissions, trustPolicy } = setupSteps(options)
  const json = (value: unknown): string => quote(JSON.stringify(value))
  const trust = JSON.stringify(trustPolicy(PROVIDER)).split(JSON.stringify(PROVIDER).slice(1, -1)).map(quote)
  return `#!/usr/bin/env bash
# Lets Gatehouse manage IAM Identity Center of this organization. Run it in the management account, or in the account
# that Identity Center is delegated to, with rights to make identity providers and roles. Pass --yes to skip the question.
set -euo pipefail

yes=no
for argument in "$@"; do
  case "$argument" in
    --yes|-y) yes=yes ;;
    *) echo "Unknown option: $argument" >&2; exit 2 ;;
  esac
done

export AWS_DEFAULT_REGION=${quote(options.region)} AWS_REGION=${quote(options.region)} AWS_PAGER=''
role_name=${quote(role.name)}
description=${quote(role.description)}
issuer=${quote(provider.url)}
audience=${quote(provider.audience)}
audiences=${json([provider.audience])}
policy_name=${quote(permissions.name)}
organization=${quote(role.tags[0]?.Value ?? '')}
policy=${json(permissions.document)}
tags=${json(role.tags)}

command -v aws >/dev/null || { echo 'The AWS CLI is not installed; run this in AWS CloudShell.' >&2; exit 1; }
identity=$(aws sts get-caller-identity --output text --query '[Account,Arn]')
read -r account caller_arn <<<"$identity"
[[ "$account" =~ ^[0-9]{12}$ ]] || { echo 'AWS did not tell the account id.' >&2; exit 1; }
partition=\${caller_arn#arn:}
partition=\${partition%%:*}
[[ "$partition" == ${quote(options.partition ?? 'aws')} ]] || { echo "These are credentials of partition $partition." >&2; exit 1; }
provider_arn="arn:$partition:iam::$account":${quote(provider.arnSuffix)}
trust=${trust.join('"$provider_arn"')}

cat <<PLAN
In account $account this makes or updates
  1. the identity provider $provider_arn for audience $audience
  2. the role $role_name ($description), which only tokens of that provider for organization $organization can assume
  3. the role's inline policy $policy_name:
$policy
PLAN

if [[ "$yes" != yes ]]; then
  { true </dev/tty; } 2>/dev/null || { echo 'There is nobody to ask; pass --yes.' >&2; exit 1; }
  read -r -p 'Go on? [y/N] ' answer </dev/tty
  [[ "$answer" == [yY]* ]] || { echo 'Nothing was changed.' >&2; exit 1; }
fi

# "No such entity" is the only failure that means absent; any other ends the script.
absent() {
  [[ "$1" == *NoSuchEntity* ]] || { printf '%s\\n' "$1" >&2; exit 1; }
}

create_provider() {
  aws iam create-open-id-connect-provider --url "$issuer" --client-id-list "$audiences" "$@"
}

if found=$(aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider_arn" --query Url --output text 2>&1); then
  aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn "$provider_arn" --client-id "$audience"
  echo 'The identity provider was there.'
else
  absent "$found"
  if ! said=$(create_provider 2>&1 >/dev/null); then
    # Command lines from before 2023 demand a thumbprint; AWS looks at it for certificates of no public authority only.
    [[ "$said" == *--thumbprint-list* ]] || { printf '%s\\n' "$said" >&2; exit 1; }
    create_provider --thumbprint-list ffffffffffffffffffffffffffffffffffffffff >/dev/null
  fi
  echo 'The identity provider was made.'
fi

if found=$(aws iam get-role --role-name "$role_name" --query "[Role.Arn, Role.Tags[?Key=='${ORGANIZATION_TAG}'].Value | [0]]" --output text 2>&1); then
  read -r role_arn owner <<<"$found"
  if [[ "$owner" != "$organization" ]]; then
    echo "A role $role_name exists and was not made for this organization; choose another name." >&2
    exit 1
  fi
  aws iam update-assume-role-policy --role-name "$role_name" --policy-document "$trust"
  echo 'The trust policy of the role was updated.'
else
  absent "$found"
  role_arn=$(aws iam create-role --role-name "$role_name" --description "$description" --assume-role-policy-document "$trust" --tags "$tags" --query Role.Arn --output text)
  # Other parts of IAM learn of it within seconds.
  aws iam wait role-exists --role-name "$role_name"
  echo 'The role was made.'
fi

aws iam put-role-policy --role-name "$role_name" --policy-name "$policy_name" --policy-document "$policy"
echo 'Done. Give Gatehouse the ARN of the role:'
echo "$role_arn"
`
}

/** One shell word, whatever the text: nothing is special between single quotes but the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
