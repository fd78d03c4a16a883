/** What a name, a value or a message from outside may try, by whom it is aimed at. */
export const ATTACKS: readonly string[] = [
  // Readers of Markdown
  '@everyone',
  'hey @acme/team',
  'fixes #1, GH-12',
  '</details></summary></code><h1>x',
  '```\n::add-mask::x\n```',
  '| a | b |',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/pixel.png)',
  'https://evil.example/?a=1',
  'www.evil.example',
  'evil@example.com',
  ':tada:',
  '$x^2$ and `$`',
  '<!-- converge -->',
  '- [ ] task',
  '1. one',
  '1) one',
  '  - two',
  '# heading',
  '***bold*** __x__ ~~y~~',
  '&lt;b&gt; &amp;',
  String.raw`\\`,
  // Browsers and readers of XML
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  `"' onload='alert(1)`,
  ']]><testcase name="x"/><![CDATA[',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;',
  '--><script>alert(1)</script><!--',
  '</failure></testcase></testsuite></testsuites>',
  '&#0;&#x1b;&undefined;',
  // Terminals and CI consoles
  '\u001B[31mred\u001B]8;;http://evil\u0007',
  '\u009B2J',
  '::error file=x::y',
  'first\n::error::second',
  'first\r\n##[error]second ##vso[task.setvariable variable=x]y',
  // Eyes and parsers
  '\u202Egnp.exe\u2066',
  '\u200B\u2028\u2029\uFEFF',
  'lone \uD800 and \uDC00',
  '\u0000\u0001\u000B\u007F',
  '\uFFFE\uFFFF',
  '\u{E0041}\u{1FFFE}\u{10FFFF}',
  'percent %0A %1b %s {0} {{x}} ${y}',
  '__proto__',
  ' ',
  '',
];

/** Fields whose words are ours, whoever wrote the rest. */
const OURS: ReadonlySet<string> = new Set(['moved', 'severity', 'status', 'action', 'reason', 'actor', 'interrupted']);

/** Every string in a value replaced but our own words: what a hostile platform, document or colleague could put there. */
export function infect<T>(value: T, text: string): T {
  if (typeof value === 'string') return text as T;
  if (Array.isArray(value)) return value.map((item) => infect(item as unknown, text)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      OURS.has(key) && typeof inner === 'string' ? inner : infect(inner as unknown, text),
    ]),
  ) as T;
}
