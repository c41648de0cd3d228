/** The sum of what `sizeOf` gives of each. */
export function sumOf(list, sizeOf) {
  return list.reduce((sum, one) => sum + sizeOf(one), 0)
}
