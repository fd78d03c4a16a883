import type { Proposal } from '../model/proposal.ts';
import { diffText } from './proposal-text.ts';

/** A proposal as JSON data, beside what drifted: only documented keys in their order, no value that could be secret. */
export function proposalJson({ files, refused, toSet }: Proposal, written: boolean) {
  return {
    written,
    files: files.map((file) => ({
      path: file.path,
      edits: file.edits.map(({ addresses, does, line }) => ({ addresses: [...addresses], does, line })),
      diff: diffText(file),
    })),
    refused: refused.map(({ address, why }) => ({ address, why })),
    toSet: toSet.map(({ name, known, finalNewline, uses }) => ({ name, known, finalNewline, uses: [...uses] })),
  };
}
