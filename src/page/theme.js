/** What the person chose on this machine; nothing secret is ever kept there. */
const KEPT = 'converge-theme';

/** @param {() => void} onChange */
export function openTheme(onChange) {
  const root = document.documentElement;
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const chosen = kept();
  if (chosen !== null) root.setAttribute('data-theme', chosen);
  system.addEventListener('change', onChange);
  return {
    turn() {
      const isDark = (root.getAttribute('data-theme') ?? (system.matches ? 'dark' : 'light')) === 'dark';
      const next = isDark ? 'light' : 'dark';
      root.setAttribute('data-theme', next);
      try {
        localStorage.setItem(KEPT, next);
      } catch {
        // A browser that keeps nothing: it lasts as long as the page.
      }
      onChange();
    },
  };
}

/** @returns {'light' | 'dark' | null} */
function kept() {
  try {
    const found = localStorage.getItem(KEPT);
    return found === 'light' || found === 'dark' ? found : null;
  } catch {
    return null;
  }
}
