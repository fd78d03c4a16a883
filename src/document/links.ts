import type { Diagnostic } from '../model/diagnostic.ts';
import { didYouMean, looksLikeName, show, showAll } from './show.ts';
import type { Collection, StateDocument, WrittenSelector } from './state-document.ts';

/** The names in lists of whole sets that no document declares. */
export function unknownSets(state: StateDocument): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const visit = (collections: readonly Collection[]): void => {
    for (const { kind, bulk, members } of collections) {
      const sets = state.sets.get(kind);
      for (const item of bulk) {
        if (item.type !== 'set' || sets?.has(item.name) === true) continue;
        const known = [...(sets?.keys() ?? [])].toSorted();
        const hint =
          didYouMean(item.name, known) ??
          (known.length === 0 ? 'No sets are declared.' : `Declared are ${showAll(known.slice(0, 20))}.`);
        // What is no name may be a value in the wrong place, and is not repeated.
        const summary = looksLikeName(item.name)
          ? `no set ${show(item.name)} is declared`
          : 'no set of this name is declared';
        diagnostics.push({ severity: 'error', code: 'CVG308', summary, hint, where: item.where });
      }
      for (const member of members) {
        visit(member.collections);
        visitSelectors(member.selectors);
      }
    }
  };
  const visitSelectors = (selectors: readonly WrittenSelector[]): void => {
    for (const selector of selectors) {
      visit(selector.collections);
      visitSelectors(selector.selectors);
    }
  };
  visit(state.defaults.collections);
  visit(state.collections);
  visitSelectors(state.selectors);
  return diagnostics;
}
