import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

/** What a picture shows, as a table for those who want the numbers or can't see it. */
export function Figures({
  label,
  columns,
  rows,
}: {
  readonly label: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly [name: string, ...values: ReactNode[]])[]
}) {
  return (
    <details className="more">
      <summary>Show the figures</summary>
      <section className="table-frame tall" aria-label={label} tabIndex={0}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column, index) => (
                <Table.Th key={column} ta={index === 0 ? 'left' : 'right'}>
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([name, ...values]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                {values.map((value, index) => (
                  <Table.Td key={columns[index + 1]} ta="right">
                    {value}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </details>
  )
}
