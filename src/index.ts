/**
 * The library's face: what the command line itself uses. Nothing here prints, prompts or exits; what can be expected
 * to fail is a value.
 */
export { apply, plan, validate } from './compose.ts';
export { checkCode } from './compose/check-code.ts';
export type { CheckCodeRequest, CodeChecked } from './compose/check-code.ts';
export { dump } from './compose/dump.ts';
export type { Dumped, DumpRequest } from './compose/dump.ts';
export { drift } from './compose/drift.ts';
export type { Drifted, DriftRequest } from './compose/drift.ts';
export type {
  Applied,
  ApplyRequest,
  Approval,
  Effects,
  FileTexts,
  Planned,
  Settings,
  Validated,
} from './compose/contract.ts';
export type { Consent } from './model/consent.ts';
export type { Address } from './model/address.ts';
export type { Change, FieldChange, Plan, Refusal, Scope } from './model/change.ts';
export type { Diagnostic } from './model/diagnostic.ts';
export type { KindCoverage } from './model/coverage.ts';
export type { Drift, DriftItem, MovedBy } from './model/drift.ts';
export type { RunEvent } from './model/event.ts';
export type { ApplyReport, Outcome, Proof } from './model/outcome.ts';
export type { SavedPlan } from './model/saved-plan.ts';
