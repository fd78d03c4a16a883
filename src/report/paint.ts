import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta' | 'cyan';

/** Colours a piece of text, or returns it as it is. Colour after padding: escapes have no width. */
export type Paint = (style: Style | readonly Style[], text: string) => string;

/** `validateStream: false`: whether there is colour was decided by the caller, not by this process's environment. */
export function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  return (style, text) =>
    text === '' ? '' : styleText(typeof style === 'string' ? style : [...style], text, { validateStream: false });
}
