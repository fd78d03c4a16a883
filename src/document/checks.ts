import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Claim, Finding } from '../model/kind.ts';
import type { AnyKind } from '../model/kinds.ts';
import { comparePlace, type Place } from '../model/place.ts';
import type { DesiredResource } from '../model/resource.ts';
import type { LayeredMember } from './layers.ts';
import { show } from './show.ts';
import type { Defaults, Member } from './state-document.ts';

/** A member and the resource it became. */
export interface Expanded extends LayeredMember {
  readonly resource: DesiredResource;
}

/** The kinds' offline checks, told at the lines that are to blame. */
export interface Checks {
  member(kind: AnyKind, expanded: Expanded): void;
  collection(kind: AnyKind, collection: CheckedCollection): void;
  /** Once, at the end: names that two resources claim. */
  claims(): void;
}

interface CheckedCollection {
  readonly parent: Address | null;
  readonly where: Place;
  /** Written under the parent itself, not in the defaults. */
  readonly own: boolean;
  readonly members: readonly Expanded[];
}

interface Claimed extends Claim {
  readonly resource: DesiredResource;
}

export function checksOf(defaults: Defaults, diagnostics: Diagnostic[]): Checks {
  const checked = new Set<Member>();
  const claimed: Claimed[] = [];
  return {
    member(kind, { member, own, resource }) {
      if (member.partial) return;
      const spec = { ...resource.atCreation, ...resource.spec };
      if (!resource.absent) {
        for (const claim of kind.claims?.(spec) ?? []) claimed.push({ ...claim, resource });
      }
      // What many entries share is checked and reported once, for none of them in particular.
      if (!own && checked.has(member)) return;
      checked.add(member);
      for (const finding of kind.check?.(spec) ?? []) {
        diagnostics.push(found(finding, blame(finding, { member, own, resource, defaults })));
      }
    },
    collection(kind, { parent, where, own, members }) {
      checkRenames(kind, members, diagnostics);
      const whole = members.filter(({ member, resource }) => !member.partial && !resource.absent);
      for (const { key, ...finding } of kind.checkSiblings?.(whole.map(({ resource }) => resource)) ?? []) {
        const blamed = whole.find(({ resource }) => resource.key === key);
        if (blamed !== undefined) diagnostics.push(found(finding, blame(finding, { ...blamed, defaults })));
      }
      const specs = members.filter(({ resource }) => !resource.absent).map(({ resource }) => resource.spec);
      for (const finding of kind.checkAll?.(specs) ?? []) {
        diagnostics.push(found(finding, own && parent !== null ? { where, address: parent } : { where }));
      }
    },
    claims: () => reportClaims(claimed, diagnostics),
  };
}

type Blame = { readonly where: Place; readonly address?: Address };

function found({ field: _field, ...finding }: Finding, blamed: Blame): Diagnostic {
  return { ...finding, ...blamed };
}

/** The line of the field: the entry's, else the defaults' where the field came from there, else the entry as a whole. */
function blame(
  { field }: Finding,
  { member, own, resource, defaults }: Expanded & { readonly defaults: Defaults },
): Blame {
  const shared = field === undefined || field in member.spec ? undefined : defaults.places.get(field);
  if (shared !== undefined) return { where: shared };
  const where = (field === undefined ? undefined : member.places.get(field)) ?? member.where;
  return own ? { where, address: resource.address } : { where };
}

function checkRenames(kind: AnyKind, members: readonly Expanded[], diagnostics: Diagnostic[]): void {
  const declared = new Map(members.map(({ member }) => [member.key, member]));
  const renamed = new Map<string, Member>();
  for (const { member, resource } of members.toSorted((a, b) => comparePlace(a.member.where, b.member.where))) {
    if (member.renamedFrom === null) continue;
    const { key, where } = member.renamedFrom;
    const report = (summary: string, also: Place | undefined): void => {
      const conflict = also === undefined ? {} : { also };
      diagnostics.push({ severity: 'error', code: 'CVG307', summary, where, ...conflict, address: resource.address });
    };
    const other = declared.get(key);
    const twin = renamed.get(key);
    renamed.set(key, member);
    if (other === member) report(`\`renamedFrom\` names the entry itself, ${show(key)}`, undefined);
    else if (other !== undefined) {
      report(`\`renamedFrom\` names ${show(key)}, which is another declared ${kind.name}`, other.where);
    } else if (twin !== undefined) {
      report(`\`renamedFrom\` names ${show(key)} in two entries`, twin.renamedFrom?.where);
    }
  }
}

function reportClaims(claimed: readonly Claimed[], diagnostics: Diagnostic[]): void {
  const byName = Map.groupBy(claimed, ({ scope, name, resource }) =>
    JSON.stringify([resource.kind, scope === 'siblings' ? resource.parent : null, scope, name]),
  );
  for (const group of byName.values()) {
    const [first, ...more] = group.toSorted((a, b) => comparePlace(a.resource.where, b.resource.where));
    if (first === undefined) continue;
    for (const { label, resource } of more) {
      diagnostics.push({
        severity: 'error',
        code: 'CVG306',
        summary: `${resource.address} and ${first.resource.address} both ask to be ${label}`,
        where: resource.where,
        also: first.resource.where,
        address: resource.address,
      });
    }
  }
}
