// One stage in this process: `node one.ts NAME SEED COUNT [quick]`, its result as JSON on stdout.
import { STAGES } from './stages/all.ts';

const [, , name = '', seed = '1', count = '1', quick] = process.argv;
const stage = Object.entries(STAGES).find(([one]) => one === name)?.[1];
if (stage === undefined) throw new Error(`no stage ${name}`);
console.log(JSON.stringify(await stage.run({ seed: Number(seed), count: Number(count), quick: quick !== undefined })));
