import { Command, InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { addImportCommand } from '../../src/commands/import.ts';
import { bboxOption, integerOption, readList, readUrl } from '../../src/commands/options.ts';
import { addSampleCommand } from '../../src/commands/sample.ts';
import { addTilesCommands } from '../../src/commands/tiles.ts';

describe('an option', () => {
  it.each([
    [
      'a whole number',
      integerOption(1, 64),
      [
        ['1', 1],
        ['64', 64],
        ['007', 7],
      ],
      ['0', '65', '-1', '1.5', '1e1', '', 'x', '99999999999'],
    ],
    [
      'a box',
      bboxOption,
      [
        ['106.6,10.9,106.8,11.1', [106.6, 10.9, 106.8, 11.1]],
        [' -180 , -90,180,90', [-180, -90, 180, 90]],
      ],
      [
        '1,2,3',
        '1,2,3,4,5',
        '2,1,1,2',
        '1,2,2,1',
        '1,1,1,2',
        '-181,0,0,1',
        '0,-91,1,0',
        '0,0,181,1',
        '0,0,1,91',
        '0,,1,1',
        'a,b,c,d',
        '',
      ],
    ],
    [
      'a list',
      readList,
      [
        ['base.road', ['base.road']],
        ['a, b,a', ['a', 'b']],
      ],
      ['', 'a,', ',a', 'a,,b'],
    ],
    [
      'an address',
      readUrl,
      [
        ['http://a.vn/', 'http://a.vn'],
        ['https://a.vn:81/map//', 'https://a.vn:81/map'],
      ],
      ['ftp://a.vn', 'a.vn', 'http://', 'http:// a', ''],
    ],
  ] as const)('that is %s is read, and nothing else is', (_, read, good, bad) => {
    for (const [text, value] of good) expect([text, read(text)]).toEqual([text, value]);
    for (const text of bad) expect(() => read(text), text).toThrow(InvalidArgumentError);
  });

  it.each([
    ['import a.geojson', 'Name a file and its --layer schema.table, or use --list or --undo <id>.'],
    ['import --layer a.b', 'Name a file and its --layer schema.table, or use --list or --undo <id>.'],
    ['import a.geojson --layer a.b --srid abc', '--srid must be a number, e.g. 9210.'],
    ['import a.geojson --layer a.b --srid 9', '--srid must be a number, e.g. 9210.'],
    ['import a.geojson --layer a.b --map sheet', '"sheet" must be field=value.'],
    ['import a.geojson --layer a.b --set =7', '"=7" must be field=value.'],
    ['sample --parcels 0', 'must be a whole number from 1 to 5000000.'],
    ['sample --seed -1', 'must be a whole number from 0 to 2147483647.'],
    ['tiles export a.zip', 'The file must end in .pmtiles or .mbtiles, or --format say what it is.'],
    ['tiles export a.pmtiles --format zip', 'Allowed choices are pmtiles, mbtiles.'],
    ['tiles export a.pmtiles --bbox 1,2,3', 'must be west,south,east,north in degrees, e.g. 106.6,10.9,106.8,11.1.'],
    ['tiles export a.pmtiles --max-zoom 23', 'must be a whole number from 0 to 22.'],
    ['tiles export a.pmtiles --concurrency 0', 'must be a whole number from 1 to 64.'],
    ['tiles export a.pmtiles --layers a,,b', 'must be names with commas between them.'],
    ['tiles seed --url a.vn', 'must be http(s)://host[:port][/path].'],
    ['tiles nonsense', "unknown command 'nonsense'"],
  ])('that is wrong is told before anything begins: %s', async (line, said) => {
    await expect(parse(line)).rejects.toThrow(said);
  });
});

/** Parses a line as the program does, which ends where commander would end the process. */
function parse(line: string): Promise<Command> {
  const program = new Command('diaba').exitOverride().configureOutput({ writeErr: () => {} });
  for (const add of [addImportCommand, addSampleCommand, addTilesCommands]) add(program);
  const quieten = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    command.commands.forEach(quieten);
  };
  quieten(program);
  return program.parseAsync(line.split(' '), { from: 'user' });
}
