import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a as e}from"./chunk-UQMZKGLW.js";import{o as r}from"./chunk-ZUIMBCS2.js";function c(o,t,i){let{namespace:s,name:p,serving:n}=t;return e(o,{namespace:s,labels:r(p,i),port:n.port})}export{c as a};
