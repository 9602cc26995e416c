/** `1 account`, `2 accounts`; with what both do, where one does it otherwise: `1 account leaves`, `2 accounts leave`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
