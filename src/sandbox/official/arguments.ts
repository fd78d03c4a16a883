import { DEPLOYMENT_TYPES } from '../platform/state.ts';
import { flag, fromText, integer, nullable, number, oneOf, optional, text } from '../readers.ts';

/* Arguments that several official operations share. */

export const type = oneOf(...DEPLOYMENT_TYPES);
export const maybe = {
  text: optional(nullable(text)),
  flag: optional(nullable(flag)),
  time: optional(nullable(number)),
};
export const queryId = optional(fromText(integer));
export const queryFlag = optional(fromText(nullable(flag)));
export const queryType = optional(fromText(nullable(type)));
export const paging = { cursor: optional(text), limit: optional(fromText(number)) };
