import { badRequest } from './errors.ts';
import { pick } from './random.ts';
import type { Random } from './random.ts';

const ADJECTIVES = [
  'agile', 'amber', 'bold', 'brave', 'bright', 'brisk', 'calm', 'clever', 'cool', 'coral', 'curious', 'daring', 'deft',
  'eager', 'earnest', 'fast', 'fine', 'fleet', 'frugal', 'gentle', 'glad', 'good', 'graceful', 'happy', 'hidden',
  'honest', 'jolly', 'joyful', 'keen', 'kindly', 'lively', 'loyal', 'lucky', 'merry', 'mild', 'neat', 'nimble', 'noble',
  'patient', 'playful', 'polite', 'proud', 'quick', 'quiet', 'rapid', 'ready', 'sincere', 'steady', 'swift', 'tidy',
  'tough', 'upbeat', 'valiant', 'warm', 'wary', 'wise', 'witty', 'zealous',
] as const; // prettier-ignore

const ANIMALS = [
  'alpaca', 'antelope', 'badger', 'bear', 'beaver', 'bison', 'camel', 'capybara', 'cat', 'cow', 'crane', 'deer',
  'dolphin', 'duck', 'eagle', 'falcon', 'ferret', 'finch', 'fox', 'gazelle', 'gecko', 'goat', 'goose', 'hare', 'heron',
  'horse', 'ibex', 'jackal', 'kangaroo', 'koala', 'lark', 'lemur', 'lion', 'lynx', 'marmot', 'meerkat', 'mink', 'mole',
  'moose', 'mouse', 'newt', 'ocelot', 'okapi', 'orca', 'otter', 'owl', 'panda', 'pelican', 'penguin', 'puffin', 'quail',
  'rabbit', 'raven', 'robin', 'seal', 'sloth', 'spider', 'stork', 'tapir', 'tiger', 'toucan', 'viper', 'walrus',
  'wombat', 'yak', 'zebra',
] as const; // prettier-ignore

/** What the platform's own deployment names look like (specification of PATCH /deployments). */
export const DEPLOYMENT_NAME = /^[a-z]+-[a-z]+-[0-9]+$/;

/** A name like `happy-otter-123` that `taken` does not know. */
export function generateDeploymentName(random: Random, taken: (name: string) => boolean): string {
  for (;;) {
    const name = `${pick(random, ADJECTIVES)}-${pick(random, ANIMALS)}-${100 + Math.floor(random() * 900)}`;
    if (!taken(name)) return name;
  }
}

/** Lower-case letters and digits joined by single hyphens; may be empty. */
export function slugify(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

const SLUG_MIN = 3;
const SLUG_MAX = 64;

/**
 * The slug of a new project: from its name, with a random suffix when it is taken.
 * That duplicates are allowed is known (dashboard source); the form of the suffix is not.
 */
export function deriveSlug(name: string, random: Random, taken: (slug: string) => boolean): string {
  const words = slugify(name);
  const base = (words.length < SLUG_MIN ? `project${words === '' ? '' : `-${words}`}` : words)
    .slice(0, SLUG_MAX)
    .replace(/-+$/, '');
  let slug = base;
  while (taken(slug)) {
    const suffix = Math.floor(random() * 16 ** 5)
      .toString(16)
      .padStart(5, '0');
    slug = `${base.slice(0, SLUG_MAX - 6)}-${suffix}`;
  }
  return slug;
}

/** 3–64 of `[\w-]` (convex-backend `big_brain_private_api_types/src/slugs.rs`). */
export function checkSlug(slug: string): void {
  if (slug.length < SLUG_MIN || slug.length > SLUG_MAX || !/^[\w-]+$/.test(slug)) {
    throw badRequest(
      'InvalidSlug',
      `The slug '${slug}' is invalid: it must have 3 to 64 characters and only letters, numbers, '_' and '-'.`,
    );
  }
}

/** 3–128 characters (dashboard `ProjectForm.tsx`). */
export function checkProjectName(name: string): void {
  if (name.length < 3 || name.length > 128) {
    throw badRequest('InvalidProjectName', 'A project name must have 3 to 128 characters.');
  }
}
