import type { Rendition } from './deliver.ts';
import type { DocumentOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

/** Refuses the formats that a command of these two does not have, before anything else happens. */
export function checkTextOrJson(command: string, { format, report }: Pick<DocumentOptions, 'format' | 'report'>): void {
  const other = [format, ...report.map((to) => to.format)].find((one) => one !== 'text' && one !== 'json');
  if (other !== undefined) throw new UsageError(`${command} has no format ${other}`, 'it has text and json');
}

/** A document in these two formats; the others were refused by {@link checkTextOrJson}. */
export function textAndJson(rendition: Pick<Rendition, 'text' | 'json'>): Rendition {
  const refused = (): never => {
    throw new Error('a format that was refused is asked for');
  };
  return { markdown: refused, html: refused, sarif: refused, junit: refused, ...rendition };
}
