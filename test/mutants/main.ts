/**
 * Applies one-line faults to the source, one at a time, and lists those that no test detects: `npm run mutants --
 * --count 100 --seed 1 --jobs 2 --rooms src/features src/tiles`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Random } from '../../src/sample/random.ts';
import { sampleFolder } from '../setup/template.ts';
import { Checkout } from './checkout.ts';
import { chooseMutants, type Mutant } from './mutate.ts';

/** Rooms in which a fault changes an answer. The sample is invented, and people also check the viewer by eye. */
const ROOMS = [
  'access',
  'analysis',
  'catalog',
  'changes',
  'cql2',
  'database',
  'features',
  'filter',
  'geo',
  'geometry',
  'http',
  'lib',
  'parcels',
  'raster',
  'styles',
  'tiles',
  'transfer',
];

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    rooms: { type: 'string', multiple: true, default: ROOMS.map((room) => `src/${room}`) },
  },
});

function readSources(): Map<string, string> {
  const listed = execFileSync('git', ['ls-files', ...values.rooms], { encoding: 'utf8' });
  const files = listed.split('\n').filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  return new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
}

const print = (text: string) => process.stdout.write(`${text}\n`);
const waiting = chooseMutants(readSources(), Number(values.count), new Random(Number(values.seed)));
const survivors: Mutant[] = [];
let killed = 0;

async function work(): Promise<void> {
  const checkout = new Checkout();
  try {
    for (let mutant = waiting.pop(); mutant; mutant = waiting.pop()) {
      const isKilled = await checkout.kills(mutant);
      if (isKilled) killed++;
      else survivors.push(mutant);
      print(
        `${isKilled ? 'killed  ' : 'SURVIVED'} ${mutant.file}:${mutant.line}${isKilled ? '' : `\n- ${mutant.before.trim()}\n+ ${mutant.after.trim()}`}`,
      );
    }
  } finally {
    checkout.remove();
  }
}

// Any run builds the sample if it is not cached.
execFileSync('npx', ['vitest', 'run', 'test/mutants'], { stdio: 'ignore' });
process.env.TEST_SAMPLE = sampleFolder();
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
print(`${killed} killed, ${survivors.length} survived`);
