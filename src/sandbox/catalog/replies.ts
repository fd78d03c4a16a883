import type { UrlOf } from '../operation.ts';
import type { Deployment, Domain, Member, Project } from '../platform/state.ts';

/* State → the JSON of the catalog's two specifications: its fields and no others. */

export function projectReply({ id, slug, name, team }: Project) {
  return { id, slug, name, team_id: team.id };
}

export function deploymentReply(urlOf: UrlOf, one: Deployment) {
  return {
    id: one.id,
    name: one.name,
    deployment_type: one.type,
    deployment_class: one.class,
    region: one.region,
    project_id: one.project.id,
    url: urlOf(one, 'convexCloud'),
  };
}

export function domainReply({ domain, destination }: Domain) {
  return { domain, request_destination: destination };
}

export function memberReply({ id, email, role }: Member) {
  return { id, email, role };
}
