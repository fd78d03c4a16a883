import { createHash } from 'node:crypto';
import { lastSegment, parentAddress } from '../model/address.ts';
import type { View } from '../model/watch-status.ts';

const FORMAT_VERSION = '1.0';

/** What `/api/tree` answers. */
export interface TreePage {
  /** Equal while the nodes are, with the times at which they were read. */
  readonly etag: string;
  readonly body: string;
}

/** The tree as JSON text, made when it is asked for, once for each view. */
export function openTree(): (view: View | null) => TreePage {
  let last: { readonly view: View | null; readonly page: TreePage } | null = null;
  return (view) => {
    if (last === null || last.view !== view) last = { view, page: treePage(view) };
    return last.page;
  };
}

function treePage(view: View | null): TreePage {
  const nodes = (view?.tree ?? []).map(({ address, kind, status, counts, readAt }) => ({
    address,
    parent: parentAddress(address),
    kind,
    label: lastSegment(address).key,
    status,
    counts,
    readAt: readAt === null ? null : new Date(readAt).toISOString(),
  }));
  const text = JSON.stringify(nodes);
  const observedAt = view === null ? null : new Date(view.observedAt).toISOString();
  const digest = createHash('sha256')
    .update(view === null ? 'nothing' : text)
    .digest('base64url')
    .slice(0, 27);
  const head = JSON.stringify({ kind: 'tree', formatVersion: FORMAT_VERSION, observedAt });
  return { etag: `W/"${digest}"`, body: `${head.slice(0, -1)},"nodes":${text}}\n` };
}
