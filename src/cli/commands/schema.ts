import type { Dialect } from '../../providers/registry.ts';
import { machineSchema } from '../../report/machine-schemas.ts';
import type { SchemaKind, SchemaOptions } from '../args.ts';
import { jsonText } from '../../report/plain-json.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Session } from '../session.ts';

/** Prints the JSON Schema of the state document or of a machine document. */
export async function runSchema(options: SchemaOptions, session: Session): Promise<ExitCode> {
  session.io.stdout.write(jsonText(await schemaOf(options.kind, options.dialect)));
  return EXIT.done;
}

async function schemaOf(kind: SchemaKind, dialect: Dialect): Promise<unknown> {
  if (kind !== 'state') return machineSchema(kind);
  const { documentSchema } = await import('../../document/document-schema.ts');
  const { DIALECTS, kindsFor } = await import('../../providers/registry.ts');
  return documentSchema(kindsFor(dialect), dialect === DIALECTS[0] ? null : dialect);
}
