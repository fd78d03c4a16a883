import { looksLikeCredential } from '../model/credential.ts';

/** The tool's and the runner's own credentials (rule 16), whatever they look like. */
const OWN = /^(?:CONVEX_.*(?:TOKEN|KEY)|CONVERGE_|GITHUB_TOKEN$|ACTIONS_.*TOKEN)/;

/**
 * Replaces the values of the environment's credentials in a text: the last net under logs and crash messages.
 * Run events carry no value by their type; this is for what nobody thought of.
 */
export function scrubberFor(env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const secrets = Object.entries(env)
    .filter((entry): entry is [string, string] => (entry[1] ?? '').length >= 6)
    .filter(([name, value]) => OWN.test(name) || looksLikeCredential(name, value))
    // Inside a JSON log line a value stands escaped.
    .flatMap(([, value]) => [value, JSON.stringify(value).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[secret]'), text);
}
