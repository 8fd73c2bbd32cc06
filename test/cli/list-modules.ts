// Preloaded into a command: when it ends, the files that it loaded stand in the file named by LOADED_LIST.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env.LOADED_LIST ?? '', loaded.join('\n')));
