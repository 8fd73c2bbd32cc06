import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RunError } from '../model/errors.ts';

/** Where a Chromium may be: on the path by these names, or installed for everyone. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export interface PdfMaker {
  /** A browser named by the user; null: the first that is found. */
  readonly browser: string | null;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** Prints a page by a headless Chromium of this machine: tagged, with the outline of its headings. */
export async function toPdf(html: string, { browser, path, signal }: PdfMaker): Promise<Buffer> {
  const program = browser ?? findBrowser(path);
  if (program === null) throw noBrowser();
  const folder = await mkdtemp(join(tmpdir(), 'crm-kpi-pdf-'));
  try {
    const page = join(folder, 'report.html');
    const file = join(folder, 'report.pdf');
    await writeFile(page, html, { mode: 0o600 });
    await printPage(program, { page, file, folder, signal });
    return await readFile(file).catch((cause: unknown) => {
      throw failed(program, cause);
    });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function findBrowser(path: string): string | null {
  const onPath = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const patienceMs = 60_000;

interface PrintJob {
  readonly page: string;
  readonly file: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

function printPage(program: string, { page, file, folder, signal }: PrintJob): Promise<void> {
  const flags = [
    '--headless',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
    // The page is ours, has no script and loads nothing; root (containers) cannot have Chromium's sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${join(folder, 'profile')}`,
    '--export-tagged-pdf',
    '--generate-pdf-document-outline',
    '--no-pdf-header-footer',
    `--print-to-pdf=${file}`,
    pathToFileURL(page).href,
  ];
  const child = spawn(program, flags, {
    stdio: 'ignore',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(signal.aborted ? signal.reason : failed(program, error)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(failed(program, code))));
  });
}

function noBrowser(): RunError {
  return new RunError('usage', {
    where: 'report.pdf',
    message: 'A PDF is printed by Chromium or Chrome, and none is installed on this machine.',
    fix: 'Install one (Debian: apt install chromium), name it in CRM_KPI_BROWSER, or ask for .html and print that.',
  });
}

function failed(program: string, cause: unknown): RunError {
  return new RunError(
    'usage',
    {
      where: program,
      message: 'The browser did not print the report.',
      fix: 'Try it by itself with --headless --print-to-pdf, name another one in CRM_KPI_BROWSER, or ask for .html and print that.',
    },
    { cause },
  );
}
