/** Narrow screens and paper. */
export const screensStyle = `
@media (min-width:60rem) {
  .chart { font-size:11.5px; }
  .chart.effect, .chart.map { font-size:13px; }
}
@media (max-width:60rem) {
  .split, .headline { grid-template-columns:minmax(0,1fr); }
  .goals li { grid-template-columns:minmax(0,1fr) 10rem; }
  .goals .facts { grid-column:1/-1; }
}
@media (max-width:40rem) {
  .goals li { grid-template-columns:minmax(0,1fr) 7rem; gap:.4rem 1rem; }
  .goals .spark { width:7rem; }
  .goals li > div:first-child { grid-column:1/-1; }
  .figure { font-size:1.7rem; }
  .wide-only { display:none; }
  .narrow-only { display:inline; white-space:nowrap; }
  td .told { font-size:var(--small); }
  .page .chart.wide { display:none; }
  .page .chart.narrow { display:block; }
  .chart.effect { font-size:17px; }
  .effect text.figure { font-size:17px; }
  .chart.map { font-size:19px; }
  .told { min-width:11rem; }
  .panel { padding:.9rem; }
  .facts, .facts.wide, .goals .facts { grid-template-columns:1fr 1fr; }
  td .status { white-space:normal; }
  th, td { padding-inline-end:.6rem; }
  .filters label { flex:1 1 9rem; }
  select { width:100%; }
  .bar > div { gap:0 1.2rem; }
  .bar ul { gap:0 1rem; }
  .bar nav a { padding:.45rem 0; }
  .brand { padding:.45rem 0; width:100%; }
}
@media print {
  .wide-only { display:revert; }
  .narrow-only { display:none; }
  .bar, .foot, .filters, .actions, .skip, summary { display:none; }
  main { max-width:none; padding:0; }
  html { font-size:80%; }
  .panel { border-color:#bbb; padding:.7rem .9rem; }
  .chart, .facts, .lead, .legend, .cards > .panel, .goals > li, .numbered > li { break-inside:avoid; }
  h2, h3, h2 + p, .lead, .facts, .chart, .legend { break-after:avoid; }
  .own-page { break-before:page; }
  h2 { margin-top:1.75rem; }
  table { font-size:.8rem; }
  th, td { padding-block:.32rem; }
  ::details-content { content-visibility:visible; display:block; }
  a { color:inherit; text-decoration:none; }
  .scroll { overflow:visible; }
  .chart { font-size:14px; }
  .page .chart.wide { display:block; }
  .page .chart.narrow { display:none; }
  .chart.effect, .chart.map { font-size:13px; }
  .cards { grid-template-columns:minmax(0,1fr) minmax(0,1fr); }
  tr { break-inside:avoid; }
  thead { display:table-header-group; }
}
@page { size:A4; margin:14mm; }
`;
