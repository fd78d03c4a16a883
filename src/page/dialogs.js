import { el, part, say } from './dom.js';

/**
 * Asks for the token. It is handed over and forgotten here: the field is emptied whatever happens.
 * @param {{ readonly why: string, readonly wrong: string | null, readonly mayCancel: boolean }} asked
 * @returns {Promise<string | null>} Null: no token.
 */
export function askToken({ why, wrong, mayCancel }) {
  const dialog = /** @type {HTMLDialogElement} */ (part('token-dialog'));
  const field = /** @type {HTMLInputElement} */ (part('token'));
  const cancel = part('token-cancel');
  say(part('token-why'), why);
  say(part('token-error'), wrong ?? '');
  cancel.hidden = !mayCancel;
  field.value = '';
  return new Promise((resolve) => {
    const ending = new AbortController();
    const { signal } = ending;
    /** @param {string | null} token */
    const done = (token) => {
      ending.abort();
      field.value = '';
      if (dialog.open) dialog.close();
      resolve(token);
    };
    part('token-form').addEventListener(
      'submit',
      (event) => {
        event.preventDefault();
        const token = field.value.trim();
        // A header holds nothing else, and a token neither.
        if (/^[\x21-\x7e]+$/.test(token)) done(token);
        else say(part('token-error'), 'A token is one word of printable characters.');
      },
      { signal },
    );
    cancel.addEventListener('click', () => done(null), { signal });
    dialog.addEventListener(
      'cancel',
      (event) => {
        event.preventDefault();
        if (mayCancel) done(null);
      },
      { signal },
    );
    if (!dialog.open) dialog.showModal();
    field.focus();
  });
}

/** @param {readonly (readonly [string, string])[]} shortcuts */
export function openHelp(shortcuts) {
  const dialog = /** @type {HTMLDialogElement} */ (part('help-dialog'));
  part('keys').replaceChildren(
    ...shortcuts.map(([keys, does]) =>
      el('div', {}, el('dt', {}, ...keys.split(' ').map((key) => el('kbd', {}, key))), el('dd', {}, does)),
    ),
  );
  if (!dialog.open) dialog.showModal();
}

/**
 * A sentence that comes and goes, and is read out.
 * @param {string} text
 */
export function toast(text) {
  const host = part('toast');
  host.textContent = text;
  host.setAttribute('data-since', String(performance.now()));
  setTimeout(() => {
    if (performance.now() - Number(host.getAttribute('data-since')) > 5_500) host.textContent = '';
  }, 6_000);
}
