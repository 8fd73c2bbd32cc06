/** What is chosen, typed into and pressed. */
export const controlsStyle = `
.filters { display:flex; flex-wrap:wrap; gap:.75rem 1rem; align-items:end; margin:1.5rem 0 0; padding:1rem 0; border-block:1px solid var(--rule); }
label { display:grid; gap:.2rem; font-size:var(--small); color:var(--quiet); }
select, input, button, .button { font:inherit; font-size:var(--text); color:var(--ink); background:var(--surface); border:1px solid var(--quiet); border-radius:6px; padding:.42rem .7rem; min-height:2.5rem; max-width:100%; }
select { max-width:16rem; }
button, .button { cursor:pointer; font-weight:600; background:var(--accent); border-color:var(--accent); color:var(--on-accent); text-decoration:none; display:inline-flex; align-items:center; }
.button.plain, button.plain { background:transparent; color:var(--accent); }
button.link { all:unset; cursor:pointer; color:var(--accent); text-decoration:underline; }
button.link:focus-visible { outline:3px solid var(--accent); }
.actions { display:flex; flex-wrap:wrap; gap:.6rem; }
.login { max-width:24rem; margin:12vh auto 0; }
.login .brand { padding:0; margin:0 0 .5rem; }
.login button { justify-content:center; }
.login form { display:grid; gap:1rem; margin-top:1.2rem; }
.form { display:grid; gap:1rem; grid-template-columns:repeat(auto-fit,minmax(13rem,1fr)); align-items:start; }
.form .whole { grid-column:1/-1; }
fieldset { border:0; margin:0; padding:0; min-width:0; }
legend { padding:0; font-weight:650; margin-bottom:.5rem; }
.checks { columns:15rem; column-gap:2rem; }
.checks fieldset { break-inside:avoid; margin-bottom:1.2rem; }
.checks legend { font-size:var(--text); color:var(--quiet); font-weight:500; }
.check { display:flex; gap:.5rem; align-items:center; font-size:var(--text); color:var(--ink); padding:.12rem 0; }
.check input { min-height:0; width:1.05rem; height:1.05rem; accent-color:var(--accent); margin:0; flex:none; }
`;
