/**
 * Makes a string from outside safe to stand inside one line of a terminal, a log or a CI console: every control
 * character, line break, invisible format character (bidi controls, zero widths) and lone surrogate becomes a visible
 * escape, and the openings of workflow commands (`::name::`, `##[name]`, `##vso[name]`) are broken. Everything else,
 * and every string that is clean already, is returned as it is.
 */
export function sanitize(text: string): string {
  return text
    .replace(UNPRINTABLE, escapeCharacter)
    .replace(/##(?=\w*\[)/g, String.raw`#\u0023`)
    .replace(/^(\s*):(?=:)/, String.raw`$1\u003a`);
}

/** Format (Cf) holds the bidi controls; Zl and Zp break lines in some terminals; private use (Co) draws anything. */
export const UNPRINTABLE: RegExp = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

function escapeCharacter(char: string): string {
  switch (char) {
    case '\n':
      return String.raw`\n`;
    case '\r':
      return String.raw`\r`;
    case '\t':
      return String.raw`\t`;
    default: {
      const code = char.codePointAt(0) ?? 0;
      const hex = code.toString(16);
      return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
    }
  }
}
