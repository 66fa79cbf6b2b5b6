import { Html } from './html.ts';

/** The style sheet of every page. */
export const STYLE = new Html(`
:root{--ink:#1d2733;--quiet:#5a6875;--line:#d9dfe5;--accent:#0b5a4a;--back:#f6f8f7;color-scheme:light}
*{box-sizing:border-box}
body{margin:0;font:16px/1.55 system-ui,"Segoe UI","Noto Sans",Roboto,sans-serif;color:var(--ink);background:#fff}
header{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;align-items:baseline;padding:.8rem max(1rem,calc(50vw - 34rem));border-bottom:3px solid var(--accent);background:var(--back)}
.brand{color:inherit;text-decoration:none;margin-right:auto}
.brand strong{font-size:1.25rem;color:var(--accent)}
.brand span{color:var(--quiet);margin-left:.4rem}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
main,footer{max-width:70rem;margin:0 auto;padding:1rem}
footer{border-top:1px solid var(--line);color:var(--quiet);font-size:.9rem}
a{color:var(--accent)}
h1{font-size:1.6rem;line-height:1.25;margin:.4rem 0 1rem}
h2{font-size:1.15rem;margin:1.8rem 0 .5rem}
.notice{margin:0;padding:.55rem max(1rem,calc(50vw - 34rem));background:#fff3d6;border-bottom:1px solid #ecd8a0}
.trail{margin:0;color:var(--quiet);font-size:.9rem}
.quiet{color:var(--quiet)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:4px}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .7rem;border-bottom:1px solid var(--line);max-width:28rem;overflow-wrap:break-word}
th{background:var(--back);min-width:5.5rem;font-weight:600}
.long{display:inline-block;min-width:15rem}
tr:last-child td{border-bottom:0}
code{font:.88em ui-monospace,Menlo,Consolas,monospace;background:var(--back);border:1px solid var(--line);border-radius:3px;padding:.1em .35em;overflow-wrap:anywhere}
code.copy{display:block;padding:.45em .6em;margin:.2rem 0 .7rem;user-select:all;-webkit-user-select:all}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.3rem 1.2rem;margin:0}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
ul.plain{list-style:none;padding:0;margin:0}ul.plain li{padding:.2rem 0}
.cards{display:grid;margin-top:1.2rem;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem}
.card{border:1px solid var(--line);border-radius:4px;padding:.8rem 1rem}
.card h2{margin:0 0 .3rem}
.cards.wide{grid-template-columns:repeat(auto-fit,minmax(20rem,1fr))}
.card img{display:block;width:100%;height:auto;border-radius:3px;margin-bottom:.5rem}
.doors{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem;margin:1.2rem 0}
.door{display:block;border:1px solid var(--line);border-top:4px solid var(--accent);border-radius:4px;padding:.9rem 1rem;text-decoration:none;color:inherit}
.door strong{display:block;font-size:1.15rem;color:var(--accent)}.door:hover,.door:focus{background:var(--back)}
form.search{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}
form.search input{flex:1 1 18rem;font:inherit;padding:.6rem .8rem;border:1px solid #8a97a3;border-radius:4px}
form.search button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:4px;background:var(--accent);color:#fff;cursor:pointer}
svg.map{display:block;width:100%;height:auto;background:var(--back);border:1px solid var(--line);border-radius:4px;margin-bottom:1rem}
svg.map image{opacity:.7}
svg.map path{fill:#c4480026;stroke:#a33b00;stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-linejoin:round}
svg.map path.line{fill:none}svg.map circle{fill:#a33b00;fill-opacity:.8}
svg.areas{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:4px}
svg.areas path{stroke:#fff;stroke-width:1.5}svg.areas a:hover path,svg.areas a:focus path{stroke:#1d2733;stroke-width:3}
.low{--level:#d7301f}.near{--level:#fdae61}.reached{--level:#abd9e9}.high{--level:#2c7bb6}.unknown{--level:#bdbdbd}
svg.areas g{fill:var(--level)}
.key{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;padding:0;margin:.6rem 0}
.swatch{display:inline-block;width:.9em;height:.9em;margin-right:.4em;border:1px solid #5a6875;border-radius:2px;background:var(--level);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.graded{white-space:nowrap}
.score{font-size:2.4rem;line-height:1.1;font-weight:700;margin:0}
.meter{position:relative;height:1.1rem;max-width:40rem;margin:.6rem 0 1.6rem;background:#e7ebee;border-radius:3px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.meter b{display:block;height:100%;background:var(--level);border-radius:3px}
.meter i{position:absolute;top:-.2rem;bottom:-.2rem;width:0;border-left:2px solid var(--ink)}
.meter i span{position:absolute;top:1.45rem;transform:translateX(-50%);font:.75rem system-ui;color:var(--quiet)}
svg.chart{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:4px;margin-bottom:1rem}svg.chart text{font-size:13px;fill:var(--quiet)}
.pages{display:flex;gap:1.2rem;margin:1rem 0}
.docs{display:grid;grid-template-columns:minmax(0,1fr) 13rem;gap:2.5rem}
.docs.whole{grid-template-columns:minmax(0,1fr)}
.docs article{min-width:0;overflow-wrap:break-word}
.docs article>p,.docs article>ul,.docs article>ol,.docs blockquote{max-width:48rem}
.docs h2 a,.docs h3 a,.docs h4 a{color:inherit;text-decoration:none}
.docs h2{font-size:1.3rem}.docs h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
.docs article img{max-width:100%;height:auto;border:1px solid var(--line);border-radius:4px}
.docs blockquote{margin:0 0 1.2rem;padding:.1rem 1rem;border-left:4px solid var(--accent);background:var(--back)}
.docs pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.7rem 0 1rem;padding:.7rem .9rem;background:var(--back);border:1px solid var(--line);border-radius:4px}
.docs pre code{border:0;padding:0;background:none}.docs pre i{color:var(--quiet)}
.docs article table{display:block;overflow-x:auto;margin:.7rem 0 1rem}.docs td:first-child code{white-space:nowrap}.docs td:nth-child(2){min-width:13rem}
.docs article li{margin:.2rem 0}
.docs .to-list{display:none}
#list{display:block;font-size:.92rem;align-self:start;position:sticky;top:1rem;max-height:calc(100vh - 2rem);overflow-y:auto}
#list h2{font-size:.85rem;color:var(--quiet);font-weight:600;margin:1rem 0 .1rem}
@media (max-width:52rem){.docs{grid-template-columns:minmax(0,1fr)}#list{position:static;max-height:none;border-top:1px solid var(--line)}.docs .to-list{display:block;margin:0 0 1rem}}
@page{size:A4;margin:15mm}
@media print{header nav,footer,.trail,form,.screen{display:none}body{font-size:10.5pt}main,footer{max-width:none;padding:0}header{padding:.3rem 0}.notice{padding:.3rem 0}a{color:inherit;text-decoration:none}.scroll{overflow:visible}h2,h3{break-after:avoid}tr,svg,.card{break-inside:avoid}thead{display:table-header-group}svg.areas{max-height:110mm}}
@media (max-width:34rem){.scroll td:first-child:not(:nth-last-child(-n+3)){min-width:11rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}h1{font-size:1.35rem}}
`);
