import { el } from './dom.js';
import { segmentsOf } from './format.js';

/**
 * An address, drawn so that its last key stands out. Nothing in it can turn the line around or leave it.
 * @param {string} address
 * @param {string | null} within What is said already.
 */
export function addressView(address, within = null) {
  const all = segmentsOf(address);
  const skip =
    within !== null && address !== within && address.startsWith(`${within}/`) ? segmentsOf(within).length : 0;
  const shown = all.slice(skip);
  const view = el('span', { class: 'address', title: all.map(({ kind, key }) => `${kind}:${key}`).join('/') });
  for (const [index, { kind, key }] of shown.entries()) {
    const isLast = index === shown.length - 1;
    if (index > 0) view.append(el('span', { class: 'slash' }, ' / '));
    if (isLast && kind !== '') view.append(el('span', { class: 'kind' }, `${kind} `));
    view.append(el('bdi', isLast ? { class: 'key' } : {}, key));
  }
  return view;
}
