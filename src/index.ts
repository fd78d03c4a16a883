/**
 * The library's face. Nothing here prints, prompts or exits; what can be expected to fail is a value. All that is
 * exported here is public and versioned (docs/library.md, docs/extending.md); nothing else of the package is.
 */
export { apply, checkCode, drift, dump, explain, plan, schema, validate } from './compose/library.ts';
export type { Policy, PolicyFunction } from './compose/ask-policies.ts';
export type {
  ApplyOptions,
  Approve,
  CheckCodeOptions,
  DriftOptions,
  DumpOptions,
  ExplainOptions,
  PlanOptions,
} from './compose/library.ts';
export type { CodeChecked } from './compose/check-code.ts';
export type { Options } from './compose/options.ts';
export type { Applied, Approval, FileTexts, Planned, Validated } from './compose/contract.ts';
export type { Drifted } from './compose/drift.ts';
export type { Dumped } from './compose/dump.ts';
export type { Explained } from './compose/explain.ts';

// What the functions give and take.
export type { Address } from './model/address.ts';
export type { Action, Change, FieldChange, Plan, Reason, Refusal, RefusalRule, Scope } from './model/change.ts';
export type { DiagnosticCode } from './model/diagnostic-codes.ts';
export type { Diagnostic } from './model/diagnostic.ts';
export type { CodeCheck } from './model/code-check.ts';
export type { KindCoverage } from './model/coverage.ts';
export type { Drift, DriftItem, MovedBy } from './model/drift.ts';
export type { EventSink, RunEvent } from './model/event.ts';
export type { Explanation } from './model/explanation.ts';
export type { ApplyReport, Interruption, Outcome, OutcomeStatus, Proof } from './model/outcome.ts';
export type { PlanDocument } from './model/plan-document.ts';
export type { PolicyAnswer, PolicyFinding } from './model/policy-answer.ts';
export type { Chance, Clock } from './model/ports.ts';
export type { SavedPlan } from './model/saved-plan.ts';
export { Secret } from './model/secret.ts';
export type { Dialect } from './providers/registry.ts';

// The machine formats.
export { applyDocument } from './report/apply-json.ts';
export { driftDocument } from './report/drift-json.ts';
export { planDocument, readPlanDocument, savedPlanDocument, savedPlanOf } from './report/plan-json.ts';

// For kinds and platforms of one's own (docs/extending.md).
export { addressOf } from './model/address.ts';
export { PlatformError } from './model/error.ts';
export type { PlatformErrorCode } from './model/error.ts';
export type {
  BatchRequest,
  CreateRequest,
  DeleteRequest,
  Finding,
  FindRequest,
  Listed,
  Listing,
  ListRequest,
  ResourceKind,
  Singly,
  Together,
  UpdateRequest,
} from './model/kind.ts';
export type { Provider, RequestUsage } from './model/provider.ts';
export type { DesiredResource, Facts, LiveResource, Spec } from './model/resource.ts';
export type { FieldSchema, JsonSchema, SpecSchema } from './model/schema.ts';
export { reveal } from './model/secret.ts';
export type { Target } from './model/target.ts';
export type { OwnPlatform, PlatformMachine } from './compose/platform.ts';
export type { ApiRequest, ConvexApi } from './providers/convex/api.ts';
export { listingOf, listingOfEach } from './providers/convex/listing.ts';
export { listOf, shapeOf, UnexpectedShape } from './providers/http/decode.ts';
export type { Shape } from './providers/http/decode.ts';
export type { FurtherKind } from './providers/registry.ts';
