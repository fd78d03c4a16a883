// Made-up fleets: the sandbox's seed and the state document that governs it.

export interface Fleet {
  readonly seed: unknown;
  /** File name → text. */
  readonly documents: Readonly<Record<string, string>>;
  /** What the read formula says for it (DESIGN laws): token + projects + deployments + one GET per deployment. */
  readonly reads: number;
}

/** `deployments` over `projects`, with `variables` each; live differs from the document in every first variable. */
export function fleet(size: {
  readonly projects: number;
  readonly deployments: number;
  readonly variables: number;
}): Fleet {
  const { projects, deployments, variables } = size;
  const perProject = Math.ceil(deployments / projects);
  const lines = ['version: 1', 'team: acme', 'projects:'];
  const live: unknown[] = [];
  let left = deployments;
  for (let p = 0; p < projects; p++) {
    const members: unknown[] = [];
    lines.push(`  - slug: app-${p}`, '    deployments:');
    for (let d = 0; d < perProject && left > 0; d++, left--) {
      const env: Record<string, string> = {};
      lines.push(`      - reference: stage-${d}`, '        type: custom', '        env:');
      for (let v = 0; v < variables; v++) {
        env[`VARIABLE_${v}`] = v === 0 ? 'old' : `value ${p} ${d} ${v}`;
        lines.push(`          VARIABLE_${v}: value ${p} ${d} ${v}`);
      }
      members.push({ reference: `stage-${d}`, type: 'custom', env });
    }
    live.push({ name: `app-${p}`, deployments: members });
  }
  const lists = projects <= 2 ? projects : Math.ceil(deployments / 100);
  return {
    seed: { teams: [{ slug: 'acme', id: 41, projects: live }] },
    documents: { 'convex.state.yaml': `${lines.join('\n')}\n` },
    reads: 1 + Math.ceil(projects / 100) + lists + deployments,
  };
}

/**
 * `selected` projects of one production deployment each, which one selector governs, and `declared` deployments in files
 * of ten. All of them have `variables`; live differs from what is asked in the first of them.
 */
export function governedFleet(size: {
  readonly selected: number;
  readonly declared: number;
  readonly variables: number;
}): Fleet {
  const { selected, declared, variables } = size;
  const names = Array.from({ length: variables }, (_, index) => `VARIABLE_${index}`);
  const live = Object.fromEntries(names.map((name, index) => [name, index === 0 ? 'old' : `value of ${name}`]));
  const asked = names.map((name) => `${name}: value of ${name}`);
  const production = { reference: 'production', type: 'prod', default: true, env: live };
  const projects: unknown[] = [];
  for (let index = 0; index < selected; index++) projects.push({ name: `app-${index}`, deployments: [production] });
  const documents: Record<string, string> = {
    'fleet.yaml': [
      'version: 1',
      'team: acme',
      'eachProject:',
      '  - match: { slug: "app-*" }',
      '    eachDeployment:',
      '      - match: { type: prod }',
      '        env:',
      ...asked.map((line) => `          ${line}`),
      '',
    ].join('\n'),
  };
  for (let first = 0; first < declared; first += 10) {
    const lines = ['version: 1', 'projects:', `  - slug: team-${first}`, '    deployments:'];
    const members: unknown[] = [];
    for (let index = first; index < Math.min(first + 10, declared); index++) {
      members.push({ reference: `stage-${index}`, type: 'custom', env: live });
      lines.push(`      - reference: stage-${index}`, '        env:', ...asked.map((line) => `          ${line}`));
    }
    projects.push({ name: `team-${first}`, deployments: members });
    documents[`team-${first}.yaml`] = `${lines.join('\n')}\n`;
  }
  const deployments = selected + declared;
  return {
    seed: { teams: [{ slug: 'acme', id: 41, projects }] },
    documents,
    reads: 1 + Math.ceil(projects.length / 100) + Math.ceil(deployments / 100) + deployments,
  };
}
