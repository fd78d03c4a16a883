import { MODES, type Mode } from '../model/mode.ts';
import { textAt, type Reader } from './reader.ts';
import type { WrittenMode } from './state-document.ts';
import type { TreeMap } from './tree.ts';

/** Reads the `mode` of the document, of an entry or of a selector; null where none is written. */
export function readMode(reader: Reader, container: TreeMap): WrittenMode | null {
  const written = textAt(reader, container, 'mode');
  const mode = MODES.find((known): known is Mode => known === written);
  return mode === undefined ? null : { mode, where: reader.keyPlace(container, 'mode') };
}
