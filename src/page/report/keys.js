/**
 * What the keyboard does beside what browsers do: `/` searches, Escape ends that, `e` and `c` open and close all, arrows go through
 * what opens and closes.
 * @param {{ readonly search: HTMLInputElement, readonly openAll: () => void, readonly closeAll: () => void, readonly clear: () => void }} acts
 */
export function openKeys({ search, openAll, closeAll, clear }) {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (key === 'Escape') return target === search ? clear() : undefined;
    if (target instanceof HTMLInputElement) return;
    if (key === '/') search.focus();
    else if (key === 'e') openAll();
    else if (key === 'c') closeAll();
    else if (!(target instanceof HTMLElement && target.tagName === 'SUMMARY' && walk(target, key))) return;
    event.preventDefault();
  });
}

/** @param {HTMLElement} summary @param {string} key @returns {boolean} Whether the key meant something here. */
function walk(summary, key) {
  const details = /** @type {HTMLDetailsElement} */ (summary.parentElement);
  switch (key) {
    case 'ArrowDown':
    case 'ArrowUp': {
      const all = [...document.querySelectorAll('summary')].filter((one) => one.checkVisibility());
      const next = all[all.indexOf(summary) + (key === 'ArrowDown' ? 1 : -1)];
      next?.focus();
      next?.scrollIntoView({ block: 'nearest' });
      return true;
    }
    case 'ArrowRight':
      details.open = true;
      return true;
    case 'ArrowLeft':
      if (details.open) details.open = false;
      else details.parentElement?.closest('details')?.querySelector('summary')?.focus();
      return true;
    default:
      return false;
  }
}
