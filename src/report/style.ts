import { createHash } from 'node:crypto';

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

/** One sheet for pages, mail and print: no font or picture comes from elsewhere. */
export const styleSheet = `:root{color-scheme:light;${declare(light)}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${declare(dark)}}}
:root[data-theme=dark]{color-scheme:dark;${declare(dark)}}
@media print{:root,:root[data-theme]{color-scheme:light;${declare(light)};--paper:#fff}}
*{box-sizing:border-box}
html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
@media (min-width:120rem){html{font-size:125%}}
body{margin:0;font-variant-numeric:tabular-nums}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:.06em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:2px}
h1,h2,h3{line-height:1.2;margin:0;text-wrap:balance;letter-spacing:-.012em}
h1{font-size:clamp(1.6rem,1.2rem + 1.6vw,2.3rem);font-weight:650}
h2{font-size:1.3rem;font-weight:650;margin:2.75rem 0 1rem}
h3{font-size:1rem;font-weight:650}
.list+h3{margin-top:1.25rem}
p{margin:.4rem 0;max-width:70ch}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--raised);border-radius:6px;padding:.9rem 1rem;overflow:auto;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;background:var(--surface);padding:.5rem 1rem;z-index:2}
.bar{background:var(--surface);border-bottom:1px solid var(--rule)}
.bar>div,main,.foot{max-width:96rem;margin:0 auto;padding:0 clamp(1rem,3vw,2.5rem)}
.bar>div{display:flex;flex-wrap:wrap;align-items:stretch;gap:0 1.75rem}
.brand{font-weight:700;letter-spacing:-.01em;text-decoration:none;color:var(--ink);padding:.85rem 0}
.bar ul{display:flex;flex-wrap:wrap;gap:0 1.4rem;list-style:none;margin:0;padding:0}
.bar nav a{display:block;padding:.85rem 0;text-decoration:none;color:var(--quiet);border-bottom:3px solid transparent}
.bar nav a:hover{color:var(--ink)}
.bar nav a[aria-current]{color:var(--ink);border-color:var(--accent);font-weight:600}
.foot{padding-top:3rem;padding-bottom:2rem;display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;color:var(--quiet);font-size:.88rem}
.foot ul{display:flex;gap:1rem;list-style:none;margin:0;padding:0}
.foot [aria-current]{color:var(--ink);font-weight:650;text-decoration:none}
.foot form{margin:0}
main{padding-top:clamp(1.25rem,3vw,2.5rem)}
.lead{display:flex;flex-wrap:wrap;gap:1rem 3rem;align-items:end;justify-content:space-between}
.lead p{margin:.3rem 0 0}
.filters{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:end;margin:1.5rem 0 0;padding:1rem 0;border-block:1px solid var(--rule)}
label{display:grid;gap:.2rem;font-size:.82rem;color:var(--quiet)}
select,input,button,.button{font:inherit;font-size:.95rem;color:var(--ink);background:var(--surface);border:1px solid var(--quiet);border-radius:6px;padding:.42rem .7rem;min-height:2.5rem;max-width:100%}
select{max-width:16rem}
button,.button{cursor:pointer;font-weight:600;background:var(--accent);border-color:var(--accent);color:var(--on-accent);text-decoration:none;display:inline-flex;align-items:center}
.button.plain,button.plain{background:transparent;color:var(--accent)}
button.link{all:unset;cursor:pointer;color:var(--accent);text-decoration:underline}
button.link:focus-visible{outline:3px solid var(--accent)}
.actions{display:flex;flex-wrap:wrap;gap:.6rem}
.headline{display:grid;grid-template-columns:minmax(15rem,22rem) 1fr;gap:1.5rem 3rem;margin-top:2rem;align-items:center}
.score strong{display:block;font-size:clamp(3.2rem,2.4rem + 3vw,5rem);line-height:1;font-weight:680;letter-spacing:-.04em}
.score small{margin-inline-start:-.4rem;font-size:1.1rem;font-weight:400;color:var(--quiet);letter-spacing:0}
.meter{display:block;width:100%;height:.5rem;margin:.8rem 0 .5rem}
.meter rect{fill:var(--raised)}.meter rect+rect{fill:var(--accent)}
.tally{display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;margin:0;padding:0}
.tally a{display:flex;align-items:center;gap:.6rem;padding:.6rem 1rem;background:var(--surface);border:1px solid var(--rule);border-radius:8px;text-decoration:none;color:var(--ink)}
.tally a:hover,.tally a[aria-current]{border-color:var(--accent)}
.tally strong{font-size:1.5rem;line-height:1}
ul.goals{list-style:none;margin:0;padding-block:0}
.goals li{display:grid;grid-template-columns:minmax(8rem,13fr) minmax(8rem,13fr) 10rem minmax(0,34fr);gap:.6rem 1.75rem;align-items:center;padding:1.1rem 0}
.goals li+li{border-top:1px solid var(--rule)}
.goals h3 a{color:var(--ink);text-decoration-color:var(--rule)}.goals h3 a:hover{text-decoration-color:currentColor}
.goals .quiet{font-size:.88rem}
.goals .figure{font-size:1.75rem}.goals .figure,.goals .status{display:flex}
.goals .facts{border:0;padding:0;font-size:.87rem}
.pair{columns:34rem;column-gap:1.25rem}
.pair .panel{margin:0 0 1.25rem;break-inside:avoid}.pair table{margin-top:.5rem}.pair tr:last-child>*{border-bottom:0}
.figure{font-size:2rem;font-weight:650;line-height:1.1;letter-spacing:-.025em;white-space:nowrap}
.status{display:inline-flex;align-items:center;gap:.4rem;font-weight:620;font-size:.9rem;white-space:nowrap;color:var(--quiet)}
.status.exceeded{color:var(--exceeded)}.status.on_target{color:var(--on_target)}.status.at_risk{color:var(--at_risk)}.status.off_target{color:var(--off_target)}
.icon{width:.8em;height:.8em;fill:currentColor;flex:none}.icon .hollow{fill:none;stroke:currentColor;stroke-width:2.5}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.55rem 1.1rem;margin:0;padding-top:.7rem;border-top:1px solid var(--rule);font-size:.9rem}
.facts dt{color:var(--quiet);font-size:.8rem}.facts dd{margin:0}
.facts.wide{border:0;padding:0;font-size:1rem;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:1rem 1.5rem}
.spark{width:10rem;height:2.75rem;overflow:visible;flex:none}
code{white-space:nowrap}pre code{white-space:inherit}
.id{display:block;font-weight:400}.causes{display:inline-block;max-width:22rem;white-space:normal;font-weight:400}
td .spark{width:8rem;height:2.2rem;display:block}
.spark .line,.chart .line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
.line.partial{stroke-dasharray:3 4}
.spark circle{fill:var(--accent)}
.limits{fill:var(--band)}
.limit{fill:none;stroke:var(--quiet);stroke-width:1;stroke-dasharray:2 4}
.mean{fill:none;stroke:var(--quiet);stroke-width:1;opacity:.5}
.chart{display:block;width:100%;height:auto;font-size:13px}
.chart text{fill:var(--quiet)}
.axis line{stroke:var(--rule);stroke-width:1}
.target{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-dasharray:7 4}
.spark .target{stroke-width:1;stroke-dasharray:4 3}
.baseline{fill:none;stroke:var(--quiet);stroke-width:1.5;stroke-dasharray:1.5 3}
.interval{fill:none;stroke:var(--quiet);stroke-width:1.3}
.point{fill:var(--accent);stroke:var(--surface);stroke-width:1.5}
.point.exceeded{fill:var(--exceeded)}.point.on_target{fill:var(--on_target)}.point.at_risk{fill:var(--at_risk)}.point.off_target{fill:var(--off_target)}
.point.partial{fill:var(--surface);stroke:var(--accent);stroke-width:2}
.point.partial.exceeded{stroke:var(--exceeded)}.point.partial.on_target{stroke:var(--on_target)}.point.partial.at_risk{stroke:var(--at_risk)}.point.partial.off_target{stroke:var(--off_target)}
.restated{fill:none;stroke:var(--ink);stroke-width:1.4;stroke-dasharray:2 2}
.bars .point rect{opacity:.32;stroke:none}
.bars text,.map text{stroke:none}
.bars text{fill:var(--ink);font-size:13px}
.bars text.figure{font-size:13px;font-weight:620;letter-spacing:0}
.map .now{fill:var(--band)}.map .cross{fill:none;stroke:var(--rule);stroke-width:1.5}.map .corner{font-size:13px;font-weight:620}
.finding circle{fill:var(--accent);stroke:var(--surface);stroke-width:1.5}.chart.map .finding text{fill:var(--on-accent);font-weight:650}
.panel{background:var(--surface);border:1px solid var(--rule);border-radius:10px;padding:1.1rem 1.25rem}
.panel+.panel{margin-top:1rem}
.scroll{overflow-x:auto;margin:0}
.scroll .chart{min-width:52rem}.chart.map{min-width:0;max-width:36rem}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;font-size:.85rem;color:var(--quiet);list-style:none;padding:0;margin:.6rem 0 0}
.legend li{display:flex;align-items:center;gap:.45rem}
.legend svg{width:1.8rem;height:.9rem;flex:none}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:start;color:var(--quiet);font-size:.85rem;padding-bottom:.4rem}
th,td{text-align:start;padding:.5rem .9rem .5rem 0;border-bottom:1px solid var(--rule);vertical-align:middle}
th{font-weight:600}
thead th{font-size:.8rem;color:var(--quiet);font-weight:500;white-space:nowrap;vertical-align:bottom}
.num{text-align:end;white-space:nowrap}
tr.open td,tr.open th{font-style:italic}
details{margin:.8rem 0}
summary{cursor:pointer;color:var(--accent);padding:.3rem 0}
.split{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,3fr);gap:1.5rem 3rem;align-items:start}
.split>.panel{margin:0}.numbered,h1,h2{overflow-wrap:anywhere}.numbered table{overflow-wrap:normal}.numbered h3{text-wrap:pretty}
data{white-space:nowrap}
.split h2:first-child,.panel>h2:first-child{margin-top:0}
.list{padding-inline-start:1.1rem;margin:.4rem 0}
.list li{margin:.3rem 0}
.alert{border-inline-start:4px solid var(--off_target);padding:.2rem 0 .2rem 1rem;margin:.8rem 0}
.good{border-inline-start:4px solid var(--on_target);padding:.2rem 0 .2rem 1rem;margin:1.2rem 0;font-weight:600}
.tag{display:inline-block;border:1px solid var(--rule);border-radius:99px;padding:0 .6rem;font-size:.82rem;color:var(--quiet);white-space:nowrap}
ol.numbered{list-style:none;margin:0;padding-block:0}.numbered li{padding:1rem 0 .6rem}.numbered li+li{border-top:1px solid var(--rule)}.numbered h3{display:flex;gap:.7rem}.numbered details{margin:.2rem 0}.meta{font-size:.9rem;max-width:none;margin:.4rem 0}
.stay{position:sticky;top:1rem}
.place{display:inline-grid;place-items:center;width:1.7rem;height:1.7rem;border-radius:50%;background:var(--accent);color:var(--on-accent);font-size:.85rem;font-weight:650;flex:none;margin-top:-.2rem}
.usage{display:block;width:100%;max-width:14rem;height:.45rem}.usage rect{fill:var(--raised)}.usage rect+rect{fill:var(--accent)}
.narrow{max-width:24rem;margin:12vh auto 0}
.narrow form{display:grid;gap:1rem;margin-top:1.2rem}
.form{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));align-items:start}
.form .whole{grid-column:1/-1}
fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0;font-weight:650;margin-bottom:.5rem}
.checks{columns:15rem;column-gap:2rem}.checks fieldset{break-inside:avoid;margin-bottom:1.2rem}.checks legend{font-size:.88rem;color:var(--quiet);font-weight:500}
.check{display:flex;gap:.5rem;align-items:center;font-size:.95rem;color:var(--ink);padding:.12rem 0}.check input{min-height:0;width:1.05rem;height:1.05rem;accent-color:var(--accent);margin:0;flex:none}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:60rem){.split,.headline{grid-template-columns:minmax(0,1fr)}.goals li{grid-template-columns:minmax(0,1fr) 10rem}.goals .facts{grid-column:1/-1}}
@media (max-width:40rem){.goals li{grid-template-columns:minmax(0,1fr) 7rem;gap:.4rem 1rem}.goals .spark{width:7rem}.goals li>div:first-child{grid-column:1/-1}.figure{font-size:1.7rem}.wide-only{display:none}th,td{padding-inline-end:.6rem}.filters label{flex:1 1 9rem}select{width:100%}.bar>div{gap:0 1.2rem}.bar ul{gap:0 1rem}.bar nav a{padding:.45rem 0}.brand{padding:.45rem 0;width:100%}}
@media print{main>section{break-inside:avoid}.bar,.foot,.filters,.actions,.skip,summary{display:none}main{max-width:none;padding:0}html{font-size:80%}.panel,.card{break-inside:avoid;border-color:#bbb}h2,h3{break-after:avoid}::details-content{content-visibility:visible;display:block}a{color:inherit;text-decoration:none}.scroll{overflow:visible}.scroll .chart{min-width:0}tr{break-inside:avoid}thead{display:table-header-group}}
@page{size:A4;margin:14mm}
`;

/** Changes with the sheet, so that browsers may keep it for ever. */
export const styleVersion = createHash('sha256').update(styleSheet).digest('hex').slice(0, 8);
