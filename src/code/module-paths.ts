/** Extensions of code, in the order in which an import without one is tried. */
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'] as const;

/** What TypeScript lets an import say for a file that ends otherwise. */
const COMPILED: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

export function isCode(path: string): boolean {
  return EXTENSIONS.some((extension) => path.endsWith(extension)) && !/\.d\.[cm]?ts$/.test(path);
}

/** The files that an import of `target` (joined already) can mean, the likeliest first. */
export function candidatesFor(target: string): readonly string[] {
  const found = isCode(target) ? [target] : [];
  const extension = /\.[cm]?jsx?$/.exec(target)?.[0];
  if (extension !== undefined) {
    const stem = target.slice(0, -extension.length);
    found.push(...(COMPILED[extension] ?? []).map((other) => stem + other));
  }
  found.push(...EXTENSIONS.map((other) => target + other), ...EXTENSIONS.map((other) => `${target}/index${other}`));
  return found;
}

/** `./a`, `..`, and their like; all else is a package or an alias. */
export function isRelative(specifier: string): boolean {
  return /^\.\.?(?:\/|$)/.test(specifier);
}

/** The specifier's extension says that it is no code: a style, a picture, data. */
export function isAsset(specifier: string): boolean {
  return /\.(?:json|css|scss|svg|png|jpe?g|gif|webp|wasm|txt|md|html|graphql|sql|woff2?)(?:\?.*)?$/.test(specifier);
}

/** Path arithmetic with `/` only; `..` beyond the start stays. */
export function joined(folder: string, relative: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${relative}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
