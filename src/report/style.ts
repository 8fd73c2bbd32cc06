import { createHash } from 'node:crypto';
import { chartsStyle } from './style/charts.ts';
import { controlsStyle } from './style/controls.ts';
import { figuresStyle } from './style/figures.ts';
import { pageStyle } from './style/page.ts';
import { partsStyle } from './style/parts.ts';
import { screensStyle } from './style/screens.ts';
import { tokenStyle } from './style/tokens.ts';

/** One sheet for pages, mail and print: no font or picture comes from elsewhere. The screens come last: they overrule. */
export const styleSheet = [
  ...[tokenStyle, pageStyle, controlsStyle, figuresStyle],
  ...[chartsStyle, partsStyle, screensStyle],
].join('');

/** Changes with the sheet, so that browsers may keep it for ever. */
export const styleVersion = createHash('sha256').update(styleSheet).digest('hex').slice(0, 8);
