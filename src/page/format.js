/** Control, format (bidi, zero widths), lone surrogates, private use, odd line ends: drawn as an escape, never obeyed. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const LONGEST = 300;

/**
 * A text from outside, for one line: nothing in it is invisible, turns the line around, or goes on for ever.
 * @param {string} text
 */
export function visible(text) {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replace(UNPRINTABLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * An address for people: its keys decoded, its kinds where they help.
 * @param {string} address
 * @returns {readonly { readonly kind: string, readonly key: string }[]}
 */
export function segmentsOf(address) {
  return address.split('/').map((segment) => {
    const cut = segment.indexOf(':');
    const [kind, key] = cut === -1 ? ['', segment] : [segment.slice(0, cut), segment.slice(cut + 1)];
    try {
      return { kind: visible(kind), key: visible(decodeURIComponent(key)) };
    } catch {
      return { kind: visible(kind), key: visible(key) };
    }
  });
}

/**
 * A span of time in one unit: `12 s`, `4 min`, `3 h`, `2 d`.
 * @param {number} seconds
 */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86_400)} d`;
}

/**
 * How long something took: `84 ms`, `1.2 s`, `2 min 5 s`.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** @param {number} count @param {string} one @param {string} many */
export function counted(count, one, many) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/**
 * A point in time, in the zone of who looks; with its day unless that is today.
 * @param {string} iso
 * @param {number} now
 */
export function moment(iso, now) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return visible(iso);
  const time = date.toLocaleTimeString('en-GB');
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}
