import { PlatformError } from '../../../model/error.ts';
import type { CreateRequest, Listed, UpdateRequest } from '../../../model/kind.ts';
import { shapeOf } from '../../http/decode.ts';
import { PAGE_SIZE, pageOf, readPages } from '../../http/pages.ts';
import type { ConvexApi } from '../api.ts';
import type { KindWire } from '../kind-definition.ts';
import { listingOf } from '../listing.ts';
import type { ProjectSpec } from './kind.ts';

/** Projects in the official management API. */
export const officialProject: KindWire<ProjectSpec> = {
  pageSize: PAGE_SIZE,
  toldBy: 'log',
  list: (api, { signal }) => listingOf(null, () => listProjects(api, signal)),
  find: (api, { live, signal }) => findProject(api, live.id, signal),
  write: {
    how: 'singly',
    create: createProject,
    arrived: (api, { id }) => api.noteBorn(pathOf(id)),
    update: updateProject,
    delete: (api, { live, signal }) => api.management({ method: 'POST', path: `${pathOf(live.id)}/delete`, signal }),
  },
};

/** Its id is the platform's own, so "not found" is gone. */
async function findProject(api: ConvexApi, id: string, signal: AbortSignal): Promise<Listed<ProjectSpec> | null> {
  try {
    return await api.management({
      method: 'GET',
      path: pathOf(id),
      decode: (body) => projectOf(body, 'the project'),
      signal,
    });
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'not-found') return null;
    throw error;
  }
}

async function listProjects(api: ConvexApi, signal: AbortSignal): Promise<readonly Listed<ProjectSpec>[]> {
  const path = `/teams/${String(api.teamId())}/projects`;
  const projects = await readPages(
    'the list of projects',
    (query) =>
      api.management({ method: 'GET', path, query, decode: (body) => pageOf(body, 'projects', projectOf), signal }),
    ({ id }) => id,
  );
  const slug = projects[0]?.facts['teamSlug'];
  if (typeof slug === 'string') api.noteTeamSlug(slug);
  return projects;
}

/** `ProjectResponse` → the project. */
function projectOf(item: unknown, at: string): Listed<ProjectSpec> {
  const project = shapeOf(item, at);
  return {
    id: String(project.integer('id')),
    parentId: null,
    spec: { slug: project.text('slug'), name: project.text('name') },
    facts: { createTime: project.integer('createTime'), teamSlug: project.text('teamSlug') },
  };
}

/** Under its slug as its name, so that the platform derives the slug we want. */
async function createProject(
  api: ConvexApi,
  { spec, signal }: CreateRequest<ProjectSpec>,
): Promise<Listed<ProjectSpec>> {
  const name = spec.slug ?? '';
  const created = await api.management({
    method: 'POST',
    path: `/teams/${String(api.teamId())}/create_project`,
    body: { projectName: name },
    decode: (body) => createdOf(body, name),
    signal,
  });
  api.noteBorn(pathOf(created.id));
  return created;
}

/** `PlatformCreateProjectResponse` → the project as it now is; the platform may have chosen another slug. */
function createdOf(body: unknown, name: string): Listed<ProjectSpec> {
  const created = shapeOf(body, 'the created project');
  return {
    id: String(created.integer('id')),
    parentId: null,
    spec: { slug: created.text('slug'), name },
    facts: { createTime: null, teamSlug: null },
  };
}

async function updateProject(api: ConvexApi, request: UpdateRequest<ProjectSpec>): Promise<void> {
  const { live, fields, signal } = request;
  try {
    await api.management({ method: 'PATCH', path: pathOf(live.id), body: { ...fields }, signal });
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'conflict' && fields.slug !== undefined) {
      throw lostRace(error, live.id, { asked: fields.slug, has: live.spec.slug ?? live.key });
    }
    throw error;
  }
}

/** Rule 20: the stray is named and left alone. */
function lostRace(
  error: PlatformError,
  id: string,
  slugs: { readonly asked: string; readonly has: string },
): PlatformError {
  return new PlatformError(
    'lost-race',
    `another project has taken the slug ${slugs.asked}; the project with id ${id} keeps the slug ${slugs.has} and is left alone`,
    { executed: 'no', retryable: false, status: error.status, platformCode: error.platformCode },
  );
}

function pathOf(id: string): string {
  return `/projects/${encodeURIComponent(id)}`;
}
