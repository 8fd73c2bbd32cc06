/** The frame of every page: type, header, footer. */
export const pageStyle = `
/* The scale of type: small for what explains, text for tables and forms; all else is a heading or a figure. */
:root { --small:.8rem; --text:.9rem; }
* { box-sizing:border-box; }
html { font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif; background:var(--paper); color:var(--ink); -webkit-text-size-adjust:100%; }
@media (min-width:120rem) {
  html { font-size:125%; }
}
@media (min-width:170rem) {
  html { font-size:160%; }
}
@media (min-width:210rem) {
  html { font-size:215%; }
}
body { margin:0; font-variant-numeric:tabular-nums; }
a { color:var(--accent); text-underline-offset:.2em; text-decoration-thickness:.06em; }
:focus-visible { outline:3px solid var(--accent); outline-offset:2px; border-radius:2px; }
h1, h2, h3 { line-height:1.2; margin:0; text-wrap:balance; letter-spacing:-.012em; }
h1 { font-size:clamp(1.6rem,1.2rem + 1.6vw,2.3rem); font-weight:650; }
h2 { font-size:1.3rem; font-weight:650; margin:2.75rem 0 1rem; scroll-margin-top:1rem; }
h3 { font-size:1rem; font-weight:650; }
h4 { font-size:var(--text); font-weight:650; margin:1rem 0 .25rem; }
.list + h3 { margin-top:1.25rem; }
p { margin:.4rem 0; max-width:70ch; }
code, pre { font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; }
pre { background:var(--raised); border-radius:6px; padding:.9rem 1rem; overflow:auto; margin:.5rem 0; white-space:pre-wrap; overflow-wrap:anywhere; }
.quiet { color:var(--quiet); }
.skip { position:absolute; left:-999rem; }
.skip:focus { left:1rem; top:1rem; background:var(--surface); padding:.5rem 1rem; z-index:2; }
.bar { background:var(--surface); border-bottom:1px solid var(--rule); }
.bar > div, main, .foot { max-width:96rem; margin:0 auto; padding:0 clamp(1rem,3vw,2.5rem); }
.bar > div { display:flex; flex-wrap:wrap; align-items:stretch; gap:0 1.75rem; }
.brand { font-weight:700; letter-spacing:-.01em; text-decoration:none; color:var(--ink); padding:.85rem 0; }
.bar ul { display:flex; flex-wrap:wrap; gap:0 1.4rem; list-style:none; margin:0; padding:0; }
.bar nav a { display:block; padding:.85rem 0; text-decoration:none; color:var(--quiet); border-bottom:3px solid transparent; }
.bar nav a:hover { color:var(--ink); }
.bar nav a[aria-current] { color:var(--ink); border-color:var(--accent); font-weight:600; }
.foot { padding-top:3rem; padding-bottom:2rem; display:flex; flex-wrap:wrap; gap:.4rem 1.6rem; color:var(--quiet); font-size:var(--text); }
.foot ul { display:flex; gap:1rem; list-style:none; margin:0; padding:0; }
.foot [aria-current] { color:var(--ink); font-weight:650; text-decoration:none; }
.foot form { margin:0; }
main { padding-top:clamp(1.25rem,3vw,2.5rem); }
.lead { display:flex; flex-wrap:wrap; gap:1rem 3rem; align-items:end; justify-content:space-between; }
.lead p { margin:.3rem 0 0; }
code { white-space:nowrap; }
pre code { white-space:inherit; }
data { white-space:nowrap; }
.vh { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); white-space:nowrap; }
`;
