import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { linkModules } from './link-modules.ts';

/** The page as one document without data: everything it is made of stands in it, and nothing else may run. */
export interface PageShell {
  readonly html: string;
  /** The Content-Security-Policy it is sent with: its own script and style by their digests. */
  readonly policy: string;
}

/** `src/page`, or `dist/page`: the same files. */
export const PAGE_FOLDER: string = path.resolve(import.meta.dirname, '../page');

export async function readPageShell(folder: string = PAGE_FOLDER): Promise<PageShell> {
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  const [frame, palette, own, script] = await Promise.all([
    read('page.html'),
    read('palette.css'),
    read('page.css'),
    linkModules('main.js', read),
  ]);
  const style = palette + own;
  if (/<\/(?:script|style)|<!--/i.test(script + style)) throw new Error('the page would end its own script or style');
  return {
    html: filled(filled(frame, '<style>', style), '<script type="module">', script),
    policy: [
      "default-src 'none'",
      `script-src ${digestOf(script)}`,
      `style-src ${digestOf(style)}`,
      // Its icon, drawn by itself.
      'img-src data:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
  };
}

/** Puts a text into the element that begins so and is empty. */
function filled(frame: string, opening: string, text: string): string {
  const [before, after, ...more] = frame.split(`${opening}</`);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`the page has no empty ${opening}`);
  return `${before}${opening}${text}</${after}`;
}

function digestOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
