import path from 'node:path';
import { dump, type Dumped, type DumpRequest } from '../../compose/dump.ts';
import { DIALECTS } from '../../providers/registry.ts';
import { renderDiagnostics } from '../../report/diagnostic-text.ts';
import { sanitize } from '../../report/sanitize.ts';
import { deliverErrors } from '../deliver.ts';
import type { DumpOptions } from '../dump-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { deliverInterrupted } from '../interrupted.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';
import { withRun } from '../with-run.ts';
import { checkFolderOf, writeNewFiles } from '../written-file.ts';

/** Prints live state as a state document, or writes it to files. */
export async function runDump(options: DumpOptions, session: Session): Promise<ExitCode> {
  const settings = settingsOf(options, session.io.env, { target: options.target, exclude: options.exclude });
  const request = requestOf(options);
  const alone = [...(request.secrets === 'sops' ? [request.secretsFile] : []), request.valuesFile];
  for (const file of request.split === null ? alone : [request.valuesFile])
    if (file !== null) await checkFolderOf(path.resolve(session.io.cwd, file));
  return withRun(session, options, async ({ effects, interrupt, progress }) => {
    let dumped: Dumped;
    try {
      dumped = await dump(settings, effects, { ...request, signal: interrupt.drain });
    } catch (error) {
      if (interrupt.received() === null) throw error;
      return deliverInterrupted(session, interrupt);
    } finally {
      await progress.settle();
    }
    if (dumped.type !== 'dumped')
      return deliverErrors(session, dumped, dumped.type === 'refused' ? EXIT.refused : EXIT.error);
    await deliverDump(dumped, session, request.includeValues);
    return dumped.partial ? EXIT.error : EXIT.done;
  });
}

function requestOf(options: DumpOptions): Omit<DumpRequest, 'signal'> {
  const split = options.split ?? null;
  const variant = options.dialect === DIALECTS[0] ? '' : `.${options.dialect}`;
  return {
    all: options.all === true,
    secrets: options.secrets ?? 'reference',
    includeValues: options.includeValues === true,
    sanitize: options.sanitize === true,
    split,
    valuesFile: options.valuesFile ?? null,
    // Hidden in a folder of documents, of which it is none.
    secretsFile: options.secretsFile ?? (split === null ? 'secrets.sops.yaml' : path.join(split, '.secrets.sops.yaml')),
    schema: `node_modules/convex-converge/schema/convex.state${variant}.schema.json`,
  };
}

async function deliverDump(
  { documents, values, diagnostics, declared, companion }: Extract<Dumped, { type: 'dumped' }>,
  { io, stderr }: Session,
  inClear: boolean,
): Promise<void> {
  const files = [
    ...values.map(({ file, text, clear }) => ({ file, text, secret: clear })),
    ...documents.flatMap(({ file, text }) => (file === null ? [] : [{ file, text, secret: inClear }])),
  ];
  await writeNewFiles(files.map(({ file, ...rest }) => ({ file: path.resolve(io.cwd, file), ...rest })));
  for (const { file, text } of documents) if (file === null) io.stdout.write(text);
  const lines = [
    ...files.map(({ file, secret }) => `Written: ${file}${secret ? ' (values in clear)' : ''}`),
    ...(inClear ? ['The document holds all values in clear: it is as secret as they are.'] : []),
    ...(declared === 0 ? ['Nothing is declared: there is nothing in the scope that a document could say.'] : []),
    ...companion,
  ];
  io.stderr.write(renderDiagnostics(diagnostics, new Map(), stderr));
  io.stderr.write(lines.map((line) => `${sanitize(line)}\n`).join(''));
}
