// What a person would write at first: node autofetch.ts STORE URL AUTH. Tells the time as a line of JSON.
import Database from 'better-sqlite3';
import jsforce from 'jsforce';
import { columns } from './rows.ts';

const [path = '', url = '', auth = '{}'] = process.argv.slice(2);
const { clientId, clientSecret } = JSON.parse(auth);
const connection = new jsforce.Connection({
  loginUrl: url,
  oauth2: { loginUrl: url, clientId, clientSecret },
});
const begun = performance.now();
await connection.authorize({ grant_type: 'client_credentials' });
const db = new Database(path);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = NORMAL');
db.exec(
  `CREATE TABLE deal (${columns.map((name) => (name === 'Id' ? 'Id TEXT PRIMARY KEY' : name)).join(', ')})`,
);
const insert = db.prepare(`INSERT OR REPLACE INTO deal VALUES (${columns.map(() => '?').join(', ')})`);
let rows = 0;
const query = connection.query<Readonly<Record<string, unknown>>>(
  `SELECT ${columns.join(', ')} FROM Opportunity`,
);
query.on('record', (record) => {
  const values = columns.map((name) => record[name] ?? null);
  insert.run(...values.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  rows += 1;
});
await query.run({ autoFetch: true, maxFetch: 10_000_000 });
db.close();
process.stdout.write(`${JSON.stringify({ ms: performance.now() - begun, rows })}\n`);
