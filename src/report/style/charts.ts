/** Lines, points and legends of every chart. */
export const chartsStyle = `
.spark { width:10rem; height:2.75rem; overflow:visible; flex:none; }
td .spark { width:8rem; height:2.2rem; display:block; }
.spark .line, .chart .line { fill:none; stroke:var(--accent); stroke-width:2; stroke-linejoin:round; }
.line.partial { stroke-dasharray:3 4; }
.spark circle { fill:var(--accent); }
.limits { fill:var(--band); }
.limit { fill:none; stroke:var(--quiet); stroke-width:1; stroke-dasharray:2 4; }
.mean { fill:none; stroke:var(--quiet); stroke-width:1; opacity:.5; }
.chart { display:block; width:100%; height:auto; font-size:13px; }
.chart.effect { max-width:36rem; margin:.25rem 0 .5rem; }
.effect text { stroke:none; }
.effect .name, .effect .goal { fill:var(--ink); }
.effect text.figure { fill:var(--ink); font-size:14px; font-weight:650; letter-spacing:0; }
.effect .interval { stroke-width:1.6; }
.shift { fill:none; stroke:var(--rule); stroke-width:1.5; }
.chart text { fill:var(--quiet); }
.axis line { stroke:var(--rule); stroke-width:1; }
.target { fill:none; stroke:var(--ink); stroke-width:1.5; stroke-dasharray:7 4; }
.spark .target { stroke-width:1; stroke-dasharray:4 3; }
.baseline { fill:none; stroke:var(--quiet); stroke-width:1.5; stroke-dasharray:1.5 3; }
.interval { fill:none; stroke:var(--quiet); stroke-width:1.3; }
.point { fill:var(--accent); stroke:var(--surface); stroke-width:1.5; }
.point.exceeded { fill:var(--exceeded); }
.point.on_target { fill:var(--on_target); }
.point.at_risk { fill:var(--at_risk); }
.point.off_target { fill:var(--off_target); }
.point.partial { fill:var(--surface); stroke:var(--accent); stroke-width:2; }
.point.partial.exceeded { stroke:var(--exceeded); }
.point.partial.on_target { stroke:var(--on_target); }
.point.partial.at_risk { stroke:var(--at_risk); }
.point.partial.off_target { stroke:var(--off_target); }
.restated { fill:none; stroke:var(--ink); stroke-width:1.4; stroke-dasharray:2 2; }
.bars .point rect { opacity:.32; stroke:none; }
.bars text, .map text { stroke:none; }
.bars text { fill:var(--ink); }
.bars text.figure { font-size:inherit; font-weight:620; letter-spacing:0; }
.map .now { fill:var(--band); }
.map .cross { fill:none; stroke:var(--rule); stroke-width:1.5; }
.map .corner { font-weight:620; }
.finding circle { fill:var(--accent); stroke:var(--surface); stroke-width:1.5; }
.chart.map .finding text { fill:var(--on-accent); font-weight:650; }
.chart.narrow { display:none; }
.chart.map { max-width:36rem; }
.legend { display:flex; flex-wrap:wrap; gap:.3rem 1.3rem; font-size:var(--text); color:var(--quiet); list-style:none; padding:0; margin:.6rem 0 0; }
.legend li { display:flex; align-items:center; gap:.45rem; }
.legend svg { width:1.8rem; height:.9rem; flex:none; }
`;
