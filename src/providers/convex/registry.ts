import { catalogDeployment } from './deployment/catalog.ts';
import { canonicalUrlKind } from './canonical-url/kind.ts';
import { officialCanonicalUrl } from './canonical-url/official.ts';
import { deploymentKind } from './deployment/kind.ts';
import { officialDeployment } from './deployment/official.ts';
import { catalogDomain } from './domain/catalog.ts';
import { domainKind } from './domain/kind.ts';
import { officialDomain } from './domain/official.ts';
import { catalogEnvVar } from './env-var/catalog.ts';
import { envVarKind } from './env-var/kind.ts';
import { officialEnvVar } from './env-var/official.ts';
import type { ConvexDialectName } from './dialect-name.ts';
import { identifyCatalog } from './identify-catalog.ts';
import { identifyOfficial } from './identify-official.ts';
import { catalogProject } from './project/catalog.ts';
import { projectKind } from './project/kind.ts';
import { logStream } from './log-stream.ts';
import { officialProject } from './project/official.ts';
import type { ConvexDialect } from './provider.ts';
import { followTeamLog } from './team-log.ts';
import { openTrail } from './trail.ts';

/** The dialects by name, the usual one first. Kinds stand parents before children. */
export const convexDialects = {
  official: {
    kinds: [
      { ...projectKind, ...officialProject },
      { ...deploymentKind, ...officialDeployment },
      { ...envVarKind, ...officialEnvVar },
      { ...domainKind, ...officialDomain },
      { ...canonicalUrlKind, ...officialCanonicalUrl },
    ],
    identify: identifyOfficial,
    hints: followTeamLog,
    trail: openTrail,
    push: logStream,
  },
  catalog: {
    kinds: [catalogProject, catalogDeployment, catalogEnvVar, catalogDomain],
    identify: identifyCatalog,
  },
} as const satisfies Readonly<Record<ConvexDialectName, ConvexDialect>>;
