import type { ResourceKind } from '../../model/kind.ts';
import type { Spec } from '../../model/resource.ts';
import type { ConvexApi } from './api.ts';
import { canonicalUrlKind } from './canonical-url/kind.ts';
import { officialCanonicalUrl } from './canonical-url/official.ts';
import { deploymentKind } from './deployment/kind.ts';
import { officialDeployment } from './deployment/official.ts';
import { domainKind } from './domain/kind.ts';
import { officialDomain } from './domain/official.ts';
import { envVarKind } from './env-var/kind.ts';
import { officialEnvVar } from './env-var/official.ts';
import { projectKind } from './project/kind.ts';
import { officialProject } from './project/official.ts';

/** The kinds of the Convex platform as the official APIs serve them, parents before children. */
export const convexKinds: readonly ResourceKind<Spec, ConvexApi>[] = [
  { ...projectKind, ...officialProject },
  { ...deploymentKind, ...officialDeployment },
  { ...envVarKind, ...officialEnvVar },
  { ...domainKind, ...officialDomain },
  { ...canonicalUrlKind, ...officialCanonicalUrl },
];
