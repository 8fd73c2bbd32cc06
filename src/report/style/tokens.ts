type Tokens = Readonly<Record<string, string>>;

const light: Tokens = {
  paper: '#f6f5f1',
  surface: '#ffffff',
  raised: '#efede6',
  ink: '#1c2530',
  quiet: '#56616d',
  rule: '#dcd9d0',
  accent: '#185a86',
  'on-accent': '#ffffff',
  band: '#e7eef4',
  exceeded: '#0a6b5c',
  on_target: '#2b6b2e',
  at_risk: '#865400',
  off_target: '#b02318',
};

const dark: Tokens = {
  paper: '#11161c',
  surface: '#19212a',
  raised: '#222c37',
  ink: '#e7ebef',
  quiet: '#a3afbb',
  rule: '#313d4a',
  accent: '#86c1ee',
  'on-accent': '#0d1c28',
  band: '#20303f',
  exceeded: '#55d3b8',
  on_target: '#84cf87',
  at_risk: '#ecb957',
  off_target: '#ff938a',
};

function declare(tokens: Tokens): string {
  return Object.entries(tokens)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** Colours by what they mean, in light and dark; paper is always light. */
export const tokenStyle = `
:root { color-scheme: light; ${declare(light)} }
@media (prefers-color-scheme:dark) {
  :root:not([data-theme=light]) { color-scheme: dark; ${declare(dark)} }
}
:root[data-theme=dark] { color-scheme: dark; ${declare(dark)} }
@media print {
  :root, :root[data-theme] { color-scheme: light; ${declare(light)}; --paper: #fff }
}
`;
