import { readdirSync, readFileSync } from "node:fs";
import { RecordedExchange } from "../../sandbox/shared/exchanges.ts";
import { readMounts } from "./apis.ts";
import { createChecker } from "./check.ts";
const t0=Date.now();
const check = createChecker(readMounts(), (e)=>/^(counterfoil|xero-node)/.test(e.headers["user-agent"]??""));
const folder=process.argv[2]!;
const groups=new Map<string,{n:number,found:string}>();
let n=0;
for (const f of readdirSync(folder)) for (const line of readFileSync(folder+"/"+f,"utf8").trim().split("\n")) {
  if(!line) continue; n++;
  const e=RecordedExchange.parse(JSON.parse(line));
  for (const v of check(e).violations){
    const k=[v.api,v.part,process.argv[3]?v.pointer.replace(/^\/(\w+)\/\*/,"/X/*"):v.operation+" "+v.pointer,v.keyword,v.message].join(" | ");
    const g=groups.get(k); if(g) g.n++; else groups.set(k,{n:1,found:v.found});
  }
}
for (const [k,g] of [...groups].sort((a,b)=>a[0]<b[0]?-1:1)) console.log(g.n,k,"<<",g.found);
console.error(n,Date.now()-t0,"ms");
