#!/usr/bin/env node
import { Command } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { fail } from './commands/ending.ts';
import { addImportCommand } from './commands/import.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addLayersCommand } from './commands/layers.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addSampleCommand } from './commands/sample.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTilesCommands } from './commands/tiles.ts';

const program = new Command('diaba').description('Địa Bạ: vector tiles, parcels and spatial answers over PostGIS');

addServeCommand(program);
addMigrateCommand(program);
addSampleCommand(program);
addLayersCommand(program);
addImportCommand(program);
addTilesCommands(program);
addKeysCommands(program);
addAuditCommand(program);

program.parseAsync().catch(fail);
