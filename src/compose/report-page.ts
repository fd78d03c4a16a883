import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { linkModules } from '../daemon/link-modules.ts';
import type { PageParts } from '../report/html/page.ts';

/** `src/page`, or `dist/page`: the same files. */
const FOLDER = path.resolve(import.meta.dirname, '../page');

/** What HTML reports are drawn and moved with. Rejects where the package is not whole. */
export async function readReportPage(): Promise<PageParts> {
  const read = (name: string): Promise<string> => readFile(path.join(FOLDER, name), 'utf8');
  const [palette, style, script] = await Promise.all([
    read('palette.css'),
    read('report/report.css'),
    linkModules('report/main.js', read),
  ]);
  return { style: palette + style, script };
}
