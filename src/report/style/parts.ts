/** Tables, panels, lists, messages. */
export const partsStyle = `
.id { display:block; font-weight:400; }
.causes { display:inline-block; max-width:22rem; white-space:normal; font-weight:400; }
.panel { background:var(--surface); border:1px solid var(--rule); border-radius:10px; padding:1.1rem 1.25rem; }
.panel + .panel { margin-top:1rem; }
.cards { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr)); gap:1rem; align-items:start; }
.cards > .panel { margin:0; }
.lines { white-space:pre-line; }
.fill { min-height:4rem; border:1px solid var(--quiet); border-radius:6px; padding:.6rem .75rem; white-space:pre-wrap; background:var(--surface); }
.date { white-space:nowrap; }
.scroll { overflow-x:auto; margin:0; }
table { border-collapse:collapse; width:100%; font-size:var(--text); }
caption { text-align:start; color:var(--quiet); font-size:var(--text); padding-bottom:.4rem; }
th, td { text-align:start; padding:.5rem .9rem .5rem 0; border-bottom:1px solid var(--rule); vertical-align:middle; }
th { font-weight:600; }
tbody th a { text-decoration-color:var(--rule); }
tbody th a:hover { text-decoration-color:currentColor; }
.narrow-only { display:none; }
th:last-child, td:last-child { padding-inline-end:0; }
thead th { font-size:var(--small); color:var(--quiet); font-weight:500; white-space:nowrap; vertical-align:bottom; }
td .status { font-size:inherit; }
.num { text-align:end; white-space:nowrap; }
tr.open td, tr.open th { font-style:italic; }
details { margin:.8rem 0; }
summary { cursor:pointer; color:var(--accent); padding:.3rem 0; }
.split { display:grid; grid-template-columns:minmax(0,5fr) minmax(0,3fr); gap:1.5rem 3rem; align-items:start; }
.split > .panel { margin:0; }
.numbered, h1, h2 { overflow-wrap:anywhere; }
.numbered table { overflow-wrap:normal; }
.numbered h3 { text-wrap:pretty; }
.split h2:first-child, .panel > h2:first-child { margin-top:0; }
.list { padding-inline-start:1.1rem; margin:.4rem 0; }
.list li { margin:.3rem 0; }
.list.records { columns:14rem; column-gap:2rem; font-size:var(--text); }
.alert { border-inline-start:4px solid var(--off_target); padding:.2rem 0 .2rem 1rem; margin:.8rem 0; }
.good { border-inline-start:4px solid var(--on_target); padding:.2rem 0 .2rem 1rem; margin:1.2rem 0; font-weight:600; }
.tag { display:inline-block; border:1px solid var(--rule); border-radius:99px; padding:0 .6rem; font-size:var(--small); color:var(--quiet); white-space:nowrap; }
ol.numbered { list-style:none; margin:0; padding-block:0; }
.numbered > li { padding:1rem 0 .6rem; }
.numbered > li + li { border-top:1px solid var(--rule); }
.numbered h3 { display:flex; gap:.7rem; }
.numbered details { margin:.2rem 0; }
.meta { font-size:var(--text); max-width:none; margin:.4rem 0; }
.stay { position:sticky; top:1rem; }
.place { display:inline-grid; place-items:center; width:1.7rem; height:1.7rem; border-radius:50%; background:var(--accent); color:var(--on-accent); font-size:var(--text); font-weight:650; flex:none; margin-top:-.2rem; }
.usage { display:block; width:100%; max-width:14rem; height:.45rem; }
.usage rect { fill:var(--raised); }
.usage rect + rect { fill:var(--accent); }
`;
