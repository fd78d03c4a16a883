import path from 'node:path';

/** A path as people see it, with `/`: relative to `cwd` where it lies below, else `given` as it was written. */
export function displayPath(given: string, cwd: string): string {
  const relative = path.relative(cwd, path.resolve(cwd, given));
  const below = relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`);
  return (below && !path.isAbsolute(relative) ? relative : given).replaceAll(path.sep, '/');
}
