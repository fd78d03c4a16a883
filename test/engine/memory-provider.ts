// A second platform, in memory, on which all engine tests run: that it works proves that the engine knows no kind.
// Under 80 lines on purpose: this is all that a provider needs.
import type { Listed, ListRequest, ResourceKind } from '../../src/model/kind.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { Spec } from '../../src/model/resource.ts';
import { machine, pointer, setting, sign, site, type KindTraits } from './memory-kinds.ts';

export interface Memory {
  items: (Listed & { readonly kind: string })[];
  readonly calls: string[];
  /** Runs at every call before it takes effect; throws to fail it. */
  onCall(call: string): void;
}

export const newMemory = (): Memory => ({ items: [], calls: [], onCall: () => undefined });

export function put(memory: Memory, kind: string, parentId: string | null, spec: Spec): Listed {
  const item = { kind, id: `${kind}-${String(spec['id'] ?? spec['name'])}`, parentId, spec, facts: {} };
  memory.items.push(item);
  return item;
}

function call(memory: Memory, name: string): void {
  memory.calls.push(name);
  memory.onCall(name);
}

const list =
  (kind: string) =>
  async (memory: Memory, { parents }: ListRequest) => {
    const ids = parents === 'team' || parents.length === 0 ? null : parents.map(({ id }) => id);
    for (const id of ids ?? ['all']) call(memory, `list ${kind} ${id}`);
    const isIn = (item: Listed): boolean => ids === null || ids.includes(item.parentId ?? '');
    return { items: memory.items.filter((item) => item.kind === kind && isIn(item)), unreadable: [] };
  };

const alone = (traits: KindTraits): ResourceKind<Spec, Memory> => ({
  ...traits,
  list: list(traits.name),
  write: {
    how: 'singly',
    create: async (memory, { parent, spec }) => {
      call(memory, `create ${String(spec['id'])}`);
      return put(memory, traits.name, parent?.id ?? null, traits.born?.(spec) ?? spec);
    },
    update: async (memory, { live, fields }) => {
      call(memory, `update ${live.id} ${Object.keys(fields).join(' ')}`);
      memory.items = memory.items.map((item) =>
        item.id === live.id ? { ...item, spec: { ...item.spec, ...fields } } : item,
      );
    },
    delete: async (memory, { live: { id } }) => {
      call(memory, `delete ${id}`);
      memory.items = memory.items.filter((item) => item.id !== id && item.parentId !== id);
    },
  },
});

const together = (traits: KindTraits): ResourceKind<Spec, Memory> => ({
  ...traits,
  list: list(traits.name),
  write: {
    how: 'together',
    invalidates: true,
    write: async (memory, { parent, set, remove }) => {
      call(memory, `write ${parent.id} +${set.length} -${remove.length}`);
      const names = new Set([...set, ...remove].map(traits.key));
      memory.items = memory.items.filter((item) => item.parentId !== parent.id || !names.has(traits.key(item.spec)));
      for (const spec of set) put(memory, traits.name, parent.id, spec);
    },
  },
});

const kinds = [...[site, machine, sign, pointer].map(alone), together(setting)];
const target = { apiUrl: 'memory:', dialect: 'memory', teamId: 1, teamSlug: null };
const usage = () => ({ reads: 0, writes: 0, throttled: 0, waitedMs: 0 });
export function memoryProvider(api: Memory): Provider<Memory> {
  return { kinds, api, usage, teamSlug: () => 'home', identify: async () => target, close: async () => undefined };
}
