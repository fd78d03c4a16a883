import type { Explanation, LineHistory } from '../model/explanation.ts';
import { instantText } from '../model/instant.ts';
import { diagnosticsJson } from './diagnostic-json.ts';
import { byJson } from './drift-json.ts';
import { refusalsJson, sorted, targetJson, unreadableJson, type DocumentMeta } from './envelope-json.ts';
import { FORMAT_VERSIONS } from './format-version.ts';
import { plainJson } from './plain-json.ts';
import { changeJson } from './plan-json.ts';

/** One thing's story as JSON data: only documented keys in their order, no sensitive value. */
export function explainDocument(explanation: Explanation, meta: DocumentMeta) {
  const { address, standing, declared, live, lastEqualAt, lastEvent, change, requests } = explanation;
  return {
    kind: 'explain' as const,
    formatVersion: FORMAT_VERSIONS.explain,
    tool: meta.tool,
    createdAt: meta.createdAt,
    target: targetJson(explanation.target),
    address,
    standing,
    declared:
      declared === null
        ? null
        : {
            where: declared.where,
            selector: declared.selector,
            fields: sorted(declared.fields),
            line: lineJson(declared.line),
          },
    live:
      live === null
        ? null
        : { fields: plainJson(live.fields), hidden: sorted(live.hidden), fingerprint: live.fingerprint },
    ...(lastEqualAt === null ? {} : { lastEqualAt: instantText(lastEqualAt) }),
    ...('by' in lastEvent ? { by: byJson(lastEvent.by) } : { unattributed: lastEvent.unattributed }),
    change: change === null ? null : changeJson(change),
    refusals: refusalsJson(explanation.refusals),
    pauses: explanation.pauses.map(({ address: paused, owner, reason, expires }) => ({
      address: paused,
      owner,
      reason,
      expires,
    })),
    ignored: explanation.ignored.map(({ address: glob, fields, reason, expires }) => ({
      address: glob,
      fields: sorted(fields),
      reason,
      expires,
    })),
    needs: sorted(explanation.needs),
    dependents: sorted(explanation.dependents),
    unreadable: unreadableJson(explanation.unreadable),
    diagnostics: diagnosticsJson(explanation.diagnostics, 'content'),
    requests: { read: requests.read, logs: requests.logs },
  };
}

function lineJson(line: LineHistory) {
  switch (line.type) {
    case 'committed':
      return {
        type: line.type,
        author: line.author,
        commit: line.commit,
        at: instantText(line.at),
        summary: line.summary,
      };
    case 'uncommitted':
      return { type: line.type };
    case 'unknown':
      return { type: line.type, why: line.why };
    default:
      return line satisfies never;
  }
}
