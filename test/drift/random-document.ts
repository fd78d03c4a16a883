// State documents as people write them: comments, anchors, merges, sets, defaults, both styles, every quoting.

/** A stream of chances that a number begins. */
export interface Dice {
  below(n: number): number;
  chance(percent: number): boolean;
  pick<T>(of: readonly T[]): T;
}

export function diceOf(seed: number): Dice {
  let state = (seed * 2_654_435_761) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (of) => of[below(of.length)] as (typeof of)[number],
  };
}

export const NAMES = ['LOG_LEVEL', 'FEATURE_X', 'API_URL', 'APP_MODE', 'STRIPE_KEY', 'DB_PASSWORD', 'TITLE'] as const;
export const VALUES = [
  'info', 'debug', 'on', '50', '', 'https://api.acme.com/hooks', 'sk_live_abcdefgh12345678', 'hunter2 # not a comment',
  "it's: {a} [b]", 'two words', '-----BEGIN KEY-----\nabc\n-----END KEY-----\n', '*star', 'ünïcödé 🦦',
] as const; // prettier-ignore

/** A line of the document, and what may drift for it to be touched. */
export interface Line {
  readonly text: string;
  /** The address of the entry that it is in; '' outside of all. The line goes with any of its containers. */
  readonly scope: string;
  /** It may be touched when something drifts whose address is in its scope and matches. */
  readonly about: RegExp | null;
}

export interface RandomDocument {
  readonly text: string;
  readonly lines: readonly Line[];
  /** What its references need. */
  readonly env: Readonly<Record<string, string>>;
  readonly prune: readonly string[];
}

export function randomDocument(dice: Dice): RandomDocument {
  const lines: Line[] = [];
  const env: Record<string, string> = {};
  const step = dice.pick([2, 2, 4]);
  const dash = dice.pick([0, 2]);
  const pad = (n: number): string => ' '.repeat(n);
  let scope = '';
  const put = (indent: number, text: string, about: RegExp | null = null): void => {
    for (const [index, line] of text.split('\n').entries())
      lines.push({ text: index === 0 ? pad(indent) + line : line, scope, about });
  };
  /** Empty lines would belong to the value above. */
  let isKept = false;
  /** Somebody's remark: never about what is below it, because of the empty line. */
  const remark = (indent: number): void => {
    if (isKept) return void (isKept = false);
    const isSaid = dice.chance(12);
    if (isSaid) put(indent, `# remark ${String(lines.length)}: see the runbook`);
    if (isSaid || dice.chance(10)) put(0, '');
  };
  const tail = (): string => (dice.chance(25) ? `${dice.pick([' ', '   '])}# note ${String(lines.length)}` : '');
  const quoted = (value: string): string => {
    const forms = [JSON.stringify(value)];
    if (!/[\n']/.test(value)) forms.push(`'${value}'`);
    if (/^[a-z]\w*$/.test(value) && !['on', 'off', 'yes', 'no', 'true', 'null'].includes(value))
      forms.push(value, value, value);
    return dice.pick(forms);
  };
  const anchors: string[] = [];
  const reference = (name: string, value: string): string => {
    const known = Object.keys(env).filter((one) => env[one] === value);
    const source =
      known.length > 0 && dice.chance(60) ? dice.pick(known) : `${name}_${String(Object.keys(env).length)}`;
    env[source] = value.endsWith('\n') ? `${value}\n` : value;
    return `{ fromEnv: ${source} }`;
  };
  const short = (name: string): string => {
    const value = dice.pick(VALUES);
    if (dice.chance(20) && value !== '') return reference(name, value);
    if (dice.chance(15)) return `{ value: ${quoted(value)}, visible: true }`;
    if (dice.chance(15)) return `{ value: ${quoted(value)} }`;
    if (dice.chance(10)) return '{ absent: true }';
    if (anchors.length > 0 && dice.chance(25)) return `*${dice.pick(anchors)}`;
    if (dice.chance(15)) {
      const anchor = `v${String(lines.length)}_${String(anchors.length)}_${String(dice.below(1000))}`;
      anchors.push(anchor);
      return `&${anchor} ${quoted(value)}`;
    }
    return quoted(value);
  };
  const aboutVar = (name: string): RegExp => new RegExp(`/env-var:${name}$`);
  const ANY_VAR = /\/env-var:/;
  const someNames = (least: number): readonly string[] => [
    ...NAMES.filter(() => dice.chance(40)).slice(0, 5),
    ...(least > 0 ? ['BASE'] : []),
  ];
  /** The members of a map of variables, in a block. */
  const members = (indent: number, names: readonly string[]): void => {
    for (const name of names) {
      remark(indent);
      if (dice.chance(15)) put(indent, `# about ${name}`, aboutVar(name));
      if (dice.chance(8)) {
        const style = dice.pick(['|', '|-', '>-', '|+']);
        put(indent, `${name}: ${style}${tail()}\n${pad(indent + step)}two\n${pad(indent + step)}lines`, aboutVar(name));
        isKept = style === '|+';
        continue;
      }
      if (dice.chance(10)) {
        put(
          indent,
          `${name}:${tail()}\n${pad(indent + step)}value: ${quoted(dice.pick(VALUES))}\n${pad(indent + step)}visible: false`,
          aboutVar(name),
        );
        continue;
      }
      const key = dice.chance(8) ? `"${name}"` : name;
      put(indent, `${key}: ${short(name)}${tail()}`, aboutVar(name));
    }
  };
  const flow = (names: readonly string[]): string => {
    const trailing = dice.chance(15) && names.length > 0 ? ',' : '';
    return `{ ${names.map((name) => `${name}: ${short(name)}`).join(', ')}${trailing} }`;
  };
  const envOf = (indent: number, { bases, sets }: { bases: readonly string[]; sets: readonly string[] }): void => {
    const style = dice.below(10);
    if (dice.chance(20)) put(indent, `envFrom: [${[...sets].join(', ')}]${tail()}`);
    if (style < 3) {
      put(indent, `env:${tail()}`, ANY_VAR);
      members(indent + step, someNames(1));
    } else if (style < 5) put(indent, `env: ${flow(someNames(0))}${tail()}`, ANY_VAR);
    else if (style === 5) {
      const names = someNames(1);
      put(indent, 'env: {', ANY_VAR);
      for (const [index, name] of names.entries()) {
        if (dice.chance(15)) put(indent + step, `# about ${name}`, aboutVar(name));
        const comma = index < names.length - 1 || dice.chance(50) ? ',' : '';
        put(indent + step, `${name}: ${short(name)}${comma}${comma === '' ? '' : tail()}`, ANY_VAR);
      }
      put(indent + (dice.chance(50) ? step : 0) + 1, '}', ANY_VAR);
    } else if (style === 6 && bases.length > 0) put(indent, `env: *${dice.pick(bases)}${tail()}`, ANY_VAR);
    else if (style < 9 && bases.length > 0) {
      put(indent, `env:${tail()}`, ANY_VAR);
      put(indent + step, `<<: *${dice.pick(bases)}`);
      members(indent + step, someNames(0));
    }
  };

  if (dice.chance(30)) put(0, '# yaml-language-server: $schema=schema.json');
  put(0, 'version: 1');
  put(0, `team: acme${tail()}`);
  const prune = ['env', 'domains', 'deployments'].filter(() => dice.chance(70));
  put(0, `policy: { prune: [${prune.join(', ')}] }`);
  remark(0);
  const bases: string[] = [];
  if (dice.chance(50)) {
    put(0, 'x-shared:');
    for (const base of ['one', 'two'].slice(0, 1 + dice.below(2))) {
      put(step, `${base}: &${base}`, ANY_VAR);
      members(step * 2, someNames(1));
      bases.push(base);
    }
  }
  if (dice.chance(40)) {
    put(0, 'defaults:');
    if (dice.chance(70)) put(step, `class: ${dice.pick(['s16', 's256'])}${tail()}`, /deployment:[^/]*$/);
    else put(step, 'dashboardEditConfirmation: true', /deployment:[^/]*$/);
    if (dice.chance(40)) {
      put(step, 'env:', ANY_VAR);
      members(step * 2, someNames(1));
    }
  }
  put(0, 'envSets:');
  const sets = ['common', 'extra'].slice(0, 1 + dice.below(2));
  for (const set of sets)
    if (dice.chance(30)) put(step, `${set}: ${flow(someNames(1))}`, ANY_VAR);
    else {
      put(step, `${set}:`, ANY_VAR);
      members(step * 2, someNames(1));
    }
  remark(0);
  put(0, 'projects:');
  for (const slug of ['shop', 'blog'].slice(0, 1 + dice.below(2))) {
    const inProject = `project:${slug}`;
    scope = inProject;
    if (dice.chance(20)) put(dash, `# project ${slug}`);
    put(dash, `- slug: ${slug}`);
    const field = dash + 2;
    if (dice.chance(60))
      put(field, `name: ${dice.pick(['Acme', '"The Shop"', "'A Name'"])}${tail()}`, /project:[^/]*$/);
    remark(field);
    put(field, 'deployments:', /deployment:/);
    const item = field + dice.pick([0, step]);
    for (const [index, ref] of ['production', 'staging', 'qa-1', 'dev/ada'].slice(0, 1 + dice.below(4)).entries()) {
      scope = `${inProject}/deployment:${ref.replace('/', '%2F')}`;
      const self = /deployment:[^/]*$/;
      const type = index === 0 ? 'prod' : 'dev';
      const name = ref;
      remark(item);
      if (dice.chance(20)) put(item, `# deployment ${ref}`);
      if (dice.chance(20)) {
        const own = dice.chance(70) ? `, env: ${flow(someNames(0))}` : '';
        put(
          item,
          `- { reference: ${name}, type: ${type}${dice.chance(50) ? ', class: s16' : ''}${own} }${tail()}`,
          /./,
        );
        continue;
      }
      put(item, `- reference: ${name}${tail()}`, self);
      const inside = item + 2;
      put(inside, `type: ${type}`, self);
      if (dice.chance(50)) put(inside, `class: ${dice.pick(['s16', '"s256"'])}${tail()}`, self);
      envOf(inside, { bases, sets });
      if (dice.chance(35)) {
        const hosts = ['api', 'www']
          .slice(0, 1 + dice.below(2))
          .map((label) => `${label}.${slug}${String(index)}.example.com`);
        const about = /\/domain:/;
        if (dice.chance(40))
          put(
            inside,
            `domains: [${hosts.map((host) => `{ domain: ${host}, destination: convexCloud }`).join(', ')}]`,
            about,
          );
        else {
          put(inside, 'domains:', about);
          for (const host of hosts)
            if (dice.chance(50))
              put(inside + step, `- { domain: ${host}, destination: convexCloud }${tail()}`, new RegExp(host));
            else
              put(
                inside + step,
                `- domain: ${host}\n${pad(inside + step + 2)}destination: convexCloud`,
                new RegExp(host),
              );
        }
      }
      if (dice.chance(25))
        put(inside, `canonicalUrls: { convexCloud: ${dice.pick(['null', 'https://acme.com', ''])} }`, /canonical-url/);
      else if (dice.chance(15)) {
        put(inside, 'canonicalUrls:', /canonical-url/);
        put(inside + step, `convexSite:${dice.pick(['', ' null', ' "https://acme.com"'])}${tail()}`, /canonical-url/);
      }
      if (dice.chance(10)) put(inside + step, `# end of ${ref}`);
    }
  }
  scope = '';
  remark(0);
  const eol = dice.chance(15) ? '\r\n' : '\n';
  const mark = dice.chance(10) ? '\uFEFF' : '';
  const end = dice.chance(15) ? '' : eol;
  return { text: mark + lines.map(({ text }) => text).join(eol) + end, lines, env, prune };
}
