import type { Place } from '../model/place.ts';
import type { SourceText } from './source-text.ts';
import type { Container } from './tree.ts';

/** Where a member of a map or a list stands. */
export interface MemberPosition {
  readonly keyAt: number;
  readonly valueAt: number;
  /** The text of a plain (unquoted) scalar without a tag, as the file has it; '' where nothing is written. */
  readonly plain: string | null;
  /** A key without even a `:`, as in `{ text }`. */
  readonly bare: boolean;
  /** What is wrong with the value was said already, and the tree holds something else in its place. */
  readonly reported: boolean;
}

/** Where everything in the trees of one load came from. What an alias brings in stands where its anchor does. */
export interface Positions {
  /** Where the map or list begins. */
  placeOf(container: Container): Place;
  /** The key of a map's member; a list's item. */
  keyPlace(container: Container, key: string): Place;
  valuePlace(container: Container, key: string): Place;
  /** What a plain scalar without a tag looks like in the file (`012`); null for anything else. */
  plainText(container: Container, key: string): string | null;
  /** True for a key without even a `:`, as in `{ text }`: it may have been meant as a value. */
  isBare(container: Container, key: string): boolean;
  /** True for a member whose error was reported while reading YAML: nothing else is to be said of it. */
  isReported(container: Container, key: string): boolean;
  /** True for a map of which an unreadable merge may hold more keys. */
  isIncomplete(container: Container): boolean;
}

export interface PositionRecorder extends Positions {
  record(
    container: Container,
    at: { readonly source: SourceText; readonly start: number },
  ): Map<string, MemberPosition>;
  memberOf(container: Container, key: string): MemberPosition | undefined;
  setIncomplete(container: Container): void;
}

interface Recorded {
  readonly source: SourceText;
  readonly start: number;
  readonly members: Map<string, MemberPosition>;
}

export function positionRecorder(): PositionRecorder {
  const recorded = new WeakMap<Container, Recorded>();
  const incomplete = new WeakSet<Container>();
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
    setIncomplete(container) {
      incomplete.add(container);
    },
    isBare: (container, key) => of(container).members.get(key)?.bare === true,
    isReported: (container, key) => of(container).members.get(key)?.reported === true,
    isIncomplete: (container) => incomplete.has(container),
    plainText: (container, key) => of(container).members.get(key)?.plain ?? null,
  };
}
