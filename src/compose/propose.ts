import { stateLoader, type SourceFile } from '../document/load.ts';
import { propose, type Proposed } from '../document/propose/propose.ts';
import { compareAddress, type Address } from '../model/address.ts';
import type { Change, Plan } from '../model/change.ts';
import type { DriftItem } from '../model/drift.ts';
import { kindsOf } from '../model/kinds.ts';
import type { Proposal } from '../model/proposal.ts';
import { isAmbientName } from '../sources/child-environment.ts';
import { VARIABLE_NAME } from '../sources/variable-name.ts';
import { proposalJudge, type LoadFiles } from './judge-proposal.ts';
import type { World } from './world.ts';

/** A proposal with the bytes of its files, as they are and as they are to be. */
export interface PreparedProposal {
  readonly proposal: Proposal;
  readonly files: readonly {
    /** As people see it. */
    readonly path: string;
    readonly before: Uint8Array;
    readonly after: Uint8Array;
  }[];
}

/**
 * Edits of the state files that say what is live, of what drifted. Each proposal is read as a run would read it before it
 * is given out: the new texts are loaded, expanded and planned against the same observation, and what would not be equal
 * then, or would differ because of it, is refused.
 */
export function prepareProposal(
  world: World,
  items: readonly DriftItem[],
  load: LoadFiles = stateLoader(world.provider.kinds),
): PreparedProposal {
  const { loaded, desired, observation, made, provider } = world;
  const { state, resolution, bytes } = loaded;
  if (state === null || resolution === null) throw new Error('a proposal needs a document with its sources');
  const kinds = kindsOf(provider.kinds);
  const files = [...bytes].map(([path, content]) => ({ path, bytes: content }));
  const moved = new Set(items.map(({ address }) => address));
  const all = [...made.plan.changes, ...made.held].sort((a, b) => compareAddress(a.address, b.address));
  const inScope = scopeOf(made.plan, all);
  const refused = new Map<Address, string>();
  const faultOf = proposalJudge(world, load);
  // Each round refuses one thing at least.
  for (let changes = all.filter(({ address }) => moved.has(address)); ;) {
    const proposed = propose({
      files,
      state,
      desired,
      live: observation.live,
      kinds,
      changes,
      inScope,
      resolution,
      isRefusedName: (name) => !VARIABLE_NAME.test(name) || isAmbientName(name),
    });
    const edited = editedFiles(files, proposed);
    const wrong = faultOf(edited, proposed);
    if (wrong === null) return prepared(proposed, edited, refused);
    if (proposed.accepted.size === 0) throw new Error(`a proposal without edits is wrong: ${wrong.why}`);
    for (const address of wrong.of ?? proposed.accepted) refused.set(address, wrong.why);
    changes = changes.filter(({ address }) => !refused.has(address));
  }
}

/** A content of something that is to go may be touched only where it is asked for too. */
function scopeOf({ scope }: Plan, all: readonly Change[]): (address: Address) => boolean {
  if (scope.target.length + scope.exclude.length === 0) return () => true;
  const asked = new Set(all.map(({ address }) => address));
  return (address) => asked.has(address);
}

interface EditedFile extends SourceFile {
  /** As it is; {@link SourceFile.bytes} are as it is to be. */
  readonly before: Uint8Array;
}

function editedFiles(files: readonly SourceFile[], { texts }: Proposed): readonly EditedFile[] {
  return files.map(({ path, bytes }) => {
    const text = texts.get(path);
    return { path, before: bytes, bytes: text === undefined ? bytes : encoded(text, bytes) };
  });
}

function prepared(
  { files: changed, refused: whyNot, toSet }: Proposed,
  edited: readonly EditedFile[],
  refused: ReadonlyMap<Address, string>,
): PreparedProposal {
  const notEdited = [...whyNot, ...[...refused].map(([address, why]) => ({ address, why }))];
  return {
    proposal: { files: changed, toSet, refused: notEdited.sort((a, b) => compareAddress(a.address, b.address)) },
    files: edited.flatMap(({ path, before, bytes }) => (before === bytes ? [] : [{ path, before, after: bytes }])),
  };
}

/** With the byte order mark that the file had. */
function encoded(text: string, before: Uint8Array): Uint8Array {
  const hasMark = before[0] === 0xef && before[1] === 0xbb && before[2] === 0xbf;
  return new TextEncoder().encode(hasMark ? `\uFEFF${text}` : text);
}
