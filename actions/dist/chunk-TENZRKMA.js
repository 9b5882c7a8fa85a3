import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
function a(n){let r=n.spec?.replicas??1,e=n.status??{};return(e.observedGeneration??0)>=(n.metadata.generation??0)&&(e.updatedReplicas??0)===r&&(e.readyReplicas??0)===r&&(e.availableReplicas??0)===r}export{a};
