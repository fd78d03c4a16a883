import { expect, test } from 'vitest';
import { leaseContract } from './contract.ts';
import { pausesOutliveTheirLeader } from './pauses.ts';
import { threeReplicas } from './replicas.ts';
import { roleRules } from './role.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const started: StandIn[] = [];

leaseContract(async () => {
  const standIn = await startStandIn();
  started.push(standIn);
  return standIn;
});

threeReplicas(startStandIn);
pausesOutliveTheirLeader(startStandIn);

test('the Role permits what was asked, and nothing that was not', () => {
  const asked = new Set(
    started.flatMap((standIn) => standIn.asked.map(({ verb, resource, name }) => `${verb} ${resource}/${name}`)),
  );
  const permitted = roleRules().flatMap(({ resources, verbs, resourceNames = [] }) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${resource}/${name}`)),
    ),
  );
  expect([...asked].sort()).toEqual(permitted.sort());
});
