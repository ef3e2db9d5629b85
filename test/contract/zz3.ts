import { readdirSync, readFileSync } from "node:fs";
import { readMounts } from "./apis.ts";
import { createChecker } from "./check.ts";
const check = createChecker(readMounts(), ()=>true);
const D="../shared/data/xero/examples/openapi/";
const g=new Map<string,Set<string>>();
for (const f of readdirSync(D)) {
  const b=JSON.parse(readFileSync(D+f,"utf8"));
  for (const [status, body] of Object.entries(b.responses??{})) {
   const path=(b.path as string).replace(/\{(\w+)\}/g,(_m:string,n:string)=>n==="TaxType"?"X":"00000000-0000-0000-0000-000000000000");
   const {violations}=check({server:"ledger",method:b.method.toUpperCase(),path:"/api.xro/2.0"+path,query:"",headers:{"xero-tenant-id":"x"},body:null,answer:{status:Number(status),contentType:"application/json",body:JSON.stringify(body)}});
   for (const v of violations) { const k=v.keyword+" "+v.pointer.replace(/^\/[A-Z]\w+\/\*/,"/X/*")+" "+v.message; (g.get(k)??g.set(k,new Set()).get(k)!).add(b.operationId+" "+v.found.slice(0,50)); }
  }
}
for (const [k,s] of [...g].sort()) console.log(k,"<<",s.size,[...s].slice(0,4).join(" ; "));
