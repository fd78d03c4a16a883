import { PlatformError } from '../../../model/error.ts';
import type { CreateRequest, Listed, ResourceKind } from '../../../model/kind.ts';
import { listOf, shapeOf } from '../../http/decode.ts';
import type { ConvexApi } from '../api.ts';
import { CATALOG_API } from '../catalog-api.ts';
import { listingOf } from '../listing.ts';
import { projectKind, type ProjectSpec } from './kind.ts';
import { slugOfName } from './slug.ts';

const { renamable: _notServed, ...shared } = projectKind;

/** Projects in the catalog's management API: made and deleted, never changed. */
export const catalogProject: ResourceKind<ProjectSpec, ConvexApi> = {
  ...shared,
  unserved: { by: CATALOG_API, keys: ['renamedFrom'] },
  schema: { ...projectKind.schema, name: { ...projectKind.schema.name, fixed: true } },
  born: ({ slug = '', name }) => ({
    slug: slugOfName(nameToCreate(slug, name)) ?? slug,
    name: nameToCreate(slug, name),
  }),
  list: (api, { signal }) => listingOf(null, () => listProjects(api, signal)),
  write: {
    how: 'singly',
    create: createProject,
    delete: (api, { live, signal }) => api.management({ method: 'POST', path: `${pathOf(live.id)}/delete`, signal }),
  },
};

/** The declared name where the platform derives the declared slug from it, else the slug (rule 33). */
function nameToCreate(slug: string, name: string | undefined): string {
  return name !== undefined && slugOfName(name) === slug ? name : slug;
}

/** The whole list: the catalog has no pages. */
async function listProjects(api: ConvexApi, signal: AbortSignal): Promise<readonly Listed<ProjectSpec>[]> {
  const projects = await api.management({
    method: 'GET',
    path: `/teams/${String(api.teamId())}/list_projects`,
    decode: (body) => listOf(body, 'projects').map((item, index) => projectOf(item, `projects[${String(index)}]`)),
    signal,
  });
  const stranger = projects.find(({ facts }) => facts['teamId'] !== api.teamId());
  const teamId = stranger?.facts['teamId'];
  if (typeof teamId === 'number') api.noteTeamId(teamId);
  return projects;
}

/** `Project` of the catalog → the project. */
function projectOf(item: unknown, at: string): Listed<ProjectSpec> {
  const project = shapeOf(item, at);
  return {
    id: String(project.integer('id')),
    parentId: null,
    spec: { slug: project.text('slug'), name: project.text('name') },
    facts: { teamId: project.integer('team_id') },
  };
}

/** There is no request to change it, so a project with another slug than declared is a stray: named, and left alone. */
async function createProject(
  api: ConvexApi,
  { spec, signal }: CreateRequest<ProjectSpec>,
): Promise<Listed<ProjectSpec>> {
  const { slug = '', name } = spec;
  const created = await api.management({
    method: 'POST',
    path: `/teams/${String(api.teamId())}/create_project`,
    body: { name: nameToCreate(slug, name) },
    decode: (body) => projectOf(body, 'the created project'),
    signal,
  });
  api.noteBorn(pathOf(created.id));
  if (created.spec.slug === slug) return created;
  throw new PlatformError(
    'lost-race',
    `the platform made the project with id ${created.id} under the slug ${created.spec.slug ?? ''} instead of ${slug}, and the catalog API cannot change it; it is left alone`,
    { executed: 'no', retryable: false },
  );
}

function pathOf(id: string): string {
  return `/projects/${encodeURIComponent(id)}`;
}
