import { markup, joined, type Html } from './html.ts';

/**
 * An address as people read it: keys decoded, the last one standing out with its kind. The address itself is its title.
 * `within`: what a heading has said already.
 */
export function addressHtml(address: string, within: string | null = null): Html {
  const inside = within !== null && address.startsWith(`${within}/`) ? address.slice(within.length + 1) : address;
  const segments = inside.split('/').map(segmentOf);
  const shown = segments.map(({ kind, key }, index) =>
    index < segments.length - 1
      ? markup`<bdi>${key}</bdi>`
      : markup`${kind === '' ? null : markup`<span class="kind">${kind} </span>`}<bdi class="key">${key}</bdi>`,
  );
  return markup`<span class="address" title="${address}">${joined(shown, markup`<span class="slash"> / </span>`)}</span>`;
}

function segmentOf(segment: string): { readonly kind: string; readonly key: string } {
  const colon = segment.indexOf(':');
  const [kind, key] = colon === -1 ? ['', segment] : [segment.slice(0, colon), segment.slice(colon + 1)];
  try {
    return { kind, key: decodeURIComponent(key) };
  } catch {
    return { kind, key };
  }
}
