import { Kbd, Modal, Table } from '@mantine/core'

const KEYS = [
  ['j', 'the next row'],
  ['k', 'the row before'],
  ['x', 'choose the row, or not'],
  ['a', 'keep what is chosen, or the row'],
  ['r', 'remove what is chosen, or the row'],
  ['?', 'show these keys'],
] as const

export function Keys({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys">
      <Table variant="vertical" withRowBorders={false}>
        <Table.Tbody>
          {KEYS.map(([key, words]) => (
            <Table.Tr key={key}>
              <Table.Th w={60} scope="row">
                <Kbd>{key}</Kbd>
              </Table.Th>
              <Table.Td>{words}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
