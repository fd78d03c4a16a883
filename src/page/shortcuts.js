/** Keys and what they do, as the help lists them. @type {readonly (readonly [string, string])[]} */
export const SHORTCUTS = [
  ['/', 'Search the tree'],
  ['t', 'Go to the tree'],
  ['↑ ↓ ← →', 'Move, open and close in the tree'],
  ['*', 'Open or close the whole tree'],
  ['1 2 3 4', 'Changes, drift, runs, notes'],
  ['a', 'Show everything again'],
  ['r', 'Reconcile now'],
  ['d', 'Dark or light'],
  ['?', 'This list'],
];

/**
 * Single keys, wherever the focus is, but not while somebody types or a dialog asks.
 * @param {Readonly<Record<string, () => void>>} acts
 */
export function listenForKeys(acts) {
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement || document.querySelector('dialog[open]') !== null;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]?.();
  });
}
