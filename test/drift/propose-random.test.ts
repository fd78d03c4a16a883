// Over many documents and what may have moved: what is proposed is what is live, and nothing else is touched.
import { expect, test } from 'vitest';
import { expand, sourcesOf } from '../../src/document/expand.ts';
import { stateLoader } from '../../src/document/load.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { sourceId, type Resolved } from '../../src/model/source.ts';
import { kindsFor } from '../../src/providers/registry.ts';
import { proposer } from './proposing.ts';
import { diceOf, NAMES, randomDocument, VALUES, type Dice, type RandomDocument } from './random-document.ts';

interface LiveDeployment {
  reference: string;
  type: 'prod' | 'dev' | 'custom';
  default: boolean;
  class: string;
  env: Record<string, string>;
  domains: { domain: string; destination: 'convexCloud' | 'convexSite'; verified: boolean }[];
  canonicalUrls: Record<string, string>;
}

interface LiveProject {
  slug: string;
  name: string;
  deployments: LiveDeployment[];
}

const KINDS = kindsFor('official');
const load = stateLoader(KINDS);

/** What the platform looks like when everything is as the document says; null: the document says nothing valid. */
function liveAsSaid({ text, env }: RandomDocument): LiveProject[] | null {
  const { state } = load([{ path: 'convex.state.yaml', bytes: new TextEncoder().encode(text) }]);
  if (state === null) return null;
  const values = sourcesOf(state).map((ref): [string, Resolved] => {
    const value = ref.from === 'env' ? (env[ref.name] ?? '') : '';
    return [sourceId(ref), { type: 'value', value: new Secret(value.replace(/\n$/, '')) }];
  });
  const { desired } = expand(state, KINDS, new Map(values));
  if (desired === null) return null;
  const projects = new Map<string, LiveProject>();
  const deployments = new Map<string, LiveDeployment>();
  const text_ = (value: unknown): string =>
    value instanceof Secret ? reveal(value) : typeof value === 'string' ? value : '';
  for (const { kind, address, parent, spec, absent, atCreation } of desired.resources) {
    if (absent) continue;
    const within = deployments.get(parent ?? '');
    if (kind === 'project')
      projects.set(address, { slug: text_(spec['slug']), name: text_(spec['name']) || 'Some Name', deployments: [] });
    else if (kind === 'deployment') {
      const type = spec['type'] === 'prod' ? 'prod' : 'dev';
      const made: LiveDeployment = {
        reference: text_(spec['reference']),
        type,
        default: type === 'prod',
        class: text_(spec['class'] ?? atCreation['class']) || 's16',
        env: {},
        domains: [],
        canonicalUrls: {},
        ...(spec['dashboardEditConfirmation'] === true ? { dashboardEditConfirmation: true } : {}),
      };
      deployments.set(address, made);
      projects.get(parent ?? '')?.deployments.push(made);
    } else if (kind === 'env-var' && within !== undefined) within.env[text_(spec['name'])] = text_(spec['value']);
    else if (kind === 'domain')
      within?.domains.push({ domain: text_(spec['domain']), destination: 'convexCloud', verified: true });
    else if (kind === 'canonical-url' && within !== undefined && typeof spec['url'] === 'string')
      within.canonicalUrls[text_(spec['destination'])] = spec['url'];
  }
  return [...projects.values()];
}

/** Somebody was at the dashboard. */
function move(dice: Dice, projects: LiveProject[], n: number): void {
  const project = dice.pick(projects);
  const all = projects.flatMap((one) => one.deployments);
  if (all.length === 0) return;
  const deployment = dice.pick(all);
  const present = Object.keys(deployment.env);
  const chosen = dice.below(100);
  if (chosen < 35 && present.length > 0) deployment.env[dice.pick(present)] = dice.pick(VALUES);
  else if (chosen < 50) deployment.env[dice.pick([...NAMES, 'NEW_FLAG', 'on'])] = dice.pick(VALUES);
  else if (chosen < 65 && present.length > 0) delete deployment.env[dice.pick(present)];
  else if (chosen < 70) {
    // The same everywhere.
    const [name, value] = [dice.pick(NAMES), dice.pick(VALUES)];
    for (const one of all) if (name in one.env) one.env[name] = value;
  } else if (chosen < 73) for (const one of all) delete one.env['BASE'];
  else if (chosen < 78) deployment.class = dice.pick(['s16', 's256', 'd1024']);
  else if (chosen < 82) project.name = dice.pick(['Another Name', 'yes', 'A: B #1']);
  else if (chosen < 87) deployment.domains.pop();
  else if (chosen < 90)
    deployment.domains.push({ domain: `new${String(n)}.example.com`, destination: 'convexSite', verified: true });
  else if (chosen < 93) deployment.canonicalUrls['convexCloud'] = `https://moved${String(n)}.example.com`;
  else if (chosen < 96)
    project.deployments.push({
      ...deployment,
      reference: `fresh-${String(n)}`,
      type: 'custom',
      default: false,
      domains: [],
      canonicalUrls: {},
      env: {},
    });
  else if (project.deployments.length > 1) project.deployments.splice(dice.below(project.deployments.length), 1);
}

interface Tally {
  edits: number;
  refused: number;
}

const proposing = proposer();

async function proveOne(seed: number, tally: Tally): Promise<void> {
  const dice = diceOf(seed);
  const document = randomDocument(dice);
  const projects = liveAsSaid(document);
  if (projects === null) throw new Error(`seed ${String(seed)} is no valid document:\n${document.text}`);
  for (let n = 1 + dice.below(4); n > 0; n -= 1) move(dice, projects, n);
  const team = { teams: [{ slug: 'acme', id: 41, projects }] };
  const { items, prepared, after, planAfter } = await proposing({
    files: { 'convex.state.yaml': document.text },
    seed: team,
    env: document.env,
  });
  const { proposal } = prepared;
  const text = after['convex.state.yaml'] ?? '';
  const moved = items.map((item) => `${item.moved} ${item.address}`).join('\n');
  const what = `seed ${String(seed)}\n${document.text}\n=== drift\n${moved}\n=== after\n${text}`;
  for (const { why } of proposal.refused) expect(why, what).not.toContain('internal error');
  tally.edits += proposal.files.flatMap(({ edits }) => edits).length;
  tally.refused += proposal.refused.length;
  const live = new Map(
    projects.flatMap(({ slug, deployments }) =>
      deployments.flatMap(({ reference, env }) =>
        Object.entries(env).map(([name, value]): [string, string] => [
          `project:${slug}/deployment:${reference.replace('/', '%2F')}/env-var:${name}`,
          value,
        ]),
      ),
    ),
  );
  const set = proposal.toSet.map(({ name, uses, finalNewline }): [string, string] => [
    name,
    `${live.get(uses[0] ?? '') ?? ''}${finalNewline ? '\n' : ''}`,
  ]);
  const refused = new Set<string>(proposal.refused.map(({ address }) => address));
  const plan = await planAfter(Object.fromEntries(set));
  const left = plan.changes.filter(({ address, reason }) => reason !== 'releases-claim' && !refused.has(address));
  expect(left, what).toEqual([]);
  for (const secret of SECRETS) {
    expect(text.split(secret).length - document.text.split(secret).length, what).toBeLessThanOrEqual(0);
    expect(JSON.stringify(proposal), what).not.toContain(secret);
  }
  expectUntouched(document, text, { drifted: items, what });
}

const SECRETS = VALUES.filter((value) => /sk_live|hunter2|BEGIN/.test(value));

function expectUntouched(
  { lines, text: was }: RandomDocument,
  text: string,
  {
    drifted,
    what,
  }: { readonly drifted: readonly { readonly address: string; readonly moved: string }[]; readonly what: string },
): void {
  const missing = drifted.filter(({ moved }) => moved === 'missing').map(({ address }) => address);
  const mayChange = lines.map(({ scope, about }) => {
    if (missing.some((gone) => scope === gone || scope.startsWith(`${gone}/`))) return true;
    return about !== null && drifted.some(({ address }) => address.startsWith(scope) && about.test(address));
  });
  const old = was.split('\n');
  const young = text.split('\n');
  let at = 0;
  for (const [index, line] of old.entries()) {
    if (mayChange[index] === true) continue;
    // Empty lines are the value of such a block, or become it when what stands between goes.
    if (line.trim() === '' && was.includes('|+')) continue;
    // The last line of a text may get a newline behind it.
    const found = young.findIndex(
      (other, n) => n >= at && (other === line || (index === old.length - 1 && other.replace(/\r$/, '') === line)),
    );
    expect(
      found,
      `line ${String(index + 1)} is gone or changed: ${JSON.stringify(line)}\n${what}`,
    ).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
}

test(
  '500 documents: the plan after a proposal is empty, and no other line is touched',
  { timeout: 300_000 },
  async () => {
    const tally: Tally = { edits: 0, refused: 0 };
    for (let seed = 1; seed <= 500; seed += 1) await proveOne(seed, tally);
    // It is about edits, and few things are such that they cannot be said.
    expect(tally.edits).toBeGreaterThan(500);
    expect(tally.refused).toBeLessThan(tally.edits / 10);
  },
);
