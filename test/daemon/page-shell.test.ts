import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linkModules } from '../../src/daemon/link-modules.ts';
import { PAGE_FOLDER, readPageShell } from '../../src/daemon/page-shell.ts';

function link(files: Readonly<Record<string, string>>): Promise<string> {
  return linkModules('main.js', (name) => {
    const text = files[name];
    return text === undefined ? Promise.reject(new Error(`no ${name}`)) : Promise.resolve(text);
  });
}

function run(script: string): unknown {
  const seen: { value?: unknown } = {};
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval, no-new-func -- what a browser does with it.
  new Function('seen', script)(seen);
  return seen.value;
}

describe('modules as one script', () => {
  test('each has a scope of its own, and comes after what it uses', async () => {
    const script = await link({
      'main.js':
        "import { twice } from './a.js';\nimport { secret as other } from './b.js';\nseen.value = [twice(4), other];\n",
      'a.js':
        "import {\n  factor,\n  secret,\n} from './b.js';\nconst own = factor;\nexport function twice(n) {\n  return own * n + secret;\n}\n",
      'b.js': 'const own = 2;\nexport const factor = own;\nexport const secret = 1;\n',
    });
    expect(run(script)).toEqual([9, 1]);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['a default', { 'main.js': "import a from './a.js';\n" }, 'not a form that is linked'],
    ['a re-export', { 'main.js': "export * from './a.js';\n" }, 'not a form that is linked'],
    ['a list', { 'main.js': 'const a = 1;\nexport { a };\n' }, 'not a form that is linked'],
    [
      'a circle',
      { 'main.js': "import { a } from './a.js';\n", 'a.js': "import { b } from './main.js';\n" },
      'in a circle: main.js, a.js, main.js',
    ],
  ])('%s is refused', async (_, files, why) => {
    await expect(link(files)).rejects.toThrow(why);
  });
});

describe('the page', () => {
  test('only its own script and style may run, and both stand in it', async () => {
    const { html, policy } = await readPageShell();
    const within = (tag: string): readonly string[] =>
      [...html.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, text = '']) => text);
    const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(within('script').map(digest)).toEqual([/script-src (\S+);/.exec(policy)?.[1]]);
    expect(within('style').map(digest)).toEqual([/style-src (\S+);/.exec(policy)?.[1]]);
    expect(policy).toMatch(/^default-src 'none'; /);
    for (const rule of ["require-trusted-types-for 'script'", "frame-ancestors 'none'", "connect-src 'self'"])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test('every module is in it, it asks for nothing elsewhere, and no text becomes markup', async () => {
    const { html } = await readPageShell();
    const modules = readdirSync(PAGE_FOLDER).filter((name) => name.endsWith('.js'));
    for (const name of modules) expect(html).toContain(`const $${name.replace('.js', '').replaceAll('-', '_')} = `);
    expect(html).not.toMatch(/\s(?:src|href)="(?!#|data:)/);
    expect(html).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bFunction\(|setHTML/);
    expect(html).not.toMatch(/\sstyle="|\son\w+="/);
  });
});
