import type { Place } from '../model/place.ts';
import type { SourceText } from './source-text.ts';
import type { Container } from './tree.ts';

/** Where a member of a map or a list stands. */
export interface MemberPosition {
  readonly keyAt: number;
  readonly valueAt: number;
  /** The text of a plain (unquoted) scalar as the file has it. */
  readonly plain: string | null;
}

/** Where everything in the trees of one load came from. What an alias brings in stands where its anchor does. */
export interface Positions {
  /** Where the map or list begins. */
  placeOf(container: Container): Place;
  /** The key of a map's member; a list's item. */
  keyPlace(container: Container, key: string): Place;
  valuePlace(container: Container, key: string): Place;
  /** What a plain scalar looks like in the file (`012`); null for anything else. */
  plainText(container: Container, key: string): string | null;
}

export interface PositionRecorder extends Positions {
  record(
    container: Container,
    at: { readonly source: SourceText; readonly start: number },
  ): Map<string, MemberPosition>;
  memberOf(container: Container, key: string): MemberPosition | undefined;
}

interface Recorded {
  readonly source: SourceText;
  readonly start: number;
  readonly members: Map<string, MemberPosition>;
}

export function positionRecorder(): PositionRecorder {
  const recorded = new WeakMap<Container, Recorded>();
  const of = (container: Container): Recorded => {
    const found = recorded.get(container);
    if (found === undefined) throw new Error('no position was recorded for this container');
    return found;
  };
  return {
    record(container, { source, start }) {
      const members = new Map<string, MemberPosition>();
      recorded.set(container, { source, start, members });
      return members;
    },
    memberOf: (container, key) => of(container).members.get(key),
    placeOf(container) {
      const { source, start } = of(container);
      return source.placeAt(start);
    },
    keyPlace(container, key) {
      const { source, start, members } = of(container);
      return source.placeAt(members.get(key)?.keyAt ?? start);
    },
    valuePlace(container, key) {
      const { source, start, members } = of(container);
      return source.placeAt(members.get(key)?.valueAt ?? start);
    },
    plainText: (container, key) => of(container).members.get(key)?.plain ?? null,
  };
}
