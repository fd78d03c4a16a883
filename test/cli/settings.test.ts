import { describe, expect, test } from 'vitest';
import { parseArgs, type PlanOptions } from '../../src/cli/args.ts';
import { settingsOf } from '../../src/cli/settings.ts';

function planOptions(...argv: readonly string[]): PlanOptions {
  const invocation = parseArgs(['plan', ...argv], {
    version: '0',
    writeOut: () => undefined,
    writeErr: () => undefined,
  });
  if (invocation?.command !== 'plan') throw new Error('expected a plan');
  return invocation.options;
}

test('without options', () => {
  expect(settingsOf(planOptions(), {})).toEqual({
    files: ['convex.state.yaml'],
    apiUrl: 'https://api.convex.dev/v1',
    dialect: 'official',
    tokenFile: null,
    allowHosts: [],
    caFile: null,
    allowPaths: [],
    allowEnv: null,
    allowExec: false,
    rate: 20,
    concurrency: 8,
    maxRequests: null,
    timeoutMs: 30_000,
    scope: { target: [], exclude: [] },
    warningsAsErrors: false,
    suppress: [],
    allowUnresolved: false,
  });
});

test('with all of them', () => {
  const argv =
    '-f a.yaml --file b/ --api-url http://127.0.0.1:4000/ --token-file t --ca-file ca.pem ' +
    '--allow-host example.com --allow-path /run/secrets --allow-env APP_* --allow-env X --allow-exec ' +
    '--rate 2.5 --concurrency 3 --max-requests 9 --timeout 1m ' +
    '--target project:a --target project:b --exclude project:a/** ' +
    '--warnings-as-errors=CVG309,CVG310 --suppress CVG311,CVG312 --suppress CVG508';
  const options = planOptions(...argv.split(' '));
  expect(settingsOf(options, {}, { target: options.target, exclude: options.exclude, allowUnresolved: true })).toEqual({
    files: ['a.yaml', 'b/'],
    apiUrl: 'http://127.0.0.1:4000/v1',
    dialect: 'official',
    tokenFile: 't',
    allowHosts: ['example.com'],
    caFile: 'ca.pem',
    allowPaths: ['/run/secrets'],
    allowEnv: ['APP_*', 'X'],
    allowExec: true,
    rate: 2.5,
    concurrency: 3,
    maxRequests: 9,
    timeoutMs: 60_000,
    scope: { target: ['project:a', 'project:b'], exclude: ['project:a/**'] },
    warningsAsErrors: ['CVG309', 'CVG310'],
    suppress: ['CVG311', 'CVG312', 'CVG508'],
    allowUnresolved: true,
  });
});

test('a bare --warnings-as-errors takes nothing of what follows', () => {
  expect(settingsOf(planOptions('--warnings-as-errors', '--rate', '5'), {})).toMatchObject({
    warningsAsErrors: true,
    rate: 5,
  });
  const invocation = parseArgs(['apply', '--warnings-as-errors', 'plan.json'], {
    version: '0',
    writeOut: () => undefined,
    writeErr: () => undefined,
  });
  expect(invocation).toMatchObject({ command: 'apply', planFile: 'plan.json', options: { warningsAsErrors: true } });
});

describe('the API', () => {
  test.each([
    [undefined, undefined, 'https://api.convex.dev/v1'],
    [undefined, '', 'https://api.convex.dev/v1'],
    [undefined, 'http://localhost:3000', 'http://localhost:3000/v1'],
    ['https://a.example/v1', 'http://localhost:3000', 'https://a.example/v1'],
    ['https://a.example/v1/', undefined, 'https://a.example/v1'],
    ['https://a.example/convex//', undefined, 'https://a.example/convex/v1'],
    ['HTTPS://A.example:443', undefined, 'https://a.example/v1'],
  ])('flag %s, variable %s: %s', (flag, variable, url) => {
    const options = planOptions(...(flag === undefined ? [] : ['--api-url', flag]));
    expect(settingsOf(options, { CONVEX_PROVISION_HOST: variable }).apiUrl).toBe(url);
  });

  test.each([
    'api.convex.dev',
    '/v1',
    'file:///v1',
    'https://user:pw@a.example',
    'https://a.example?x=1',
    'https://a.example#x',
  ])('%s is refused without being repeated', (url) => {
    expect(() => settingsOf(planOptions('--api-url', url), {})).toThrow('--api-url');
    expect(() => settingsOf(planOptions(), { CONVEX_PROVISION_HOST: url })).toThrow('CONVEX_PROVISION_HOST');
    expect(() => settingsOf(planOptions('--api-url', url), {})).not.toThrow('pw');
  });
});
