/** Roads and waterways with planted faults, each with the findings that its ends must have. */
import type { Expected, Planted } from './planted-record.ts';

type Part = readonly (readonly [x: number, y: number])[];

/** A line by its parts, in metres from the place where it lies with others. */
export interface PlantedLine extends Planted {
  readonly parts: readonly Part[];
}

/** Roads or waterways that lie together, each with the findings of its ends. */
export interface PlantedLines {
  readonly title: string;
  readonly table: 'road' | 'waterway';
  readonly lines: readonly PlantedLine[];
  /** A pond, as a square of 10 m. */
  readonly pond?: readonly [x: number, y: number];
}

function line(
  id: number,
  parts: readonly Part[],
  expected: Expected = [],
  nearly: readonly string[] = [],
): PlantedLine {
  return { id, parts, expected, nearly };
}

/** A line of 40 m along the x axis. */
function straight(id: number): PlantedLine {
  const part: Part = [
    [0, 0],
    [40, 0],
  ];
  return line(id, [part]);
}

/** A line to a point from 10 m above it. */
function from10(
  id: number,
  x: number,
  y: number,
  expected: Expected = [],
  nearly: readonly string[] = [],
): PlantedLine {
  const part: Part = [
    [x, 10],
    [x, y],
  ];
  return line(id, [part], expected, nearly);
}

export const PLANTED_LINES: readonly PlantedLines[] = [
  {
    title: 'one that stops 0.8 m short',
    table: 'road',
    lines: [straight(920_001), from10(920_002, 20, 0.8, [['road-dangle', '1 end', 0.8]])],
  },
  {
    title: 'one that runs 2.5 m past',
    table: 'road',
    lines: [straight(920_003), from10(920_004, 20, -2.5, [['road-dangle', '1 end', 2.5]])],
  },
  { title: 'one that is joined', table: 'road', lines: [straight(920_005), from10(920_006, 20, 0)] },
  {
    title: 'a dead end 4 m away',
    table: 'road',
    lines: [straight(920_007), from10(920_008, 20, 4, [], ['road-dangle'])],
  },
  {
    title: 'a gap of 8 cm, which rounding explains',
    table: 'road',
    lines: [straight(920_009), from10(920_010, 20, 0.08, [], ['road-dangle'])],
  },
  {
    title: 'one that is joined 2 m beside another that is joined',
    table: 'road',
    lines: [
      straight(920_011),
      from10(920_012, 20, 0),
      line(920_013, [
        [
          [22, -10],
          [22, 0],
        ],
      ]),
    ],
  },
  {
    title: 'a loop that stops 1 m before its beginning',
    table: 'road',
    lines: [
      line(
        920_014,
        [
          [
            [0, 0],
            [20, 0],
            [20, 20],
            [0, 20],
            [0, 1],
          ],
        ],
        [
          ['road-dangle', '1 end', 1],
          ['road-dangle', '1 start', 1],
        ],
      ),
    ],
  },
  {
    title: 'a loop that is closed but for 8 cm',
    table: 'road',
    lines: [
      line(
        920_019,
        [
          [
            [0, 0],
            [20, 0],
            [20, 20],
            [0, 0.08],
          ],
        ],
        [],
        ['road-dangle'],
      ),
    ],
  },
  {
    title: 'a loop that is closed',
    table: 'road',
    lines: [
      line(920_015, [
        [
          [0, 0],
          [20, 0],
          [20, 20],
          [0, 0],
        ],
      ]),
    ],
  },
  {
    title: 'two parts 0.5 m from one another',
    table: 'road',
    lines: [
      line(
        920_016,
        [
          [
            [0, 0],
            [10, 0],
          ],
          [
            [10.5, 0],
            [20, 0],
          ],
        ],
        [
          ['road-dangle', '1 end', 0.5],
          ['road-dangle', '2 start', 0.5],
        ],
      ),
    ],
  },
  {
    title: 'a stub of 2 m that is joined',
    table: 'road',
    lines: [
      straight(920_017),
      line(
        920_018,
        [
          [
            [20, 0],
            [20, 2],
          ],
        ],
        [['road-dangle', '1 end', 2]],
      ),
    ],
  },
  {
    title: 'a canal that stops 1.5 m short',
    table: 'waterway',
    lines: [straight(930_001), from10(930_002, 20, 1.5, [['waterway-dangle', '1 end', 1.5]])],
  },
  {
    title: 'one that is joined',
    table: 'waterway',
    lines: [straight(930_003), from10(930_004, 20, 0, [], ['waterway-dangle'])],
  },
  {
    title: 'one that ends in a pond beside another',
    table: 'waterway',
    lines: [straight(930_005), from10(930_006, 20, 1.5, [], ['waterway-dangle'])],
    pond: [15, 1],
  },
];
