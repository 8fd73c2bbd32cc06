/** Figures with what goes with them: score, goals, status. */
export const figuresStyle = `
.headline { display:grid; grid-template-columns:minmax(17rem,auto) minmax(0,1fr); gap:1.5rem 3rem; margin-top:2rem; align-items:center; }
.score strong { display:block; font-size:clamp(3.2rem,2.4rem + 3vw,5rem); line-height:1; font-weight:680; letter-spacing:-.04em; }
.score strong.long { font-size:clamp(2.3rem,1.9rem + 1.6vw,3.4rem); }
.score p { max-width:22rem; }
.score small { margin-inline-start:-.4rem; font-size:1.1rem; font-weight:400; color:var(--quiet); letter-spacing:0; }
.meter { display:block; width:100%; height:.5rem; margin:.8rem 0 .5rem; }
.meter rect { fill:var(--raised); }
.meter rect + rect { fill:var(--accent); }
.tally { display:flex; flex-wrap:wrap; gap:.6rem; list-style:none; margin:0; padding:0; }
.tally a { display:flex; align-items:center; gap:.6rem; padding:.6rem 1rem; background:var(--surface); border:1px solid var(--rule); border-radius:8px; text-decoration:none; color:var(--ink); }
.tally a:hover, .tally a[aria-current] { border-color:var(--accent); }
.tally strong { font-size:1.5rem; line-height:1; }
ul.goals { list-style:none; margin:0; padding-block:0; }
.goals li { display:grid; grid-template-columns:minmax(8rem,12fr) minmax(9rem,12fr) 10rem minmax(0,36fr); gap:.6rem 1.75rem; align-items:center; padding:1rem 0; }
.goals li + li { border-top:1px solid var(--rule); }
.goals h3 a { color:var(--ink); text-decoration-color:var(--rule); }
.goals h3 a:hover { text-decoration-color:currentColor; }
.goals .quiet { font-size:var(--text); }
.goals .figure { font-size:1.75rem; }
.goals .figure, .goals .status { display:flex; }
.goals .facts { border:0; padding:0; grid-template-columns:repeat(auto-fill,minmax(10.5rem,1fr)); font-size:var(--text); }
.pair { columns:34rem; column-gap:1.25rem; }
.pair .panel { margin:0 0 1.25rem; break-inside:avoid; }
.pair table { margin-top:.5rem; }
.pair tr:last-child > * { border-bottom:0; }
.figure { font-size:2rem; font-weight:650; line-height:1.1; letter-spacing:-.025em; white-space:nowrap; }
.status { display:inline-flex; align-items:center; gap:.4rem; font-weight:620; font-size:var(--text); white-space:nowrap; color:var(--quiet); }
.status.exceeded { color:var(--exceeded); }
.status.on_target { color:var(--on_target); }
.status.at_risk { color:var(--at_risk); }
.status.off_target { color:var(--off_target); }
.icon { width:.8em; height:.8em; fill:currentColor; flex:none; }
.icon .hollow { fill:none; stroke:currentColor; stroke-width:2.5; }
.facts { display:grid; grid-template-columns:repeat(auto-fill,minmax(10rem,1fr)); gap:.55rem 1.1rem; margin:0; padding-top:.7rem; border-top:1px solid var(--rule); font-size:var(--text); }
.facts dt { color:var(--quiet); font-size:var(--small); }
.facts dd { margin:0; }
.facts.wide { border:0; padding:0; font-size:1rem; grid-template-columns:repeat(auto-fill,minmax(12rem,1fr)); gap:1rem 1.5rem; }
`;
