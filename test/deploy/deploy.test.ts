// What is deployed says nothing that this program does not understand. An API server's judgement is in test/cluster.
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseArgs } from '../../src/cli/args.ts';
import { leaseTimes } from '../../src/daemon/lease/lease-times.ts';
import { converge } from '../kit/converge.ts';
import { roleRules } from '../cluster/role.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const KUSTOMIZE = path.join(ROOT, 'deploy/kustomize');
const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly [{ readonly args: readonly string[]; readonly image: string }];
}

const deployment = parse(text('deploy/kustomize/base/deployment.yaml')) as {
  readonly spec: { readonly template: { readonly spec: PodSpec } };
};
const cronJob = parse(text('deploy/kustomize/overlays/drift-cronjob/cron-job.yaml')) as {
  readonly spec: { readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: PodSpec } } } };
};
const daemon = deployment.spec.template.spec;
const report = cronJob.spec.jobTemplate.spec.template.spec;

function invocationOf({ containers: [{ args }] }: PodSpec) {
  return parseArgs(args, { version: '0', writeOut: () => undefined, writeErr: () => undefined });
}

describe('the manifests', () => {
  test('start the daemon as one that leads by the Lease that the Role permits', () => {
    const invocation = invocationOf(daemon);
    if (invocation?.command !== 'watch') throw new Error('not watch');
    const { options } = invocation;
    expect(roleRules().map(({ resourceNames }) => resourceNames)).toEqual([[options.lease]]);
    // Observing unless an overlay says otherwise.
    expect(options.apply).toBeUndefined();
    expect(leaseTimes(options.leaseDuration ?? 60_000, options.timeout)).not.toHaveProperty('wrong');
    expect(daemon.automountServiceAccountToken).toBe(true);
    expect(daemon.terminationGracePeriodSeconds).toBeGreaterThan(25);
  });

  test('report with a command that there is, and without a token of the cluster', () => {
    const invocation = invocationOf(report);
    expect(invocation).toMatchObject({ command: 'drift', options: { since: 172_800_000, maxDrift: 1 } });
    expect(report.automountServiceAccountToken).toBe(false);
    expect(report.containers[0].image).toBe(daemon.containers[0].image);
  });

  test('heal in the overlay that says so', () => {
    const { patches } = parse(text('deploy/kustomize/overlays/apply/kustomization.yaml')) as {
      readonly patches: readonly [{ readonly patch: string }];
    };
    const [{ value }] = parse(patches[0].patch) as readonly [{ readonly value: string }];
    const [{ args }] = daemon.containers;
    const silent = { version: '0', writeOut: () => undefined, writeErr: () => undefined };
    expect(parseArgs([...args, value], silent)).toMatchObject({ command: 'watch', options: { apply: true } });
  });

  test('begin with a document that is valid', async () => {
    const ran = await converge(['validate'], { cwd: path.join(KUSTOMIZE, 'base') });
    expect(ran).toMatchObject({ exit: 0 });
  });

  test('leave no file out and name none that is not there', () => {
    for (const kustomization of globSync('**/kustomization.yaml', { cwd: KUSTOMIZE })) {
      const folder = path.dirname(path.join(KUSTOMIZE, kustomization));
      const { resources } = parse(readFileSync(path.join(KUSTOMIZE, kustomization), 'utf8')) as {
        readonly resources: readonly string[];
      };
      expect(resources.filter((name) => !existsSync(path.join(folder, name)))).toEqual([]);
      const there = globSync('*.yaml', { cwd: folder }).filter(
        (name) => !/^(?:kustomization|convex\.state)\.yaml$/.test(name),
      );
      expect(resources.filter((name) => !name.startsWith('..')).sort()).toEqual(there.sort());
    }
  });
});

describe('the image', () => {
  test('is made of files that there are, and that .dockerignore lets through', () => {
    const passed = text('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const copied = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(copied.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
    expect([...copied].sort()).toEqual([...passed].sort());
  });

  test('can be pinned by digest, and does not run as root', () => {
    const from = [...text('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
    expect(from).toHaveLength(2);
    for (const image of from) expect(image).toMatch(/\$\{\w+_DIGEST:\+@\}\$\{\w+_DIGEST\}$/);
    expect(text('Dockerfile')).toMatch(/^USER 65532:65532$/m);
  });
});
