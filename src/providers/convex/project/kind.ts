import type { Finding } from '../../../model/kind.ts';
import type { KindDefinition } from '../kind-definition.ts';
import { effectIn, isOne, renamesAway, touches } from '../log-states.ts';

/** A type alias, not an interface: it must be assignable to the engine's open `Spec`. */
export type ProjectSpec = {
  readonly slug: string;
  readonly name: string;
};

const SLUG = /^[\w-]{3,64}$/;
/** What the platform makes of a name that looks like this is the name itself; anything else it changes (dashboard). */
const DERIVED = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const NAME_MIN = 3;
const NAME_MAX = 128;

/** A project of the team. Rules of slug and name: convex-backend `slugs.rs` and the dashboard's `ProjectForm`. */
export const projectKind: KindDefinition<ProjectSpec> = {
  name: 'project',
  collection: 'projects',
  parent: null,
  form: { shape: 'list', description: 'The projects of the team.' },
  holdsData: true,
  renamable: true,
  prunable: true,
  schema: {
    slug: {
      key: true,
      selects: true,
      disguise: (slug: string, hide) => `project-${hide(slug)}`,
      json: {
        type: 'string',
        description: 'The key of the project: its slug in the team, 3 to 64 letters, digits, `-` and `_`.',
      },
    },
    name: {
      label: true,
      disguise: (name: string, hide) => `Project ${hide(name)}`,
      json: {
        type: 'string',
        description: 'The name shown in the dashboard, 3 to 128 characters. Not unique; absent: left as it is.',
      },
    },
  },
  key: (spec) => spec.slug ?? '',
  traces: {
    log: 'team',
    effect(event, { key, live, fields }) {
      const isThis = isOne(event, (state) => (live === null ? state['slug'] === key : String(state['id']) === live.id));
      if (!isThis || !touches(event, fields)) return null;
      if (live === null && renamesAway(event, 'slug', key)) return 'gone';
      return effectIn(event.action, /^project:(?:create|update|receive)$/, /^project:(?:delete|transfer)$/);
    },
  },
  // Created under its slug as its name, so that the platform derives the slug we want from it (rule 20), if it can.
  born: ({ slug }) => (slug === undefined ? {} : { name: slug, ...(DERIVED.test(slug) ? { slug } : {}) }),
  check: (spec) => [...checkSlug(spec.slug), ...checkName(spec.name)],
};

function checkSlug(slug: string | undefined): readonly Finding[] {
  if (slug === undefined || SLUG.test(slug)) return [];
  return [
    {
      severity: 'error',
      code: 'CVG302',
      summary: `${JSON.stringify(slug)} is not a project slug: 3 to 64 letters, digits, "-" and "_" are needed`,
      field: 'slug',
    },
  ];
}

function checkName(name: string | undefined): readonly Finding[] {
  if (name === undefined || (name.length >= NAME_MIN && name.length <= NAME_MAX)) return [];
  return [
    {
      severity: 'error',
      code: 'CVG304',
      summary: `the project name has ${String(name.length)} characters, ${String(NAME_MIN)} to ${String(NAME_MAX)} are needed`,
      field: 'name',
    },
  ];
}
