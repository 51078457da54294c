// Shows our own OpenAPI document with our own copy of Swagger UI; nothing comes from elsewhere.
"use strict";
const docs = document.getElementById("docs");
window.SwaggerUIBundle({
  url: docs.dataset.document,
  domNode: docs,
  deepLinking: true,
  validatorUrl: null,
});
