// Made-up fleets: the sandbox's seed and the state document that governs it.

export interface Fleet {
  readonly seed: unknown;
  readonly document: string;
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
    document: `${lines.join('\n')}\n`,
    reads: 1 + Math.ceil(projects / 100) + lists + deployments,
  };
}
