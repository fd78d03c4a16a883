import { styleText } from 'node:util';
import { DefaultRenderer, Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput, type SimpleRenderer } from 'listr2';
import type { Screen } from './terminal.ts';

/** One line that is redrawn until it is finished. */
export interface Line {
  retitle(title: string): void;
  /** Stands under the title until the line is finished. */
  note(text: string): void;
  /** `failure` stands in its place, marked. */
  finish(failure?: string): void;
}

/**
 * Lines on a terminal's stderr. `draw` takes the stream over (what others write to it meanwhile comes after) until
 * every line is finished. Lines may change and finish before they are drawn.
 */
export function drawLines(
  titles: readonly string[],
  stream: NodeJS.WriteStream,
  screen: Screen,
): { readonly lines: readonly Line[]; readonly draw: () => Promise<void> } {
  const tasks = titles.map(createTask);
  return {
    lines: tasks.map(({ line }) => line),
    async draw() {
      await listrOf(tasks, stream, screen).run();
    },
  };
}

/** Listr asks `process.stdout` whether it may redraw; we redraw on stderr, and have asked it ourselves. */
class StderrRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

type Task = ListrTaskWrapper<object, typeof StderrRenderer, typeof SimpleRenderer>;

function createTask(title: string): {
  readonly title: string;
  readonly line: Line;
  readonly run: (task: Task) => Promise<void>;
} {
  const finished = Promise.withResolvers<void>();
  // Nobody awaits a line that fails before it is drawn.
  finished.promise.catch(() => undefined);
  let current = title;
  let task: Task | null = null;
  return {
    title,
    line: {
      retitle(next) {
        current = next;
        if (task !== null) task.title = next;
      },
      note(text) {
        if (task !== null) task.output = text;
      },
      finish(failure) {
        if (failure === undefined) finished.resolve();
        else finished.reject(new Error(failure));
      },
    },
    async run(wrapper) {
      task = wrapper;
      task.title = current;
      await finished.promise;
    },
  };
}

function listrOf(
  tasks: readonly ReturnType<typeof createTask>[],
  stream: NodeJS.WriteStream,
  screen: Screen,
): Listr<object, typeof StderrRenderer> {
  const paint = (style: Parameters<typeof styleText>[0]) => (text?: string) =>
    screen.color ? styleText(style, text ?? '', { validateStream: false }) : (text ?? '');
  return new Listr<object, typeof StderrRenderer>(
    tasks.map(({ title, run }) => ({ title, task: (_context: object, task: Task) => run(task) })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: StderrRenderer,
      rendererOptions: {
        logger: new ListrLogger({
          useIcons: true,
          toStderr: [],
          processOutput: new ProcessOutput(stream, stream, { leaveEmptyLine: false }),
        }),
        color: {
          PENDING: paint('yellow'),
          COMPLETED: paint('green'),
          FAILED: paint('red'),
          COMPLETED_WITH_SISTER_TASKS_FAILED: paint('dim'),
        },
      },
    },
  );
}
