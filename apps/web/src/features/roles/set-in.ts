import { type Document, isMap } from 'yaml'

/** What is half typed has no map where the fields of one go: there is one then. */
export function setIn(yaml: Document, path: readonly string[], value: unknown): void {
  if (value === '' || value === undefined) {
    if (yaml.hasIn(path)) yaml.deleteIn(path)
    return
  }
  for (let length = 1; length < path.length; length++) {
    const above = path.slice(0, length)
    if (!isMap(yaml.getIn(above, true))) yaml.setIn(above, yaml.createNode({}))
  }
  yaml.setIn(path, value)
}
