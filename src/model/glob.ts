/**
 * Globs over addresses and names. `*` matches any run of characters except `/`, `**` any run at all; every other
 * character stands for itself.
 */
export type Matcher = (text: string) => boolean;

/** Compiles one glob. Linear in pattern × text at worst: no backtracking regular expression is built from user input. */
export function globMatcher(pattern: string): Matcher {
  const tokens = tokenize(pattern);
  return (text) => matches(tokens, text);
}

/** True when any of the globs matches; false for no globs. */
export function anyGlob(patterns: readonly string[]): Matcher {
  const matchers = patterns.map(globMatcher);
  return (text) => matchers.some((matches) => matches(text));
}

type Token = { readonly star: false; readonly char: string } | { readonly star: true; readonly crosses: boolean };

function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const part of pattern.match(/\*\*|\*|[^*]/gsu) ?? []) {
    if (part === '**') tokens.push({ star: true, crosses: true });
    else if (part === '*') tokens.push({ star: true, crosses: false });
    else tokens.push({ star: false, char: part });
  }
  return tokens;
}

/** The set of token positions reachable after each character: an NFA walked without recursion. */
function matches(tokens: readonly Token[], text: string): boolean {
  let states = closure(tokens, [0]);
  for (const char of text) {
    const next: number[] = [];
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined) continue;
      if (token.star) {
        if (token.crosses || char !== '/') next.push(state);
      } else if (token.char === char) next.push(state + 1);
    }
    if (next.length === 0) return false;
    states = closure(tokens, next);
  }
  return states.has(tokens.length);
}

function closure(tokens: readonly Token[], from: readonly number[]): ReadonlySet<number> {
  const states = new Set<number>();
  for (let state of from) {
    states.add(state);
    while (tokens[state]?.star === true) states.add(++state);
  }
  return states;
}
