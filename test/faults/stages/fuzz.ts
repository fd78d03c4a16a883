// Stage 7: whatever comes in, nothing is thrown but what is meant to be, nothing hangs, and no message carries what a
// terminal would obey.
import fc from 'fast-check';
import { parse } from 'dotenv';
import { expand, sourcesOf } from '../../../src/document/expand.ts';
import { stateLoader } from '../../../src/document/load.ts';
import { PlatformError } from '../../../src/model/error.ts';
import type { LiveResource } from '../../../src/model/resource.ts';
import { kindsFor } from '../../../src/providers/registry.ts';
import { renderDiagnostics } from '../../../src/report/diagnostic-text.ts';
import { planOf, readPlanDocument, savedPlanOf } from '../../../src/report/plan-json.ts';
import { renderPlan } from '../../../src/report/plan-text.ts';
import { scanDotenv } from '../../../src/sources/scan-dotenv.ts';
import { virtualClock } from '../../providers/virtual-clock.ts';
import { mutateJson, mutateText, type Random } from '../kit/mutate.ts';
import { openNetwork, type Effect } from '../kit/network.ts';
import { randomOf } from '../kit/random.ts';
import { openConvexOn } from '../kit/run.ts';
import { anyScenario, documentOf, type Scenario } from '../kit/scenario.ts';
import { documentFor, undisturbed, type StageOptions, type StageResult } from '../kit/stage.ts';
import { openTeam } from '../kit/team.ts';

export interface FuzzOptions extends StageOptions {
  /** Cases of each target; then `count` is not looked at. */
  readonly cases?: number;
}

/** One input; throws, or gives the messages that it led to. */
type Target = (random: Random) => Promise<readonly string[]> | readonly string[];

/** Processor time that one input may take. */
const LONGEST_MS = 2_000;
// oxlint-disable-next-line no-control-regex -- these are what must not get through
const OBEYED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

/** `count`: milliseconds for each target. */
export async function fuzz({ seed, count, cases }: FuzzOptions): Promise<StageResult> {
  const counts: Record<string, number> = {};
  for (const [name, target] of Object.entries(await targetsOf(seed))) {
    const until = performance.now() + count;
    const more = (done: number): boolean => (cases === undefined ? performance.now() < until : done < cases);
    for (let n = 0; more(n); n += 1) {
      counts[name] = n + 1;
      const from = process.cpuUsage();
      const failure = await wrongWith(target, randomOf(seed * 1_000_003 + n));
      const { user, system } = process.cpuUsage(from);
      const slow = (user + system) / 1000 > LONGEST_MS ? `it took ${String((user + system) / 1000)} ms` : null;
      if (failure !== null || slow !== null)
        return {
          name: '7 fuzz',
          counts,
          failure: `${name}, case ${String(n)} of seed ${String(seed)}: ${failure ?? slow ?? ''}`,
        };
    }
  }
  return { name: '7 fuzz', counts, failure: null };
}

async function wrongWith(target: Target, random: Random): Promise<string | null> {
  try {
    const found = (await target(random)).find((message) => OBEYED.test(message));
    return found === undefined ? null : `a message has control characters: ${JSON.stringify(found.slice(0, 300))}`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

async function targetsOf(seed: number): Promise<Readonly<Record<string, Target>>> {
  const scenarios = fc.sample(anyScenario(), { seed, numRuns: 60 });
  const load = stateLoader(kindsFor('official'));
  const documents = [...scenarios.map(documentOf), YAML];
  const plans = await savedPlans(scenarios);
  const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)] as T;
  return {
    documents(random) {
      const { state, diagnostics, texts } = load([
        { path: 'convex.state.yaml', bytes: mutateText(pick(documents, random), random) },
      ]);
      if (state !== null) {
        sourcesOf(state);
        expand(state, kindsFor('official'), null);
      }
      return [renderDiagnostics(diagnostics, texts, { color: false, width: 100 })];
    },
    'dotenv files'(random) {
      const text = new TextDecoder().decode(mutateText(DOTENV, random));
      const { entries } = scanDotenv(text);
      const names = new Set(entries.map(({ name }) => name));
      for (const name of Object.keys(parse(text, { fast: true })))
        if (!names.has(name)) throw new Error(`dotenv reads ${JSON.stringify(name)}, and it has no place`);
      return [];
    },
    plans(random) {
      const plan = pick(plans, random);
      const text =
        random() < 0.5
          ? JSON.stringify(mutateJson(JSON.parse(plan), random))
          : new TextDecoder().decode(mutateText(plan, random));
      const read = readPlanDocument(text);
      if (!read.ok) return [read.message];
      savedPlanOf(read.document);
      return [renderPlan(planOf(read.document), { color: false, width: 80, command: 'show' })];
    },
    replies: repliesTarget(scenarios),
  };
}

async function savedPlans(scenarios: readonly Scenario[]): Promise<readonly string[]> {
  const plans: string[] = [];
  for (const scenario of scenarios.slice(0, 20)) {
    const plain = await undisturbed(scenario);
    const document = /\{"kind":"plan".*\}(?=Apply to)/s.exec(plain?.ran.output ?? '')?.[0];
    if (document !== undefined) plans.push(document);
  }
  if (plans.length === 0) throw new Error('no plan to begin with');
  return plans;
}

/** Every decoder of every kind: lists, one by its id, and what a create answers. */
function repliesTarget(scenarios: readonly Scenario[]): Target {
  const live = scenarios.filter(
    (scenario) =>
      documentFor(scenario) !== null && scenario.live.some(({ deployments = [] }) => deployments.length > 0),
  );
  return async (random) => {
    const scenario = live[Math.floor(random() * live.length)];
    if (scenario === undefined) throw new Error('no team to begin with');
    const clock = virtualClock();
    const team = openTeam(scenario, clock);
    const network = openNetwork({ resolve: team.resolve, clock });
    const provider = openConvexOn(network, { clock, run: 0 });
    const signal = new AbortController().signal;
    const messages: string[] = [];
    const tolerant = async <T>(work: Promise<T>): Promise<T | null> => {
      try {
        return await work;
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        messages.push(error.message);
        return null;
      }
    };
    await provider.identify(signal);
    const parents = await liveParents(provider, signal);
    network.rule = () => badReply(random);
    await tolerant(provider.identify(signal));
    for (const kind of provider.kinds) {
      const within = kind.parent === null ? [] : parents.filter((parent) => parent.kind === kind.parent).slice(0, 1);
      const requests = [within, ...(kind.listsTeam === true ? ['team' as const] : [])];
      for (const of of requests) {
        const listing = await tolerant(kind.list(provider.api, { parents: of, signal }));
        messages.push(...(listing?.unreadable ?? []).map(({ error }) => error.message));
      }
      const one = parents.find((parent) => parent.kind === kind.name);
      if (one !== undefined)
        await tolerant(kind.find?.(provider.api, { live: one, parent: null, signal }) ?? Promise.resolve(null));
      const [parent = null] = within;
      if (
        kind.write.how === 'singly' &&
        (kind.parent === null || kind.parent === 'project') &&
        (parent !== null || kind.parent === null)
      )
        await tolerant(
          kind.write.create(provider.api, {
            parent,
            spec: { slug: 'novel', reference: 'novel', type: 'custom' },
            signal,
          }),
        );
    }
    await provider.close();
    return messages;
  };
}

/** The true reply with something wrong in it; anything at all; or a refusal that talks to terminals. */
function badReply(random: Random): Effect {
  const roll = random();
  if (roll < 0.65) return { kind: 'rewrite', rewrite: (body) => mutateJson(body, random) };
  const headers = { 'content-type': 'application/json' };
  const body = new TextDecoder().decode(mutateText(roll < 0.85 ? PAGE : REFUSAL, random));
  return { kind: 'status', status: roll < 0.85 ? 200 : 400, body, headers };
}

const PAGE = '{"items":[],"pagination":{"hasMore":false}}';
const REFUSAL =
  '{"code":"Bad\\u001b[31m","message":"\\u001b]8;;https://evil.example\\u0007 \\u202e ::error:: \\u0000"}';

/** A project and a deployment, as the kinds list them undisturbed. */
async function liveParents(
  provider: ReturnType<typeof openConvexOn>,
  signal: AbortSignal,
): Promise<readonly LiveResource[]> {
  const found: LiveResource[] = [];
  for (const kind of provider.kinds.filter(({ name }) => name === 'project' || name === 'deployment')) {
    const { items } = await kind.list(provider.api, { parents: kind.parent === null ? [] : 'team', signal });
    for (const { id, spec, facts } of items) {
      const key = kind.key(spec);
      found.push({
        address: `${kind.name}:${key}` as LiveResource['address'],
        kind: kind.name,
        key,
        parent: null,
        id,
        spec,
        facts,
      });
    }
  }
  return found;
}

const DOTENV = `# comment
PLAIN=value
export EXPORTED = spaced # trailing
SINGLE='with # and "quotes"'
DOUBLE="several
lines \\n here"
BACK=\`both ' and "\`
COLON: yaml like
EMPTY=
UNQUOTED=a=b=c
`;

const YAML = `# yaml-language-server: $schema=x
version: 1
team: acme
policy: { prune: [env, domains], maxDeletePercent: 50, protect: ["project:*"] }
defaults: &d { region: aws-us-east-1, env: { LOG_LEVEL: info } }
envSets:
  common: { A: "1", B: { value: "2", visible: true }, C: { absent: true } }
x-anchor: *d
projects:
  - slug: shop
    name: Acme Shop
    deployments:
      - reference: production
        type: prod
        default: true
        expiresAt: null
        env:
          STRIPE_KEY: { fromEnv: STRIPE_KEY }
          FILE: { fromFile: ./secret.txt, allowEmpty: true }
          BLOCK: |
            several
            lines
        envFrom: [common, { file: .env, optional: true }]
        domains:
          - { domain: api.acme.com, destination: convexCloud }
        canonicalUrls: { convexCloud: https://api.acme.com, convexSite: null }
`;
