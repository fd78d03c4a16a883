/**
 * UTF-8 bytes as text, exactly (a byte order mark stays); or why they are not text. Sources hold no NUL (rule 15).
 */
export function readText(bytes: Uint8Array): { readonly text: string } | { readonly why: string } {
  if (bytes.includes(0)) return { why: 'holds a NUL byte' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { why: 'is not UTF-8 text' };
  }
}

/** Without one final LF or CRLF. */
export function withoutFinalNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
