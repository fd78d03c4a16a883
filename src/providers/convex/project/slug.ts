const SHORTEST = 3;
const LONGEST = 64;

/**
 * The slug that the platform derives from a new project's name: its letters and digits in lower case, joined by
 * hyphens. Null where we do not know what it would be (letters beyond ASCII, too short, too long). That it derives
 * one is specified, how it does is seen on replies only: whoever relies on it compares what was made.
 */
export function slugOfName(name: string): string | null {
  if (/[^\x20-\x7e]/.test(name)) return null;
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug.length < SHORTEST || slug.length > LONGEST ? null : slug;
}
