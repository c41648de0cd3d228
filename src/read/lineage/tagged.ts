/** Whether something has one of the tags, or none is asked for: `pii` is a tag of any value, `tier=1` one with this value. */
export function isTagged({ tags }: { tags: readonly string[] }, wanted: readonly string[]): boolean {
  return (
    wanted.length === 0 || tags.some((tag) => wanted.some((one) => tag === one || tag.startsWith(`${one}=`)))
  )
}
