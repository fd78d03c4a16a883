/** The readings of unquoted text that YAML 1.1 has and 1.2 does not (yaml.org/type). */
const READINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:y|n|yes|no|on|off)$/i, 'true or false'],
  [/^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/, 'a date'],
  [/^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/, 'a number to base 60'],
  [/^[-+]?0b[01_]+$/, 'a binary number'],
  [/^[-+]?0[0-7_]+$/, 'an octal number'],
  [/^[-+]?0x[0-9a-f_]+$/i, 'a hexadecimal number'],
  [/^[-+]?\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?$/i, 'a number'],
];

/** What YAML 1.1 makes of a plain scalar that YAML 1.2 reads as text, in words; null when it is text there too. */
export function readsAsInYaml11(plain: string): string | null {
  return READINGS.find(([shape]) => shape.test(plain))?.[1] ?? null;
}
