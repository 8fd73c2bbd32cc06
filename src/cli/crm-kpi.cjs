#!/usr/bin/env node
// Old syntax on purpose: this must run, and say what is wrong, on any Node. better-sqlite3 13 crashes on Node 20.
var needed = [22, 19];
var have = process.versions.node.split('.').map(Number);
if (have[0] < needed[0] || (have[0] === needed[0] && have[1] < needed[1])) {
  console.error(
    'crm-kpi needs Node ' +
      needed.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      '. Install a newer Node from nodejs.org, or in a checkout start it with `npm run -s crm-kpi --`.',
  );
  process.exit(2);
}
keepCompiled();
// In a checkout the sources run as they are; in the package they are compiled.
var main = require('fs').existsSync(require('path').join(__dirname, 'main.js')) ? './main.js' : './main.ts';
require(main).main();

/** Code that has been compiled once is kept for the next start, in the user's own cache: whoever can write there runs code as that user. */
function keepCompiled() {
  var cache = process.env.XDG_CACHE_HOME;
  try {
    if (!cache) cache = require('path').join(require('os').homedir(), '.cache');
    // Where the folder cannot be written, this does nothing.
    require('module').enableCompileCache(require('path').join(cache, 'crm-kpi'));
  } catch (_) {}
}
