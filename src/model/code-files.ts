/** The files of an app, read by a port: paths are relative to its folder, with `/`, and may lead out of it with `..`. */
export interface CodeFiles {
  /** Every file in a folder and below, sorted, without hidden ones and installed packages; none where there is no such folder. */
  list(folder: string): Promise<CodeListing>;
  read(path: string): Promise<CodeFile>;
  /** The path as findings name it. */
  shown(path: string): string;
}

export interface CodeListing {
  readonly files: readonly string[];
  /** Folders, and links, that could not be looked into. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
}

export type CodeFile =
  | { readonly type: 'text'; readonly text: string }
  /** Nothing of that name, or a folder. */
  | { readonly type: 'none' }
  | { readonly type: 'unreadable'; readonly why: string };
