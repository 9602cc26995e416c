import type { AccessList, AccessListId, AwsUserId, Member, Owner, UserId } from '@gatehouse/domain'
import { type Selectable, sql, type Transaction } from 'kysely'
import { type BulkTable, bulkTable, recordset, type Row, upsertRows } from './bulk.ts'
import type { Tables } from './schema.ts'
import { optional, toInstant, toJson, toTimestamp } from './values.ts'

const OWNER = bulkTable('access_list_owner', ['list_id', 'kind', 'key'], {
  list_id: 'text',
  kind: 'text',
  user_id: 'text',
  inner_list_id: 'text',
  description: 'text',
  position: 'integer',
})

const MEMBER = bulkTable('access_list_member', ['list_id', 'kind', 'key'], {
  list_id: 'text',
  kind: 'text',
  user_id: 'text',
  inner_list_id: 'text',
  aws_user_id: 'text',
  aws_user_name: 'text',
  joined_at: 'timestamptz',
  expires_at: 'timestamptz',
  reason: 'text',
  added_by: 'text',
})
