import { readdirSync, readFileSync } from "node:fs";
import { readMounts } from "./apis.ts";
import { createChecker } from "./check.ts";
const check = createChecker(readMounts(), ()=>false);
const D="../shared/data/magento/real/";
for (const f of [...readdirSync(D).filter(x=>/^(order|invoice|creditmemo|customer-|product|shipment|store|source|stock)/.test(x)).map(x=>D+x), ...readdirSync("fixtures").filter(x=>x.endsWith(".json")).map(x=>"fixtures/"+x)]) {
  const b=JSON.parse(readFileSync(f,"utf8")); const n=f.split("/").at(-1)!;
  const body = Array.isArray(b)?b[0]:b;
  const path = n.startsWith("order")?"orders/1":n.startsWith("invoice")?"invoices/1":n.startsWith("creditmemo")?"creditmemo/1":n.startsWith("customers")?"customers/search":n.startsWith("customer")?"customers/1":n.startsWith("products")?"products":n.startsWith("shipment")?"shipment/1":n.startsWith("storeC")?"store/storeConfigs":n.startsWith("sources")?"inventory/sources":n.startsWith("source-i")?"inventory/source-items":n.startsWith("stocks")?"inventory/stocks":"stockItems/x";
  const value = (Array.isArray(b)&&/storeC/.test(n))?b:(body.order??body.data?.value??body);
  const {violations}=check({server:"store",method:"GET",path:"/rest/V1/"+path,query:"",headers:{},body:"",answer:{status:200,contentType:"application/json",body:JSON.stringify(value)}});
  const kinds=new Map<string,Set<string>>();
  for (const v of violations){const k=v.keyword+" "+v.message.replace(/'.*'/,"")+(v.found==="null"?" null":v.found.startsWith('"')?" text":""); if(!kinds.has(k))kinds.set(k,new Set()); kinds.get(k)!.add(v.pointer.split("/").slice(-2).join("/"));}
  console.log("==",n,violations.length);
  for(const [k,s] of kinds) console.log("   ",k,s.size,[...s].slice(0,12).join(" "));
}
