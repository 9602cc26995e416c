/** A page holds at most 100 resources; a server that sends more than this is not one. Bytes. */
const LARGEST_BODY = 4 * 1024 * 1024

/** Reads an answer's text up to a limit. @throws Error when it is longer, or breaks off. */
export async function readBody(response: Response): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  // Leaving the loop, by a throw too, cancels the stream and closes the connection.
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > LARGEST_BODY) throw new Error(`the answer is longer than ${LARGEST_BODY} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
