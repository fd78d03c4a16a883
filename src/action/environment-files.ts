import { appendFile } from 'node:fs/promises';

/** The files that the runner reads when the step is over. */
export interface EnvironmentFiles {
  /** Sets outputs of the step. */
  setOutputs(outputs: Readonly<Record<string, string>>): Promise<void>;
  /** Adds Markdown to the summary of the job. */
  addSummary(markdown: string): Promise<void>;
}

/** `unique` gives a text that no value holds. Where the runner names no file, nothing is written. */
export function environmentFiles(
  env: Readonly<Record<string, string | undefined>>,
  unique: () => string,
): EnvironmentFiles {
  const append = async (name: string, text: string): Promise<void> => {
    const file = env[name] ?? '';
    if (file !== '') await appendFile(file, text);
  };
  return {
    setOutputs: (outputs) =>
      append(
        'GITHUB_OUTPUT',
        Object.entries(outputs)
          .map(([name, value]) => {
            const end = `end_${unique()}`;
            return `${name}<<${end}\n${value}\n${end}\n`;
          })
          .join(''),
      ),
    addSummary: (markdown) => append('GITHUB_STEP_SUMMARY', `${markdown.trimEnd()}\n\n`),
  };
}
