import type { KindCoverage } from '../model/coverage.ts';
import { sanitize } from './sanitize.ts';

/** How much of the team the document manages, inside of the collections that it declares; none where it declares nothing. */
export function coverageLines(coverage: readonly KindCoverage[]): readonly string[] {
  const covered = coverage.map(({ kind, declared, live, unmanaged }) => {
    const there = live === declared ? '' : `, ${live} there`;
    return `${sanitize(kind)} ${declared} declared${there}, ${unmanaged} unmanaged`;
  });
  return covered.length === 0 ? [] : [`Coverage: ${covered.join('; ')}.`];
}
