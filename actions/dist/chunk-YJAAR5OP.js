import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
var e=["kueue.x-k8s.io/v1beta2","kueue.x-k8s.io/v1beta1"],u="kueue.x-k8s.io/queue-name";export{e as a,u as b};
