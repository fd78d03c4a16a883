// Judges every write that reaches the platform, at the moment in which it is done.
import type { Platform } from '../../src/sandbox/platform/platform.ts';
import { DECLARED, pathOf } from './estate.ts';

export interface Refereed {
  /** The same platform; what goes through it is the daemon's. */
  readonly platform: Platform;
  readonly violations: readonly string[];
  readonly writes: () => number;
}

export function refereed(inner: Platform): Refereed {
  const violations: string[] = [];
  let writes = 0;
  const wrong = (what: string): void => void violations.push(what);
  const never =
    <Args extends readonly unknown[], Result>(what: string, operation: (...args: Args) => Result) =>
    (...args: Args): Result => {
      wrong(`${what}: nobody asked for that`);
      return operation(...args);
    };
  const platform: Platform = {
    ...inner,
    updateEnvironment(caller, deployment, changes, options) {
      writes += 1;
      const path = pathOf(deployment);
      const wanted = DECLARED.get(path)?.env;
      for (const { name, value } of changes) {
        if (wanted?.get(name) !== value) wrong(`${path} ${name} was written otherwise than declared`);
        if (deployment.env.get(name) === value) wrong(`${path} ${name} was written and was so already`);
      }
      return inner.updateEnvironment(caller, deployment, changes, options);
    },
    updateDeployment(caller, deployment, fields) {
      writes += 1;
      const path = pathOf(deployment);
      const wanted = DECLARED.get(path)?.class;
      if (Object.keys(fields).join() !== 'class' || fields.class !== wanted) wrong(`${path} was given other fields`);
      if (deployment.class === wanted) wrong(`${path} class was written and was so already`);
      return inner.updateDeployment(caller, deployment, fields);
    },
    createDomain(caller, deployment, key) {
      writes += 1;
      if (DECLARED.get(pathOf(deployment))?.domain !== key.domain)
        wrong(`${key.domain} was made, which nobody asked for`);
      return inner.createDomain(caller, deployment, key);
    },
    createProject: never('a project was made', inner.createProject),
    updateProject: never('a project was changed', inner.updateProject),
    deleteProject: never('a project was deleted', inner.deleteProject),
    createDeployment: never('a deployment was made', inner.createDeployment),
    deleteDeployment: never('a deployment was deleted', inner.deleteDeployment),
    transferDeployment: never('a deployment was moved', inner.transferDeployment),
    deleteDomain: never('a domain was removed', inner.deleteDomain),
    updateCanonicalUrl: never('a canonical URL was written', inner.updateCanonicalUrl),
    updateDefaultEnvironment: never('default variables were written', inner.updateDefaultEnvironment),
  };
  return { platform, violations, writes: () => writes };
}
