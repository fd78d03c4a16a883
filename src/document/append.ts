/** Adds all of `items`; `push(...items)` would overflow the stack on a hundred thousand. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
